"""Runs code away from the user's machine."""
