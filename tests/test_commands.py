"""`%gemini` in a real shell and a real kernel."""

import json
from pathlib import Path

import pytest
from loopback import GENERATE, Answer, refusal, said, stream

import gemini_magic
from gemini_magic.answer.document import MIME
from gemini_magic.engines.google.capabilities import gathered_on, known_models
from gemini_magic.errors import GeminiError
from gemini_magic.notebook.commands.registry import commands
from gemini_magic.options.help import listed, usage
from gemini_magic.options.table import FLAGS
from gemini_magic.views.session import Session, current, hold

OFFLINE = "```python\nprint(6 * 7)\n```"
FLASH = "gemini-3.8-flash"
DOCS = Path(__file__).parent.parent / "docs"
FINE = stream(
    said({"text": "one"}, finishReason="STOP"),
    {"usageMetadata": {"promptTokenCount": 1200, "totalTokenCount": 1234}},
)


@pytest.fixture(autouse=True)
def _new_current():
    hold(Session())


@pytest.fixture
def online(server, monkeypatch):
    """The server of this machine in Gemini's place, for the engine that nobody names."""
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-that-nobody-must-see-00001")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    server.on(GENERATE, FINE)
    return server


def say(shell, line="--chat t", prompt=OFFLINE):
    return shell.run_cell(f"%%gemini_exec {line}\n{prompt}", store_history=True)


def gemini(shell, capsys, line):
    """Return what a command prints, which must not fail."""
    capsys.readouterr()
    assert shell.run_cell(f"%gemini {line}", store_history=True).success
    return capsys.readouterr().out


def sent(server):
    return [
        "".join(part.get("text", "") for part in content["parts"])
        for content in server.prompts[-1].body["contents"]
    ]


def test_a_chat_goes_on_from_cell_to_cell_and_from_python(shell, capsys, online):
    say(shell, prompt="first question")
    gemini_magic.run("second question", chat="t")
    say(shell, prompt="third question")
    assert sent(online) == ["first question", "one", "second question", "one", "third question"]
    gemini_magic.run("fourth question", chat="t", fresh=True)
    assert sent(online) == ["fourth question"]


def test_a_file_stays_in_the_history_with_its_turn(shell, capsys, online):
    gemini_magic.run("first question", chat="t", data={"d": {"a": 1}})
    first = online.prompts[-1].body["contents"]
    gemini_magic.run("second question", chat="t")
    assert len(first[0]["parts"]) > 1
    assert online.prompts[-1].body["contents"][:1] == first


def test_run_takes_true_for_the_chat_of_the_notebook(shell, capsys, online):
    say(shell, "--chat", "first question")
    gemini_magic.run("second question", chat=True)
    assert sent(online) == ["first question", "one", "second question"]


def test_a_cell_that_fails_leaves_the_chat_as_it_was(shell, capsys, online):
    say(shell, prompt="first question")
    online.on(GENERATE, refusal(400, "INVALID_ARGUMENT", "no"), FINE)
    assert not say(shell, prompt="second question").success
    say(shell, prompt="third question")
    assert sent(online) == ["first question", "one", "third question"]


def test_a_dry_run_shows_the_history_and_is_no_turn(shell, capsys, online):
    say(shell, prompt="first question")
    capsys.readouterr()
    say(shell, "--chat t --dry-run", "second question")
    shown = capsys.readouterr().out
    assert '"first question"' in shown
    assert '"second question"' in shown
    assert len(current().chats.get("t").turns) == 1


def test_chats_are_listed_shown_undone_and_reset(shell, capsys):
    assert "no chat yet" in gemini(shell, capsys, "chat")
    say(shell)
    say(shell)
    say(shell, "--chat other")
    lines = gemini(shell, capsys, "chat").splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["t", "offline", "2", "0"],
        ["*", "other", "offline", "1", "0"],
    ]
    shown = gemini(shell, capsys, "chat show t")
    assert shown.count("› ```python") == shown.count("Output: ok\n    42") == 2
    assert "turn 2, '```python print(6 * 7) ```'" in gemini(shell, capsys, "chat undo t")
    assert len(current().chats.get("t").turns) == 1
    assert "chat 't' is forgotten, with its 1 turn" in gemini(shell, capsys, "chat reset")
    assert [chat.name for chat in current().chats] == ["other"]


