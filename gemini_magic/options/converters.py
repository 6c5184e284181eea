"""The words after a flag: each is read into a value, or refused with a ValueError."""

from __future__ import annotations

import re
from collections.abc import Callable

THINKING = ("off", "low", "medium", "high")


def word(text: str) -> str:
    """Return `text` without blanks around it; raise ValueError where nothing else is there."""
    if not text.strip():
        raise ValueError
    return text.strip()


def number_in(low: float, high: float) -> Callable[[str], float]:
    """Return what reads a number from `low` to `high`."""

    def read(text: str) -> float:
        number = float(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return read


def whole(low: int) -> Callable[[str], int]:
    """Return what reads a whole number from `low` on."""

    def read(text: str) -> int:
        number = int(text)
        if not low <= number < 2**31:
            raise ValueError
        return number

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Return what reads one of `words`."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read


def thinking(text: str) -> str:
    """Return `text`, a level of thinking or a number of tokens; raise ValueError for others."""
    if text not in THINKING:
        whole(0)(text)
    return text


def name(text: str) -> str:
    """Return `text`, the name of a variable; raise ValueError for what cannot be one."""
    if not text.isidentifier():
        raise ValueError
    return text


def chat_name(text: str) -> str:
    """Return `text`, the name of a chat or a context; raise ValueError for what cannot be one."""
    if not re.fullmatch(r"[\w.-]{1,64}", text):
        raise ValueError
    return text


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def seconds(text: str) -> int:
    """Return a time like 90s, 30m, 1h or 2d in seconds; raise ValueError for what is none."""
    typed = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", text)
    if not typed:
        raise ValueError
    return int(typed[1]) * _SECONDS[typed[2]]
