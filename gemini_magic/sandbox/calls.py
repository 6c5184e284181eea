"""Calls of the notebook's functions by code that runs, held to what code may ask."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from ..phrases import short

MOST = 1_000  # calls by one block
LARGEST = 16 * 2**20  # characters of one result, as JSON
ALTOGETHER = 64 * 2**20  # characters that one block gives and gets: a run keeps all of them


@dataclass(frozen=True)
class CodeCall:
    """A call of a function of the notebook by code that runs."""

    name: str
    args: Mapping[str, Any]


class Calls:
    """The calls of one block. Whatever is wrong with one is an error in the code, as JSON."""

    def __init__(self, functions: Container[str]) -> None:
        self._functions = functions
        self._calls = 0
        self._size = 0

    def read(self, text: str) -> CodeCall | str:
        """Return the call in `text`, or why it is not made: the code may have written it itself."""
        self._calls += 1
        self._size += len(text)
        try:
            name, args = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            name, args = None, None
        if not (isinstance(name, str) and isinstance(args, dict)):
            return _refused("a call is the name of a function and its arguments, as JSON")
        if name not in self._functions:
            return _refused(f"there is no function {short(name, 100)!r} for code to call")
        if self._calls > MOST:
            return _refused(f"one block may call functions {MOST:,} times")
        if self._size > ALTOGETHER:
            return _refused(
                f"one block may give functions and get from them {ALTOGETHER:,} characters"
            )
        return CodeCall(name, args)

    def fitting(self, reply: str) -> str:
        """Return what a call gave, as JSON, or that it is too much."""
        self._size += len(reply)
        if len(reply) <= LARGEST:
            return reply
        return _refused(
            f"the result has {len(reply):,} characters as JSON and may have {LARGEST:,} here"
        )


def _refused(why: str) -> str:
    return json.dumps({"error": why})
