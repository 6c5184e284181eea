"""All the places where a recording may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from ...errors import RecordingError
from .in_memory import RecordedRequest
from .recording import Recording

_Found = TypeVar("_Found")


class Place(Protocol):
    """Where recordings are: the user's store, or a file. Every method raises RecordingError."""

    @property
    def path(self) -> Path: ...

    def __iter__(self) -> Iterator[Recording]: ...

    def find(self, fingerprint: str) -> Recording | None: ...

    def find_question(self, question: str) -> Recording | None: ...

    def asked(self, prompt: str, count: int) -> Sequence[RecordedRequest]: ...

    def add(self, recording: Recording, *, instead: bool = False) -> None: ...


class Library:
    """Looks for recordings in `places`, and `keeps` new ones in the first of them.

    A place that cannot be read or written is passed over, and told of once: see `problems`.
    """

    def __init__(self, places: Sequence[Place], problem: str = "", *, keeps: bool = True) -> None:
        self.places = tuple(places)
        self.keeps = self.places[0] if keeps and self.places else None
        self.why = problem
        self._problems = [problem] if problem else []
        self._told: set[str] = set(self._problems)

    def find(self, fingerprint: str) -> Recording | None:
        """Return the newest recording with this fingerprint, of all places."""
        found = self._each(lambda place: place.find(fingerprint))
        return max(filter(None, found), key=lambda each: each.time, default=None)

    def asked(self, prompt: str, count: int = 50) -> list[RecordedRequest]:
        """Return what recordings answer: those of this prompt's digest, or else the latest."""
        found = [each for some in self._each(lambda p: p.asked(prompt, count)) for each in some]
        own = [each for each in found if each.facts.get("prompt") == prompt]
        return sorted(own or found, key=lambda each: each.time, reverse=True)

    def add(self, recording: Recording, *, instead: bool = False) -> None:
        """Keep a recording; where that cannot be, `problems` says why."""
        try:
            if self.keeps is not None:
                self.keeps.add(recording, instead=instead)
        except RecordingError as exc:
            self._tell(f"not recorded: {exc}")

    def problems(self) -> list[str]:
        """Return what could not be read or written since the last call, and was not told yet."""
        told, self._problems = self._problems, []
        return told

    def _each(self, look: Callable[[Place], _Found]) -> list[_Found]:
        found = []
        for place in self.places:
            try:
                found.append(look(place))
            except RecordingError as exc:
                self._tell(str(exc))
        return found

    def _tell(self, problem: str) -> None:
        if problem not in self._told:
            self._told.add(problem)
            self._problems.append(problem)
