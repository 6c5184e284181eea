"""Tab in a `%%gemini_exec` cell, by IPython's own completer."""

import pytest
from growing import seconds

from gemini_magic.notebook.commands.registry import commands
from gemini_magic.options.table import FLAGS
from gemini_magic.runs.chats import Chat
from gemini_magic.views.session import Session, current, hold

FLAG_HELP = {name: flag.help for flag in FLAGS for name in flag.names}


@pytest.fixture(scope="module")
def shell(shell):
    shell.user_ns["sales_total"] = 1
    hold(Session())
    current().chats.keep(Chat("lessons"))
    current().contexts.append("manual")
    return shell


def offered(shell, cell):
    """What Tab offers at the end of `cell`, as IPython's protocol gives it to a front end."""
    return [completion.text for completion in shell.Completer.completions(cell, len(cell))]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%%gemini_exec --mo", ["--model"]),
        ("%%gemini --mo", ["--model"]),
        ("%%gemini --engine off", ["offline"]),
        ("%%gemini\nThe sum is {sales_t", ["sales_total"]),
        ("%%gemini_exec --thoughts --no-c", ["--no-code"]),
        ("%%gemini_exec --engine off", ["offline"]),
        ("%%gemini_exec --engine=v", ["vertex"]),
        ("%%gemini_exec --thinking m", ["medium", "minimal"]),
        ("%%gemini_exec -m gemini-2.5-f", ["gemini-2.5-flash"]),
        ("%%gemini_exec --data sales_t", ["sales_total"]),
        ("%%gemini_exec --data=sales_t", ["sales_total"]),
        ("%%gemini_exec --tool sales_t", ["sales_total"]),
        ("%%gemini_exec --json sales_t", ["sales_total"]),
        ("%%gemini_exec --chat --fr", ["--fresh"]),
        ("%%gemini_exec --chat les", ["lessons"]),
        ("%gemini ch", ["chat"]),
        ("x = 1\n%gemini ru", ["runs"]),
        ("%gemini chat un", ["undo"]),
        ("%gemini chat show l", ["lessons"]),
        ("%gemini chat load here.json l", ["lessons"]),
        ("%gemini help us", ["usage"]),
        ("%gemini context cr", ["create"]),
        ("%gemini context create --t", ["--ttl"]),
        ("%gemini context create manual --ttl 3", ["30m"]),
        ("%gemini context create manual --ttl 1h --mod", ["--model"]),
        ("%gemini context create manual --model gemini-2.5-f", ["gemini-2.5-flash"]),
        ("%gemini context show man", ["manual"]),
        ("%gemini context delete m", ["manual"]),
        ("%gemini context create man", []),
        ("%gemini files c", ["clean"]),
        ("%gemini files l", ["list"]),
        ("%gemini runs --h", ["--help"]),
        ("%%gemini_exec --cache-context man", ["manual"]),
        ("%%gemini_exec\nThe sum is {sales_t", ["sales_total"]),
    ],
)
@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_tab_offers_what_can_stand_there(shell, cell, expected):
    assert offered(shell, cell) == expected


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_tab_offers_every_flag_after_two_dashes(shell):
    assert {"--model", "--engine", "--insert", "--help"} <= set(offered(shell, "%%gemini_exec --"))


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_after_file_ipython_offers_paths(shell, tmp_path, monkeypatch):
    (tmp_path / "rain.csv").write_text("mm\n1\n")
    monkeypatch.chdir(tmp_path)
    assert "rain.csv" in offered(shell, "%%gemini_exec --file ra")
    assert "rain.csv" in offered(shell, "%%gemini_exec --file ")
    assert "rain.csv" in offered(shell, "%%gemini_exec --file rain.csv --file ra")


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_tab_offers_the_users_own_variables_and_says_what_they_are(shell):
    shell.user_ns["sales_table"], shell.user_ns["quit"] = [1], 2
    for cell in ("%%gemini_exec --data ", "%%gemini\nThe sum of {"):
        found = shell.Completer.completions(cell, len(cell))
        kinds = {completion.text: completion.type for completion in found}
        assert (kinds["sales_total"], kinds["sales_table"]) == ("int", "list")
        # IPython's own, unless the user has taken the name.
        assert not {"In", "Out", "exit", "get_ipython"} & set(kinds)
        assert kinds["quit"] == "int"
    del shell.user_ns["quit"]


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_tab_says_what_each_flag_does(shell):
    cell = "%%gemini_exec --"
    kinds = {found.text: found.type for found in shell.Completer.completions(cell, len(cell))}
    # Where a line may be broken JupyterLab breaks it, and the next line is below it.
    assert kinds["--dry-run"].startswith(FLAG_HELP["--dry-run"][:40].replace(" ", "\xa0"))
    assert all(kind and len(kind) <= 49 and " " not in kind for kind in kinds.values())


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_tab_offers_the_numbers_of_the_cells(shell):
    shell.run_cell("1", store_history=True)
    number = str(shell.execution_count - 1)
    assert number in offered(shell, "%gemini ask ")


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_tab_offers_every_command(shell):
    names = {command.name.split()[0] for command in commands()} | {"--help"}
    assert set(offered(shell, "%gemini ")) == names


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_where_a_file_belongs_tab_offers_files(shell, tmp_path):
    (tmp_path / "chat-of-mine.json").touch()
    found = offered(shell, f"%gemini chat load {tmp_path}/chat-of")
    assert any("chat-of-mine.json" in name for name in found)


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_after_the_file_of_a_context_tab_offers_paths(shell, tmp_path):
    (tmp_path / "manual-of-mine.pdf").touch()
    found = offered(shell, f"%gemini context create x --file {tmp_path}/manual-of")
    assert any("manual-of-mine.pdf" in name for name in found)


@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_other_cells_complete_as_before(shell):
    assert "sales_total" in offered(shell, "sales_to")
    assert "--model" not in offered(shell, "x --mo")


@pytest.mark.growth
@pytest.mark.filterwarnings("ignore::IPython.core.completer.ProvisionalCompleterWarning")
def test_tab_answers_at_once(shell):
    def read(times):
        for _ in range(times):
            offered(shell, "%%gemini_exec --mo")

    read(1)
    assert seconds(read, 5) < 5 * 0.1