def test_a_saved_chat_is_gone_on_with(shell, capsys, online, tmp_path):
    say(shell, prompt="first question")
    path = tmp_path / "a chat.json"
    assert "1 turn with gemini" in gemini(shell, capsys, f"chat save '{path}'")
    gemini(shell, capsys, "chat reset")
    assert "chat 'again' is loaded" in gemini(shell, capsys, f"chat load '{path}' again")
    say(shell, "--chat again", "second question")
    assert sent(online) == ["first question", "one", "second question"]


def test_runs_and_tokens_are_counted(shell, capsys, online):
    assert "no run yet" in gemini(shell, capsys, "runs")
    assert "no tokens yet" in gemini(shell, capsys, "usage")
    say(shell, "-m gemini-2.5-pro", "a question of many words " * 9)
    say(shell, "--engine offline")
    first, second = gemini(shell, capsys, "runs").splitlines()[1:]
    assert first.split()[:3] == ["1", "done", "0"]
    assert "1,234   gemini-2.5-pro  a question of many words" in first
    assert first.endswith("…")
    assert second.split()[:3] == ["2", "done", "1"]
    line, total, _ = gemini(shell, capsys, "usage").splitlines()[1:]
    counts = ["1", "1,200", "0", "0", "0", "0", "1,234"]
    assert line.split() == ["gemini-2.5-pro", *counts, "–"]
    assert total.split() == ["all", *counts, "–"]


def test_runs_from_python_are_listed_and_counted_too(shell, capsys, online):
    gemini_magic.run("a question from Python", model="gemini-2.5-pro")
    online.on(GENERATE, refusal(400, "INVALID_ARGUMENT", "no"))
    with pytest.raises(GeminiError):
        gemini_magic.run("another question", model="gemini-2.5-pro")
    first, second = gemini(shell, capsys, "runs").splitlines()[1:]
    assert first.split()[:2] == ["1", "done"]
    assert first.endswith("a question from Python")
    assert second.split()[:2] == ["2", "failed"]
    assert gemini(shell, capsys, "usage").splitlines()[1].split()[:3] == [
        "gemini-2.5-pro",
        "1",
        "1,200",
    ]
    assert "a question from Python" not in gemini(shell, capsys, "show 1")


def test_usage_counts_the_money_by_the_setting(shell, capsys, online):
    prices = {"gemini-2.5-pro": {"input": 1000, "output": 1}}
    shell.run_line_magic("config", f"GeminiMagic.prices = {prices}")
    say(shell, "-m gemini-2.5-pro", "a question")
    assert gemini(shell, capsys, "usage").splitlines()[1].split()[-1] == "1.2000"
    shell.run_line_magic("config", "GeminiMagic.prices = {'gemini-2.5-pro': 1}")
    error = shell.run_cell("%gemini usage").error_in_exec
    assert str(error).startswith("GeminiMagic.prices['gemini-2.5-pro'] is 1, which is no price")
    shell.run_line_magic("config", "GeminiMagic.prices = {}")


def test_a_run_is_shown_again_and_inserts_no_cell_again(shell, capsys):
    say(shell, "--insert last")
    shell.rl_next_input = None
    assert "Output: ok\n    42" in gemini(shell, capsys, "show 1")
    assert shell.rl_next_input is None
    assert current().runs[0].insert == "last"


