"""The same run made of ipywidgets, as one would by hand: `Accordion`, `VBox` and `HTML`.

Kind to ipywidgets: no syntax colours, no buttons, no differences and no clipping, a change touches
as few widgets as can be, and nothing is sent twice that has not changed.
"""

from __future__ import annotations

from html import escape

from ipywidgets import HTML, Accordion, VBox, Widget
from markdown_it import MarkdownIt

from gemini_magic.answer.parts import OK, Code, Part, Result, Text
from gemini_magic.runs.run import Run

prose = MarkdownIt("commonmark", {"html": False}).render


class Composed:
    """Draws a run with `box`, and follows it as `gemini_magic.widget.RunWidget` does."""

    def __init__(self, run: Run) -> None:
        self.box = VBox()
        self._known: list[Part] = []
        self._last: Widget | None = None
        self._failed: list[Accordion] = []
        self.sync(run)

    def sync(self, run: Run) -> None:
        """Show what has come since the last call."""
        parts, known = run.parts, len(self._known)
        if known and parts[known - 1] != self._known[-1]:
            self._last.value = prose(parts[known - 1].text)
        for part in parts[known:]:
            self._take(part)
        self._known = parts

    def _take(self, part: Part) -> None:
        match part:
            case Text():
                self._append(HTML(prose(part.text)))
            case Code():
                title = f"Attempt · {part.code.count(chr(10))} lines"
                body = VBox([HTML(pre(part.code))])
                self._append(Accordion([body], titles=[title], selected_index=0))
            case Result():
                self._end(self._last, part)

    def _append(self, widget: Widget) -> None:
        self._last = widget
        self.box.children += (widget,)

    def _end(self, step: Accordion, result: Result) -> None:
        step.children[0].children += (HTML(pre(result.output)),)
        step.set_title(0, f"{step.titles[0]} · {result.outcome}")
        if result.outcome != OK:
            self._failed.append(step)
            return
        for failed in self._failed:
            failed.selected_index = None
        self._failed.clear()


def pre(text: str) -> str:
    return f'<pre style="max-height:28em;overflow:auto">{escape(text)}</pre>'
