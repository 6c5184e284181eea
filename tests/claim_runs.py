"""Runs made by chance whose numbers are labelled: what is right, and which faults were planted."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ROWS = "North South East West Centre Harbour Hill Park Station Market".split()
COLUMNS = "revenue orders rating visits price distance weight duration".split()
PROMPTS = ("Compare them, please.", "Which of them is best, and by how much?", "Summarise this.")


@dataclass(frozen=True)
class Label:
    """A number of the answer: how it is written, and the printed line that it was taken from.

    An empty `place` says that nobody printed it: it is `derived` from two of its sentence, or a
    planted fault. `flag` is what became of its attempt.
    """

    text: str
    place: str = ""
    flag: str = ""
    is_derived: bool = False

    @property
    def kind(self) -> str:
        if self.place:
            return "computed"
        return "derived" if self.is_derived else "absent"


@dataclass
class Made:
    """A run, as its document, with what is known of the numbers of its last part."""

    run: dict[str, Any]
    labels: list[Label] = field(default_factory=list)
    earlier: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    """A printed number, with its names and the line of the output that it stands in."""

    row: str
    column: str
    value: Decimal
    line: int


def document(parts: list[dict[str, Any]], prompt: str) -> dict[str, Any]:
    return {
        "version": 1,
        "engine": "gemini",
        "model": "",
        "prompt": prompt,
        "state": "done",
        "insert": "",
        "parts": parts,
        "error": None,
    }


def code(text: str = "print(summary(load()))") -> dict[str, Any]:
    return {"kind": "code", "language": "PYTHON", "id": "", "code": text}


def result(output: str, outcome: str = "OUTCOME_OK") -> dict[str, Any]:
    return {"kind": "result", "outcome": outcome, "output": output, "id": ""}


def call(response: Any) -> dict[str, Any]:
    return {
        "kind": "call",
        "name": "report",
        "args": {},
        "response": {"result": response},
        "error": None,
    }


def amount(chance: random.Random) -> Decimal:
    """A number of any size, with the decimals that a program prints."""
    size = chance.choice((40, 900, 25_000, 800_000))
    return Decimal(str(round(chance.uniform(size / 10, size), chance.choice((0, 1, 2, 4)))))


def table(chance: random.Random) -> dict[str, dict[str, Decimal]]:
    rows = chance.sample(ROWS, chance.randint(2, 6))
    columns = chance.sample(COLUMNS, chance.randint(1, 4))
    return {row: {column: amount(chance) for column in columns} for row in rows}


def as_lines(values: dict[str, dict[str, Decimal]]) -> tuple[str, list[Cell]]:
    """`North revenue: 1234.5`"""
    lines, cells = [], []
    for row, columns in values.items():
        for column, value in columns.items():
            lines.append(f"{row} {column}: {value}")
            cells.append(Cell(row, column, value, len(lines)))
    return "\n".join(lines) + "\n", cells


def as_rows(values: dict[str, dict[str, Decimal]]) -> tuple[str, list[Cell]]:
    """What pandas prints: names above the columns, numbers at the right."""
    names = list(next(iter(values.values())))
    lines, cells = [" " * 10 + "".join(f"{name:>14}" for name in names)], []
    for row, columns in values.items():
        lines.append(f"{row:10}" + "".join(f"{columns[name]:>14}" for name in names))
        cells += [Cell(row, name, columns[name], len(lines)) for name in names]
    return "\n".join(lines) + "\n", cells


def as_csv(values: dict[str, dict[str, Decimal]]) -> tuple[str, list[Cell]]:
    names = list(next(iter(values.values())))
    lines, cells = [",".join(("name", *names))], []
    for row, columns in values.items():
        lines.append(",".join((row, *(str(columns[name]) for name in names))))
        cells += [Cell(row, name, columns[name], len(lines)) for name in names]
    return "\n".join(lines) + "\n", cells


def as_json(values: dict[str, dict[str, Decimal]]) -> tuple[str, list[Cell]]:
    plain = {row: {k: float(v) for k, v in columns.items()} for row, columns in values.items()}
    text = json.dumps(plain, ensure_ascii=False, indent=1)
    cells, row = [], ""
    for number, line in enumerate(text.split("\n"), 1):
        name, _, rest = line.strip().partition(": ")
        if rest == "{":
            row = json.loads(name)
        elif rest:
            cells.append(Cell(row, json.loads(name), Decimal(rest.rstrip(",")), number))
    return text, cells


FORMS: tuple[Callable[[dict[str, dict[str, Decimal]]], tuple[str, list[Cell]]], ...] = (
    as_lines,
    as_rows,
    as_csv,
    as_json,
)


def spelled(value: Decimal, chance: random.Random, german: bool = False) -> str:
    """The number as an answer has it: rounded or not, with or without commas."""
    decimals = max(0, -int(value.as_tuple().exponent))
    shown = chance.randint(min(1, decimals), decimals)
    rounded = value.quantize(Decimal(1).scaleb(-shown), ROUND_HALF_UP)
    text = f"{rounded:,}" if chance.random() < 0.7 or german else str(rounded)
    return text.translate(str.maketrans(",.", ".,")) if german else text


def wrong(value: Decimal, chance: random.Random) -> Decimal:
    """A number as long, and far from it: three digits or more, as fewer prove nothing."""
    while True:
        other = value * Decimal(str(round(chance.uniform(0.4, 1.8), 3)))
        other = other.quantize(Decimal(1).scaleb(int(value.as_tuple().exponent)))
        if abs(other - value) > value / 20 and len(other.as_tuple().digits) >= 3:
            return other


ENGLISH = (
    "The {column} of {row} is {number}.",
    "{row} has a {column} of **{number}**.",
    "- **{row}**: {column} {number}",
    "In {row}, the {column} came to {number}.",
)
GERMAN = (
    "Der Wert für {column} von {row} ist {number}, und das ist viel.",
    "Das ist die Zahl für {row} ({column}): {number}.",
)


def sentences(
    cells: list[Cell], chance: random.Random, prefix: str, german: bool, faults: float
) -> tuple[str, list[Label]]:
    """Prose about some cells, and its labels; a share of `faults` are numbers of no output."""
    said, labels = [], []
    printed = {str(cell.value) for cell in cells}
    for cell in chance.sample(cells, min(len(cells), 5)):
        is_wrong = chance.random() < faults and len(cell.value.as_tuple().digits) >= 3
        value = wrong(cell.value, chance) if is_wrong else cell.value
        if is_wrong and str(value) in printed:
            continue
        number = str(value) if is_wrong else spelled(value, chance, german)
        if is_wrong and german:
            number = number.replace(".", ",")
        template = chance.choice(GERMAN if german else ENGLISH)
        said.append(template.format(row=cell.row, column=cell.column, number=number))
        labels.append(Label(number, "" if is_wrong else f"{prefix}{cell.line}"))
    return "\n".join(said), labels


COMPARED = (
    ("{one.row} has {one.column} {a} and {two.row} {b}, a difference of {c}.", "difference"),
    ("With {a} against {b} in {two.row}, {one.row} is ahead by {c}.", "difference"),
    ("{one.row} ({a}) and {two.row} ({b}) make {c} together.", "sum"),
    ("From {a} in {one.row} to {b} in {two.row} is a change of {c}%, an increase.", "change"),
    ("{one.row} has {a}, {c} times the {b} of {two.row}.", "ratio"),
)


def computed(how: str, one: Decimal, two: Decimal) -> Decimal:
    match how:
        case "difference":
            return abs(one - two)
        case "sum":
            return one + two
        case "change":
            return (abs(two - one) / one * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return (one / two).quantize(Decimal("0.01"), ROUND_HALF_UP)


def compared(
    cells: list[Cell], chance: random.Random, prefix: str, faults: float
) -> tuple[str, list[Label]]:
    """Prose that compares two cells of one column, with what follows from them, right or wrong."""
    said, labels = [], []
    for column in dict.fromkeys(cell.column for cell in cells):
        one, two = chance.sample([cell for cell in cells if cell.column == column], 2)
        template, how = chance.choice(COMPARED)
        value = computed(how, one.value, two.value)
        if len(value.as_tuple().digits) < 3:
            continue
        is_wrong = chance.random() < faults
        texts = [f"{v:,}" for v in (one.value, two.value, wrong(value, chance))]
        texts[2] = texts[2] if is_wrong else f"{value:,}"
        a, b, c = texts
        said.append(template.format(one=one, two=two, a=a, b=b, c=c))
        by_text = {
            "{a}": Label(a, f"{prefix}{one.line}"),
            "{b}": Label(b, f"{prefix}{two.line}"),
            "{c}": Label(c + "%" * (how == "change"), is_derived=not is_wrong),
        }
        labels += [by_text[name] for name in sorted(by_text, key=template.index)]
    return "\n".join(said), labels


def as_table(cells: list[Cell], chance: random.Random, prefix: str) -> tuple[str, list[Label]]:
    """A Markdown table of all cells, and its labels in order."""
    columns = list(dict.fromkeys(cell.column for cell in cells))
    lines = [f"| Name | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    labels = []
    for row in dict.fromkeys(cell.row for cell in cells):
        own = {cell.column: cell for cell in cells if cell.row == row}
        numbers = [spelled(own[column].value, chance) for column in columns]
        lines.append(f"| {row} | {' | '.join(numbers)} |")
        labels += [
            Label(number, f"{prefix}{own[column].line}")
            for number, column in zip(numbers, columns, strict=True)
        ]
    return "\n".join(lines), labels


def made(seed: int) -> Made:
    """A run of that seed: printed, returned by a function, or of the turn before."""
    chance = random.Random(seed)
    output, cells = chance.choice(FORMS)(table(chance))
    kinds = ("printed", "called", "chat", "mended", "German", "table", "compared")
    kind = chance.choice(kinds)
    german = kind == "German"
    prompt = chance.choice(PROMPTS)
    shown = [call(output)] if kind == "called" else [code(), result(output)]
    at = len(shown) - 1
    prefix = f"T1/{at}:" if kind == "chat" else f"{at}:"
    if kind == "table":
        prose, labels = as_table(cells, chance, prefix)
    elif kind == "compared":
        prose, labels = compared(cells, chance, prefix, 0.4)
    else:
        prose, labels = sentences(cells, chance, prefix, german, 0.2)
    said = {"kind": "text", "text": prose}
    if kind == "chat":
        return Made(document([said], "And now?"), labels, [document(shown, prompt)])
    if kind == "mended":
        return _mended(shown, said, labels, chance, prompt)
    return Made(document([*shown, said], prompt), labels)


def _mended(
    shown: list[dict[str, Any]],
    said: dict[str, Any],
    labels: list[Label],
    chance: random.Random,
    prompt: str,
) -> Made:
    """A run whose numbers are those of an attempt that failed: another one followed."""
    failed = result(shown[-1]["output"] + "KeyError: 'share'\n", "OUTCOME_FAILED")
    parts = [shown[0], failed, code("print('ready')"), result("ready\n"), said]
    flagged = [Label(label.text, label.place, "failed" if label.place else "") for label in labels]
    return Made(document(parts, prompt), flagged)
