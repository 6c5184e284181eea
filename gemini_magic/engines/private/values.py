"""The values of the user's data, so that one can be found in a text again.

Texts are found by any five of their letters and digits in a row, so that a piece of one is found
too; numbers by their value, to as many digits as are printed.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ...request.kept import KeptData
from .days import days_in, seconds_in, spellings
from .spelling import on_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Letters and digits in a row by which a text is known. With fewer, ordinary words would be found.
WINDOW = 5
# Of fewer digits only the very value is found: 3.14 rounds many a number.
DIGITS = 4
# A whole number below it is not told from a count.
LEAST = 10

_FACTORS = tuple(pow(1_099_511_628_211, power, 2**64) for power in range(1, WINDOW + 1))
_DAY = 86_400  # seconds
_NUMBERS = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3}\b)?")
# Of scripts that put no blanks between words: Thai, Khmer, Han, Kana, Hangul with what ends it.
UNSPACED = re.compile(
    "[\u0e01-\u0fff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3105-\u312f\u3400-\u9fff\uac00-\ud7a3"
    "\U00020000-\U0003ffff]+"
)


class Values:
    """All that is held, sorted by numpy to be found."""

    def __init__(self, held: Iterable[KeptData]) -> None:
        import numpy as np

        self._np = np
        windows: list[NDArray[Any]] = []
        numbers: list[NDArray[Any]] = []
        self.short: set[str] = set()
        # Those of the short ones that may stand in the middle of a sentence.
        self.unspaced: set[str] = set()
        for piece in _pieces(held):
            if isinstance(piece, str):
                windows.append(self._windows_of(piece))
            else:
                numbers.append(np.abs(np.asarray(piece, dtype="f8")))
        self._windows = np.sort(np.concatenate([np.empty(0, "u8"), *windows]))
        found = np.concatenate([np.empty(0), *numbers])
        found = np.sort(found[np.isfinite(found)])
        self._numbers = found[(found >= LEAST) | (found != np.floor(found))]
        with np.errstate(divide="ignore"):
            scale = np.floor(np.log10(self._numbers))
        self._significands = np.sort(self._numbers / 10.0**scale)

    def _windows_of(self, texts: str) -> NDArray[Any]:
        """Return the hashes of all windows in texts that stand on lines of their own."""
        np = self._np
        joined = on_lines(texts)
        short = {text for text in set(joined.split("\n")) if 1 < len(text) < WINDOW}
        self.short |= short
        self.unspaced |= {text for text in short if UNSPACED.fullmatch(text)}
        # Of a million cells many are alike.
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "u4")
        hashes, whole = self._rolled(points, points == ord("\n"))
        found: NDArray[Any] = hashes[whole]
        return found

    def _rolled(
        self, points: NDArray[Any], ends: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the hash of each window, and whether it is of one text."""
        np = self._np
        count = max(0, len(points) - WINDOW + 1)
        hashes = np.zeros(count, "u8")
        whole = np.ones(count, bool)
        for place, factor in enumerate(_FACTORS):
            hashes += points[place : place + count].astype("u8") * np.uint64(factor)
            whole &= ~ends[place : place + count]
        return hashes, whole

    def windows_in(self, text: str) -> list[int]:
        """Return where in `text`, letters and digits on lines, windows of values begin."""
        np = self._np
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "u4")
        ends = points == ord("\n")
        hashes, whole = self._rolled(points, ends)
        found: list[int] = np.flatnonzero(_among(np, self._windows, hashes) & whole).tolist()
        return found

    @property
    def telling(self) -> int:
        """How many digits a number must have to be one of the values by more than chance."""
        return max(WINDOW, len(str(len(self._numbers))) + 3)

    def numbers_in(self, bounds: Sequence[tuple[float, float]]) -> list[int]:
        """Return which of the ranges, of numbers without their sign, hold a value."""
        return self._within(self._numbers, bounds)

    def digits_in(self, bounds: Sequence[tuple[float, float]]) -> list[int]:
        """Return which of the ranges hold the digits of a value, wherever its point is."""
        return self._within(self._significands, bounds)

    def _within(self, held: NDArray[Any], bounds: Sequence[tuple[float, float]]) -> list[int]:
        np = self._np
        if not bounds:
            return []
        low, high = np.array(bounds, dtype="f8").T
        first = np.searchsorted(held, low, "left")
        found: list[int] = np.flatnonzero(np.searchsorted(held, high, "right") > first).tolist()
        return found


def _among(np: Any, held: NDArray[Any], wanted: NDArray[Any]) -> Any:
    if not len(held):
        return np.zeros(len(wanted), bool)
    places = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
    return held[places] == wanted


