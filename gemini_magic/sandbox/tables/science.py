"""Inside the scientific guest: columns of raw bytes become a frame of pandas.

Read as text and run there. The frame stands on the bytes as they came, which nothing can change.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy
import pandas

PIECE = Path("/lib/_piece")
STEP = 2**19  # bytes of text at a time
buffers: list[bytearray] = []
columns: list[Any] = []
# What the blocks are called that bring a table; those of the code are counted without them.
NAMES = sys.modules["_blocks"].NAMES
first = len(NAMES) - 1


def take(layout: Any, specs: Any) -> None:
    """Take the piece that was put in place: `layout` says what of which buffer is in it.

    With the last piece of a column comes what the column is.
    """
    with PIECE.open("rb", buffering=0) as file:
        for length, before, total in layout:
            if not before:
                buffers.append(bytearray(total))
            view = memoryview(buffers[-1])[before : before + length]
            while view:
                view = view[file.readinto(view) :]
    columns.extend(map(column, specs))


def finish(namespace: dict[str, Any], name: str, spec: Any) -> None:
    """Make the variable of the columns that came."""
    made = columns[:]
    columns.clear()
    del NAMES[first:]
    if spec["kind"] == "value":
        namespace[name] = made[0][0]
        return
    if spec["kind"] == "array":
        namespace[name] = made[0].reshape(spec["shape"])
        return
    depth = len(spec["index"])
    index = pandas.RangeIndex(spec["rows"])
    if depth == 1:
        index = pandas.Index(made[0], name=spec["index"][0])
    elif depth:
        index = pandas.MultiIndex.from_arrays(made[:depth], names=spec["index"])
    frame = pandas.DataFrame(dict(enumerate(made[depth:])), copy=False)
    frame.index = index
    if spec["several"]:
        frame.columns = pandas.MultiIndex.from_tuples(map(tuple, spec["names"]))
    else:
        frame.columns = spec["names"]
    if spec["kind"] == "series":
        frame = frame.iloc[:, 0].rename(spec["names"][0] or None)
    namespace[name] = frame


def column(spec: Any) -> Any:
    """Return one column as an array that pandas takes as it is."""
    kind = spec["kind"]
    data = buffers.pop(0)
    if kind == "plain":
        return fixed(data, spec["dtype"])
    if kind == "masked":
        values = fixed(data, spec["dtype"])
        mask = fixed(buffers.pop(0), bool)
        arrays = pandas.arrays
        makers = {"b": arrays.BooleanArray, "f": arrays.FloatingArray}
        return makers.get(values.dtype.kind, arrays.IntegerArray)(values, mask)
    if kind == "time":
        times = fixed(data, spec["dtype"])
        if not spec.get("zone"):
            return times
        zoned = pandas.Series(times).dt.tz_localize("UTC")
        try:
            return zoned.dt.tz_convert(spec["zone"]).array
        except Exception:  # a zone that is not known here: the moments stay
            return zoned.array
    if kind == "codes":
        codes = numpy.frombuffer(data, "<i4")
        of = column(spec["of"])
        if spec["factor"]:
            return pandas.Categorical.from_codes(codes, pandas.Index(of), spec["ordered"])
        distinct = numpy.empty(len(of) + 1, dtype=object)
        distinct[:-1], distinct[-1] = of, None  # the code -1 is the last
        return pandas.array(distinct[codes], dtype="str", copy=False)
    if kind == "text":
        array = texts(data, spec["separator"], spec["rows"])
        if mask := buffers.pop(0):
            array[fixed(mask, bool)] = None
        return pandas.array(array, dtype="str", copy=False)
    if spec["whole"]:
        return [json.loads(data)]
    return pandas.Series(json.loads(data), dtype=object).infer_objects().array


def fixed(data: Any, dtype: Any) -> Any:
    """Return an array on the bytes as they came, which cannot be written."""
    array = numpy.frombuffer(data, dtype)
    array.flags.writeable = False
    return array


def texts(data: bytearray, separator: str, rows: int) -> Any:
    """Return the texts between separators, a part at a time: each is there twice for a moment."""
    array = numpy.empty(rows, dtype=object)
    mark = separator.encode()
    start = place = 0
    while place < rows:
        end = data.find(mark, start + STEP)
        end = len(data) if end < 0 else end
        found = data[start:end].decode("utf-8", "surrogatepass").split(separator)
        array[place : place + len(found)] = found
        start, place = end + 1, place + len(found)
    return array
