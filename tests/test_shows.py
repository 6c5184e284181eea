"""Runs, attempts and pictures show themselves where a cell ends with them, in a real kernel."""

import json
from pathlib import Path

from kernel import CUT, WIDGET, Kernel, Published

from gemini_magic.answer.document import MIME
from gemini_magic.answer.excerpt import EXCERPT_MIME

ASK = 'gemini_magic.run("Sum it.\\n```python\\nprint(6 * 7)\\n```", engine="offline"{more})'
DRAWN = json.loads((Path(__file__).parent / "data/runs/images.json").read_text())


def asked(more="", before="", after=""):
    return f"import gemini_magic\n{before}{ASK.format(more=more)}{after}"


def looked_at(live: Kernel, code: str) -> Published:
    """What a cell sends where a user sits at the notebook."""
    return live.collect(live.client.execute(code, allow_stdin=True))


def alone(live: Kernel, code: str) -> Published:
    """What a cell sends where a notebook is run by itself."""
    return live.collect(live.client.execute(code, allow_stdin=False))


def saved(published: Published) -> list[dict]:
    """The outputs that a notebook holds at the end."""
    outputs = []
    for _, message in published.messages:
        content = message["content"]
        name = content.get("transient", {}).get("display_id")
        if message["msg_type"] == "update_display_data":
            for output in outputs:
                if output["name"] == name:
                    output.update(content)
        elif message["msg_type"] in ("display_data", "execute_result"):
            outputs.append({**content, "name": name})
    return outputs


def test_a_run_is_shown_where_a_cell_ends_with_it(live):
    assert alone(live, asked(before="run = ")).of("execute_result", "display_data") == []
    [result] = alone(live, "run").of("execute_result")
    assert list(result["data"]) == [MIME, "text/html", "text/markdown", "text/plain"]
    assert result["data"][MIME]["state"] == "done"
    assert result["metadata"][MIME]["seconds"] >= 0
    [shown] = alone(live, "display(run)").of("display_data")
    assert shown["data"] == result["data"]


def test_the_magics_run_shown_again_is_what_its_cell_shows_and_inserts_nothing(live):
    cell = alone(live, "%%gemini_exec --engine offline --insert all\n```python\n1\n```")
    [again] = alone(live, "_run").of("execute_result")
    first, second = cell.last_data[MIME], again["data"][MIME]
    assert (first.pop("insert"), second.pop("insert")) == ("all", "none")
    assert first == second


def test_an_attempt_and_a_picture_show_themselves_alone_and_in_lists(live):
    alone(live, f"from gemini_magic import Run\ndrawn = Run.from_dict({DRAWN})")
    [step] = alone(live, "drawn.steps[0]").of("execute_result")
    assert "<strong>Attempt 1</strong>" in step["data"]["text/html"]
    # What reads the runs of a notebook must not find another one here.
    assert list(step["data"]) == [EXCERPT_MIME, "text/html", "text/markdown", "text/plain"]
    assert step["data"][EXCERPT_MIME]["attempts"] == [1]
    [picture] = alone(live, "drawn.images[0]").of("execute_result")
    assert picture["data"]["image/png"] == next(
        part["data"] for part in DRAWN["parts"] if part["kind"] == "image"
    )
    for several in ("drawn.images", "drawn.steps[0].images"):
        [pictures] = alone(live, several).of("execute_result")
        assert pictures["data"]["text/html"].count("<img") == 2
        assert len(pictures["data"][EXCERPT_MIME]["parts"]) == 3
    # So are those that a user took from it; other lists stay as they are.
    for several in ("drawn.images[:2]", "[each for each in drawn.images[:2]]"):
        [pictures] = alone(live, several).of("execute_result")
        assert len(pictures["data"][EXCERPT_MIME]["parts"]) == 2
    for several in ("[]", "drawn.images[:0]", "[1, drawn.steps[0]]", "[drawn]"):
        [plain] = alone(live, several).of("execute_result")
        assert set(plain["data"]) == {"text/plain"}
    # A class of lists that has a form of its own keeps it.
    form = "def _repr_mimebundle_(self, **_): return {'text/x-own': 'mine'}"
    [own] = alone(live, f"class Own(list):\n    {form}\nOwn([1])").of("execute_result")
    assert own["data"]["text/x-own"] == "mine"
    # A script in it must not run, and what is no picture is none.
    [drawing] = alone(live, "drawn.images[1]").of("execute_result")
    assert set(drawing["data"]) == {EXCERPT_MIME, "text/html", "text/markdown", "text/plain"}
    [none] = alone(live, "drawn.images[2]").of("execute_result")
    assert "<img" not in none["data"]["text/html"]


def test_a_notebook_shows_a_call_while_it_works_and_nothing_of_it_afterwards(live):
    published = looked_at(live, asked(before="run = "))
    [first] = published.of("display_data")
    assert WIDGET in first["data"]
    [left] = saved(published)
    assert left["data"]["text/html"].startswith("<!-- Gemini: done, 1 attempt")
    assert left["data"]["text/html"].endswith("-->")
    assert published.of("comm_close")
    # A notebook that runs by itself, and one that watches the parts, have nobody who waits.
    assert alone(live, asked(before="run = ")).of("display_data") == []
    for more in (", show=False", ", on_part=list", ", static=True"):
        assert looked_at(live, asked(more, before="run = ")).of("display_data") == []


def test_a_call_that_breaks_keeps_what_had_come(live, tmp_path):
    (tmp_path / "cut.sse").write_text(CUT)
    failing = f'import gemini_magic\ngemini_magic.run("x", engine="replay:{tmp_path}/cut.sse")'
    [left] = saved(looked_at(live, failing))
    assert left["data"][MIME]["state"] == "failed"


def test_a_call_can_show_its_run_as_a_cell_does_and_it_stands_there_once(live):
    published = alone(live, asked(", show=True"))
    shown, result = saved(published)
    assert shown["data"][MIME]["state"] == "done"
    assert set(result["data"]) == {"text/plain"}
    assert result["data"]["text/plain"].startswith("<Run done: 1 attempt,")
    [again] = alone(live, "_").of("execute_result")
    assert MIME in again["data"]


def test_a_run_is_a_widget_for_layouts(live):
    code = "from ipywidgets import HBox\nrow = HBox([run.view()])\nrow"
    alone(live, asked(before="run = "))
    published = alone(live, code)
    states = [m["data"]["state"] for m in published.of("comm_open")]
    [view] = [state for state in states if "run" in state]
    assert view["layout"].startswith("IPY_MODEL_")
    updates = [m["data"].get("state", {}) for m in published.of("comm_msg")]
    assert any(update.get("run", {}).get("state") == "done" for update in updates)
    assert any("seconds" in update.get("stats", {}) for update in updates)
    [result] = published.of("execute_result")
    assert WIDGET in result["data"]


def test_a_view_in_a_layout_follows_a_run_that_grows(live):
    code = """
from threading import Event
from gemini_magic import Run
from gemini_magic.answer.parts import Text
from gemini_magic.request.request import Request
growing = Run(Request("x"))
with growing.tracking():
    view, ended = growing.view(), Event()
    view.observe(lambda change: change.new["state"] == "running" or ended.set(), "run")
    growing.add(Text("It grows."))
ended.wait(30)
print([part["text"] for part in view.run["parts"]])
"""
    assert alone(live, code).text == "['It grows.']\n"