def _pieces(held: Iterable[KeptData]) -> Iterator[Any]:
    """Yield texts, a line each, and arrays of numbers."""
    for each in held:
        if each.layout is None:
            yield from _of_file(each.data)
            continue
        for encoded in each.layout.encoded():
            yield from _of_column(encoded.spec, list(encoded.buffers))


def _of_column(spec: dict[str, Any], buffers: list[Any]) -> Iterator[Any]:
    import numpy as np

    kind = spec["kind"]
    if kind in ("plain", "masked"):
        values = np.frombuffer(buffers[0], spec["dtype"])
        yield values[:0] if values.dtype.kind == "b" else values
    elif kind == "time":
        yield from _of_times(np.frombuffer(buffers[0], spec["dtype"]))
        if spec["zone"]:
            yield from _of_times(_local(np.frombuffer(buffers[0], spec["dtype"]), spec["zone"]))
    elif kind == "codes":
        yield from _of_column(spec["of"], buffers[1:])
    elif kind == "text":
        text = bytes(buffers[0]).decode("utf-8", "surrogatepass")
        yield from _of_texts(text.split(spec["separator"]))
    else:
        yield from _of_json(json.loads(bytes(buffers[0])))


def _of_times(times: Any) -> Iterator[Any]:
    """Yield the days and times of day, as they are written, and the moments as numbers."""
    import numpy as np

    known = times[~np.isnat(times)]
    per = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
    seconds = known.astype("i8") / per[np.datetime_data(known.dtype)[0]]
    if known.dtype.kind == "M":
        days = np.unique(known.astype("M8[D]"))
        yield _spelled(day for day in days.tolist() if isinstance(day, date))
        yield "\n".join(days.astype(str).tolist())  # those that Python's do not reach
    else:
        yield from (np.floor(seconds / _DAY), seconds % _DAY)
        yield from (seconds / unit for unit in (60, 3600, _DAY))
    clock = np.unique(np.floor(seconds % _DAY)).astype("i8").tolist()
    yield "\n".join(
        f"{moment // 3600:02}{moment // 60 % 60:02}{moment % 60:02}" for moment in clock if moment
    )
    yield from (seconds * unit for unit in per.values())


def _local(times: Any, zone: str) -> Any:
    """Return moments as clocks of their zone show them; none where Python does not know it."""
    import numpy as np

    known = times[~np.isnat(times)].astype("M8[s]").astype("i8")
    hours, places = np.unique(known // 3600, return_inverse=True)
    try:
        there = ZoneInfo(zone)
        offsets = [
            (datetime.fromtimestamp(hour * 3600, there).utcoffset() or timedelta()).total_seconds()
            for hour in hours.tolist()
        ]
    except (ValueError, OverflowError, OSError, KeyError):  # no zone of a name, or no year of ours
        return times[:0]
    return (known + np.array(offsets, "i8")[places]).astype("M8[s]")


def _of_texts(texts: Iterable[str]) -> Iterator[Any]:
    """Yield texts on lines, and those of them that are numbers."""
    distinct = set(texts)
    yield "\n".join(text.replace("\n", "") for text in distinct)
    yield _spelled(days_in(distinct))
    numbers: list[float] = [*seconds_in(distinct)]
    for text in distinct:
        if text[:1].isdigit() or text[1:2].isdigit():
            try:
                numbers.append(float(text))
            except ValueError:
                continue
    yield numbers


def _spelled(days: Iterable[date]) -> str:
    """Return days on lines as they may be written, as far as these are no short texts."""
    found = {spelling for day in set(days) for spelling in spellings(day)}
    return "\n".join(spelling for spelling in found if len(spelling) >= WINDOW)


def _of_json(value: Any) -> Iterator[Any]:
    texts: list[str] = []
    numbers: list[float] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            texts += [each, *_bytes_in(each)]
        elif isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, int | float) and not isinstance(each, bool):
            try:
                numbers.append(float(each))
            except OverflowError:  # then its digits
                texts.append(str(each))
    yield from _of_texts(texts)
    yield numbers


def _bytes_in(text: str) -> Iterator[str]:
    """Yield the text in bytes, which JSON holds as base64."""
    if len(text) % 4 == 0:
        with suppress(ValueError):
            yield base64.b64decode(text, "-_", validate=True).decode()


def _of_file(data: bytes) -> Iterator[Any]:
    """Yield what stands between any separators, and all numbers: it is text of whatever form."""
    text = data.decode("utf-8", "replace")
    cells = set(re.split(r"[;\t|\n]", text))
    with suppress(csv.Error):
        cells |= {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    yield from _of_texts(cells)
    yield [float(number) for number in _NUMBERS.findall(text)]
    for document in (text, *text.splitlines()) if text.lstrip()[:1] in ("{", "[") else ():
        with suppress(ValueError, RecursionError):
            yield from _of_json(json.loads(document))
