"""A run as a page: one file that loads nothing and needs no script, with its document in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import htpy as h
from markupsafe import Markup

from ...answer.document import MIME
from ...phrases import short
from ..colours import AMBER, GREEN, GREY, RED
from ..documents import PAGE_HASH
from ..escaping import escaped
from ..html import whole
from ..run import Run
from ..seal import page_hash
from .evidence import evidence
from .facts import provenance_rows, verified

# Nothing is loaded and nothing runs, whatever the page holds: https://www.w3.org/TR/CSP3/
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)
# The colours of the saved form, which are one for every ground, on a light and on a dark page:
# https://www.w3.org/TR/WCAG22/#contrast-minimum
_COLOURS = {
    GREEN: ("#237032", "#51b868"),
    RED: ("#c0362f", "#f0817b"),
    AMBER: ("#8f5500", "#d99a3d"),
    GREY: ("#666666", "#a3a3a3"),
    # Of code.
    "#283": ("#0b7a3e", "#7fd6a0"),
    "#27e": ("#1550c8", "#8fb8ff"),
    "#c44": ("#a8322a", "#f0a69f"),
    "#b60": ("#8a5a00", "#e2b765"),
    "#488": ("#40776f", "#8cbab4"),
}
_OWN_COLOURS = "".join(
    f'[style*="color:{colour}"] {{ color: light-dark({light}, {dark}) !important; }}\n'
    for colour, (light, dark) in _COLOURS.items()
)
# Colours of the browser's own, so that the page follows its light or dark scheme. On paper all that
# is folded is open: https://drafts.csswg.org/css-pseudo-4/#details-content-pseudo
_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere;
  font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
h1 { font-size: 1.15rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
pre, code { font-size: .875rem; }
pre { white-space: pre-wrap; }
img { background: white; }
table { border-collapse: collapse; }
th, td { border: 1px solid GrayText; padding: .2rem .5rem; text-align: start; vertical-align: top; }
.prompt { white-space: pre-wrap; margin: .25rem 0 1rem; padding: .5rem .75rem;
  border-inline-start: 3px solid GrayText; }
article + article { margin-block-start: 3rem; }
.facts th { font-weight: normal; white-space: nowrap; }
.facts th, .facts td { border-width: 0 0 1px; font-size: .875rem; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; }
  pre { max-height: none !important; overflow: visible !important; break-inside: auto; }
  article + article { break-before: page; margin: 0; }
  summary { list-style: none; break-after: avoid; }
  details::details-content { display: block; content-visibility: visible; block-size: auto; }
  img { max-height: 90vh; break-inside: avoid; }
}
"""


def to_html(*runs: Run) -> str:
    """Return runs as a page: each answer, its claims and verdicts, and where it comes from.

    What the model, a server or a file wrote stays text in it. `Run.from_html` reads the runs back.
    """
    page = h.html(lang="en")[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(http_equiv="Content-Security-Policy", content=_POLICY),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.title[escaped(short(runs[0].request.prompt) or "A run")],
            h.style[Markup(_OWN_COLOURS + _STYLE)],  # noqa: S704 (both are constants)
        ],
        h.body[h.main[[_article(run) for run in runs]]],
    ]
    return _with_documents(f"{page}\n", runs)


def _article(run: Run) -> h.Node:
    return h.article[
        h.h1["Prompt"],
        h.div(".prompt")[escaped(run.request.prompt)],
        whole(run),
        _again(run),
        _provenance(run),
    ]


def _with_documents(page: str, runs: Sequence[Run]) -> str:
    """Add the documents to a page, each with the hash of what the page shows beside them."""
    held = {"type": MIME, PAGE_HASH: page_hash(page)}
    scripts = "".join(str(h.script(**held)[_embedded(run)]) for run in runs)
    before, end, after = page.rpartition("</body>")
    return f"{before}{scripts}{end}{after}"


def _again(run: Run) -> Iterator[h.Node]:
    if run.verification is None:
        return
    yield h.h2["Run again"]
    yield h.p[escaped(run.verification.summary or "There was no code.")]
    yield h.ul[
        (
            h.li[
                escaped(each.words),
                h.pre[escaped("\n".join(each.difference))] if each.difference else None,
            ]
            for each in verified(run)
        )
    ]


def _provenance(run: Run) -> Iterator[h.Node]:
    yield h.h2["Where it comes from"]
    yield h.table(".facts")[
        (
            h.tr[h.th(scope="row")[name], h.td[escaped(value)]]
            for name, value in provenance_rows(run)
        )
    ]


def _embedded(run: Run) -> Markup:
    """Return the document as JSON that cannot end its element, which is no markup to HTML:
    https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    text = json.dumps(evidence(run), separators=(",", ":"))
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704
