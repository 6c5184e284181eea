"""What a notebook saves and shows of a run, of its attempts and of its parts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from IPython.core.getipython import get_ipython

from ..answer.display import Bundle
from ..answer.document import MIME
from ..answer.excerpt import EXCERPT_MIME, Excerpt
from ..answer.excerpt import write as write_excerpt
from ..answer.parts import Image, Part
from ..answer.pictures import unshowable
from ..answer.shown import shown_alone
from ..answer.steps import Step
from ..options import settings
from ..request.question import Cell
from ..sanitize import sanitize_line
from .html import render, render_shown
from .markdown import shown_to_markdown, to_markdown
from .recorded import metadata_of
from .run import Run
from .text import claims_line, recorded_line, shown_to_text, summary_line, to_text, without_middle

# The types that every notebook shows as they are. An SVG file may hold a script.
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def mimebundle(run: Run, *, stats: bool = True, watched: bool = False) -> dict[str, Any]:
    """Return the saved form of a run: for our renderer, for any viewer, for exports, and for none.

    JupyterLab and others take the first of these that they know. `watched` is whether a user is to
    see that nothing was sent, if it was not.
    """
    return {
        MIME: run.to_dict(),
        "text/html": render(run, stats=stats, watched=watched),
        "text/markdown": to_markdown(run, stats=stats),
        "text/plain": _plain(run, stats, watched),
    }


def _plain(run: Run, stats: bool, watched: bool) -> str:
    pieces = [without_middle(to_text(run))]
    if stats:
        pieces.append(summary_line(run))
    if watched and run.past:
        pieces.append(recorded_line(run))
    if claims := claims_line(run):
        pieces.append(claims)
    if run.error:
        pieces.append(sanitize_line(run.error))
    return "\n\n".join(pieces)


@singledispatch
def displayed(thing: Any) -> Bundle:
    """Return what shows `thing` where a cell ends with it: a run, an attempt, a part, or several.

    Only what is asked for by a magic is put into cells, so that a run shown again inserts nothing.
    """
    return _bundle([thing])


@displayed.register
def _(run: Run) -> Bundle:
    if run.shown_in and run.shown_in == Cell.of(get_ipython()).execution:
        return {"text/plain": repr(run)}, {}
    setting: Any = settings.current()
    data = mimebundle(run, stats=not setting.static)
    data[MIME] = {**data[MIME], "insert": "none"}
    return data, {MIME: metadata_of(run)}


@displayed.register
def _(image: Image) -> Bundle:
    data, metadata = _bundle([image])
    if image.mime_type in _PICTURES and not unshowable(image.mime_type, image.data):
        encoded = b64encode(image.data).decode("ascii")
        data = {image.mime_type: encoded, "text/plain": data["text/plain"]}
    return data, metadata


@displayed.register(list)
@displayed.register(tuple)
def _(several: Sequence[Part | Step]) -> Bundle:
    return _bundle(several)


def _bundle(several: Sequence[Part | Step]) -> Bundle:
    drawn = shown_alone(several)
    if not drawn:
        return {"text/plain": "[]"}, {}
    taken = [each for each in several if isinstance(each, Excerpt)]
    data = {
        **({EXCERPT_MIME: write_excerpt(taken)} if len(taken) == len(several) else {}),
        "text/html": render_shown(drawn),
        "text/markdown": shown_to_markdown(drawn),
        "text/plain": without_middle(shown_to_text(drawn)),
    }
    return data, {}
