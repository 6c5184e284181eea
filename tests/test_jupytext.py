"""Notebooks of prompts as text: what the guide says of jupytext keeps each cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook

jupytext = pytest.importorskip("jupytext")

# What cuts or swallows cells in one format or another.
LINES = st.sampled_from(
    [
        "Sum the primes.",
        "Don't use `numpy`.",
        "x = '''a",
        'x = """a',
        "```python",
        "```",
        "~~~",
        "# %% heading",
        "# +",
        "# -",
        "%matplotlib inline",
        "# a comment",
        "+++",
        "---",
        "",
    ]
)
PROMPTS = st.lists(LINES, min_size=1, max_size=6).map("\n".join).filter(str.strip)
METADATA = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


def returned(prompts, form, **metadata):
    """The sources of a notebook's cells after it was written as text and read again."""
    cells = []
    for prompt in prompts:
        source = f"%%gemini_exec --chat t\n{prompt}"
        cells += [new_code_cell(source, metadata=metadata), new_code_cell("x = 1")]
    text = jupytext.writes(new_notebook(cells=cells, metadata=METADATA), fmt=form)
    return [cell.source for cell in jupytext.reads(text, fmt=form).cells]


def sources(prompts):
    return [each for prompt in prompts for each in (f"%%gemini_exec --chat t\n{prompt}", "x = 1")]


@given(st.lists(PROMPTS, min_size=1, max_size=3))
def test_myst_keeps_every_prompt_but_for_blank_lines_at_its_end(prompts):
    prompts = [prompt.rstrip("\n") for prompt in prompts]
    assert returned(prompts, "md:myst") == sources(prompts)


def test_the_shorter_name_of_the_magic_is_kept_as_well():
    cells = [new_code_cell("%%gemini --chat t\nWhy?\n"), new_code_cell("x = 1")]
    notebook = new_notebook(cells=cells, metadata=METADATA)
    back = jupytext.reads(jupytext.writes(notebook, fmt="md:myst"), fmt="md:myst")
    assert [cell.source.rstrip("\n") for cell in back.cells] == ["%%gemini --chat t\nWhy?", "x = 1"]


@given(st.lists(PROMPTS, min_size=1, max_size=3))
def test_percent_keeps_every_prompt_of_a_cell_that_is_tagged(prompts):
    assert returned(prompts, "py:percent", tags=["active-ipynb"]) == sources(prompts)


@pytest.mark.parametrize("end", ["\x85", "\u2028"])
def test_a_line_end_that_only_python_knows_does_not_come_back_as_the_guide_says(end):
    assert returned([f"a{end}b"], "py:percent", tags=["active-ipynb"]) != sources([f"a{end}b"])
