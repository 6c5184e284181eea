"""Runs as files: read back exactly, and whatever a run holds, nothing in a file acts."""

from __future__ import annotations

import ast
import builtins
import io
import json
import tokenize
from html.parser import HTMLParser

import nbformat
import pytest
from asking import commands
from asking import run_of as run_of_engine
from browser import RUNS, stored
from hostile_runs import CODES, TEXTS, hostile_run, runs
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gemini_magic.answer.document import MIME
from gemini_magic.answer.parts import Code, Result, Text
from gemini_magic.cli import main
from gemini_magic.engines.replay import Replay
from gemini_magic.errors import ExportError, RecordingError
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.request import Request
from gemini_magic.runs.documents import runs_in
from gemini_magic.runs.exports.export import export
from gemini_magic.runs.exports.markdown import to_markdown
from gemini_magic.runs.run import Run
from gemini_magic.views.session import Session, hold

NAMES = sorted(path.stem for path in RUNS.glob("*.json"))
SUFFIXES = (".html", ".ipynb", ".json")


def run_of(*parts, prompt="Add them.", **request):
    run = Run(Request(prompt, **request), "gemini", "gemini-3-flash-preview")
    with run.tracking():
        for part in parts:
            run.add(part)
    return run


GOOD = run_of(
    Text("So **5**:"), Code("x = 2"), Result(), Code("print(x + 3)"), Result(output="5\n")
)


def assert_read_back(run, folder, suffixes=SUFFIXES):
    for suffix in suffixes:
        path = export([run], str(folder / f"run{suffix}"), force=True)
        (again,) = runs_in(path)
        assert again.to_dict() == run.to_dict()
        assert again.stats() == run.stats()


# Round trips.


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_run_comes_back_from_every_file(name, tmp_path):
    assert_read_back(Run.from_dict(stored(name)), tmp_path)


@given(runs())
@settings(max_examples=25)
def test_any_run_comes_back_from_every_file_as_it_was_written(tmp_path_factory, run):
    folder = tmp_path_factory.mktemp("runs")
    assert_read_back(run, folder)
    assert Run.from_html(folder / "run.html")[0].integrity == "intact"
    assert Run.from_notebook(str(folder / "run.ipynb"))[0].integrity == "intact"


@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_run_comes_back_from_every_file(text, tmp_path):
    assert_read_back(hostile_run(text), tmp_path)


def test_seconds_tokens_and_provenance_come_back_too(tmp_path):
    path = tmp_path / "run.html"
    path.write_text(GOOD.to_html(), encoding="utf-8")
    (again,) = Run.from_html(path)
    assert again.provenance == GOOD.provenance
    assert again.seconds == pytest.approx(GOOD.seconds, abs=1e-3)
    assert again.answered_by == GOOD.answered_by


# What cannot be read.


