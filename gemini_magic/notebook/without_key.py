"""What a cell shows in place of a run where no model can be asked: calm, and with ways to go on.

The cell fails all the same, so that "Run all" stops and nothing passes for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .. import keys
from ..engines.local.nearby import server_nearby
from ..errors import GeminiError, KeyInvalid, LessonMissing
from ..lessons.matching import Question, near
from ..options.settings import current
from .lesson_cells import LessonList, known

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ..lessons.lesson import Lesson

_KEY = (
    "To ask Gemini, run `%gemini key` in a cell and type a key, which stays in the memory of this "
    "kernel; <https://aistudio.google.com/apikey> makes one. Or `export GEMINI_API_KEY=…` before "
    "starting Jupyter."
)
_FIRST = ("Sum of the first 50 primes", "Six months of sales, and July", "Outliers in a dataset")


def way_on(error: GeminiError, prompt: str, folders: Iterable[str] = ()) -> LessonList:
    """Return what to show for a prompt that was not asked, for lack of a key or of a lesson.

    `folders` hold the user's own lessons.
    """
    lessons, _ = known(folders)
    if not isinstance(error, LessonMissing):
        return LessonList(
            "No key, so Gemini was not asked",
            f"{_KEY}{_served()}",
            (),
            "Without a key, `%gemini lessons` lists what `--engine offline` answers.",
        )
    all_of_them = f"`%gemini lessons` lists all {len(lessons)}."
    if _has_key():
        return LessonList(
            "No lesson answers this, and no model was asked",
            "The offline engine is not a model. To ask Gemini, leave out `--engine offline` or the "
            f"setting `GeminiMagic.engine`. {_fence(prompt)}",
            _offered(prompt, lessons),
            all_of_them,
        )
    return LessonList(
        "No key, so no model was asked",
        "Without a key, lessons answer: prompts whose prose is written ahead and whose code really "
        f"runs. Your prompt is not among them. {_fence(prompt)}",
        _offered(prompt, lessons),
        f"{all_of_them}\n\n{_KEY}{_served()}{_file()}",
    )


def _offered(
    prompt: str, lessons: tuple[Lesson, ...]
) -> tuple[tuple[str, tuple[Lesson, ...]], ...]:
    if found := near(prompt, lessons):
        return (("Near to yours", tuple(found)),)
    return (("To begin with", tuple(each for each in lessons if each.title in _FIRST)),)


def _fence(prompt: str) -> str:
    return (
        "Code of yours runs if it is fenced as ` ```python `." if Question.of(prompt).fenced else ""
    )


def _served() -> str:
    setting: Any = current()
    found = server_nearby(setting.local_base_url)
    return f"\n\n{found} on this machine has models: `--engine local` asks it." if found else ""


def _file() -> str:
    return (
        "\n\nThe file `.env` here is not read: that takes `pip install 'gemini-magic[keys]'`."
        if keys.has_unread_file()
        else ""
    )


def _has_key() -> bool:
    try:
        return bool(keys.found()[1])
    except KeyInvalid:
        return True


def fail_quietly(shell: InteractiveShell, error: GeminiError) -> None:
    """Let `error` fail its cell without IPython showing it, as what was shown says it all.

    A user's own handler of errors stays, and then shows it.
    """
    if shell.custom_exceptions:
        return

    def handle(
        own: InteractiveShell, kind: Any, raised: Any, trace: Any, tb_offset: Any = None
    ) -> list[str]:
        own.set_custom_exc((), None)
        if raised is not error:
            own.showtraceback((kind, raised, trace), tb_offset=tb_offset)
        return []

    shell.set_custom_exc((type(error),), handle)
