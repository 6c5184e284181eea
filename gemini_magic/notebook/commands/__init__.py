"""The commands of `%gemini`."""
