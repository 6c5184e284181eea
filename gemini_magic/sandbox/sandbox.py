"""Runs the blocks of one run, in workers that are thrown away."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..answer.parts import FAILED, OK, STOPPED, TIMED_OUT, Call, Image, Result
from ..errors import SandboxError
from .guests import preparing, quiet, wants_science

if TYPE_CHECKING:
    from types import TracebackType

    from .block import BlockEnd
    from .calls import CodeCall
    from .filling import Columns
    from .process import Worker

    # Runs a function of the notebook: yields the call, and returns what it gave, as JSON.
    Answer = Callable[[str, Mapping[str, Any]], Generator[Call, None, str]]

OUTCOMES = {"ok": OK, "failed": FAILED, "late": TIMED_OUT, "stopped": STOPPED}
# Bytes that code may use, by whether the guest is the scientific one: as in `child`.
MEMORY = {False: 512 * 2**20, True: 2**30}
RESTARTED = "[a new sandbox: what earlier blocks had defined or written is gone]\n"


def never() -> bool:
    """Return that nobody has stopped it."""
    return False


def no_functions(name: str, args: Mapping[str, Any]) -> Generator[Call, None, str]:
    """Answer that there is no function."""
    yield from ()
    return json.dumps({"error": f"there is no function {name}"})


def answered(
    block: Generator[CodeCall, str, BlockEnd], answer: Answer
) -> Generator[Call, None, BlockEnd]:
    """Answer each call that a block makes, and return how it ended."""
    try:
        asked = next(block)
        while True:
            try:
                reply = yield from answer(asked.name, asked.args)
            except KeyboardInterrupt as exc:
                block.throw(exc)
            asked = block.send(reply)
    except StopIteration as end:
        ended: BlockEnd = end.value
        return ended
    finally:
        block.close()  # if nobody takes what comes any more, the worker ends too


class Sandbox:
    """A place to run the blocks of one run, one after the other.

    What a block defines the next one finds, as in a notebook. A block that takes longer than
    `seconds`, prints without end or breaks the interpreter takes that with it: the next one begins
    anew, and its output says so in the first line.

    `files` are there before the first block, by path relative to the folder where code runs;
    at most 64 MiB. `progress` is told when the sandbox must be prepared first.

    From the first block that imports numpy, pandas and the like, the run goes on in the scientific
    sandbox where that is installed; with `science` it begins there. A block that imports a package
    of `packages.PACKAGES` finds it, where the user's environment has it. One that `follows` another
    has lost what that had, and says so. In a thread, which no interrupt reaches, `stopped` is asked
    all the time whether there was one.

    `printed` is what the last block printed, without the traceback: that quotes code.
    """

    def __init__(
        self,
        *,
        seconds: float = 30.0,
        files: Mapping[str, bytes] | None = None,
        progress: Callable[[str], None] | None = None,
        science: bool = False,
        follows: bool = False,
        memory: int = 0,
        stopped: Callable[[], bool] = never,
    ) -> None:
        self.seconds = seconds
        self._files = dict(files or {})
        self._progress = progress or quiet
        self._worker: Worker | None = None
        self._task: dict[str, object] | None = None
        self._science = science
        self._lost = follows
        self._memory = memory
        self._stopped = stopped
        self._tables: dict[str, Columns] = {}
        # What came since the worker started.
        self._waiting: list[str] = []
        self.printed = ""

    @property
    def is_science(self) -> bool:
        """Whether code runs in the scientific sandbox."""
        return self._science

    @property
    def is_lost(self) -> bool:
        """Whether the next block does not find what earlier ones left."""
        return self._lost or (self._worker is not None and not self._worker.is_alive())

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def memory(self) -> int:
        """The bytes that code may use, data included."""
        return self._memory or MEMORY[self._science]

    def put(self, path: str, data: bytes) -> None:
        """Give the code one more file; one that is there stays as it is."""
        if path not in self._files:
            self._files[path] = data
            self._waiting.append(path)

    def load(self, name: str, columns: Columns) -> None:
        """Have a variable there for the code, made of `columns`; for every worker of this run."""
        self._tables[name] = columns
        self._waiting.append(name)

    def run(self, code: str) -> Iterator[Result | Image]:
        """Run `code` and yield what it gave.

        The output holds what was printed and then, when it failed, the traceback. Raises
        SandboxError when there is no sandbox; an interrupt ends the code and goes on, after what
        the code had printed was yielded.
        """
        for part in self.run_with(code, {}, no_functions):
            if isinstance(part, Result | Image):
                yield part

    def run_with(
        self, code: str, functions: Mapping[str, Sequence[str]], answer: Answer
    ) -> Iterator[Result | Image | Call]:
        """Run `code` as `run` does, which may call `functions` of the notebook by their names.

        They are given with the names of their parameters, and `answer` runs them.
        """
        if not self._science and wants_science(code):
            self._change()
        if self._worker is not None and not self._worker.is_alive():
            self._worker.close()
            self._worker, self._lost = None, True
        worker = self._ready(code)
        first_line = RESTARTED if self._lost else ""
        self._hand_over(worker)
        worker.stopped = self._stopped
        ended = yield from answered(worker.block(code, self.seconds, functions), answer)
        self.printed = ended.output
        if ended.dead:
            worker.close()
        else:
            self._worker, self._lost = worker, False
        yield Result(OUTCOMES[ended.outcome], first_line + self._tell(ended))
        yield from (Image("image/png", picture) for picture in ended.pictures)
        if ended.interrupt is not None:
            raise ended.interrupt

    def close(self) -> None:
        """End the worker, and have a spare one ready for whoever comes next."""
        from .spare import SPARE

        if self._worker is not None:
            self._worker.close()
            self._worker = None
        if self._task is not None:
            # Nobody asked for it: the next run tells what is wrong.
            with suppress(SandboxError):
                SPARE.keep(self._task)
            self._task = None

    def _change(self) -> None:
        """Go on in the scientific sandbox."""
        self._science = True
        if self._worker is not None:
            self._worker.close()
            self._worker, self._lost = None, True

    def _ready(self, code: str) -> Worker:
        """Return a worker that has the packages that `code` imports.

        It is a new one if an earlier block has broken what takes them.
        """
        if self._worker is not None:
            try:
                self._grant(self._worker, code)
                return self._worker
            except SandboxError:
                self._worker, self._lost = None, True
        worker = self._start()
        self._grant(worker, code)
        return worker

    def _grant(self, worker: Worker, code: str) -> None:
        """Give the worker the packages that `code` imports, as far as they are installed here."""
        from .packages import files_of, needed
        from .science import ONLY_HERE

        own = ONLY_HERE if self._science else frozenset()
        for package in needed(code, own):
            if not worker.has(package.distribution):
                worker.grant(package.distribution, files_of(package))

    def _start(self) -> Worker:
        # The code may be for another processor, or damaged: then it can be made anew.
        for anew in (False, True):
            worker = self._take_worker(anew)
            if worker.wait():
                break
        else:
            reason = f" ({worker.why})" if worker.why else ""
            raise SandboxError(
                f"the sandbox does not start on this machine{reason}; gemini-magic's issue tracker"
                " would like to know its processor and system"
            )
        self._waiting = [*self._files, *self._tables]
        return worker

    def _hand_over(self, worker: Worker) -> None:
        """Give the worker the files and tables that it has not got."""
        self._worker, self._lost = None, True
        for name in self._waiting:
            if name in self._tables:
                self._fill(worker, name, self._tables[name])
            else:
                worker.put(name, self._files[name])
        self._waiting = []

    def _fill(self, worker: Worker, name: str, columns: Columns) -> None:
        from .filling import fill

        if not fill(worker, name, columns, science=self._science):
            worker.close()
            del self._tables[name]  # a later turn of its chat can do without
            raise SandboxError(
                f"{name!r} has {columns.size:,} bytes and does not fit into the sandbox here, of "
                f"{self.memory >> 20:,} MB (GeminiMagic.sandbox_memory_mb): give it fewer rows or "
                "columns, or raise the setting"
            )

    def _take_worker(self, anew: bool) -> Worker:
        from .process import Worker
        from .spare import SPARE

        self._task = preparing(self._science)(self._progress, anew=anew)
        if self._memory:
            self._task["memory"] = self._memory
        return SPARE.take(self._task) or Worker(self._task)

    def _tell(self, ended: BlockEnd) -> str:
        """Return what was printed, then on lines of its own why that was all."""
        from .science import hint

        why = hint(ended.why)
        if ended.outcome == "late":
            why = f"[stopped after {self.seconds:g} s]\n"
        elif ended.outcome == "stopped":
            why = "[stopped by you]\n"
        gap = "\n" if why and ended.output and not ended.output.endswith("\n") else ""
        return ended.output + gap + why
