"""Many rows: one prompt, filled from each row of a table, asked side by side."""
