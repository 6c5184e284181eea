"""Runs blocks and tells why they failed; both guests hold this file.

Code may leave the interpreter as it likes: traced, with other built-in names, with a limit of
recursion that leaves no room, with errors that cannot be printed. None of that may reach what
tells how the block ended, or the run is lost. Tracing ends with its block, and so does another
meaning of a built-in name; a limit of recursion is put aside until the next block.
"""

from __future__ import annotations

import builtins
import linecache
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from sys import getrecursionlimit, setprofile, setrecursionlimit, settrace
from types import TracebackType
from typing import Any

CAPACITY = 8 * 2**20  # bytes that a block may print, its traceback included
LEAST = 2**16  # bytes of the traceback of a block that has printed as much
DEPTH = 1000  # calls, CPython's own limit
REPEATED = 3  # times that a traceback shows a line that calls itself
GAP = "<gap>"
FRAMES = 100  # of a traceback that had to be written by hand
monitoring: Any = getattr(sys, "monitoring")  # noqa: B009  newer than this project's oldest Python
TOOLS = range(6)  # https://docs.python.org/3/library/sys.monitoring.html
NAMES: list[str] = []
REMARKS: list[Callable[[BaseException], None]] = []  # what a guest has to say about an error

BUILTINS = vars(builtins)
PRISTINE: dict[str, Any] = {}  # the built-in names as a guest has them
KEPT = {"depth": DEPTH}
# By these names, as the code may have taken away those.
ANYTHING, COMPILE, EXECUTE = BaseException, compile, exec


def begin() -> None:
    """Take the built-in names as they are now for the right ones, and keep monitors to the code."""
    PRISTINE.update(BUILTINS)
    register = monitoring.register_callback

    def register_callback(tool: int, event: int, watch: Any, /) -> Any:
        """Register a callback for an event in the code itself."""
        # Also in ours, one that raises could not be got rid of: the call for that is an event.
        return register(tool, event, None if watch is None else partial(see, watch))

    monitoring.register_callback = register_callback


def see(watch: Any, code: Any, *facts: Any) -> Any:
    """Tell `watch` of an event where the code is one of the blocks."""
    return watch(code, *facts) if code.co_filename in NAMES else None


def run(code: str, namespace: dict[str, Any]) -> str:
    """Run `code` and return why it failed, or nothing."""
    name = f"<string {len(NAMES) + 1}>" if NAMES else "<string>"
    NAMES.append(name)
    attempt(lambda: remember(name, code))

    def execute() -> None:
        setrecursionlimit(KEPT["depth"])
        EXECUTE(COMPILE(code, name, "exec", dont_inherit=True), namespace)

    failed = catch(execute)
    take_over()
    return "" if failed is None else explain(failed)


def attempt(action: Callable[[], None]) -> str:
    """Do something for the code and return why that failed, or nothing."""
    failed = catch(action)
    return "" if failed is None else explain(failed)


def catch(action: Callable[[], None]) -> BaseException | None:
    """Return what `action` raised, if it did; nothing is traced afterwards."""
    failed: BaseException | None = None
    try:
        action()
    except ANYTHING as exc:
        failed = exc
    # Not in a function: the call of one is traced.
    try:
        settrace(None)
        setprofile(None)
    except ANYTHING:  # a profile function that raises is gone then
        settrace(None)
        setprofile(None)
    return failed


def remember(name: str, code: str) -> None:
    """Keep the lines of a block for tracebacks."""
    linecache.cache[name] = len(code), None, code.splitlines(True), name


def take_over() -> None:
    """Undo what the code did to the interpreter, and put its limit of recursion aside."""
    BUILTINS.update(PRISTINE)
    KEPT["depth"] = getrecursionlimit()
    setrecursionlimit(max(DEPTH, KEPT["depth"]))
    for tool in TOOLS:
        if monitoring.get_tool(tool) is not None:
            monitoring.free_tool_id(tool)


def explain(exc: BaseException) -> str:
    """Return the traceback as CPython prints it, cut to the frames of the code itself."""
    # By its type: an instance may say what it likes of its class.
    first = leave if issubclass(type(exc), SystemExit) else report
    for describe in (first, write_by_hand):
        try:
            return describe(exc)
        except BaseException:  # noqa: S112  whatever its methods do, or out of stack or memory
            continue
    return "[the code failed with an error that cannot be shown]\n"


def leave(exc: BaseException) -> str:
    """Return what a program that called `sys.exit` says, as the interpreter judges it."""
    code: object = getattr(exc, "code", None)
    if code is None or code == 0:
        return ""
    return f"{code}\n" if isinstance(code, str) else f"SystemExit: {code!r}\n"


