"""`--data` and `--file`, from the line to the wire and into the sandbox."""

import base64

import polars as pl
import pytest
from asking import KEY, MODEL, gemini, run_of
from IPython.core.interactiveshell import InteractiveShell
from kernel import kernel
from loopback import said

import gemini_magic
from gemini_magic.answer.parts import Note, Result
from gemini_magic.engines.google.clients import client_of
from gemini_magic.engines.google.config import INLINE_BYTES
from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.offline import Offline
from gemini_magic.errors import OptionError, RequestError
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.attachments import gather
from gemini_magic.request.build import build
from gemini_magic.request.question import Question
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

FRAME = pl.DataFrame({"month": ["Jan", "Feb"], "rain": [1.5, 6.0]})
CSV = b"month,rain\nJan,1.5\nFeb,6.0\n"
SCHEMA = (
    "input_file_0.csv (frame.csv): 2 rows, 2 columns\n"
    "columns: month (String), rain (Float64)\n"
    "first rows:\n"
    "month,rain\nJan,1.5\nFeb,6.0\n"
)
READ = """```python
import csv
for name in ("input_file_0.csv", "frame.csv"):
    with open(name, newline="") as file:
        print(sum(float(row["rain"]) for row in csv.DictReader(file)))
```"""
PNG = b"\x89PNG\r\n\x1a\n, as far as anybody looks"


def built(line="", cell="How much rain?", settings=None, data=None, **names):
    settings = settings or GeminiMagic()
    return build(Question(cell, parse(line, settings), names, data or {})).request


def inline(mime_type, data):
    return {"inlineData": {"mime_type": mime_type, "data": base64.b64encode(data).decode()}}


def sent(server, request):
    """The parts of the one content that goes over the wire."""
    server.streams(said({"text": "7.5"}, finishReason="STOP"))
    assert [part.kind for part in gemini(server).stream(request)] == ["text"]
    (content,) = server.prompts[-1].body["contents"]
    assert content["role"] == "user"
    return content["parts"]


def test_a_table_goes_with_its_schema_before_the_prompt(server):
    assert sent(server, built("--data frame", frame=FRAME)) == [
        inline("text/csv", CSV),
        {"text": SCHEMA},
        {"text": "How much rain?"},
    ]


def test_without_schema_only_the_data_goes(server):
    assert sent(server, built("--data frame --no-schema", frame=FRAME)) == [
        inline("text/csv", CSV),
        {"text": "How much rain?"},
    ]


def test_variables_come_first_and_then_files_each_in_its_order(server, tmp_path):
    (tmp_path / "chart.png").write_bytes(PNG)
    line = f"--file gs://b/a.pdf --data b --file '{tmp_path / 'chart.png'}' --data a"
    assert sent(server, built(line, a="A", b={"n": 1})) == [
        inline("text/plain", b'{\n "n": 1\n}'),
        inline("text/plain", b"A"),
        {"fileData": {"file_uri": "gs://b/a.pdf", "mime_type": "application/pdf"}},
        inline("image/png", PNG),
        {"text": "How much rain?"},
    ]


def test_the_guides_chart_is_sent_word_for_word(server):
    from google.genai.types import GenerateContentConfig, Part, Tool, ToolCodeExecution

    prompt = "Extract the data points from this chart and calculate the trend line."
    address = "gs://samples/data-chart.png"
    sent(server, built(f"--file {address}", prompt))
    client = client_of(Connection(KEY, base_url=server.url))
    chunks = client.models.generate_content_stream(
        model=MODEL,
        contents=[Part.from_uri(file_uri=address, mime_type="image/png"), prompt],
        config=GenerateContentConfig(tools=[Tool(code_execution=ToolCodeExecution())]),
    )
    assert len(list(chunks)) == 1
    ours, guides = (asked.body for asked in server.prompts)
    assert ours["contents"] == guides["contents"]
    assert ours["tools"] == guides["tools"]


def test_a_file_of_the_files_api_goes_by_its_address_alone(server):
    uri = "https://generativelanguage.googleapis.com/v1beta/files/abc123"
    assert sent(server, built(f"--file {uri}"))[0] == {"fileData": {"file_uri": uri}}


def test_a_prompt_without_files_is_one_text(server):
    assert sent(server, built()) == [{"text": "How much rain?"}]


def test_what_goes_along_is_announced_with_its_size_first():
    request = built("--data frame", frame=FRAME)
    told = [part.text for part in Run(request).parts]
    assert told == ["frame.csv goes along as input_file_0.csv (27 bytes)"]
    assert request.prompt == "How much rain?"


def test_a_dry_run_shows_it_and_sends_nothing(server):
    engine = Gemini(Connection(KEY, base_url=server.url), MODEL)
    preview = engine.preview(built("--data frame", frame=FRAME))
    assert '"data": "(27 bytes)"' in preview
    assert "2 rows, 2 columns" in preview
    assert base64.b64encode(CSV).decode() not in preview
    assert server.asked == []


