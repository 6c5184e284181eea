"""Where the code runs: what a kernel, a terminal and a script say of themselves."""

import io
import logging
import sys

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from gemini_magic.request.question import Cell
from gemini_magic.views.host import TARGET, Host
from gemini_magic.views.session import Session, current, hold

RUN = "%%gemini_exec --engine offline --insert last\n```python\nprint(6 * 7)\n```"


def greetings(published):
    opened = (m["content"] for _, m in published.messages if m["msg_type"] == "comm_open")
    return [content for content in opened if content["target_name"] == TARGET]


def test_an_extension_is_greeted_once_however_often_ours_is_loaded(live):
    first = live.run("%reload_ext gemini_magic")
    others = [
        live.run(code) for code in ("%reload_ext gemini_magic", RUN, "%reload_ext gemini_magic")
    ]
    # The fixture's kernel has greeted when it loaded the extension.
    assert [greetings(published) for published in (first, *others)] == [[]] * 4


@pytest.mark.kernel
def test_where_notebooks_run_by_themselves_nothing_is_logged(caplog):
    cells = [new_code_cell(code) for code in ("%load_ext gemini_magic", RUN, "_run.output")]
    notebook = new_notebook(cells=cells)
    with caplog.at_level(logging.INFO):
        NotebookClient(notebook, timeout=60).execute()
    assert notebook.cells[2].outputs[0]["data"]["text/plain"] == "'42\\n'"
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_a_script_has_no_cell_and_nobody_to_ask(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    host = Host()
    assert (host.in_kernel, host.can_answer, host.cell) == (False, False, Cell())
    assert host.ask("May I?") is None


@pytest.mark.parametrize("stdin", [None, "closed"])
def test_without_an_input_nobody_can_answer(monkeypatch, stdin):
    if stdin:
        stdin = io.StringIO()
        stdin.close()
    monkeypatch.setattr(sys, "stdin", stdin)
    assert not Host().can_answer


def test_a_shell_in_a_terminal_is_its_host(shell):
    host = Host.here()
    assert host.shell is shell
    assert not host.in_kernel
    host.offer_cell("x = 1")
    assert shell.rl_next_input == "x = 1"


def test_reloading_keeps_the_session(shell):
    held = hold(Session())
    shell.run_line_magic("reload_ext", "gemini_magic")
    assert current() is held