def test_todays_models_come_first_with_what_is_known_of_them(shell, capsys, online):
    names = ("gemini-embedding-9", "a-model", "gemini-2.5-flash", "gemini-3.8-flash")
    limits = {"inputTokenLimit": 1048576, "outputTokenLimit": 65536}
    models = [{"name": f"models/{name}", **limits} for name in names[1:]]
    models.append({"name": f"models/{names[0]}"})
    body = Answer((json.dumps({"models": models}).encode(),))
    online.on("/models", body)
    lines = gemini(shell, capsys, "models").splitlines()[1:]
    thinks = "0 or 1 to 24,576 tokens in Google's guide to code execution; ends by 2026-12-01"
    assert [line.split() for line in lines] == [
        ["gemini-3.8-flash", "1,048,576", "65,536", *"low, medium, high (default medium)".split()],
        ["gemini-2.5-flash", "1,048,576", "65,536", *thinks.split()],
        ["a-model", "1,048,576", "65,536"],
        ["gemini-embedding-9", "–", "–"],
    ]
    assert "the offline engine has no models" in _offline(shell, capsys, "models")


def _offline(shell, capsys, line):
    shell.run_line_magic("config", "GeminiMagic.engine = 'offline'")
    try:
        return gemini(shell, capsys, line)
    finally:
        shell.run_line_magic("config", "GeminiMagic.engine = ''")


@pytest.mark.parametrize("engine", ["", "gemini"])
def test_without_a_key_the_models_are_those_of_our_table_with_its_day(shell, capsys, engine):
    shell.run_line_magic("config", f"GeminiMagic.engine = {engine!r}")
    try:
        _, *lines, after = gemini(shell, capsys, "models").splitlines()
    finally:
        shell.run_line_magic("config", "GeminiMagic.engine = ''")
    assert [line.split()[0] for line in lines] == list(known_models())
    assert "low, medium, high (default medium)" in lines[list(known_models()).index(FLASH)]
    assert after.startswith(
        f"As there is no key, this is gemini-magic's own table, of {gathered_on()}"
    )


def test_a_server_that_lists_no_model_is_a_line_and_no_empty_table(shell, capsys, online):
    online.on("/models", Answer((b'{"models": []}',)))
    assert gemini(shell, capsys, "models") == "the gemini engine lists no model\n"


def test_models_that_cannot_be_listed_are_one_line(shell, capsys, online):
    online.on("/models", refusal(403, "PERMISSION_DENIED", "not for you"))
    result = shell.run_cell("%gemini models")
    assert isinstance(result.error_in_exec, GeminiError)
    assert "AIza" not in capsys.readouterr().out


def test_config_lists_every_setting(shell, capsys):
    shown = gemini(shell, capsys, "config")
    line = "GeminiMagic.model = 'gemini-3-flash-preview' The model that answers."
    assert line in " ".join(shown.split())
    assert "AIza" not in shown


def test_fix_writes_a_cell_about_the_code_that_failed_last(shell, capsys):
    code = "def halve(x):\n    return x / 0\n\nhalve(3)  # ```"
    shell.run_cell(code, store_history=True)
    assert "it is not run by itself" in gemini(shell, capsys, "fix")
    written = shell.rl_next_input
    assert written.startswith("%%gemini_exec\nThis code fails with ZeroDivisionError.")
    assert f"````python\n{code}\n````" in written
    assert "line 2, in halve\n    return x / 0" in written
    assert "ZeroDivisionError: division by zero" in written
    assert ".py" not in written
    assert "ipykernel" not in written


def test_fix_knows_code_that_cannot_be_read(shell, capsys):
    shell.run_cell("if x\n  y", store_history=True)
    gemini(shell, capsys, "fix")
    assert "```python\nif x\n  y\n```" in shell.rl_next_input
    assert "SyntaxError: expected ':'" in shell.rl_next_input


def test_ask_writes_a_cell_about_another(shell, capsys):
    shell.run_cell("%time x = 6 * 7", store_history=True)
    number = shell.execution_count - 1
    gemini(shell, capsys, f"ask {number}")
    assert shell.rl_next_input == "%%gemini_exec\n\n\n```python\n%time x = 6 * 7\n```\n"


@pytest.mark.parametrize("line", ["", "help", "--help"])
def test_help_lists_the_commands(shell, capsys, line):
    assert gemini(shell, capsys, line) == f"{commands().usage()}\n"


