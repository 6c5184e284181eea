"""Runs code away from the user's machine: CPython on WASI, in a process that is thrown away.

It knows nothing of prompts or engines. Where it cannot run it raises `SandboxError` with the reason
and the remedy; there is no weaker way to fall back to.
"""

from __future__ import annotations

from .guests import has_science, prepare, wants_science
from .sandbox import RESTARTED, Sandbox, never

__all__ = ["RESTARTED", "Sandbox", "has_science", "never", "prepare", "wants_science"]
