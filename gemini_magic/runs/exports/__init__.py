"""A run as a file that travels: a page, a notebook, a script, Markdown, JSON."""
