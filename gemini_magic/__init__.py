"""Watch Gemini write Python, run it and mend it, in a notebook cell."""

__version__ = "0.1.0"
