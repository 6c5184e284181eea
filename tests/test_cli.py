"""The line in a terminal: which word is the prompt, what its flags are, and what it prints."""

import io

import pytest
from loopback import GENERATE, said, stream

from gemini_magic.cli import COMMANDS, DEMO, main
from gemini_magic.options.table import FLAGS

DONE = stream(said({"text": "done"}, finishReason="STOP"))


@pytest.fixture
def gemini(server, monkeypatch):
    """The loopback server, as the command finds it in its environment."""
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-that-nobody-must-see-00001")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    server.on(GENERATE, DONE)
    return server


def refusal_of(capsys, *words):
    """Return the line on standard error of a command that must fail and print nothing else."""
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return told.err.rstrip("\n")


@pytest.mark.parametrize(
    "words",
    [
        ["--system", "Be short", "Sum the primes"],
        ["Sum the primes", "--system", "Be short"],
        ["--system=Be short", "--no-code", "Sum the primes", "--thoughts"],
        ["--system", "Be short", "--", "Sum the primes"],
    ],
)
def test_flags_stand_before_or_after_the_prompt(gemini, words):
    assert main(["run", *words]) == 0
    body = gemini.prompts[-1].body
    assert body["contents"] == [{"role": "user", "parts": [{"text": "Sum the primes"}]}]
    assert body["systemInstruction"]["parts"] == [{"text": "Be short"}]


def test_the_engine_may_be_named_before_the_prompt(capsys):
    assert main(["run", "--engine", "offline", DEMO]) == 0
    assert "5117" in capsys.readouterr().out


def test_a_prompt_may_begin_with_a_dash_after_two(gemini):
    assert main(["run", "--", "-5 + 3 = ?"]) == 0
    assert gemini.prompts[-1].body["contents"][0]["parts"] == [{"text": "-5 + 3 = ?"}]


@pytest.mark.parametrize("words", [["-", "--seed", "7"], ["--seed", "7", "-"]])
def test_a_dash_is_the_prompt_on_standard_input(gemini, monkeypatch, words):
    monkeypatch.setattr("sys.stdin", io.StringIO("Sum the primes\n"))
    assert main(["run", *words]) == 0
    assert gemini.prompts[-1].body["contents"][0]["parts"] == [{"text": "Sum the primes"}]


TAKES = ": `gemini-magic run PROMPT` takes it in quotes, and for - from standard input"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["run"], f"OptionError: there is no prompt{TAKES}"),
        (["run", "--seed", "7"], f"OptionError: there is no prompt{TAKES}"),
        (["run", ""], f"RequestError: the prompt is empty{TAKES}"),
        (["run", " \n "], f"RequestError: the prompt is empty{TAKES}"),
        (
            ["run", "Sum", "the", "primes"],
            "OptionError: 'Sum' and 'the' cannot both be the prompt: "
            "put quotes around a text of several words",
        ),
        (["run", "--seeed", "7", "Sum"], "OptionError: there is no flag --seeed: did you mean"),
        (
            ["run", "-5 + 3", "--seed", "7"],
            "OptionError: there is no flag -5 + 3: `gemini-magic run --help` lists them",
        ),
        (["run", "Sum", "--seed"], "OptionError: --seed: expected one argument"),
        (["demo", "Sum"], "OptionError: `gemini-magic demo` takes flags only, not 'Sum'"),
        (["prepare", "all"], "OptionError: `gemini-magic prepare` takes flags only, not 'all'"),
    ],
)
def test_words_that_are_not_one_prompt_and_flags_are_one_line_and_send_nothing(
    gemini, capsys, words, line
):
    assert refusal_of(capsys, *words).startswith(line)
    assert gemini.asked == []


def test_an_empty_standard_input_is_an_empty_prompt(gemini, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert refusal_of(capsys, "run", "-") == f"RequestError: the prompt is empty{TAKES}"
    assert gemini.asked == []


@pytest.mark.parametrize("command", ["run", "demo"])
@pytest.mark.parametrize("flag", [f for f in FLAGS if f.elsewhere], ids=lambda f: f.field)
def test_a_flag_that_needs_a_notebook_says_so(gemini, capsys, command, flag):
    name = flag.names[-1]
    for words in ([name, "x"], [f"{name}=x"]):
        line = refusal_of(capsys, command, *words, "Sum the primes")
        assert line == f"OptionError: {name} is for {flag.elsewhere}"
    assert gemini.asked == []


@pytest.mark.parametrize("help_", ["-h", "--help"])
@pytest.mark.parametrize("command", ["run", "demo"])
def test_help_lists_the_flags_that_work_here(capsys, command, help_):
    assert main([command, help_]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    words = {"run": "PROMPT… ", "demo": ""}[command]
    assert first == f"gemini-magic {command} {words}[flags]"
    listed = {line.split()[0].rstrip(",") for line in lines if line.startswith("  -")}
    assert listed == {flag.names[0] for flag in FLAGS if not flag.elsewhere}


def test_help_on_preparing_lists_its_flag(capsys):
    assert main(["prepare", "--help"]) == 0
    assert "--science" in capsys.readouterr().out


def test_help_without_a_command_lists_the_commands(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert all(command.name.split()[0] in told and command.help in told for command in COMMANDS)


def test_the_first_word_of_commands_of_two_words_asks_for_their_help(capsys):
    assert main(["lessons", "--help"]) == 0
    assert "gemini-magic lessons check FOLDER [flags]" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["rnu", "Sum"], ["--", "run"]])
def test_words_without_a_command_are_a_wrong_call(words):
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2


def test_the_demonstration_takes_flags(gemini):
    assert main(["demo", "--engine", "gemini", "--seed", "7"]) == 0
    assert gemini.prompts[-1].body["generationConfig"]["seed"] == 7


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_prompt_does_not_steer_the_terminal(gemini, capsys, dry):
    assert main(["run", "\x1b]0;owned\x07Sum the \x9b2Jprimes\u202e", *dry]) == 0
    told = capsys.readouterr().out
    assert "Sum the" in told
    assert not set("\x1b\x07\x9b\u202e") & set(told)


def test_an_error_does_not_steer_the_terminal(capsys):
    line = refusal_of(capsys, "run", "Sum", "--engine", "\x1b[2Jo\x9bff")
    assert not set("\x1b\x9b") & set(line)
