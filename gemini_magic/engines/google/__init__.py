"""Gemini by google-genai: the vendor stays behind this wall."""