@pytest.mark.parametrize("command", [*commands()], ids=lambda command: command.name)
def test_each_command_has_its_help(shell, capsys, command):
    flags = "".join(f"{line}\n" for line in listed(command.flags))
    expected = f"{command.usage}\n    {command.help}\n{flags}"
    assert all(flag.help in expected for flag in command.flags)
    group = [each for each in commands() if each.name.startswith(f"{command.name} ")]
    expected += "".join(f"{each.usage}\n    {each.help}\n" for each in group)
    assert gemini(shell, capsys, f"{command.name} --help") == expected
    assert gemini(shell, capsys, f"help {command.name}") == expected


def test_the_documented_table_is_this_table():
    assert commands().table() in (DOCS / "options.md").read_text()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("caht", "OptionError: there is no command 'caht': did you mean `%gemini chat`?"),
        ("chat shwo t", "there is no command 'chat shwo': did you mean `%gemini chat show`?"),
        ("context lst", "there is no command 'context lst': did you mean `%gemini context list`?"),
        ("files x", "there is no command 'files x': `%gemini help files` lists them"),
        (
            "chat list all",
            "this takes the words `%gemini chat [list]`, not `%gemini chat list all`",
        ),
        ("zzz", "OptionError: there is no command 'zzz': `%gemini help` lists them"),
        ("show", "OptionError: this takes the words `%gemini show RUN`, not `%gemini show`"),
        ("show 7", "OptionError: there is no run '7': `%gemini runs` lists 0"),
        ("show ²", "OptionError: there is no run '²': "),
        ("ask one", "OptionError: `%gemini ask` takes the number of a cell, not 'one'"),
        ("ask 99999", "RequestError: there is no cell In[99999]: those that have run are"),
        ("ask 0", "RequestError: there is no cell In[0]"),
        ("chat show", "ChatError: there is no chat yet: `%%gemini_exec --chat` starts one"),
        ("chat show a/b", "OptionError: `%gemini chat show` takes a name of letters, digits"),
        ("chat load none.json a/b", "OptionError: `%gemini chat load` takes a name of letters"),
        ("chat load none.json", "ChatError: the chat in 'none.json' cannot be read: No such"),
        ("chat 'open", 'OptionError: the line "chat \'open" cannot be read: no closing'),
    ],
)
def test_bad_input_is_one_line(shell, capsys, line, message):
    result = shell.run_cell(f"%gemini {line}")
    shown = capsys.readouterr()
    assert isinstance(result.error_in_exec, GeminiError)
    assert message in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err


def test_fix_after_an_error_of_ours_says_whose_it_is(shell, capsys):
    shell.run_cell("%gemini caht")
    result = shell.run_cell("%gemini fix")
    assert "the last error is not your code's, but OptionError" in str(result.error_in_exec)


@pytest.mark.filterwarnings("ignore:To exit")
@pytest.mark.parametrize("code", ["raise KeyboardInterrupt", "raise SystemExit(3)"])
def test_fix_after_an_interrupt_has_nothing_to_mend(shell, code):
    shell.run_cell(code)
    result = shell.run_cell("%gemini fix")
    assert "the last error is not your code's, but" in str(result.error_in_exec)


@pytest.mark.parametrize("group", ["chat", "context", "files"])
def test_a_group_lists_with_and_without_the_word(shell, capsys, online, group):
    online.on("/cachedContents", Answer((b"{}",)))
    online.on("/files", Answer((b"{}",)))
    assert gemini(shell, capsys, f"{group} list") == gemini(shell, capsys, group)


def test_what_a_chat_shows_moves_no_cursor(shell, capsys, online):
    online.on(GENERATE, stream(said({"text": "a\x1b[2Jb"}, finishReason="STOP")))
    say(shell, prompt="clear the \x1b[2J screen")
    assert "\x1b" not in gemini(shell, capsys, "chat show")
    assert "\x1b" not in gemini(shell, capsys, "runs")


def execute(live, code, cell):
    """Run `code` as the cell with this id, as a front end says it."""
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    message = live.client.session.msg("execute_request", content, metadata={"cellId": cell})
    live.client.shell_channel.send(message)
    return live.collect(message["header"]["msg_id"])