def test_more_than_a_request_may_carry_is_one_line_on_vertex_and_nothing_is_sent(server):
    half = "x" * (INLINE_BYTES // 2 + 1)
    settings = GeminiMagic(max_attachment_bytes=20_000_000)
    request = built("--data a --data b", settings=settings, a=half, b=half)
    vertex = Gemini(Connection(KEY, vertex=True, base_url=server.url), MODEL)
    with pytest.raises(RequestError) as caught:
        run_of(vertex, "x", attachments=request.attachments)
    assert str(caught.value) == (
        "the files have 14,000,002 bytes together, and a request may carry 14,000,000: send less, "
        "or put them into Cloud Storage and name their gs:// addresses"
    )
    assert server.asked == []


def test_the_sandbox_of_the_offline_engine_has_the_data_under_both_names():
    request = built("--data frame", cell=READ, frame=FRAME)
    assert Result("OUTCOME_OK", "7.5\n7.5\n") in list(Offline().stream(request))


def test_the_preview_of_the_offline_engine_lists_the_files():
    preview = Offline().preview(built("--data frame", cell=READ, frame=FRAME))
    assert preview.endswith("\n  frame.csv: 27 bytes\n  input_file_0.csv: 27 bytes")


def test_the_offline_engine_fetches_nothing():
    request = built("--file gs://b/a.csv", cell=READ)
    for ask in (Offline().preview, lambda request: list(Offline().stream(request))):
        with pytest.raises(RequestError, match=r"no network to fetch 'gs://b/a\.csv'"):
            ask(request)


def test_data_that_holds_the_key_is_refused_without_telling_it(monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    with pytest.raises(RequestError) as caught:
        built("--data config", config={"key": KEY})
    assert str(caught.value).startswith("config.json holds the key of GEMINI_API_KEY")
    assert KEY not in str(caught.value)


def test_a_variable_that_is_not_there_is_one_line_with_the_nearest():
    with pytest.raises(RequestError, match="no variable 'fram' to send: did you mean 'frame'"):
        built("--data fram", frame=FRAME)
    with pytest.raises(RequestError, match="run the cell that makes it first"):
        built("--data nothing")
    # As IPython puts it into every notebook.
    with pytest.raises(RequestError, match="run the cell that makes it first"):
        built("--data opens", open=open)


def test_a_name_that_is_none_is_refused_by_the_table():
    with pytest.raises(OptionError, match="--data: takes a variable's name, not 'a b'"):
        parse("--data 'a b'", GeminiMagic())


def offers_key(city: str, key: str = KEY) -> str:
    return city


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("--tool offers_key", "the declaration of 'offers_key'"),
        ("--json shape", "the schema of 'shape'"),
        (f"--file https://host/files/abc?key={KEY}", "the address of a file"),
    ],
)
def test_a_key_in_what_describes_the_request_is_refused_without_telling_it(
    monkeypatch, line, where
):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    shape = {"type": "object", "description": f"from {KEY}"}
    with pytest.raises(RequestError) as caught:
        built(line, offers_key=offers_key, shape=shape)
    assert str(caught.value) == (
        f"{where} holds the key of GEMINI_API_KEY: take it out, keys stay here"
    )


def test_the_same_from_python(tmp_path, monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_ENGINE", "offline")
    (tmp_path / "a.csv").write_bytes(CSV)
    prompt = '```python\nprint(open("frame.csv").read() == open("input_file_1.csv").read())\n```'
    run = gemini_magic.run(prompt, data={"frame": FRAME}, files=[tmp_path / "a.csv"])
    assert run.output == "True\n"
    assert [part.text for part in run.parts if isinstance(part, Note)][:2] == [
        "frame.csv goes along as input_file_0.csv (27 bytes)",
        "a.csv goes along as input_file_1.csv (27 bytes)",
    ]
    assert run.staging.endswith(
        f"gemini_magic.stage(data={{'frame': frame}}, files=[{str(tmp_path / 'a.csv')!r}])"
    )


def test_one_path_alone_is_a_file_too(tmp_path):
    (tmp_path / "frame.csv").write_bytes(CSV)
    prompt = "```python\nprint(len(open('frame.csv').read()))\n```"
    run = gemini_magic.run(prompt, engine="offline", files=tmp_path / "frame.csv")
    assert run.output == "27\n"


def test_a_cell_gives_its_variables_and_says_so(capsys):
    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("load_ext", "gemini_magic")
        shell.user_ns["frame"] = FRAME
        assert shell.run_cell(f"%%gemini_exec --engine offline --data frame\n{READ}").success
        shown = capsys.readouterr().out
        assert "frame.csv goes along as input_file_0.csv (27 bytes)" in shown
        assert shell.user_ns["_run"].output == "7.5\n7.5\n"
        failed = shell.run_cell("%%gemini_exec --engine offline --file no-such.csv\nx y z")
        assert isinstance(failed.error_in_exec, RequestError)
        assert "RequestError: there is no file 'no-such.csv'" in "".join(capsys.readouterr())
    finally:
        InteractiveShell.clear_instance()


def test_the_bytes_are_not_in_the_repr_of_a_request():
    assert "Jan" not in repr(Request("x", attachments=gather({"n": "Jan"}, [], 99)))


@pytest.mark.kernel
def test_in_a_real_kernel_the_offered_cell_repeats_what_gemini_computed(server, tmp_path):
    code = "import csv\nrows = list(csv.DictReader(open('input_file_0.csv')))\nprint(len(rows))"
    server.streams(said({"executableCode": {"code": code}}, {"codeExecutionResult": {}}))
    env = {"GEMINI_API_KEY": "any", "GOOGLE_GEMINI_BASE_URL": server.url}
    with kernel(env) as live:
        live.run(f"import os\nos.chdir({str(tmp_path)!r})\nrain = {{'mm': [1, 2]}}")
        live.run("import polars\nframe = polars.DataFrame(rain)")
        asked = live.run("%%gemini_exec --engine gemini --data frame --insert last\nHow many rows?")
        (payload,) = asked.reply["payload"]
        assert payload["text"].startswith("import gemini_magic\n\ngemini_magic.stage(")
        assert live.run(payload["text"]).text == "2\n"
