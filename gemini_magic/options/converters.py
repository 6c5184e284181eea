"""What the word after a flag may be: read into a value, or refused with a ValueError."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, Literal

# What a session or a notebook has by name.
Names = Literal[
    "", "variables", "chats", "contexts", "paths", "cells", "commands", "runs", "models"
]


@dataclass(frozen=True, kw_only=True)
class Converter(ABC):
    """Reads the word after a flag.

    `takes` says in words what it may be, for messages, and `metavar` stands for it in tables. Tab
    offers the `choices`, or what the session has of `names`.
    """

    takes: str
    metavar: str
    choices: tuple[str, ...] = ()
    names: Names = ""

    @abstractmethod
    def read(self, text: str) -> Any:
        """Return the value that `text` means; raise ValueError if it means none."""


@dataclass(frozen=True, kw_only=True)
class Text(Converter):
    """Any text, blank and empty included."""

    takes: str = "a text"
    metavar: str = "TEXT"

    def read(self, text: str) -> str:
        return text


@dataclass(frozen=True, kw_only=True)
class Word(Converter):
    """A text that is not blank; blanks around it do not count."""

    def read(self, text: str) -> str:
        if not text.strip():
            raise ValueError
        return text.strip()


@dataclass(frozen=True, kw_only=True)
class Number(Converter):
    """A number from `low` to `high`."""

    low: float
    high: float
    metavar: str = "NUMBER"

    def read(self, text: str) -> float:
        number = float(text)
        if not self.low <= number <= self.high:
            raise ValueError
        return number


@dataclass(frozen=True, kw_only=True)
class Whole(Converter):
    """A whole number from `low` to `high`, which is by default the wire's."""

    low: int = 0
    high: int = 2**31 - 1
    takes: str = "a whole number"
    metavar: str = "N"

    def read(self, text: str) -> int:
        number = int(text)
        if not self.low <= number <= self.high:
            raise ValueError
        return number


@dataclass(frozen=True, kw_only=True)
class Choice(Converter):
    """One of `choices`."""

    def read(self, text: str) -> str:
        if text not in self.choices:
            raise ValueError
        return text


@dataclass(frozen=True, kw_only=True)
class Level(Choice):
    """One of `choices`, or a number of tokens."""

    def read(self, text: str) -> str:
        if text not in self.choices:
            Whole().read(text)
        return text


@dataclass(frozen=True, kw_only=True)
class Variable(Converter):
    """The name of a variable."""

    takes: str = "a variable's name"
    metavar: str = "NAME"

    def read(self, text: str) -> str:
        if not text.isidentifier() or iskeyword(text):
            raise ValueError
        return text


@dataclass(frozen=True, kw_only=True)
class Label(Converter):
    """The name of a chat or a context."""

    takes: str = "a name of letters, digits, '.', '_' and '-', at most 64"
    metavar: str = "NAME"

    def read(self, text: str) -> str:
        if not re.fullmatch(r"[\w.-]{1,64}", text):
            raise ValueError
        return text


@dataclass(frozen=True, kw_only=True)
class Duration(Converter):
    """A time like 90s, 30m, 1h or 2d, in seconds."""

    takes: str = "a time like 90s, 30m, 1h or 2d"
    metavar: str = "TIME"
    choices: tuple[str, ...] = ("30m", "1h", "1d")

    def read(self, text: str) -> int:
        typed = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", text)
        if not typed:
            raise ValueError
        return int(typed[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[typed[2]]


chat_name = Label().read
