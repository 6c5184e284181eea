"""Recordings to put into stores and files."""

from datetime import UTC, datetime, timedelta

from gemini_magic.answer.parts import Code, Image, Result, Text
from gemini_magic.engines.recordings.recording import Recording
from gemini_magic.request.fingerprint import digest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
STATS = {"seconds": 1.5, "times": [0.0, 1.0], "calls": {}, "usage": {"total": 30}, "reply": None}


def recording(prompt="add", text="1", picture=b"", minutes=0, **facts):
    """A recording of a prompt that was asked `minutes` after a certain noon."""
    parts = [Code("print(1)"), Result(output="1\n"), Text(text)]
    parts += [Image("image/png", picture)] if picture else []
    moment = datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    return Recording(
        {"prompt": digest(prompt), "model": "m", "engine": "gemini", **facts},
        moment.isoformat(timespec="microseconds"),
        "gemini",
        "m",
        prompt,
        tuple(parts),
        STATS,
    )
