"""`%%gemini_exec` in a real shell."""

import subprocess
import sys

import pytest

from gemini_magic.errors import GeminiError
from gemini_magic.options.help import usage
from gemini_magic.runs.run import Run

PROMPT = "```python\nprint(6 * 7)\n```"


def run_cell(shell, line, cell=PROMPT):
    return shell.run_cell(f"%%gemini_exec {line}\n{cell}", silent=False)


def test_a_cell_leaves_a_run_whose_code_was_executed(shell, capsys):
    assert run_cell(shell, "").success
    run = shell.user_ns["_run"]
    assert isinstance(run, Run)
    assert (run.state, run.output, run.outcome) == ("done", "42\n", "OUTCOME_OK")
    assert "Output: ok\n    42\n" in capsys.readouterr().out


def test_the_magic_returns_nothing(shell, capsys):
    assert run_cell(shell, "").result is None


def test_out_names_the_variable(shell, capsys):
    run_cell(shell, "--out answer")
    assert shell.user_ns["answer"].output == "42\n"


def test_variables_of_the_notebook_reach_the_prompt(shell, capsys):
    shell.user_ns["topic"] = "answers"
    run_cell(shell, "", f"On {{topic}}:\n{PROMPT}")
    assert "On answers:" in shell.user_ns["_run"].request.prompt
    assert "({topic} → answers)" in capsys.readouterr().out


def test_the_offline_engine_says_so(shell, capsys):
    run_cell(shell, "")
    assert "offline engine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "cell", "message"),
    [
        ("--modle x", PROMPT, "OptionError: there is no flag --modle: did you mean --model?"),
        ("", " ", "RequestError: the cell is empty: write the prompt on the lines below"),
        ("--engine gemnii", "Ponder the sea.", "OptionError: "),
        ("--engine replay:no-such.json", "Ponder.", "RecordingError: "),
    ],
)
def test_bad_input_fails_the_cell_in_one_line(shell, capsys, line, cell, message):
    result = run_cell(shell, line, cell)
    shown = capsys.readouterr()
    assert not result.success
    assert isinstance(result.error_in_exec, GeminiError)
    lines = [
        text for text in (shown.out + shown.err).splitlines() if "Error" in text or message in text
    ]
    assert any(text.startswith(message) for text in lines)
    assert "Traceback" not in shown.out + shown.err


def test_an_error_after_bad_input_does_not_lose_the_last_run(shell, capsys):
    run_cell(shell, "")
    before = shell.user_ns["_run"]
    run_cell(shell, "--modle x")
    assert before is shell.user_ns["_run"]


def test_help_prints_the_table_and_sends_nothing(shell, capsys):
    shell.user_ns.pop("_run", None)
    assert run_cell(shell, "--help").success
    assert "--max-output-tokens" in capsys.readouterr().out
    assert "_run" not in shell.user_ns


@pytest.mark.parametrize("line", ["--help", "-h", "--help\n"])
def test_help_needs_no_text_below(shell, capsys, line):
    assert shell.run_cell(f"%%gemini_exec {line}").success
    assert "--max-output-tokens" in capsys.readouterr().out


def test_the_shorter_name_is_the_same_magic(shell, capsys):
    assert shell.run_cell(f"%%gemini --out short\n{PROMPT}").success
    assert shell.user_ns["short"].output == "42\n"
    capsys.readouterr()
    assert shell.run_cell("%%gemini --help").success
    assert shell.run_cell("%%gemini_exec --help").success
    first, second = capsys.readouterr().out.split("%%gemini_exec [flags]")[1:]
    assert first == second
    assert shell.run_cell("%%gemini --dry-run\n```python\n1\n```").success
    assert "offline engine: nothing is sent" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["%%gemini_exec", "%%gemini", "gemini_exec", "gemini"])
def test_the_help_of_ipython_shows_the_flags(shell, typed):
    shown = shell.object_inspect_mime(typed)["text/plain"]
    assert "The run is left in `_run`." in shown or "lists the commands" in shown
    assert all(line in shown for line in usage().splitlines())


def test_a_cell_without_a_prompt_says_where_to_write_it(shell, capsys):
    assert not shell.run_cell("%%gemini_exec").success
    assert "the cell is empty: write the prompt on the lines below" in capsys.readouterr().out


