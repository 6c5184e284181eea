"""Contexts that the server keeps, and prompts on top of them."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from asking import KEY, MODEL, commands, failure_of, gemini, request_of, run_of
from kernel import kernel
from loopback import CUT, Answer, refusal, said, wait
from test_uploads import answer, described, takes

import gemini_magic
from gemini_magic.answer.parts import Note, Text
from gemini_magic.engines.google.caches import context, contexts
from gemini_magic.engines.google.config import INLINE_BYTES
from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.errors import RequestError
from gemini_magic.request.declarations import declared
from gemini_magic.request.functions import Functions
from gemini_magic.request.schemas import output_of
from gemini_magic.runs.text import summary_line
from gemini_magic.views.session import Session, current, hold

LIST, CREATE, DELETE = "GET /v1/cachedContents", "POST /v1/cachedContents", "DELETE /v1/cached"
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
RESOURCE = "cachedContents/abc123"


def cached(name="manual", model=MODEL, resource=RESOURCE, expires=SOON, made=0, **fields):
    """A context as the server tells it."""
    return {
        "name": resource,
        "displayName": name,
        "model": f"models/{model}",
        "createTime": (SOON - timedelta(hours=9 - made)).isoformat(),
        "expireTime": expires.isoformat(),
        "usageMetadata": {"totalTokenCount": 12345},
        **fields,
    }


def keeps(server, *held):
    server.on(LIST, answer({"cachedContents": list(held)}))


def local(moment):
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


@pytest.fixture
def online(server, monkeypatch):
    """The server of this machine in Gemini's place, for the engine that nobody names."""
    hold(Session())
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    monkeypatch.setenv("GEMINI_MAGIC_MODEL", MODEL)
    keeps(server)
    server.on(CREATE, answer(cached()))
    server.on(DELETE, answer({}))
    server.streams(said({"text": "done"}, finishReason="STOP"))
    return server


@pytest.fixture
def command(shell, capsys, online, monkeypatch):
    """Give a command in a real shell, and return what it prints, or the line of its error."""
    shell.run_line_magic("reload_ext", "gemini_magic")

    yield commands(shell, capsys)
    hold(Session())
    for name in ("GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL", "GEMINI_MAGIC_MODEL"):
        monkeypatch.delenv(name, raising=False)
    shell.run_line_magic("reload_ext", "gemini_magic")


def posts(server):
    return [asked for asked in server.asked if asked.method != "GET"]


def test_a_context_is_made_of_files_an_instruction_and_the_tool_to_run_code(
    command, online, tmp_path
):
    (tmp_path / "manual.txt").write_text("Turn it on.")
    (tmp_path / "rain.csv").write_text("mm\n1\n")
    line = f"--file {tmp_path}/manual.txt --file {tmp_path}/rain.csv --ttl 30m --system 'Be brief.'"
    said_of = command(f"context create manual {line}")
    (made,) = posts(online)
    assert (made.path, made.headers["x-goog-api-key"]) == ("/v1/cachedContents", KEY)
    body = dict(made.body)
    (content,) = body.pop("contents")
    assert body == {
        "model": f"models/{MODEL}",
        "displayName": "manual",
        "ttl": "1800s",
        "systemInstruction": {"parts": [{"text": "Be brief."}], "role": "user"},
        "tools": [{"codeExecution": {}}],
    }
    kinds = [next(iter(part)) for part in content["parts"]]
    assert (content["role"], kinds) == ("user", ["inlineData", "inlineData", "text"])
    assert content["parts"][2]["text"].startswith("input_file_1.csv (rain.csv): 1 row, 1 column")
    assert said_of == (
        f"context 'manual' holds manual.txt, rain.csv: 12,345 tokens for {MODEL}, until "
        f"{local(SOON)}; `%%gemini_exec --cache-context manual` asks on top of it"
    )


def test_without_a_time_a_context_is_kept_for_an_hour_and_for_the_settings_model(command, online):
    command("context create manual --system x")
    assert {posts(online)[0].body[name] for name in ("ttl", "model")} == {
        "3600s",
        f"models/{MODEL}",
    }
    command("context create manual --system x --model gemini-3-flash-preview --ttl 2d")
    assert posts(online)[1].body["model"] == "models/gemini-3-flash-preview"
    assert posts(online)[1].body["ttl"] == "172800s"


