"""What leaves an engine tells nothing of the request's headers: no frames, causes or contexts."""

import traceback
from threading import Event

import pytest
from asking import KEY, MODEL, gemini, request_of
from google.genai import Client
from interrupts import Interrupt
from IPython.core.interactiveshell import InteractiveShell
from loopback import CUT, GENERATE, Answer, event, refusal, said, stream

from gemini_magic.engines.google import caches, files
from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.registry import connect
from gemini_magic.engines.replay import Replay
from gemini_magic.engines.sealed import sealed
from gemini_magic.errors import GeminiError


def met(exc):
    """`exc` and all that hangs on it."""
    while exc is not None:
        yield exc
        exc = exc.__cause__ or exc.__context__


def collected(exc):
    """What a collector reports of all frames but the test's: the local variables too."""
    lines = []
    for each in met(exc):
        own = each.__traceback__
        while own is not None and own.tb_frame.f_code.co_filename == __file__:
            own = own.tb_next
        each = each.with_traceback(own)
        report = traceback.TracebackException.from_exception(each, capture_locals=True)
        lines += report.format()
        lines += [repr(vars(each))]
        for frame, _ in traceback.walk_tb(each.__traceback__):
            lines += [repr(value) for value in frame.f_locals.values()]
            lines += [
                repr(inner)
                for value in frame.f_locals.values()
                for inner in (value.values() if isinstance(value, dict) else ())
            ]
    return "\n".join(lines)


def vendor_frames(exc):
    return [
        frame.f_code.co_filename
        for each in met(exc)
        for frame, _ in traceback.walk_tb(each.__traceback__)
        if "site-packages" in frame.f_code.co_filename
    ]


def interrupting(server):
    """Let the first byte of the answer be an interrupt of whoever waits for it."""

    def chunks():
        Interrupt()()
        yield Event()

    class Chunks(tuple):
        def __iter__(self):
            return chunks()

    server.on(GENERATE, Answer(Chunks()))


FAILURES = {
    "refused": refusal(400, "INVALID_ARGUMENT", f"no {KEY}", {"detail": KEY}),
    "unauthorized": refusal(401, "UNAUTHENTICATED", "no"),
    "no model": refusal(404, "NOT_FOUND", "no such model"),
    "quota": refusal(429, "RESOURCE_EXHAUSTED", "quota"),
    "cut": Answer((CUT,)),
    "cut in the middle": stream(said({"text": "a"}), CUT),
    "garbage": Answer((b"<html>log in</html>",)),
    "mistyped": stream({"candidates": 3}),
    "error in the stream": stream(said({"text": "a"}), {"error": {"code": 500, "message": KEY}}),
    "redirect": Answer((b"",), 302, {"Location": "https://elsewhere.example/"}),
    "empty": stream(said()),
}


@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES)
def test_an_error_carries_no_frame_of_the_vendors_and_no_key(server, answer):
    server.on(GENERATE, answer)
    with pytest.raises(GeminiError) as caught:
        list(gemini(server, attempts=1).stream(request_of("add")))
    assert vendor_frames(caught.value) == []
    assert list(met(caught.value)) == [caught.value]
    assert KEY not in collected(caught.value)


def test_an_interrupt_before_the_first_byte_carries_no_frame_of_the_vendors(server):
    list(gemini_warm(server))
    interrupting(server)
    with pytest.raises(KeyboardInterrupt) as caught:
        list(gemini(server).stream(request_of("add")))
    assert vendor_frames(caught.value) == []
    assert KEY not in collected(caught.value)


def gemini_warm(server):
    server.on(GENERATE, stream(said({"text": "ok"}, finishReason="STOP")))
    return gemini(server).stream(request_of("add"))


def test_an_error_of_the_users_own_while_ours_is_handled_shows_no_key(server):
    server.on(GENERATE, FAILURES["refused"])
    with pytest.raises(ZeroDivisionError) as caught:
        try:
            list(gemini(server).stream(request_of("add")))
        except GeminiError:
            1 / 0  # noqa: B018
    assert vendor_frames(caught.value) == []
    assert KEY not in collected(caught.value)


CELLS = {
    "an interrupt": "gemini_magic.run('add', engine='gemini')",
    "an own error": "try:\n    gemini_magic.run('add', engine='gemini')\nfinally:\n    1 / 0",
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_the_verbose_tracebacks_of_ipython_show_no_key(server, monkeypatch, capsys, cell):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    list(gemini_warm(server))
    interrupting(server)
    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("xmode", "Verbose")
        shell.run_cell("import gemini_magic")
        capsys.readouterr()
        assert not shell.run_cell(cell).success
        shown = "".join(capsys.readouterr())
    finally:
        InteractiveShell.clear_instance()
    assert "Interrupt" in shown or "Stopped" in shown
    assert KEY not in shown


DOORS = {
    "models": lambda engine: engine.models(),
    "contexts": lambda engine: caches.contexts(engine.connection),
    "a context": lambda engine: caches.context(engine.connection, "a"),
    "files": lambda engine: files.files(engine.connection),
    "clean": lambda engine: files.clean(engine.connection),
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_every_other_door_is_sealed_too(server, door):
    server.on("GET", refusal(403, "PERMISSION_DENIED", f"no {KEY}"))
    with pytest.raises(GeminiError) as caught:
        door(gemini(server))
    assert vendor_frames(caught.value) == []
    assert KEY not in collected(caught.value)


def test_a_key_that_is_refused_is_in_no_frame():
    with pytest.raises(GeminiError) as caught:
        connect("gemini", MODEL, env={"GEMINI_API_KEY": "a key of two words"})
    frames = [frame.f_locals for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    # The environment that a caller hands in is the caller's own.
    assert all("a key" not in str(frame.get("key")) for frame in frames)
    assert list(met(caught.value)) == [caught.value]


def test_a_client_that_cannot_be_made_leaves_no_frame(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://x")
    with pytest.raises(GeminiError) as caught:
        list(Gemini(Connection(KEY), MODEL).stream(request_of("add")))
    assert vendor_frames(caught.value) == []
    assert KEY not in collected(caught.value)


def test_a_recording_is_sealed_too(tmp_path):
    path = tmp_path / "answer.sse"
    path.write_bytes(event({"candidates": 3}))
    with pytest.raises(GeminiError) as caught:
        list(Replay(path).stream(request_of("add")))
    assert vendor_frames(caught.value) == []
    assert list(met(caught.value)) == [caught.value]


def test_an_error_that_nobody_expected_keeps_our_frames_and_loses_the_vendors():
    @sealed
    def door():
        Client(api_key=KEY, http_options={"timeout": object()})

    with pytest.raises(Exception) as caught:
        door()
    assert vendor_frames(caught.value) == []
