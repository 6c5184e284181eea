"""Where a request goes: Gemini, Vertex AI, offline lessons, a recording."""
