"""The documents name what there is."""

import inspect
import re
from pathlib import Path

import pytest

import gemini_magic
from gemini_magic import errors
from gemini_magic.options.table import MODELS, SETTINGS
from gemini_magic.runs.run import Run

ROOT = Path(__file__).parent.parent
ERRORS = [
    name
    for name, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, BaseException) and cls.__module__ == errors.__name__
]


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_explained(name):
    assert f"`{name}`" in (ROOT / "docs/errors.md").read_text() or name == "GeminiError"


@pytest.mark.parametrize("name", ERRORS)
def test_the_tree_in_the_docstring_holds_every_error(name):
    assert name in errors.__doc__


@pytest.mark.parametrize("model", MODELS)
def test_every_model_offered_is_in_the_guide(model):
    assert f"`{model}`" in (ROOT / "docs/guide.md").read_text()


def test_every_attribute_of_a_run_that_the_guide_names_exists():
    run = Run.from_dict({**EMPTY, "parts": []})
    section = (ROOT / "docs/guide.md").read_text().split("## The run")[1].split("The guide's")[0]
    names = {word.strip("`.()") for word in section.split() if word.startswith("`.")}
    names = {name.split("`")[0].rstrip("(),") for name in names}
    assert names
    assert {name for name in names if not hasattr(run, name)} == set()


EMPTY = {
    "version": 1,
    "engine": "offline",
    "model": "",
    "prompt": "",
    "state": "done",
    "insert": "none",
    "error": None,
}


def test_every_file_of_the_package_has_a_row_in_the_design():
    design = (ROOT / "docs/design.md").read_text()
    sandbox = (ROOT / "docs/sandbox.md").read_text()
    package = ROOT / "gemini_magic"
    files = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    # Adding a command is adding one file.
    own = {name for name in files if not name.startswith("notebook/commands/")}
    assert {name for name in own if f"`{name}`" not in design + sandbox} == set()
    assert "`notebook/commands/`" in design


def test_what_is_public_is_what_is_listed():
    assert gemini_magic.__all__ == [
        "Claim",
        "GeminiError",
        "Replay",
        "Run",
        "Step",
        "frame",
        "load_ipython_extension",
        "map",
        "run",
        "stage",
        "trace",
    ]
    assert all(getattr(gemini_magic, name) for name in gemini_magic.__all__)


@pytest.mark.parametrize(("name", "count"), [("security", 40), ("privacy", 18)])
def test_every_test_that_a_page_names_is_there(name, count):
    page = (ROOT / f"docs/{name}.md").read_text()
    sources = {path.stem: path.read_text() for path in (ROOT / "tests").glob("test_*.py")}
    there = {name for text in sources.values() for name in re.findall(r"def (test_\w+)", text)}
    named = set(re.findall(r"\btest_\w+", page))
    assert len(named) >= count
    assert named - there - set(sources) == set()


PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_to_a_file_and_a_heading_of_it(page):
    # What is fenced is an example.
    prose = re.sub(r"^(`{3,}).*?^\1", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r'(?:\]\(|src="|srcset=")((?!https?:)[^)"]+)', prose)
    for file, _, heading in (target.partition("#") for target in targets):
        there = page.parent / file if file else page
        assert there.exists(), file
        if heading:
            titles = re.findall(r"^#+ (.*)$", there.read_text(), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", t.lower()).replace(" ", "-") for t in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_setting_that_a_page_names_is_one(page):
    named = set(re.findall(r"\bGeminiMagic\.([a-z]\w*)", page.read_text()))
    assert named - {setting.field for setting in SETTINGS} == set()


def test_what_the_design_says_of_a_file_is_in_it():
    rows = re.findall(r"^\| `(\S+\.py)` \| (.*) \|$", (ROOT / "docs/design.md").read_text(), re.M)
    for file, held in rows:
        names = set(re.findall(r"`([A-Za-z_]\w*)(?:\(.*?\))?`", held))
        source = (ROOT / "gemini_magic" / file).read_text()
        assert {name for name in names if not re.search(rf"\b{name}\b", source)} == set(), file
