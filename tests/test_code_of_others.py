"""What a file, a server or a saved run says never becomes other code than ours."""

import ast
import json

import pytest
from browser import RUNS, stored
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.errors import ChatError, RecordingError, RequestError
from gemini_magic.notebook.cells import code_of
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.attachments import recalled
from gemini_magic.request.request import Request
from gemini_magic.request.staging import is_source, source_of
from gemini_magic.runs.run import Run
from gemini_magic.runs.transcript import load

CALL = "__import__('os').system('touch X')"
HOSTILE = [
    CALL,
    f"{CALL}.csv",
    f"x, **{{1: {CALL}}}.csv",
    f"x\n{CALL}\n.csv",
    f"x.csv\n{CALL.replace('.', ' .')}",
    f"x.\n{CALL.partition('.')[0]}",
    f"gs://b/c.csv\n{CALL}",
    f"https://b/\r{CALL}",
    f"gs://b/\x0c{CALL}",
    f"https://b/\u2028{CALL}",
    f"'], first={CALL}, files=['",
    f"a'\\\n{CALL}",
    "lambda.csv",
    "None.csv",
    "..",
    "",
    "\ud800.csv",
]


def only_stages(source):
    """Whether Python code does nothing but import us and call `stage` with literals and names."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            assert [name.name for name in node.names] == ["gemini_magic"]
            continue
        call = node.value
        assert ast.unparse(call.func) == "gemini_magic.stage"
        assert call.args == []
        for keyword in call.keywords:
            assert keyword.arg in ("data", "files", "first")
            if keyword.arg == "data":
                names = [ast.literal_eval(key) for key in keyword.value.keys]
                assert [value.id for value in keyword.value.values] == names
            else:
                ast.literal_eval(keyword.value)
    return True


def assert_harmless(attachment):
    """Nothing that an attachment says of itself reaches the code of a cell as code."""
    try:
        request = Request("add", earlier=((attachment,),), attachments=(attachment,))
        run = Run(request, insert="all")
    except RequestError:
        return
    assert only_stages(run.staging)
    assert is_source(run.staging)
    assert only_stages(code_of(run))


@pytest.mark.parametrize("field", ["name", "mime_type", "uri", "path"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_field_of_an_attachment_becomes_code(field, text):
    fields = {"name": "a.csv", "mime_type": "text/csv", "uri": "", "path": ""}
    for others in ({}, {"path": "data/a.csv"}, {"uri": "gs://b/a.csv"}):
        assert_harmless(Attachment(data=None, **{**fields, **others, field: text}))


TEXTS = st.text(max_size=12) | st.sampled_from(HOSTILE)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_attachment_at_all_becomes_code(name, mime_type, uri, path):
    assert_harmless(Attachment(name, mime_type, None, uri=uri, path=path))
    try:
        recalled(name, mime_type, uri, path)
    except RequestError as exc:
        assert "\n" not in str(exc)


def chat_file(folder, **changes):
    attachment = {"name": "a.csv", "mime_type": "text/csv", "uri": "", "path": ""} | changes
    turn = {"prompt": "a", "answer": "b", "contents": [], "tokens": 1, "cell": ""}
    turn["attachments"] = [attachment]
    path = folder / "chat.json"
    document = {"chat": "t", "version": 1, "engine": "gemini", "turns": [turn]}
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {"name": f"{CALL}.csv"},
        {"name": "my data.csv"},
        {"name": "lambda.csv"},
        {"name": "a\n.csv", "path": "a.csv"},
        {"uri": f"gs://b/a.csv\n{CALL}"},
        {"uri": "gs://b/a b.csv"},
        {"uri": "http://b/a.csv"},
        {"uri": "javascript:alert(1)"},
        {"uri": f"file:a\n{CALL}"},
        {"path": f"a.csv\n{CALL}"},
        {"path": "gs://b/a.csv"},
        {"mime_type": "text/csv\n"},
        {"mime_type": f"x/{CALL}"},
    ],
    ids=repr,
)
def test_a_chat_whose_attachments_nobody_can_have_sent_is_refused(tmp_path, changes):
    with pytest.raises(ChatError, match="is no chat, or a damaged one"):
        load(chat_file(tmp_path, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"uri": "gs://b/a.csv"},
        {"uri": "https://b/a.csv"},
        {"path": "data/a.csv"},
        {"mime_type": ""},
        {"name": "Ωmega.csv"},
    ],
    ids=repr,
)
def test_a_chat_with_attachments_that_were_sent_still_opens(tmp_path, changes):
    chat = load(chat_file(tmp_path, **changes))
    assert len(chat.turns[0].attachments) == 1
    assert only_stages(source_of(turn.attachments for turn in chat.turns))


@pytest.mark.parametrize("path", ["/etc/passwd", "~/.ssh/id_rsa", "../secret.txt", "a/../../b"])
def test_a_file_elsewhere_is_named_and_not_opened_by_code_of_a_chat(tmp_path, path):
    chat = load(chat_file(tmp_path, name="a.txt", mime_type="text/plain", path=path))
    source = source_of(turn.attachments for turn in chat.turns)
    assert source.startswith("# input_file_0.txt is file:")
    assert "stage" not in source
    assert load(chat_file(tmp_path, uri=chat.turns[0].attachments[0].uri)).turns


# vitest reads the same file: a notebook's page makes cells of it without a kernel.
STAGING = json.loads((RUNS.parent / "staging.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("staging", STAGING["ours"])
def test_a_saved_run_with_our_code_for_its_files_is_read(staging):
    assert Run.from_dict({**stored("files"), "staging": staging}).staging == staging
    assert only_stages(staging)


@pytest.mark.parametrize("staging", STAGING["others"])
def test_a_saved_run_with_other_code_for_its_files_is_refused(staging):
    with pytest.raises(RecordingError, match="its staging is other code"):
        Run.from_dict({**stored("files"), "staging": staging})


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "größe"]), st.sampled_from(["", "gs://b/it's.csv"]), TEXTS)
    )
)
def test_the_code_of_our_own_runs_is_read_back(attachments):
    turn = [
        Attachment(f"{name}.csv", "text/csv", None, uri, path) for name, uri, path in attachments
    ]
    assert is_source(source_of([turn, turn]))