def test_a_cell_that_is_run_again_replaces_its_turn(live):
    for prompt, cell in (("1", "x"), ("2", "y"), ("3", "x")):
        shown = execute(live, f"%%gemini_exec --chat t --static\n```python\n{prompt}\n```", cell)
    text = shown.last_data["text/plain"]
    assert "(chat 't', turn 1)" in text
    assert "(in place of this cell's own turn and the 1 turn after it; " in text
    listed = live.run("%gemini chat").last_data["text/plain"].splitlines()[1]
    assert listed.split() == ["*", "t", "offline", "1", "0"]


def test_in_a_kernel_lists_are_tables_without_markup_of_others(live):
    hostile = '<img src=x onerror=alert(1)> $1 and $2 "&'
    live.run(f"%%gemini_exec --static\n{hostile}\n{OFFLINE}")
    for line in ("", "runs", "usage", "config", "chat", "chat list"):
        published = live.run(f"%gemini {line}")
        if line == "usage":
            assert published.text == "no tokens yet in this session\n"
            continue
        assert set(published.last_data) == {"text/plain", "text/html"}
        assert published.last_data["text/html"].startswith("<div><table>")
    shown = live.run("%gemini runs").last_data
    assert "<img" not in shown["text/html"]
    assert "&lt;img src=x" in shown["text/html"]
    # A typesetter would take what stands between two of them for a formula.
    assert "<span>$</span>1 and <span>$</span>2" in shown["text/html"]
    assert "$1 and $2" in shown["text/plain"]
    # Lines as long as those of the flags would be broken within words.
    flags = live.run("%%gemini_exec --help").last_data
    assert flags["text/html"].count("<tr>") == len(FLAGS) + 1
    assert flags["text/plain"] == usage()


def test_a_run_whose_turn_is_gone_says_so_where_it_is_shown(live):
    def ask(number, cell, flags=""):
        return execute(live, f"%%gemini_exec --chat gone {flags}\n```python\n{number}\n```", cell)

    ask(1, "one")
    second, third = ask(2, "two"), ask(3, "three")
    again = ask(2, "two")
    names = [
        content["transient"]["display_id"]
        for published in (second, third, again)
        for content in published.of("display_data")
    ]
    updates = again.of("update_display_data")
    # The cell's own run before is not shown any more; that of the first cell is still in the chat.
    assert [update["transient"]["display_id"] for update in updates] == [names[1]]
    run = updates[-1]["data"][MIME]
    assert run["state"] == "done"
    assert run["parts"][-1] == {"kind": "note", "text": "no longer in this chat: run it again"}
    assert updates[-1]["metadata"][MIME]["display"] == names[1]
    # So do turns that are taken back, and those of a chat that is started anew or forgotten.
    [undone] = live.run("%gemini chat undo gone").of("update_display_data")
    assert undone["transient"]["display_id"] == names[2]
    assert len(ask(4, "four", "--fresh").of("update_display_data")) == 1
    assert len(live.run("%gemini chat reset gone").of("update_display_data")) == 1


def test_a_stopped_cell_leaves_the_chat_as_it_was(live):
    live.run("%%gemini_exec --chat stopped --static\n```python\n1\n```")
    endless = "%%gemini_exec --chat stopped\n```python\nwhile True: pass\n```"
    request = live.start(endless)
    assert live.collect(request, at="while True").reply["ename"] == "Stopped"
    text = live.run("%gemini chat").last_data["text/plain"]
    listed = [line.split() for line in text.splitlines()]
    assert ["*", "stopped", "offline", "1", "0"] in listed


def test_in_a_kernel_fix_asks_the_front_end_for_a_cell(live):
    live.run("1 / 0")
    (payload,) = live.run("%gemini fix").reply["payload"]
    assert (payload["source"], payload["replace"]) == ("set_next_input", False)
    assert "```python\n1 / 0\n```" in payload["text"]
    assert "ipykernel" not in payload["text"]