SECOND = "RequestError: a cell holds one {}, on its first line: put the other prompts into cells of"


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (
            "%%gemini_exec\nSum the primes.\n\n%%gemini_exec --seed 7\nAnd the squares.",
            "%%gemini_exec",
        ),
        ("# The primes\n%%gemini_exec\nSum the primes.", "%%gemini_exec"),
        (
            "\n# The primes\n\n  # up to 100\n%%gemini_exec --seed 7\nSum the primes.",
            "%%gemini_exec",
        ),
        ("# Help\n%%gemini_exec --help", "%%gemini_exec"),
        ("%%gemini\nSum the primes.\n\n%%gemini_exec\nAnd the squares.", "%%gemini_exec"),
        ("%%gemini_exec\nSum the primes.\n\n%%gemini --seed 7\nAnd the squares.", "%%gemini"),
        ("# The primes\n%%gemini\nSum the primes.", "%%gemini"),
        ("x = 1\n%%gemini_exec\nSum the primes.", "%%gemini_exec"),
        ("%load_ext gemini_magic\n!true\n\n%%gemini --seed 7\nprimes", "%%gemini"),
        ("for x in 'ab':\n    x\n%%gemini\nSum the primes.", "%%gemini"),
    ],
)
def test_the_magic_stands_on_the_first_line_and_once(shell, capsys, cell, typed):
    shell.user_ns.pop("_run", None)
    result = shell.run_cell(cell)
    assert isinstance(result.error_in_exec, GeminiError)
    assert capsys.readouterr().out.startswith(SECOND.format(typed))
    assert "_run" not in shell.user_ns


def test_a_prompt_may_show_the_magic_in_fenced_code(shell, capsys):
    cell = f"Why?\n~~~\n%%gemini_exec\n```\n%%gemini_exec\n~~~\n{PROMPT}"
    assert run_cell(shell, "", cell).success


def test_code_below_a_comment_is_left_alone(shell, capsys):
    assert shell.run_cell("# A comment\nx = '''\n%%gemini_exec\n'''").success
    assert shell.user_ns["x"] == "\n%%gemini_exec\n"
    assert shell.run_cell("x = 1\ny = ['''\n%%gemini\nSum.''']\nz = '''\n%%gemini\n'''").success
    assert shell.user_ns["y"] == ["\n%%gemini\nSum."]
    assert shell.run_cell("%%capture x\nprint(1)\ny = '''\n%%gemini\n'''").success


def test_a_dry_run_prints_what_would_be_done_and_does_nothing(shell, capsys):
    shell.user_ns.pop("_run", None)
    assert run_cell(shell, "--dry-run").success
    assert "offline engine: nothing is sent" in capsys.readouterr().out
    assert "_run" not in shell.user_ns


def test_config_changes_the_settings(shell, capsys):
    shell.run_line_magic("config", "GeminiMagic.out = 'mine'")
    run_cell(shell, "")
    shell.run_line_magic("config", "GeminiMagic.out = '_run'")
    assert shell.user_ns["mine"].output == "42\n"


def test_loading_twice_is_loading_once(shell, capsys):
    shell.run_line_magic("reload_ext", "gemini_magic")
    names = [type(loaded).__name__ for loaded in shell.configurables]
    assert names.count("GeminiMagic") == 1


def test_unloading_takes_everything_out(shell, capsys):
    matchers = len(shell.Completer.custom_matchers)
    transformers = len(shell.input_transformers_cleanup)
    shell.run_line_magic("unload_ext", "gemini_magic")
    assert not {"gemini", "gemini_exec"} & set(shell.magics_manager.magics["cell"])
    assert "GeminiMagic" not in [type(loaded).__name__ for loaded in shell.configurables]
    assert len(shell.Completer.custom_matchers) == matchers - 1
    assert len(shell.input_transformers_cleanup) == transformers - 1
    assert list not in shell.display_formatter.mimebundle_formatter.type_printers
    shell.run_line_magic("load_ext", "gemini_magic")
    assert {"gemini", "gemini_exec"} <= set(shell.magics_manager.magics["cell"])


def test_who_shows_lists_already_goes_on_showing_them(shell):
    printers = shell.display_formatter.mimebundle_formatter.type_printers
    shell.run_line_magic("unload_ext", "gemini_magic")
    printers[list] = own = lambda several: {"text/x-own": len(several)}
    try:
        shell.run_line_magic("load_ext", "gemini_magic")
        shell.run_line_magic("unload_ext", "gemini_magic")
        assert printers[list] is own
    finally:
        del printers[list]
        shell.run_line_magic("load_ext", "gemini_magic")


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, gemini_magic; print('\\n'.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"google.genai", "wasmtime", "IPython", "anywidget", "traitlets"} & set(loaded)


def test_loading_the_extension_imports_no_engine():
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell as S; "
        "S.instance().run_line_magic('load_ext', 'gemini_magic'); print('\\n'.join(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "gemini_magic.notebook.magic" in loaded
    assert not {"google.genai", "wasmtime", "markdown_it"} & set(loaded)
