"""Gemini in a real kernel: hard answers, hard interrupts, and a kernel that stays usable."""

import json
from threading import Event

import pytest
from kernel import kernel
from loopback import CUT, GENERATE, event, refusal, said, serving, stream

from gemini_magic.answer.document import MIME
from gemini_magic.answer.rows import ROWS_MIME

KEY = "AIza-a-key-that-nobody-must-see-00002"
CODE = {"executableCode": {"language": "PYTHON", "code": "print(1)"}}
pytestmark = pytest.mark.kernel
ASK = "%%gemini_exec --engine gemini\nadd 1 and 1"


def words(text, **candidate):
    return said({"text": text}, **candidate)


@pytest.fixture(scope="module")
def gemini():
    with serving() as running:
        env = {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": running.url}
        with kernel(env) as live:
            yield running, live


def ask(gemini, *answers, cell=ASK):
    running, live = gemini
    running.on(GENERATE, *answers)
    published = live.run(cell)
    assert KEY not in json.dumps([content for _, content in published.messages], default=str)
    assert live.run("print(6 * 7)").text == "42\n"
    return published


def document(published):
    return published.last_data[MIME]


def test_an_answer_of_ten_megabytes_is_a_run_and_is_sent_three_times_at_most(gemini):
    chunk = event(words("all work and no play " * 500))
    last = event(words("the end", finishReason="STOP"))
    published = ask(gemini, stream(*[chunk] * 1_000, last))
    assert published.reply["status"] == "ok"
    (part,) = document(published)["parts"]
    assert len(part["text"]) > 10_000_000
    assert part["text"].endswith("the end")
    shown = ("display_data", "comm_open", "comm_msg", "update_display_data")
    sizes = [len(json.dumps(content)) for content in published.of(*shown)]
    assert sum(sizes) <= 3 * sizes[-1]


def test_half_a_character_pair_does_not_break_the_notebook(gemini):
    body = (
        b'data: {"candidates":[{"content":{"parts":[{"text":"a\\ud800b"}]},"finishReason":"STOP"}]}'
    )
    published = ask(gemini, stream(body + b"\r\n\r\n"))
    assert published.reply["status"] == "ok"
    assert document(published)["parts"][0]["text"] == "a\ufffdb"


def test_a_cut_stream_keeps_the_code_and_fails_the_cell_in_one_line(gemini):
    published = ask(gemini, stream(said(CODE), CUT))
    assert (published.reply["status"], published.reply["ename"]) == ("error", "ConnectionLost")
    assert len(published.reply["traceback"]) == 1
    assert document(published)["state"] == "failed"
    assert [part["kind"] for part in document(published)["parts"]] == ["code"]


def test_a_bad_key_is_one_line_that_names_the_variable(gemini):
    reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    published = ask(gemini, refusal(400, "INVALID_ARGUMENT", f"bad key {KEY}", reason))
    assert published.reply["traceback"] == ["KeyInvalid: see the run above"]
    for line in (published.reply["evalue"], document(published)["error"]):
        assert "GEMINI_API_KEY" in line
        assert KEY not in line


@pytest.mark.parametrize("chunks", [0, 1, 2, 5, 12])
def test_an_interrupt_at_any_moment_stops_the_run_and_frees_the_kernel(gemini, chunks):
    running, live = gemini
    before, after = [words("x "), 0.05] * chunks, [words("x "), 0.05] * 40
    running.on(GENERATE, stream(*before, live.interrupt, *after))
    published = live.run(ASK, seconds=10)
    assert published.reply["status"] == "error"
    assert published.reply["ename"] in ("Stopped", "KeyboardInterrupt")
    assert live.run("print(6 * 7)").text == "42\n"


def test_many_rows_are_one_output_that_grows_and_is_no_widget_at_the_end(gemini):
    answer = stream(words("<b>blame</b>", finishReason="STOP"))
    rows = "rows = [{'text': f'review {n}'} for n in range(5)]"
    assert gemini[1].run(rows).reply["status"] == "ok"
    published = ask(
        gemini,
        answer,
        cell="%%gemini_exec --engine gemini --rows rows --out runs\nBlame? {text}",
    )
    assert published.reply["status"] == "ok"
    (first,) = published.of("display_data")
    assert {each["transient"]["display_id"] for each in published.of("update_display_data")} == {
        first["transient"]["display_id"]
    }
    final = published.of("update_display_data")[-1]["data"]
    assert set(final) == {ROWS_MIME, "text/plain", "text/html"}
    assert "5 done of 5 rows" in final["text/plain"]
    assert final["text/html"].count("<details") == 5
    assert "<b>blame" not in final["text/html"]
    assert gemini[1].run("print(len(runs), runs[4].text)").text == "5 <b>blame</b>\n"


def test_many_rows_inside_of_an_output_come_once_as_it_takes_no_updates(gemini):
    running, live = gemini
    running.on(GENERATE, stream(words("blame", finishReason="STOP")))
    cell = "get_ipython().run_cell_magic('gemini_exec', '--rows rows', 'In {text}')"
    published = live.run(f"import ipywidgets\nwith ipywidgets.Output():\n    {cell}")
    assert published.reply["status"] == "ok"
    (shown,) = published.of("display_data", "update_display_data")
    assert "5 done of 5 rows" in shown["data"]["text/plain"]


def test_the_bar_of_many_rows_leaves_no_widget(gemini):
    pytest.importorskip("tqdm")
    running, live = gemini
    running.on(GENERATE, stream(words("blame", finishReason="STOP")))
    live.run("import gemini_magic\ntwo = [{'text': 'one'}, {'text': 'two'}]")
    published = live.run("runs = gemini_magic.map('Say {text}', two, replay='never'); len(runs)")
    assert published.reply["status"] == "ok"
    (first,) = published.of("display_data")
    assert "application/vnd.jupyter.widget-view+json" in first["data"]
    last = published.of("update_display_data")[-1]
    assert last["transient"] == first["transient"]
    assert last["data"] == {"text/html": "<!-- 2 rows -->", "text/plain": "2 rows"}


def test_an_interrupt_of_many_rows_is_one_line_and_the_table_stays(gemini):
    slow = stream(words("so"), Event(), words("late", finishReason="STOP"))
    quick = stream(words("done", finishReason="STOP"))
    running, live = gemini
    running.on(GENERATE, quick, slow)
    cell = "%%gemini_exec --engine gemini --rows rows --workers 1 --replay never\nOf {text}"
    published = live.collect(live.start(cell), at="1 done")
    assert published.reply["ename"] == "Stopped"
    (line,) = published.reply["traceback"]
    assert "1 done of 5 rows" in line
    assert "1 done of 5 rows" in published.last_data["text/plain"]
    assert live.run("print(len(_run.came))").text == "1\n"
