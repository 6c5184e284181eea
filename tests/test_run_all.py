"""Restart and run all: nothing is sent, and the notebook is the same, byte for byte."""

import json
import os
from base64 import b64encode

import nbformat
import pytest
from kernel import WIDGET
from loopback import GENERATE, Answer, Asked, said, stream
from nbclient import NotebookClient
from recorded import notebook

import gemini_magic
from gemini_magic.answer.document import MIME
from gemini_magic.engines.recordings.files import save
from gemini_magic.engines.recordings.store import Store

PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
KEY = "AIza-a-key-that-nobody-must-see-00001"
USAGE = {"usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 25}}
CELLS = [
    "%load_ext gemini_magic\n%config GeminiMagic.replay = 'auto'",
    """frame = {"a": [1, 2, 3]}
several = [{"name": "one"}, {"name": "two"}]
Stats = {"type": "object", "properties": {"mean": {"type": "number"}}}
def warm(city: str) -> int:
    "Return how warm it is."
    called = open("called.txt", "a").write("x")
    return 7""",
    "%%gemini_exec --static\nWhat is one and one? Static.",
    "%%gemini_exec\nWhat is one and one? Live.",
    "%%gemini_exec --chat trip --data frame\nThe first turn, with data.",
    "%%gemini_exec --chat trip\nThe second turn.",
    "%%gemini_exec\nDraw a picture.",
    "%%gemini_exec --json Stats --static --no-code\nThe mean as JSON.\n",
    "%%gemini_exec --tool warm --no-code --out weather\nHow warm is it in Oslo?",
    "print(_run.value, weather.text)",
    "%%gemini_exec --rows several --out runs\nHow many is {name}?",
    "runs",
    "%%gemini_exec --rows several --static\nHow many is {name}, static?",
]


@pytest.fixture
def model(server):
    """A model that never says the same twice."""

    def answer(asked: Asked) -> Answer:
        server.asked.append(asked)
        if GENERATE not in asked.path:
            return Answer((), 404)
        return stream(answer_of(asked.body, len(server.asked)))

    server.answer = answer
    return server


def answer_of(body, count):
    prompt = body["contents"][-1]["parts"][-1].get("text", "")
    code = {"executableCode": {"code": "print(2)", "language": "PYTHON", "id": f"c{count}"}}
    result = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2\n", "id": f"c{count}"}}
    parts = [code, result, {"text": f"Answer {count}.", "thoughtSignature": f"c2ln{count:04}"}]
    if "picture" in prompt:
        data = b64encode(PNG + bytes([count])).decode()
        parts[2:2] = [{"inlineData": {"mimeType": "image/png", "data": data}}]
    if "JSON" in prompt:
        parts = [{"text": json.dumps({"mean": count})}]
    if "Oslo" in prompt:
        parts = [{"functionCall": {"id": "f1", "name": "warm", "args": {"city": "Oslo"}}}]
    return {**said(*parts, finishReason="STOP"), **USAGE, "responseId": f"id{count}"}


def executed(folder, model, home, key=KEY, **settings):
    """Run the notebook in a kernel of its own, and return its text but for the times of its run."""
    cells = [nbformat.v4.new_code_cell(cell, id=f"cell{n}") for n, cell in enumerate(CELLS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    names = {f"GEMINI_MAGIC_{name.upper()}": value for name, value in settings.items()}
    own = {"XDG_DATA_HOME": str(home), "GOOGLE_GEMINI_BASE_URL": model.url, **names}
    env = {**os.environ, **own, **({"GEMINI_API_KEY": key} if key else {})}
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources)
    client.execute(env=env)
    for cell in notebook.cells:
        cell.metadata.pop("execution")
    return nbformat.writes(notebook)


@pytest.mark.kernel
def test_a_notebook_that_runs_again_sends_nothing_and_is_the_same(model, tmp_path):
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    first = executed(tmp_path, model, home)
    sent = len(model.prompts)
    assert sent == 12  # the turn with the function's result is one
    assert executed(tmp_path, model, home) == first

    # On another machine, without a key, from the file that was exported here.
    elsewhere.mkdir()
    store = Store(home / "gemini-magic" / "recordings.sqlite3")
    assert save(store, elsewhere / "kept.jsonl") == 11
    store.close()
    assert executed(elsewhere, model, elsewhere, key="", recordings="kept.jsonl") == first

    assert len(model.prompts) == sent
    assert (tmp_path / "called.txt").read_text() == "x"
    assert not (elsewhere / "called.txt").exists()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(KEY.encode() not in path.read_bytes() for path in files)
    assert "Answer" in first
    assert KEY not in first


TELLS = {
    "JupyterLab": "import os; os.environ['JPY_SESSION_NAME'] = {path!r}\n"
    "globals().pop('__vsc_ipynb_file__', None)",
    "VS Code": "__vsc_ipynb_file__ = {path!r}",
}


@pytest.fixture
def lesson(server, monkeypatch, tmp_path):
    """A notebook that shows the run of a prompt, which is recorded nowhere else."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    server.streams(said({"text": "Fourteen."}, finishReason="STOP"))
    return notebook(tmp_path / "lesson.ipynb", gemini_magic.run("Add seven and seven."))


@pytest.mark.parametrize("tells", TELLS.values(), ids=TELLS)
def test_a_notebook_that_is_open_answers_from_its_own_file(live, lesson, tells):
    live.run(tells.format(path=str(lesson)))
    asked = live.run("%%gemini_exec --replay only\nAdd seven and seven.")
    assert asked.reply["status"] == "ok", asked.reply
    assert "Fourteen." in asked.last_data["text/plain"]
    # A user sits there, and is told.
    (shown,) = asked.of("display_data")
    assert shown["metadata"][MIME]["recorded"].startswith("20")
    assert "nothing sent" in asked.last_data["text/html"]
    missed = live.run("%%gemini_exec --replay only\nAdd eight and eight.").reply
    assert missed["ename"] == "NotRecorded"
    assert "Add seven and seven." in missed["evalue"]


def test_runs_are_kept_beside_the_notebook_if_that_is_wanted(live, lesson):
    live.run(TELLS["JupyterLab"].format(path=str(lesson)))
    live.run("%config GeminiMagic.recordings = 'file'")
    live.run("%%gemini_exec --engine offline\n```python\nprint(6 * 7)\n```")
    beside = lesson.with_name("lesson.recordings.jsonl")
    (line,) = beside.read_text().splitlines()
    assert json.loads(line)["run"]["engine"] == "offline"
    listed = live.run("%gemini recordings").last_data["text/plain"]
    assert "1 recording" in listed
    assert beside.name in listed
    live.run("%config GeminiMagic.recordings = 'user'")


def test_try_again_asks_anew_once_and_that_answers_from_then_on(live):
    cell = "%%gemini_exec --replay auto --engine offline\n```python\nprint(6 * 9)\n```"
    when = "print(_run.recorded or _run.moment)"

    def run():
        request = live.client.session.msg(
            "execute_request", {"code": cell, "silent": False}, metadata={"cellId": "again"}
        )
        live.client.shell_channel.send(request)
        assert live.collect(request["header"]["msg_id"]).reply["status"] == "ok"
        return live.run(when).text, live.run("print(bool(_run.recorded))").text

    first, second = run(), run()
    assert first[0] == second[0]
    assert second[1] == "True\n"
    own = "from gemini_magic.views.session import current\nprint(current().host._comm.comm_id)"
    told = {"comm_id": live.run(own).text.strip(), "data": {"again": "again"}}
    live.client.shell_channel.send(live.client.session.msg("comm_msg", told))
    anew, after = run(), run()
    assert anew[1] == "False\n"
    assert anew[0] == after[0] != first[0]
    assert after[1] == "True\n"


FEW = """import gemini_magic
rows = [{"number": number} for number in range(6)]
many = gemini_magic.map("{number}?", rows, engine="offline", workers=1, progress=True, keep=%s)
%s"""


@pytest.mark.parametrize(("keep", "wants"), [(True, "many[1]"), (False, "next(iter(many))")])
def test_the_bar_of_rows_goes_with_the_cell_that_wanted_a_few_of_them(live, keep, wants):
    asked = live.run(FEW % (keep, wants))
    assert WIDGET in asked.of("display_data")[0]["data"]
    assert WIDGET not in asked.last_data
    again = live.run("len(list(many)), get_ipython().events.callbacks['post_run_cell']")
    assert again.of("update_display_data")[-1]["data"]["text/plain"] == "6 rows"
    assert "Progress" not in again.of("execute_result")[0]["data"]["text/plain"]
