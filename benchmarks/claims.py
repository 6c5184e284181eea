"""
What tracing the numbers of an answer costs and gives: `python benchmarks/claims.py`.

Printed: medians of seconds of the processor for answers of a usual size, for much output, and for
text made to be slow; then the rates over runs made by chance, and what became of numbers that
nobody printed, by their digits. The design bounds the first two times at 20 and 200 ms.
"""

from __future__ import annotations

import platform
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from decimal import Decimal

from claim_runs import as_rows, code, document, made, result
from claim_scores import of_made, scored

from gemini_magic import Run, trace
from gemini_magic.answer.claims.stored import claims_to_json

NAMES = [f"{a}{b}ville" for a in "bcdfghlmnprst" for b in ("an", "el", "or", "um")]
HOSTILE = ("1 ", "111,", "(1+", "5 = ", "**12** ", "`1` ", "x@", "May 5, ", "12-")


def answer(attempts: int, printed: int, claims: int) -> Run:
    """Return a run of so many attempts that print so many numbers each, and speak of some."""
    chance = random.Random(attempts * printed + claims)
    parts, cells = [], []
    for _ in range(attempts):
        own = [
            (chance.choice(NAMES), round(chance.uniform(1, 1e5), chance.choice((0, 1, 2, 4))))
            for _ in range(printed)
        ]
        parts += [code("x = 1\n" * 20), result("".join(f"{n} total: {v}\n" for n, v in own))]
        cells += own
    said = "\n".join(f"- The total of {n} is **{v:,}**." for n, v in chance.sample(cells, claims))
    parts.append({"kind": "text", "text": said})
    return Run.from_dict(document(parts, "Sum them."))


def hostile(piece: str) -> Run:
    text = piece * (100_000 // len(piece))
    parts = [code(), result(f"{text}\nx: 99\n"), {"kind": "text", "text": text}]
    return Run.from_dict(document(parts, "x"))


def milliseconds(work: Callable[[], object], times: int = 7) -> float:
    found = []
    for _ in range(times):
        started = process_time()
        work()
        found.append(process_time() - started)
    return median(found) * 1000


def size(run: Run) -> int:
    return sum(len(getattr(part, "output", "")) for part in run.parts)


def sized(chance: random.Random) -> Decimal:
    return Decimal(str(round(chance.uniform(1, 10 ** chance.randint(1, 6)), 2)))


def crowded(seed: int, digits: int) -> Run:
    """Return a run of 240 printed numbers whose answer says 20 that nobody printed."""
    chance = random.Random(seed * 10 + digits)
    rows = chance.sample(NAMES, 40)
    columns = ("revenue", "orders", "rating", "visits", "price", "weight")
    values = {row: {column: sized(chance) for column in columns} for row in rows}
    output, _ = as_rows(values)
    lines = []
    for _ in range(20):
        number = chance.randint(max(11, 10 ** (digits - 1)), 10**digits - 1)
        shown = f"{number / 10:.1f}" if chance.random() < 0.5 and digits > 1 else str(number)
        lines.append(f"- {chance.choice(rows)} has a {chance.choice(columns)} of {shown}.")
    text = {"kind": "text", "text": "\n".join(lines)}
    return Run.from_dict(document([code(), result(output), text], "x"))


def times() -> None:
    usual, long, much = answer(5, 40, 30), answer(5, 40, 90), answer(1, 5_000, 30)
    huge = answer(1, 50_000, 30)
    for name, run in (
        ("5 attempts, 200 numbers printed, 30 said", usual),
        ("5 attempts, 200 numbers printed, 90 said", long),
        (f"{size(much):,} characters printed, 30 said", much),
        (f"{size(huge):,} characters printed, 30 said", huge),
    ):
        print(f"{milliseconds(lambda run=run: trace(run)):8.1f} ms  {name}")
    slowest, piece = max((milliseconds(lambda p=p: trace(hostile(p)), 1), p) for p in HOSTILE)
    print(f"{slowest:8.1f} ms  100 kB made to be slow, printed and said: the slowest, {piece!r}")
    claims = trace(long)
    document_size = len(str(long.to_dict()))
    share = len(str(claims_to_json(claims))) / document_size
    print(f"{share:8.1%}     of the document are its claims, where 90 numbers are said")


def rates() -> None:
    score = scored(of_made(made(seed), f"seed {seed}") for seed in range(10_000, 12_000))
    print(f"2,000 runs made by chance: {score}")
    for digits in (2, 3, 4, 5):
        kinds: Counter[str] = Counter()
        for seed in range(40):
            kinds.update(claim.kind for claim in trace(crowded(seed, digits)))
        total = sum(kinds.values())
        shares = ", ".join(f"{kind} {count / total:.1%}" for kind, count in kinds.most_common())
        print(f"  {digits} digits that nobody printed, among 240: {shares}")


if __name__ == "__main__":
    print(f"Python {platform.python_version()}")
    times()
    rates()