def report(exc: BaseException) -> str:
    """Return the traceback as the library formats it."""
    for each in family(exc):
        for remark in REMARKS:
            remark(each)
    gaps = {id(each): thin(each) for each in family(exc)}
    told = traceback.TracebackException.from_exception(exc, compact=True)
    for each, of in pairs(told, exc):
        own = [frame for frame in each.stack or () if frame.filename in NAMES]
        # A syntax error has no frame, and CPython prints no heading above it.
        each.stack = Frames(own, gaps[id(of)]) if own else None
        # Before they are copied some more.
        text: object = getattr(each, "_str", None)
        if isinstance(text, str):
            each._str = shorten(text, CAPACITY)
        notes: object = getattr(each, "__notes__", None)
        if isinstance(notes, list):
            each.__notes__ = [shorten(n, CAPACITY) if isinstance(n, str) else n for n in notes]
    return "".join(told.format())


def family(first: Any) -> Iterator[Any]:
    """Yield an error or its report, what caused it, and what it holds, each once."""
    waiting, seen = [first], set()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, *(getattr(each, "exceptions", None) or ())]


def pairs(told: Any, exc: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the report of each error of a family with the error."""
    waiting, seen = [(told, exc)], set()
    while waiting:
        told, exc = waiting.pop()
        if told is None or exc is None or id(told) in seen:
            continue
        seen.add(id(told))
        yield told, exc
        waiting += [(told.__cause__, exc.__cause__), (told.__context__, exc.__context__)]
        if told.exceptions:
            waiting += zip(told.exceptions, exc.exceptions, strict=True)


class Frames(traceback.StackSummary):
    """Frames to be printed, with a line in each place where others were."""

    def __init__(self, frames: list[traceback.FrameSummary], gaps: dict[int, str]) -> None:
        for number, frame in enumerate(frames, 1):
            self.append(frame)
            if number in gaps:
                self.append(traceback.FrameSummary(GAP, number, gaps[number], lookup_line=False))

    def format_frame_summary(self, frame_summary: traceback.FrameSummary, **how: Any) -> str:
        """Return the lines of a frame."""
        if frame_summary.filename == GAP:
            return frame_summary.name
        return super().format_frame_summary(frame_summary, **how)


def thin(exc: BaseException) -> dict[int, str]:
    """Take out of a long traceback what the library would read for minutes, by CPython's rules.

    Returns what to print in its places, each by the number of frames before it.
    """
    trace, kept, gaps = exc.__traceback__, [], {}
    code, line, number, same = None, 0, 0, 0
    while trace is not None:
        here = trace.tb_frame.f_code
        if here.co_filename in NAMES:
            again = here is code and trace.tb_lineno == line
            same = same + 1 if again else 1
            code, line, number = here, trace.tb_lineno, number + 1
            if same <= REPEATED:
                kept.append((trace, number))
            else:
                more = same - REPEATED
                gaps[len(kept)] = f"  [Previous line repeated {more} more time{'s'[: more - 1]}]\n"
        trace = trace.tb_next
    if number <= DEPTH:
        return {}
    half = DEPTH // 2
    if (beyond := len(kept) - DEPTH) > 0:
        left_out = kept[-half][1] - kept[half - 1][1] - 1
        kept_gaps = {at: text for at, text in gaps.items() if not half <= at < half + beyond}
        gaps = {at if at < half else at - beyond: text for at, text in kept_gaps.items()}
        gaps[half] = f"  [{left_out} calls are left out]\n"
        kept[half:-half] = []
    # From the end: each is searched for a loop.
    following = None
    for trace, _ in reversed(kept):
        trace.tb_next = following
        following = trace
    exc.__traceback__ = following
    return gaps


def write_by_hand(exc: BaseException) -> str:
    """Return a traceback without the library, which failed on this one."""
    lines = []
    trace: TracebackType | None = exc.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in NAMES:
            lines.append(
                f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_name}\n'
            )
        trace = trace.tb_next
    if len(lines) > FRAMES:
        left_out = f"  [{len(lines) - FRAMES} more]\n"
        lines[FRAMES // 2 : -FRAMES // 2] = [left_out]
    try:
        text = shorten(str(exc), CAPACITY)
    except BaseException as other:
        text = f"[no text: {type(other).__name__}]"
    heading = "Traceback (most recent call last):\n" if lines else ""
    return heading + "".join(lines) + f"{type(exc).__name__}: {text}\n"


def fit(why: str, printed: int) -> str:
    """Return `why` as text that can be sent, cut to what `printed` bytes leave of the bound."""
    try:
        return shorten(why, max(CAPACITY - printed, LEAST))
    except MemoryError:
        return "MemoryError: the traceback takes more memory than there is\n"


def shorten(text: str, room: int) -> str:
    """Return `text` in at most about `room` bytes of UTF-8, without its middle if need be."""
    if len(text) * 4 <= room and text.isascii():
        return text
    half = room // 2
    if len(text) > room:
        left_out = len(text) - 2 * half
        text = f"{text[:half]}\n[{left_out:,} characters are left out]\n{text[-half:]}"
    data = text.encode("utf-8", "backslashreplace")
    if len(data) <= room + 100:
        return data.decode()
    ends = data[:half].decode("utf-8", "ignore"), data[-half:].decode("utf-8", "ignore")
    return f"{ends[0]}\n[{len(data) - 2 * half:,} bytes are left out]\n{ends[1]}"
