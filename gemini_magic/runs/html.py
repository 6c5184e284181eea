"""A run as HTML that any notebook viewer shows: fixed tags, no script, no style sheet."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..answer.markdown import returned, written
from ..answer.parts import (
    FAILED,
    OK,
    TIMED_OUT,
    Call,
    Data,
    Image,
    Note,
    Part,
    Query,
    Source,
    Text,
    Thought,
)
from ..answer.steps import Step
from .run import Run
from .text import ENGINES, closing, outcome_words, printable, without_middle

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# Inline and without variables, as sanitisers drop the rest; mid-tones, to be read on light and
# dark grounds alike.
_GREEN, _RED, _AMBER, _GREY = "#2b8a3e", "#d6453d", "#b26a00", "#808080"
_COLOURS = {OK: _GREEN, FAILED: _RED, TIMED_OUT: _AMBER}
_STATES = {
    "running": ("◔", "Running", _GREY),
    "done": ("✓", "Done", _GREEN),
    "stopped": ("■", "Stopped", _AMBER),
    "failed": ("✗", "Failed", _RED),
    "blocked": ("✗", "Blocked", _RED),
}
_LINE = "1px solid rgba(128,128,128,.35)"
_PRE = (
    f"margin:6px 0;padding:8px 10px;border:{_LINE};border-radius:6px;overflow:auto;"
    "font-family:monospace;"
)
_CODE = f"{_PRE}max-height:28em;background:rgba(128,128,128,.08)"
_OUTPUT = f"{_PRE}max-height:28em;background:none"
# Who sees this HTML in a notebook does not have the extension that draws the run instead.
_HINT = (
    "To take the code home as cells at a click, install the JupyterLab extension: "
    "<code>pip install gemini-magic</code>"
)
# Markdown of this size and more is shown as typed: rendering it would cost seconds.
_MARKDOWN_CHARS = 100_000
# What outputs may take here, all attempts together: beyond it they lose their middle. The JSON
# beside it has all of them, and the notebook would hold them a second time.
_OUTPUT_CHARS = 200_000
_MOST_CHARS = 20_000
_LINKS = ("https://", "http://", "mailto:")


def render(run: Run, *, facts: bool = True) -> str:
    """Return the run as one `<div>`; `facts` adds seconds and tokens, which differ each time."""
    rows = [_head(run, facts)]
    attempt = 0
    steps = run.steps
    mended = _mended(steps)
    room = min(_MOST_CHARS, _OUTPUT_CHARS // max(1, len(steps)))
    for block in run.blocks:
        if isinstance(block, Step):
            attempt += 1
            rows.append(_step(block, attempt, block.index < mended, run.state, room))
        else:
            rows.append(_part(block))
    if run.error:
        rows.append(f'<p style="color:{_RED}">{_escaped(run.error)}</p>')
    if attempt:
        rows.append(f'<p style="margin:8px 0 0;color:{_GREY}"><small>{_HINT}</small></p>')
    style = f"border:{_LINE};border-radius:8px;padding:8px 14px"
    return f'<div class="gemini-magic" style="{style}">{"".join(rows)}</div>'


def _head(run: Run, facts: bool) -> str:
    mark, word, colour = _STATES.get(run.state, ("", run.state, _GREY))
    if run.state == "done" and run.steps and run.steps[-1].outcome in (FAILED, TIMED_OUT):
        mark, word, colour = "■", "Done · last attempt failed", _AMBER
    where = run.model or ENGINES.get(run.engine, run.engine)
    rest = closing(run).partition(" · ")[2] if facts else where
    return (
        f'<p style="margin:0 0 8px"><strong><span style="color:{colour}">{mark}</span> '
        f'{_escaped(word)}</strong> <span style="color:{_GREY}">{_escaped(rest)}</span></p>'
    )


def _mended(steps: list[Step]) -> int:
    """Return the place of the last attempt that succeeded: failures before it are folded."""
    return max((step.index for step in steps if step.outcome == OK), default=-1)


def _step(step: Step, attempt: int, before_success: bool, state: str, room: int) -> str:
    failed = step.outcome not in (OK, None)
    lines = step.code.strip("\n").count("\n") + 1
    word = "running" if step.outcome is None and state == "running" else outcome_words(step.outcome)
    colour = _COLOURS.get(step.outcome or "", _GREY)
    summary = (
        f'<strong>Attempt {attempt}</strong> · <span style="color:{colour}">{_escaped(word)}</span>'
        f' <span style="color:{_GREY}">· {lines} {"line" if lines == 1 else "lines"}</span>'
    )
    body = [_code(step.code.strip("\n"))]
    if step.output.strip():
        output = without_middle(printable(step.output).strip("\n"), room)
        body.append(f'<pre style="{_OUTPUT}">{_escaped(output)}</pre>')
    body += [_image(image) for image in step.images]
    return _details(summary, "".join(body), is_open=not (failed and before_success))


def _part(part: Part) -> str:
    match part:
        case Text():
            return _prose(part.text)
        case Thought():
            summary = f'<span style="color:{_GREY}">Thoughts</span>'
            return _details(summary, _prose(part.text), is_open=False)
        case Note():
            return f'<p style="margin:4px 0;color:{_GREY}"><em>{_escaped(part.text)}</em></p>'
        case Image():
            return _image(part)
        case Call():
            return _call(part)
        case Data():
            return _code(part.text)
        case Query():
            address = f"https://www.google.com/search?q={quote(part.text, errors='replace')}"
            return f'<p style="margin:4px 0">Searched: {_link(Source(part.text, address))}</p>'
        case Source():
            return f'<p style="margin:4px 0">{_link(part)}</p>'
    return ""


def _call(call: Call) -> str:
    word, colour = ("failed", _RED) if call.error else ("ok", _GREEN)
    if call.is_running:
        word, colour = "no result", _GREY
    summary = (
        f"<strong>Called {_escaped(call.name)}</strong> · "
        f'<span style="color:{colour}">{_escaped(word)}</span>'
    )
    body = _code(written(call))
    if not call.is_running:
        ended = call.error or returned(call)
        output = ended if isinstance(ended, str) else repr(ended)
        body += f'<pre style="{_OUTPUT}">{_escaped(without_middle(output, _MOST_CHARS))}</pre>'
    return _details(summary, body, is_open=bool(call.error))


def _code(text: str) -> str:
    return f'<pre style="{_CODE}"><code style="background:none">{_escaped(text)}</code></pre>'


def _details(summary: str, body: str, *, is_open: bool) -> str:
    opened = " open" if is_open else ""
    return (
        f'<details{opened} style="margin:6px 0"><summary style="cursor:pointer">{summary}'
        f"</summary>{body}</details>"
    )


def _image(image: Image) -> str:
    if not image.mime_type.startswith("image/"):
        return f"<p><em>{_escaped(image.mime_type)}, {len(image.data):,} bytes</em></p>"
    data = b64encode(image.data).decode("ascii")
    source = f"data:{_quoted(image.mime_type)};base64,{data}"
    return f'<p><img src="{source}" alt="Figure drawn by the code" style="max-width:100%"></p>'


def _link(source: Source) -> str:
    title = _escaped(source.title or source.uri)
    if not source.uri.startswith(_LINKS):
        return title
    return f'<a href="{_quoted(source.uri)}" rel="noopener noreferrer" target="_blank">{title}</a>'


def _prose(text: str) -> str:
    if len(text) >= _MARKDOWN_CHARS:
        return f'<div style="white-space:pre-wrap">{_escaped(text)}</div>'
    return str(_markdown().render(printable(text)))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    class WebLinks(MarkdownIt):
        def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
            return url.lower().startswith(_LINKS)

    # No raw HTML, and no images: a remote one would carry data out.
    return WebLinks("commonmark", {"html": False}).enable("table").disable("image")


def _escaped(text: str) -> str:
    return escape(printable(text), quote=False)


def _quoted(text: str) -> str:
    """Return `text` for an attribute between double quotes."""
    return escape(printable(text), quote=True)
