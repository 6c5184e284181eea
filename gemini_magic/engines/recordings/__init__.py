"""Runs that are kept, to answer the same request again: as values, in files, and as an engine."""
