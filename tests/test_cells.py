"""The code of a run goes into a cell where no extension inserts it."""

import pytest
from kernel import kernel

from gemini_magic.answer.parts import Code, Result, Text
from gemini_magic.notebook.cells import code_of
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run


def run_of(insert):
    run = Run(Request("x"), insert=insert)
    for part in (Text("try"), Code("a\n"), Result("OUTCOME_FAILED"), Code("\nb"), Result()):
        run.add(part)
    return run


@pytest.mark.parametrize(
    ("insert", "code"),
    [
        ("none", ""),
        ("", ""),
        ("needed", "# attempt 2\nb"),
        ("last", "# attempt 2\nb"),
        ("all", "# attempt 1 failed\n# a\n\n# attempt 2\nb"),
    ],
)
def test_attempts_are_joined_under_their_numbers(insert, code):
    assert code_of(run_of(insert)) == code


@pytest.mark.kernel
def test_a_finished_run_asks_the_front_end_for_one_cell():
    cell = "%%gemini_exec --engine offline --insert last\n```python\nprint(1)\n```"
    with kernel() as live:
        (payload,) = live.run(cell).reply["payload"]
        assert (payload["source"], payload["text"]) == ("set_next_input", "# attempt 1\nprint(1)")
        assert live.run(cell.replace("--insert last", "")).reply["payload"] == []


@pytest.mark.kernel
@pytest.mark.parametrize("insert", ["needed", "last", "all"])
def test_the_cell_of_an_answer_whose_blocks_share_names_runs_in_a_new_kernel(insert):
    fences = "```python\nxs = [1, 2, 3]\n```\n```python\nprint(sum(xs))\n```"
    with kernel() as live:
        said = live.run(f"%%gemini_exec --engine offline --insert {insert}\n{fences}")
        (payload,) = said.reply["payload"]
    with kernel(load=False) as new:
        told = new.run(payload["text"])
    assert (told.reply["status"], told.text) == ("ok", "6\n")