@pytest.mark.parametrize("typed", ["1", "h", "0h", "-1h", "1.5h", "1w", "1h30m", "9999999d", "''"])
def test_a_time_that_is_none_is_one_line_and_asks_nobody(command, online, typed):
    assert command(f"context create manual --system x --ttl={typed}") == (
        f"OptionError: --ttl: takes a time like 90s, 30m, 1h or 2d, not {typed.strip(chr(39))!r}"
    )
    assert online.asked == []


def test_a_file_that_is_too_large_for_a_request_is_uploaded_first(shell, command, online, tmp_path):
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * (INLINE_BYTES + 1))
    takes(online, described())
    shell.run_line_magic("config", "GeminiMagic.max_attachment_bytes = 20_000_000")
    printed = command(f"context create manual --file {path}")
    assert printed.startswith("uploading large.txt (14,000,001 bytes); the Files API keeps it")
    assert posts(online)[-1].body["contents"][0]["parts"] == [
        {"fileData": {"file_uri": described()["uri"], "mime_type": "text/plain"}}
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("create", "OptionError: this takes the words `%gemini context create NAME [flags]`"),
        ("create a b --system x", "OptionError: this takes the words `%gemini context create"),
        ("create a/b --system x", "OptionError: `%gemini context create` takes a name of letters"),
        ("create manual", "RequestError: there is nothing to keep: add --file PATH or --system"),
        ("create manual --file none.txt", "RequestError: there is no file 'none.txt'"),
        ("create manual --fiel a", "OptionError: there is no flag --fiel: did you mean --file?"),
        ("create manual --zzz", "no flag --zzz: `%gemini context create --help` lists them"),
        ("create manual --model ../x --system x", "OptionError: --model takes a model's name"),
        (f"create manual --system {KEY}", "RequestError: the instruction holds the key of GEMI"),
        ("shwo manual", "OptionError: there is no command 'context shwo': did you mean"),
        ("show", "OptionError: this takes the words `%gemini context show CONTEXT`"),
    ],
)
def test_bad_input_is_one_line_and_asks_nobody(command, online, line, message):
    assert message in command(f"context {line}")
    assert online.asked == []


def test_a_name_that_is_taken_is_not_made_again(command, online):
    keeps(online, cached())
    assert command("context create manual --system x") == (
        f"RequestError: there is a context 'manual' already, until {local(SOON)}: "
        "`%gemini context delete manual` makes room for it"
    )
    assert posts(online) == []


def test_contexts_are_listed_shown_and_deleted_by_their_names(command, online):
    assert "no context at the server" in command("context")
    keeps(online, cached(), cached("older", resource="cachedContents/o", made=-1, usageMetadata={}))
    head, *lines = command("context").splitlines()
    assert head.split() == ["context", "model", "tokens", "until"]
    assert [line.split() for line in lines] == [
        ["manual", MODEL, "12,345", *local(SOON).split()],
        ["older", MODEL, "–", *local(SOON).split()],
    ]
    shown = command("context show manual")
    assert shown.startswith(f"context 'manual': 12,345 tokens for {MODEL}, made ")
    assert shown.endswith(f"until {local(SOON)}; at the server it is {RESOURCE}")
    assert command("context delete manual") == (
        "context 'manual' is deleted, with its 12,345 tokens"
    )
    assert [asked.path for asked in posts(online)] == [f"/v1/{RESOURCE}"]


def test_contexts_without_a_name_have_that_of_the_server_and_those_that_are_over_are_not_there(
    server,
):
    past = datetime.now(UTC) - timedelta(minutes=1)
    unnamed = {**cached(resource="cachedContents/xyz")}
    del unnamed["displayName"]
    keeps(server, unnamed, cached("over", expires=past))
    connection = Connection(KEY, base_url=server.url)
    assert [held.name for held in contexts(connection)] == ["xyz"]


