"""Every number of an answer, and where it comes from."""