@pytest.mark.parametrize("read", [Run.from_html, Run.from_notebook])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b"{}",
        b"[" * 100_000,
        b'{"cells": [{"outputs": [{"data": {"' + MIME.encode() + b'": 3}}]}]}',
        f'<script type="{MIME}">{{"version": 1'.encode(),
        f'<script type="{MIME}">[]</script>'.encode(),
        b"<p>another page</p>",
    ],
)
def test_what_is_no_file_of_ours_is_refused_in_one_line(read, data, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(RecordingError) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("read", [Run.from_html, Run.from_notebook])
def test_a_file_that_is_vast_or_no_file_is_not_read(read, tmp_path):
    vast = tmp_path / "vast"
    with vast.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(RecordingError, match="has more than 512 MiB"):
        read(vast)
    with pytest.raises(RecordingError, match="not an ordinary file"):
        read(tmp_path)
    with pytest.raises(RecordingError, match="No such file"):
        read(tmp_path / "none")


def test_a_notebook_without_runs_has_none(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(nbformat.writes(nbformat.v4.new_notebook()))
    assert Run.from_notebook(path) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(st.data())
@settings(max_examples=25)
def test_a_file_that_was_damaged_is_read_or_refused_in_one_line(tmp_path_factory, suffix, data):
    path = tmp_path_factory.mktemp("damaged") / f"run{suffix}"
    whole = export([GOOD], str(path)).read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    path.write_bytes(whole[:place] + data.draw(st.binary(max_size=2)) + whole[place + 1 :])
    try:
        runs = runs_in(path)
    except RecordingError as exc:
        assert "\n" not in str(exc)
    else:
        assert all(run.to_dict() == GOOD.to_dict() or run.integrity != "intact" for run in runs)


# The page.


class Tags(HTMLParser):
    """The elements of a page, the attributes that could act, and the texts of its scripts."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.acting, self.scripts = set(), [], []
        self.is_script = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.is_script = tag == "script"
        self.scripts += [""] if self.is_script else []
        for name, value in attrs:
            is_web = str(value).startswith(("https://", "http://", "mailto:"))
            data = name in ("src", "href") and str(value).startswith("data:")
            if name.startswith("on") or (name in ("src", "href") and not (is_web or data)):
                self.acting.append((name, value))

    def handle_endtag(self, tag):
        self.is_script = False

    def handle_data(self, data):
        if self.is_script:
            self.scripts[-1] += data


KNOWN = set(
    "article html head meta title style body main h1 h2 h3 h4 h5 h6 p div span strong em small pre "
    "code table thead tbody tr th td ul ol li details summary script a img blockquote hr br".split()
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_page_holds_no_tag_and_no_attribute_of_a_hostile_run(text):
    found = Tags(hostile_run(text).to_html())
    assert found.tags <= KNOWN
    assert found.acting == []
    (script,) = found.scripts
    assert json.loads(script)["prompt"] == hostile_run(text).to_dict()["prompt"]


def test_a_page_loads_nothing_and_runs_nothing():
    page = GOOD.to_html()
    assert "default-src 'none'; img-src data:;" in page.replace("&#39;", "'")
    assert type(page) is str
    assert "src=" not in page.replace("default-src", "").replace("img-src", "")
    assert [script[:1] for script in Tags(page).scripts] == ["{"]


def test_a_page_has_the_answer_its_claims_its_verdicts_and_its_provenance():
    run = Run.from_dict(stored("traced"), {"provenance": {"time": "2026-11-27T12:00:00+00:00"}})
    page = run.to_html()
    for text in (
        "Fit it",
        "MAE 14.82 RMSE 21.07",
        "5 numbers printed by the code",
        "run again here: different",
        "+MAE 21.35 RMSE 17.44",
        "2026-11-27T12:00:00+00:00",
    ):
        assert text in page
    assert "install the JupyterLab extension" not in page


def test_a_page_has_all_of_a_long_output():
    lines = "\n".join(f"line {n}" for n in range(40_000))
    page = run_of(Code("x"), Result(output=lines)).to_html()
    assert "line 20000\nline 20001" in page.partition("<script")[0]


def test_a_page_whose_text_was_changed_says_so(tmp_path, capsys):
    path = tmp_path / "run.html"
    page = GOOD.to_html()
    path.write_bytes(page.replace("\n", "\r\n").encode())
    assert Run.from_html(path)[0].integrity == "intact"
    for changed in (page.replace("<strong>5</strong>", "<strong>6</strong>"), page + "<p>more"):
        assert changed != page
        path.write_text(changed)
        assert Run.from_html(path)[0].integrity == "page changed"
    assert main(["verify", str(path)]) == 1
    told = capsys.readouterr()
    assert "as it was written, in a page that was changed after it was written" in told.out
    assert told.err.splitlines()[-1].endswith("1 document changed after it was written")
    path.write_text(page.replace('"x = 2"', '"x = 3"'))
    assert Run.from_html(path)[0].integrity == "changed"


def test_pages_put_together_hold_their_runs_and_are_no_page_that_was_written(tmp_path):
    path = tmp_path / "both.html"
    path.write_text(GOOD.to_html() + run_of(Text("b")).to_html())
    runs = Run.from_html(path)
    assert [run.text for run in runs] == [GOOD.text, "b"]
    assert {run.integrity for run in runs} == {"page changed"}


# The notebook.


@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_run_is_a_valid_notebook_of_no_more_cells(text):
    run = hostile_run(text, code="print(1)")
    notebook = run.to_notebook()
    nbformat.validate(notebook)
    load, asking, *codes = notebook["cells"]
    assert load["source"] == "%load_ext gemini_magic"
    line, _, prompt = asking["source"].partition("\n")
    assert (line, prompt) == ("%%gemini_exec --raw", run.to_dict()["prompt"])
    lines = [line for code in codes for line in code["source"].splitlines()]
    assert {line for line in lines if not line.startswith("#")} == {"print(1)"}
    assert not [cell for cell in codes if cell["outputs"]]
    json.dumps(notebook).encode("utf-8")


def test_a_notebook_asks_the_same_engine_and_has_the_code_that_the_answer_needs():
    notebook = run_of(
        Code("1/0"), Result("OUTCOME_FAILED", "boom"), *GOOD.parts, prompt="Sum {x}"
    ).to_notebook()
    assert [cell["source"] for cell in notebook["cells"]] == [
        "%load_ext gemini_magic",
        "%%gemini_exec --engine gemini --model gemini-3-flash-preview --raw\nSum {x}",
        "# attempt 2\nx = 2",
        "# attempt 3\nprint(x + 3)",
    ]


def test_nbformat_writes_a_notebook_as_it_is_and_json_does(tmp_path):
    path = tmp_path / "run.ipynb"
    nbformat.write(GOOD.to_notebook(), path)
    (again,) = Run.from_notebook(path)
    assert (again.to_dict(), again.integrity) == (GOOD.to_dict(), "intact")
    assert json.loads(json.dumps(GOOD.to_notebook())) == GOOD.to_notebook()


def test_a_notebook_makes_the_files_of_its_run_first():
    table = Attachment("a.csv", "text/csv", b"a\n1\n", path="a.csv")
    run = run_of(Code("print(1)"), Result(output="1\n"), attachments=(table,))
    assert run.to_notebook()["cells"][2]["source"] == run.staging != ""


# The script.


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_of_a_hostile_run_is_code_of_a_script_but_its_code(text):
    script = hostile_run(text, code="print('ours')").to_script()
    tree = ast.parse(script.encode())
    assert {ast.unparse(each) for each in tree.body} == {"print('ours')"}


@pytest.mark.parametrize("code", CODES)
def test_a_script_is_python_whatever_the_code_is(code):
    script = run_of(Code("y = 1"), Result(), Code(f"print(y)\n{code}"), Result()).to_script()
    compile(script.encode(), "run.py", "exec")
    alone = hostile_run(code, code).to_script()
    compile(alone.encode(), "run.py", "exec")
    for text in (script, alone):
        called = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        assert "get_ipython" not in called


@pytest.mark.parametrize("text", TEXTS)
def test_a_comment_of_a_script_is_none_that_a_tool_acts_on(text):
    script = hostile_run(text, code="print(1)").to_script()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(script.encode()).readline)
    assert encoding == "utf-8"
    comments = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(script).readline)
        if token.type == tokenize.COMMENT
    ]
    assert [line for line in comments if line.startswith(("# ///", "# !", "# %", "#!"))] == []


def test_a_comment_of_a_documents_staging_is_none_that_a_tool_acts_on():
    lines = "# /// script\n# dependencies = ['evil']\n# ///\nimport gemini_magic"
    document = {**GOOD.to_dict(), "staging": lines}
    script = Run.from_dict(document).to_script()
    assert "\n# /// script" not in script
    assert "\n# > # /// script" in script
    assert "\nimport gemini_magic\n" in script


def test_a_script_runs_and_prints_what_the_answer_rests_on(capsys):
    script = GOOD.to_script()
    exec(compile(script, "run.py", "exec"), {"__builtins__": builtins})
    assert capsys.readouterr().out == "5\n"
    assert script.index("# > So **5**:") < script.index("x = 2")
    assert "#   Model asked: gemini-3-flash-preview" in script
    assert GOOD.provenance["content"] in script


def test_what_is_ipythons_in_code_is_a_comment_of_a_script():
    code = "import math\nif math:\n    !ls\nfiles = !ls\n%time print(3)"
    script = run_of(Code(code), Result()).to_script()
    assert "    pass  # !ls\nfiles = None  # !ls\npass  # %time print(3)" in script


def test_future_imports_stand_first_in_a_script():
    run = run_of(
        Code("x = 1"), Result(), Code("from __future__ import annotations\nprint(x)"), Result()
    )
    compile(run.to_script(), "run.py", "exec")
    assert run.to_script().index("from __future__") < run.to_script().index("x = 1")


def test_files_that_were_variables_are_named_and_not_asked_for_by_a_script():
    table = Attachment("df.csv", "text/csv", b"a\n1\n")
    script = run_of(Code("print(1)"), Result(output="1\n"), attachments=(table,)).to_script()
    assert "#   gemini_magic.stage(data={'df': df})" in script
    assert [ast.unparse(each) for each in ast.parse(script).body] == ["print(1)"]


# Markdown.


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_of_a_hostile_run_is_markup_in_markdown(text):
    tokens = MarkdownIt("commonmark").parse(to_markdown(hostile_run(text)))
    flat = [each for token in tokens for each in (token, *(token.children or ()))]
    assert {token.type for token in flat} & {"html_block", "html_inline"} == set()
    assert [
        token for token in flat if token.type == "image" and "data:" not in token.attrs["src"]
    ] == []
    titles = [
        flat[at + 1].content
        for at, each in enumerate(flat)
        if each.tag == "h1" and each.nesting == 1
    ]
    assert titles[:2] == ["Prompt", "Answer"]


# Every export.


@pytest.mark.parametrize("suffix", [".html", ".ipynb", ".py", ".md", ".json"])
@pytest.mark.parametrize("text", TEXTS)
def test_no_file_holds_what_steers_a_terminal_or_hides(suffix, text, tmp_path):
    path = export([hostile_run(text)], str(tmp_path / f"run{suffix}"))
    held = path.read_bytes().decode("utf-8")
    if suffix in (".ipynb", ".json"):
        # JSON escapes them, and the document has to keep them.
        assert not {"\x00", "\x1b", "\x07", "\r"} & set(held)
    else:
        shown = held.partition('<script type="')[0]
        assert not {"\x00", "\x1b", "\x07", "\r", "\u202e", "\x0c", "\x85"} & set(shown)


# Writing.


@pytest.mark.parametrize("suffix", [".html", ".ipynb", ".py", ".md", ".json", ".HTML"])
def test_a_file_is_not_replaced_unless_it_is_asked_for(suffix, tmp_path):
    path = tmp_path / f"run{suffix}"
    export([GOOD], str(path))
    before = path.read_bytes()
    with pytest.raises(ExportError, match="is there already: --force"):
        export([run_of(Text("other"))], str(path))
    assert path.read_bytes() == before
    export([run_of(Text("other"))], str(path), force=True)
    assert path.read_bytes() != before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("run.pdf", "it takes .html, .ipynb, .py, .md, .json"),
        ("run.htm", "did you mean .html?"),
        ("run", "it takes .html"),
        ("", "it takes .html"),
        ("none/run.html", "No such file"),
        ("folder.md", "not an ordinary file"),
        ("link.md", "not an ordinary file"),
        ("nul\0.md", "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_one_line_and_leaves_nothing(name, line, tmp_path):
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "link.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ExportError) as caught:
        export([GOOD], str(tmp_path / name) if name else "", force=True)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder.md", "link.md"]


def test_a_run_that_was_written_as_json_is_a_recording(tmp_path):
    path = GOOD.export(tmp_path / "run.json")
    assert run_of_engine(Replay(path)).parts == GOOD.parts


def test_a_run_writes_itself(tmp_path):
    path = GOOD.export(tmp_path / "a.md")
    assert path.read_text(encoding="utf-8") == to_markdown(GOOD)
    with pytest.raises(ExportError):
        GOOD.export(path)


def test_the_command_writes_the_last_run_or_the_one_that_is_named(shell, capsys, tmp_path):
    hold(Session())
    give = commands(shell, capsys)
    assert "there is no run yet" in give(f"export {tmp_path / 'a.html'}")
    for number in (1, 2):
        shell.run_cell(f"%%gemini_exec --engine offline\n```python\nprint({number})\n```")
    first, last = tmp_path / "first.ipynb", tmp_path / "last.html"
    assert give(f"export 1 {first}") == f"run 1 is in {first}"
    assert give(f"export {last}") == f"run 2 is in {last}"
    assert [Run.from_notebook(first)[0].output, Run.from_html(last)[0].output] == ["1\n", "2\n"]
    assert give(f"export {last}").startswith("ExportError: ")
    assert give(f"export --force 2 {last}") == f"run 2 is in {last}"
    assert "there is no run '9'" in give(f"export 9 {last}")
    assert "takes the words" in give("export")
    both = tmp_path / "both.html"
    assert give(f"export all {both}") == f"2 runs are in {both}"
    assert [run.output for run in Run.from_html(both)] == ["1\n", "2\n"]


def test_the_terminal_writes_the_runs_of_a_file_or_the_one_that_is_named(capsys, tmp_path):
    source, page = str(tmp_path / "runs.json"), tmp_path / "page.html"
    other = run_of(Text("b"), prompt="Say b.")
    export([GOOD, other], source)
    assert main(["export", source, str(page)]) == 0
    assert capsys.readouterr().out == f"2 runs are in {page}\n"
    assert [run.stats() for run in Run.from_html(page)] == [GOOD.stats(), other.stats()]
    assert main(["export", source, "2", str(page), "--force"]) == 0
    assert capsys.readouterr().out == f"run 2 is in {page}\n"
    assert Run.from_html(page)[0].text == "b"
    for words, line in (
        ([source, "3", str(page)], "there is no run '3'"),
        ([source], "takes the words"),
        ([source, str(tmp_path / "run.py")], "is to hold 2 runs: say which"),
        ([source, str(page)], "is there already"),
    ):
        assert main(["export", *words]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert line in told.err
        assert told.err.count("\n") == 1


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_several_runs_go_into_one_file_and_come_back_in_order(suffix, tmp_path):
    several = [GOOD, hostile_run(TEXTS[0]), run_of(Text("b"))]
    again = runs_in(export(several, str(tmp_path / f"runs{suffix}")))
    assert [run.to_dict() for run in again] == [run.to_dict() for run in several]
    assert {run.integrity for run in again} == {"intact"}


def test_no_run_at_all_is_no_file(tmp_path):
    path = tmp_path / "empty.ipynb"
    path.write_text(nbformat.writes(nbformat.v4.new_notebook()))
    with pytest.raises(ExportError, match="is to hold 0 runs"):
        export(runs_in(path), str(tmp_path / "a.html"))
    assert not (tmp_path / "a.html").exists()
