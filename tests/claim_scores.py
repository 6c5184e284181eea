"""How well claims agree with what was labelled by hand or known when a run was made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from claim_runs import Made, code, document, result

from gemini_magic import Claim, Run, trace

FOUND = ("given", "computed", "derived", "code")


@dataclass(frozen=True)
class Labelled:
    """A run with the labels of its numbers, in the format of the labelled corpora.

    A label has `part`, `text`, `kinds` that may rightly be said, `places` as part:line, and `flag`.
    """

    name: str
    run: Mapping[str, Any]
    numbers: Sequence[Mapping[str, Any]]
    given: Sequence[str] = ()
    earlier: Sequence[Mapping[str, Any]] = ()

    def claims(self) -> list[Claim]:
        earlier = [Run.from_dict(run) for run in self.earlier]
        return trace(Run.from_dict(self.run), self.given, earlier)


@dataclass
class Score:
    """Numbers labelled, and those that were judged otherwise, each with its run."""

    right: int = 0
    absent: int = 0
    linked: int = 0
    flagged: int = 0
    misread: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    untraced: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    misflagged: list[str] = field(default_factory=list)

    def add(self, labelled: Labelled) -> None:
        claims = labelled.claims()
        says = [(claim.part, claim.text) for claim in claims]
        stands = [(number["part"], number["text"]) for number in labelled.numbers]
        matcher = SequenceMatcher(None, stands, says, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                for number, claim in zip(labelled.numbers[a:b], claims[c:d], strict=True):
                    self._judge(number, claim, labelled.name)
            else:
                self.misread.append(f"{labelled.name}: {stands[a:b]} read as {says[c:d]}")

    def _judge(self, number: Mapping[str, Any], claim: Claim, name: str) -> None:
        kinds, flag = number["kinds"], number.get("flag", "")
        line = f"{name}: {number['text']} is {kinds} {number.get('places', '')}, not {claim}"
        if "absent" not in kinds:
            self.right += 1
            if claim.kind == "absent":
                self.missed.append(line)
            if claim.kind == "common" and "common" not in kinds:
                self.untraced.append(line)
        elif kinds == ["absent"]:
            self.absent += 1
            if claim.kind in FOUND:
                self.found.append(line)
        if "places" in number and claim.kind == "computed":
            self.linked += 1
            if not {place_of(claim), "*"} & {*number["places"]}:
                self.misplaced.append(line)
        if flag or claim.flag:
            self.flagged += 1
            if flag != claim.flag:
                self.misflagged.append(line)

    def rates(self) -> dict[str, float]:
        """The rates that are bounded: links, right ones called absent, absent ones called found."""
        return {
            "links": 1 - len(self.misplaced) / max(1, self.linked),
            "right called absent": len(self.missed) / max(1, self.right),
            "absent called found": len(self.found) / max(1, self.absent),
        }

    def __str__(self) -> str:
        right = self.linked - len(self.misplaced)
        return (
            f"links {right}/{self.linked}, right called absent {len(self.missed)}/{self.right}, "
            f"right not traced {len(self.untraced)}/{self.right}, absent called found "
            f"{len(self.found)}/{self.absent}, misread {len(self.misread)}, flags "
            f"{self.flagged - len(self.misflagged)}/{self.flagged}"
        )


def place_of(claim: Claim) -> str:
    """The place of a claim as a label has it: part:line, behind T1/ for the turn before."""
    if claim.place is None:
        return ""
    back = f"T{claim.place.turn}/" if claim.place.turn else ""
    return f"{back}{claim.place.part}:{claim.place.line}"


def scored(runs: Iterable[Labelled]) -> Score:
    score = Score()
    for run in runs:
        score.add(run)
    return score


def of_corpus(path: Path) -> Iterator[Labelled]:
    """The runs and the one-line cases of a labelled corpus."""
    corpus = json.loads(path.read_text(encoding="utf-8"))
    for run in corpus["runs"]:
        yield Labelled(**run)
    for case in corpus.get("cases", ()):
        yield of_case(case)


def of_case(case: Mapping[str, Any]) -> Labelled:
    parts = [
        code(case.get("code", "print(x)\n")),
        result(case.get("output", "x\n")),
        {"kind": "text", "text": case["prose"]},
    ]
    numbers = [{"part": 2, "text": text, "kinds": kinds} for text, kinds in case["numbers"]]
    return Labelled(case["prose"], document(parts, case.get("prompt", "")), numbers)


def of_made(made: Made, name: str) -> Labelled:
    """A run made by chance, with labels of its last part."""
    last = len(made.run["parts"]) - 1
    numbers = [
        {
            "part": last,
            "text": label.text,
            "kinds": [label.kind],
            **({"places": [label.place]} if label.place else {}),
            **({"flag": label.flag} if label.flag else {}),
        }
        for label in made.labels
    ]
    return Labelled(name, made.run, numbers, earlier=made.earlier)
