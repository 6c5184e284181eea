"""Runs that want more than to be read, and what draws any run for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st
from recorded import PNG

from gemini_magic.answer.parts import (
    FAILED,
    OK,
    Call,
    Code,
    Data,
    File,
    Image,
    Note,
    Query,
    Reply,
    Result,
    Source,
    Text,
    Thought,
    Usage,
)
from gemini_magic.answer.sent import Sent
from gemini_magic.request.request import Request
from gemini_magic.runs.run import HERE, Run
from gemini_magic.runs.verify import Verdict, Verification

# What ends, opens or steers something in one of the forms.
TEXTS = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]></script >-->",
    "<img src=x onerror=alert(1)>",
    "```\n# out of the fence\n```python\nimport os\n",
    "~~~~\n````",
    '"""\nimport os\n"""',
    "'''\\",
    "\r\nimport os  # after a carriage return",
    "\rimport os",
    "\x0cimport os",
    "\u2028import os",
    "\x85import os",
    "\x00",
    "\x1b]0;title\x07\x1b[2J",
    "\u202etxt.exe",
    "# -*- coding: rot13 -*-",
    "# /// script\n# dependencies = ['evil']\n# ///",
    "!touch evil",
    "%%bash\ntouch evil",
    "%run evil.py",
    "--engine replay:evil",
    "$(touch evil)",
    '","cell_type":"code","source":"!touch evil',
    "\\",
    "{evil}",
    "\ud800 half",
)
CODES = (
    *TEXTS,
    "!touch evil\nx = 1",
    "if True:\n    !touch evil",
    "x = !ls\nprint(x)",
    "from __future__ import annotations\nx = 1",
    "return 1",
    "await x",
    "x = 1 \\",
    "%%writefile evil.py\nx",
    "print('ok')",
    "print?",
)


def hostile_run(text, code=None):
    """A run with `text` wherever a model, a server or a user can put one."""
    run = Run(Request(text), text, text)
    run.state = "running"
    for part in (
        Thought(text),
        Text(text),
        Code(text if code is None else code),
        Result(FAILED, text),
        Code(text if code is None else code, text),
        Result(text, text),
        Code(text if code is None else code),
        Result(OK, text, seen=text, masked=2),
        Image(text, text.encode("utf-8", "replace")),
        File(text, text, 3, b"abc"),
        Call(text, {text: text}, {"result": text}),
        Call(text, {}, None, text),
        Data(text),
        Query(text),
        Source(text, text, text),
        Note(text),
        Reply(text, text),
    ):
        run.add(part)
    run.stop()
    run.error = text
    run.ran = HERE
    run.sent = tuple(
        Sent(text, text, kind, data) for kind, data in (("image/png", PNG), (text, b"x"))
    )
    run.verification = Verification((Verdict(2, "different", text, text),), text)
    return run


_TEXT = st.text(max_size=12) | st.sampled_from(TEXTS)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=4,
)
_PARTS = st.one_of(
    st.builds(Text, _TEXT),
    st.builds(Thought, _TEXT),
    st.builds(Note, _TEXT),
    st.builds(Data, _TEXT),
    st.builds(Code, _TEXT | st.sampled_from(CODES), st.sampled_from(["PYTHON", "bash", "R"])),
    st.builds(Result, st.sampled_from([OK, FAILED, "OTHER"]), _TEXT),
    st.builds(Result, st.just(OK), _TEXT, st.just(""), _TEXT, st.integers(0, 9)),
    st.builds(Image, st.sampled_from(["image/png", "x"]), st.binary(max_size=8)),
    st.builds(File, _TEXT, _TEXT, st.integers(0, 9), st.binary(max_size=8)),
    st.builds(Call, _TEXT, st.dictionaries(_TEXT, _JSON, max_size=2), _JSON, st.none() | _TEXT),
    st.builds(Query, _TEXT),
    st.builds(Source, _TEXT, _TEXT, _TEXT),
    st.builds(Usage, *[st.integers(0, 10**9)] * 6),
    st.builds(Reply, _TEXT, _TEXT),
)
_SENT = st.builds(Sent, _TEXT, _TEXT, st.sampled_from(["image/png", "x"]), st.binary(max_size=8))


@st.composite
def runs(draw):
    """Any run that is over."""
    run = Run(
        Request(draw(_TEXT)), draw(st.sampled_from(["gemini", "offline", "<x>"])), draw(_TEXT)
    )
    with run.tracking():
        for part in draw(st.lists(_PARTS, max_size=6)):
            run.add(part)
        run.ran = draw(st.sampled_from(["", HERE]))
        run.sent = tuple(draw(st.lists(_SENT, max_size=2)))
    return run