def test_all_pages_of_the_list_are_read_and_the_newest_of_a_name_counts(server):
    first = answer({"cachedContents": [cached(tokens=1)], "nextPageToken": "p2"})
    newer = cached(resource="cachedContents/newer", made=1)
    server.on(LIST, first, answer({"cachedContents": [newer]}))
    assert context(Connection(KEY, base_url=server.url), "manual").resource == newer["name"]


def test_a_name_that_is_not_there_names_the_nearest(command, online):
    nothing = "RequestError: there is no context 'manaul', nor any other: `%gemini context create"
    assert nothing in command("context show manaul")
    keeps(online, cached(), cached("recipes"))
    nearest = "RequestError: there is no context 'manaul': did you mean 'manual'?"
    assert command("context show manaul") == command("context delete manaul") == nearest
    assert command("context show zzz") == (
        "RequestError: there is no context 'zzz': there are: manual, recipes"
    )
    assert posts(online) == []


def test_what_the_server_says_of_a_context_is_one_line(command, online):
    small = "Cached content is too small. total_token_count=3, min_total_token_count=1024"
    online.on(CREATE, refusal(400, "INVALID_ARGUMENT", small))
    assert command("context create manual --system x").startswith("RequestRefused: ")
    assert small.rstrip(".") in command("context create manual --system x")
    online.on(CREATE, refusal(404, "NOT_FOUND", "no"))
    online.on("/models", answer({"models": [{"name": "models/gemini-2.5-flash"}]}))
    assert "there are gemini-2.5-flash" in command("context create manual --system x")
    online.on(LIST, refusal(404, "NOT_FOUND", "no such page"))
    assert command("context").startswith("RequestRefused: the server refuses the request")
    online.on(LIST, refusal(403, "PERMISSION_DENIED", f"not for {KEY}"))
    assert command("context").startswith("AccessDenied: ")
    online.on(LIST, Answer((CUT,)))
    assert command("context").startswith("ConnectionLost: ")


def test_what_the_server_calls_a_context_moves_no_cursor(command, online):
    keeps(online, cached("a\x1b[2Jb\nc"))
    assert "\x1b" not in command("context")
    assert len(command("context").splitlines()) == 2


def test_a_prompt_on_top_of_a_context_names_it_and_brings_no_tools(online):
    keeps(online, cached())
    run = run_of(gemini(online), "How do I turn it on?", context="manual")
    body = online.prompts[-1].body
    assert body["cachedContent"] == RESOURCE
    assert {"tools", "toolConfig", "systemInstruction"} & set(body) == set()
    assert [part["text"] for part in body["contents"][0]["parts"]] == ["How do I turn it on?"]
    assert run.parts == [Note("on top of the context 'manual' (12,345 tokens)"), Text("done")]


def test_a_cell_and_run_take_the_context_by_name_after_a_restart_too(shell, command, online):
    keeps(online, cached())
    assert shell.run_cell(f"%%gemini_exec -m {MODEL} --cache-context manual\nturn it on").success
    gemini_magic.run("turn it off", model=MODEL, context="manual")
    assert [asked.body["cachedContent"] for asked in online.prompts] == [RESOURCE] * 2


def test_a_chat_goes_on_on_top_of_a_context(online):
    keeps(online, cached())
    hold(Session())
    for prompt in ("first question", "second question"):
        gemini_magic.run(prompt, model=MODEL, context="manual", chat="t")
    assert len(online.prompts[-1].body["contents"]) == 3
    assert online.prompts[-1].body["cachedContent"] == RESOURCE


def offered(year: int) -> int:
    """A function of the notebook."""
    return year


SHAPE = output_of("json", {"type": "object", "properties": {"a": {"type": "integer"}}})
FUNCTIONS = Functions(declared({"offered": offered}), lambda _: True, 1000)


