"""Runs inside of other people's widgets: `Output`, `interact` and callbacks."""

import nbformat
import pytest
from kernel import WIDGET, Kernel, Published
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from test_shows import alone, looked_at, saved

from gemini_magic.answer.document import MIME

RUN = 'get_ipython().run_cell_magic("gemini_exec", "--engine offline", "```python\\n6*7\\n```")'
OUTPUT = f"import ipywidgets as widgets\nout = widgets.Output()\nwith out:\n    {RUN}"
CALL = 'gemini_magic.run("```python\\n6*7\\n```", engine="offline", show=True)'
CLICK = """
import gemini_magic, ipywidgets as widgets
button, out = widgets.Button(), widgets.Output()
def click(button):
    {body}
button.on_click(click)
print(button.model_id)
"""


def kinds_of(published: Published) -> list[str]:
    """The order in which a run is shown, and its widget closed, or emptied."""
    kinds = []
    opened = {content["comm_id"] for content in published.of("comm_open")}
    for _, message in published.messages:
        content, kind = message["content"], message["msg_type"]
        if kind == "display_data":
            kinds.append("live" if WIDGET in content["data"] else content["data"][MIME]["state"])
        elif kind == "update_display_data":
            kinds.append(kind)
        elif kind == "comm_msg" and content["data"].get("state", {}).get("run") == {}:
            kinds.append("emptied")
        elif kind == "comm_close" and content["comm_id"] in opened:
            kinds.append("closed")
    return kinds


def clicked(live: Kernel, button: str) -> Published:
    """What a click on the button sends."""
    data = {"method": "custom", "content": {"event": "click"}}
    session = live.client.session
    message = session.msg("comm_msg", {"comm_id": button, "data": data})
    live.client.shell_channel.send(message)
    return live.collect(message["header"]["msg_id"], replies=False)


def test_an_output_gets_a_run_live_and_at_its_end_without_updates(live):
    # An Output takes what answers to the request of its cell, and no updates of it.
    assert kinds_of(looked_at(live, OUTPUT)) == ["live", "emptied", "done"]


def test_an_output_of_a_notebook_that_runs_by_itself_gets_the_run_once(live):
    assert kinds_of(alone(live, OUTPUT)) == ["done"]


def test_a_page_that_draws_an_output_late_finds_its_widget_empty_and_no_more_than_some(live):
    # What is drawn of a widget that is closed is an error: "model not found".
    count = "from comm import get_comm_manager; print(len(get_comm_manager().comms))"
    many = f"{OUTPUT}\nfor _ in range(40):\n    with out:\n        {RUN}"
    before = int(looked_at(live, count).text)
    published = looked_at(live, many)
    states = [m["data"].get("state", {}) for m in published.of("comm_msg")]
    [script] = {state["_esm"] for state in states if state.get("run") == {}}
    assert len(script) < 40
    assert int(looked_at(live, count).text) - before < 40


def test_what_follows_an_output_is_shown_as_ever(live):
    [shown] = saved(looked_at(live, f"{OUTPUT}\n{RUN}"))[2:]
    assert shown["data"][MIME]["state"] == "done"
    assert shown["name"]


def test_a_callback_shows_its_run_in_the_output_that_it_names(live):
    button = alone(live, CLICK.format(body=f"with out: {RUN}")).text.strip()
    live.collect(live.client.execute("1", allow_stdin=True))
    assert kinds_of(clicked(live, button)) == ["live", "emptied", "done"]


def test_a_call_inside_of_an_output_is_seen_while_it_works(live):
    quiet = CALL.replace(", show=True", "")
    code = f"import gemini_magic, ipywidgets as widgets\nwith widgets.Output():\n    run = {quiet}"
    assert kinds_of(looked_at(live, code)) == ["live", "emptied"]
    assert kinds_of(looked_at(live, f"{code}\n    display(run)")) == ["live", "emptied", "done"]


def test_a_callback_without_an_output_shows_its_run_once(live):
    button = alone(live, CLICK.format(body=CALL)).text.strip()
    live.collect(live.client.execute("1", allow_stdin=True))
    assert kinds_of(clicked(live, button)) == ["done"]


def test_a_callback_that_only_asks_shows_nothing(live):
    button = alone(live, CLICK.format(body=CALL.replace(", show=True", ""))).text.strip()
    live.collect(live.client.execute("1", allow_stdin=True))
    assert kinds_of(clicked(live, button)) == []


def executed(cells: list[str]) -> nbformat.NotebookNode:
    """A notebook of these cells that ran by itself.

    nbclient tells an Output its state past the loop that waits on the same socket, which then may
    miss the reply, with any widgets: so it is tried again.
    """
    for left in (4, 3, 2, 1, 0):
        code = [nbformat.v4.new_code_cell(cell) for cell in cells]
        notebook = nbformat.v4.new_notebook(cells=code)
        try:
            NotebookClient(notebook, kernel_name="python3", timeout=10).execute()
        except CellTimeoutError:
            if not left:
                raise
            continue
        break
    return notebook


@pytest.mark.kernel
def test_a_notebook_that_runs_by_itself_keeps_the_runs_of_outputs_and_interact():
    interact = f"from ipywidgets import interact\n@interact(n=3)\ndef ask(n):\n    return {CALL}"
    quiet = interact.replace(", show=True", "")
    cells = ["%load_ext gemini_magic\nimport gemini_magic", f"{OUTPUT}\nout", interact, quiet]
    notebook = executed(cells)
    states = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    held = [state["state"]["outputs"] for state in states.values() if "outputs" in state["state"]]
    runs = [[o["data"][MIME]["state"] for o in outputs if MIME in o["data"]] for outputs in held]
    assert runs == [["done"], ["done"], ["done"]]
