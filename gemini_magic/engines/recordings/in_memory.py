"""Recordings in memory, by what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .recording import Recording


@dataclass(frozen=True)
class RecordedRequest:
    """What a recording answers: the facts, the prompt as far as a line shows it, and when."""

    facts: Mapping[str, Any]
    prompt: str
    time: str


class Recordings:
    """Recordings, of which the newest answers."""

    def __init__(self, recordings: Iterable[Recording]) -> None:
        self._all = sorted(recordings, key=lambda each: each.time)
        self._by_fingerprint = {each.fingerprint: each for each in self._all}
        self._by_question = {each.question: each for each in self._all}

    def joined(self, more: Iterable[Recording]) -> Recordings:
        """Return these and more: of several of one time, those are the newer."""
        return Recordings([*self._all, *more])

    def __iter__(self) -> Iterator[Recording]:
        return iter(self._all)

    def find(self, fingerprint: str) -> Recording | None:
        """Return the newest recording with this fingerprint."""
        return self._by_fingerprint.get(fingerprint)

    def find_question(self, question: str) -> Recording | None:
        """Return the newest recording of this question, whichever engine answered."""
        return self._by_question.get(question)

    def asked(self, prompt: str, count: int) -> list[RecordedRequest]:
        """Return what recordings answer, newest first: those of this prompt, or else of all."""
        own = [each for each in self._all if each.facts.get("prompt") == prompt]
        latest = (own or self._all)[: -count - 1 : -1]
        return [RecordedRequest(each.facts, each.prompt, each.time) for each in latest]