@pytest.mark.parametrize(
    ("flag", "more"),
    [
        ("--system out (and GeminiMagic.system empty)", {"system": "Be brief."}),
        ("--tool out", {"functions": FUNCTIONS}),
        ("--search out", {"search": True}),
        ("--url out", {"url": True}),
        ("--no-code out", {"code": False}),
        ("--json out", {"output": SHAPE}),
    ],
)
def test_what_a_request_may_not_bring_beside_a_context_is_refused_and_nothing_sent(
    online, flag, more
):
    error = failure_of(gemini(online), RequestError, context="manual", **more)
    assert str(error) == (
        "the context 'manual' holds instruction and tools, and a request on top of it can bring "
        f"none: leave {flag}"
    )
    with pytest.raises(RequestError):
        gemini(online).preview(request_of("add", context="manual", **more))
    assert online.asked == []


def test_gemini_3_answers_in_a_shape_on_top_of_a_context(online):
    keeps(online, cached(model="gemini-3-flash-preview"))
    online.streams(said({"text": '{"a": 1}'}, finishReason="STOP"))
    engine = gemini(online, "gemini-3-flash-preview")
    assert run_of(engine, context="manual", output=SHAPE).value == {"a": 1}
    assert online.prompts[-1].body["generationConfig"]["responseMimeType"] == "application/json"


def test_a_context_of_another_model_names_it(online):
    keeps(online, cached(model="gemini-2.5-flash"))
    error = failure_of(gemini(online), RequestError, context="manual")
    assert str(error) == (
        f"the context 'manual' is for gemini-2.5-flash, not {MODEL}: say --model gemini-2.5-flash"
    )
    assert online.prompts == []


def test_a_list_that_fails_in_a_way_that_passes_is_asked_for_again(online):
    busy = refusal(503, "UNAVAILABLE", "overloaded", wait("0.1s"))
    online.on(LIST, busy, answer({"cachedContents": [cached()]}))
    retry, *_, text = run_of(gemini(online), context="manual").parts
    assert retry.text.startswith("retrying in 0.1 s: 503 UNAVAILABLE")
    assert text == Text("done")


def test_a_context_that_is_not_there_asks_no_model(online):
    keeps(online, cached())
    error = failure_of(gemini(online), RequestError, context="manul")
    assert str(error) == "there is no context 'manul': did you mean 'manual'?"
    assert online.prompts == []


def test_a_dry_run_shows_the_place_of_the_context_and_asks_nobody(online):
    shown = gemini(online).preview(request_of("add", context="manual"))
    assert '"cachedContent": "cachedContents/(that of the context \'manual\')"' in shown
    assert "codeExecution" not in shown
    assert online.asked == []


def test_the_offline_engine_keeps_no_contexts(command, online, monkeypatch):
    monkeypatch.delenv("GEMINI_API_KEY")
    refused = (
        "RequestError: the offline engine keeps no contexts: for Gemini, run `%gemini key`, "
        "or export GEMINI_API_KEY=… before starting Jupyter"
    )
    for line in ("", " show a", " delete a", " create a --system x"):
        assert command(f"context{line}") == refused
    assert online.asked == []


def test_a_key_of_vertex_alone_keeps_no_contexts(server):
    express = Gemini(Connection(KEY, vertex=True, base_url=server.url), MODEL)
    error = failure_of(express, RequestError, context="manual")
    assert "export GOOGLE_CLOUD_PROJECT" in str(error)
    assert server.asked == []


def test_cached_tokens_are_told_in_the_last_line_and_counted_in_usage(shell, command, online):
    keeps(online, cached())
    counts = {"promptTokenCount": 12400, "cachedContentTokenCount": 12345, "totalTokenCount": 12500}
    online.streams(said({"text": "one"}, finishReason="STOP"), {"usageMetadata": counts})
    shell.run_cell(f"%%gemini_exec -m {MODEL} --cache-context manual\nturn it on")
    (run,) = current().runs
    assert summary_line(run).endswith("12,500 tokens, 12,345 cached")
    assert command("usage").splitlines()[1].split()[6] == "12,345"


@pytest.mark.kernel
def test_an_interrupted_command_says_so_in_one_line(server):
    keeps(server)
    env = {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": server.url}
    with kernel(env) as live:
        server.on(CREATE, Answer((live.interrupt, Event())))
        reply = live.run("%gemini context create manual --system x").reply
        assert (reply["ename"], reply["evalue"]) == ("Stopped", "by you")
