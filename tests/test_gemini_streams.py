"""Every quirk of Gemini's streams, by the real SDK over a loopback server."""

import base64
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from asking import failure_of, gemini, run_of
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import CUT, GENERATE, event, refusal, said, stream

from gemini_magic.answer.parts import Code, Image, Note, Reply, Result, Source, Text, Thought, Usage
from gemini_magic.engines.replay import Replay
from gemini_magic.errors import (
    AnswerCut,
    AnswerUnreadable,
    Blocked,
    CallMalformed,
    ConnectionLost,
    EngineTimeout,
    GeminiError,
    QuotaExhausted,
    Recited,
    RequestRefused,
    ServerError,
)
from gemini_magic.request.request import Request

CODE = {"executableCode": {"language": "PYTHON", "code": "print(1)"}}
PNG = b"\x89PNG one"


def result(outcome="OUTCOME_OK", **fields):
    return {"codeExecutionResult": {"outcome": outcome, **fields}}


def text(words, **fields):
    return {"text": words, **fields}


def image(data=PNG, mime_type="image/png"):
    return {"inlineData": {"mimeType": mime_type, "data": base64.b64encode(data).decode()}}


def finished(reason="STOP", **fields):
    return said(finishReason=reason, **fields)


def totals(total, **fields):
    return {"usageMetadata": {"promptTokenCount": 7, "totalTokenCount": total, **fields}}


DONE = said(text("done"), finishReason="STOP")


def ask(server, *chunks, **request):
    """Return the run of a stream of `chunks`."""
    server.streams(*chunks)
    return run_of(gemini(server), **request)


def failed(server, kind, *chunks, **request):
    """Return the run of a stream that breaks."""
    server.streams(*chunks)
    return failure_of(gemini(server), kind, **request).run


def test_1_the_word_stop_in_the_middle_of_a_stream_is_not_the_end(server):
    run = ask(server, said(CODE, finishReason="STOP"), said(result(output="1\n")), DONE)
    assert [Code("print(1)"), Result(output="1\n"), Text("done")] == run.parts


def test_1_the_word_stop_on_every_chunk_is_not_the_end(server):
    chunks = [said(text(letter), finishReason="STOP") for letter in "abc"]
    assert ask(server, *chunks).text == "abc"


def test_2_code_and_result_marked_as_thoughts_are_code_and_result(server):
    thought = {"thought": True}
    run = ask(server, said({**CODE, **thought}), said({**result(output="1"), **thought}), DONE)
    assert [Code("print(1)"), Result(output="1"), Text("done")] == run.parts


def test_2_text_marked_as_a_thought_is_a_thought(server):
    run = ask(server, said(text("Let me ", thought=True)), said(text("see", thought=True)), DONE)
    assert [Thought("Let me see"), Text("done")] == run.parts


def test_3_one_code_with_two_results_is_one_step_that_ends_as_the_last(server):
    run = ask(
        server, said(CODE), said(result(output="so far\n")), said(result("OUTCOME_FAILED")), DONE
    )
    assert (len(run.steps), len(run.steps[0].results), run.outcome) == (1, 2, "OUTCOME_FAILED")


def test_4_code_without_a_result_is_a_step_without_an_outcome(server):
    run = ask(server, said(CODE), DONE)
    assert (run.code, run.outcome, run.output) == ("print(1)", None, "")


def test_5_a_result_without_output_printed_nothing(server):
    assert ask(server, said(CODE, result()), DONE).steps[0].output == ""


def test_5_a_failure_may_say_anything(server):
    run = ask(server, said(CODE, result("OUTCOME_FAILED", output="Unable to open file")), DONE)
    assert (run.outcome, run.output) == ("OUTCOME_FAILED", "Unable to open file")


def test_5_three_failures_and_then_words_are_three_steps_of_a_run_that_is_done(server):
    run = ask(server, *[said(CODE, result("OUTCOME_FAILED", output="no"))] * 3, DONE)
    assert (
        [step.outcome for step in run.steps],
        run.state,
        run.text,
    ) == (["OUTCOME_FAILED"] * 3, "done", "done")


@pytest.mark.parametrize(
    "empty",
    [
        {"candidates": [{"content": {"role": "model"}}]},
        {"candidates": [{"content": {}}]},
        {"candidates": [{}]},
        {"candidates": []},
        {},
        {"usageMetadata": {"promptTokenCount": 7}},
        said(text("")),
        said(text("", thoughtSignature="c2lnbmF0dXJl")),
        said({}),
        said({"aKindOfTomorrow": {"x": 1}}),
    ],
    ids=str,
)
@pytest.mark.parametrize("place", ["in the middle", "last"])
def test_6_a_chunk_that_holds_nothing_changes_nothing(server, empty, place):
    chunks = [said(text("a")), empty, said(text("b"), finishReason="STOP")]
    run = ask(server, *(chunks if place != "last" else [chunks[0], chunks[2], empty]))
    assert ([Text("ab")], "done") == (run.parts, run.state)


def test_6_a_last_chunk_of_usage_alone_is_taken(server):
    assert ask(server, DONE, totals(12)).usage == Usage(prompt=7, total=12)


def test_7_the_last_usage_with_a_total_counts_and_nothing_is_summed(server):
    run = ask(
        server,
        {**said(text("a")), **totals(10)},
        {**said(text("b")), **totals(46)},
        {
            **DONE,
            **totals(
                40,
                candidatesTokenCount=8,
                thoughtsTokenCount=9,
                toolUsePromptTokenCount=10,
                cachedContentTokenCount=6,
            ),
        },
        {"usageMetadata": {"trafficType": "ON_DEMAND"}},
    )
    assert run.usage == Usage(7, 8, 9, 10, 6, 40)


def test_8_the_same_picture_twice_in_a_row_is_kept_once(server):
    other = image(b"another")
    run = ask(server, said(CODE), said(image(), image()), said(image()), said(other, image()), DONE)
    assert [picture.data for picture in run.images] == [PNG, b"another", PNG]


def test_8_a_picture_may_follow_its_code_without_a_result(server):
    run = ask(server, said(CODE), said(image()), DONE)
    assert (Image("image/png", PNG),) == run.steps[0].images


@pytest.mark.parametrize("mime_type", ["IMAGE/PNG", "image/png; charset=binary", " Image/Png "])
def test_a_picture_is_one_however_its_type_is_written(server, mime_type):
    """Types of media know no case, and take parameters."""
    run = ask(server, said(image(mime_type=mime_type)), DONE)
    assert run.parts[0] == Image("image/png", PNG)


def test_9_text_comes_in_fragments_and_code_whole(server):
    fragments = [said(text(letter)) for letter in "one, two"]
    run = ask(server, *fragments, said(CODE), said(CODE), DONE)
    assert [Text("one, two"), Code("print(1)"), Code("print(1)"), Text("done")] == run.parts


def test_9_parts_are_yielded_when_they_come_and_not_at_the_end(server):
    is_here = Event()
    server.streams(said(text("first")), is_here, DONE)
    parts = gemini(server).stream(Request("add"))
    assert next(parts) == Text("first")
    assert len(server.prompts) == 1
    is_here.set()
    assert list(parts) == [Text("done")]


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [(503, "UNAVAILABLE", ServerError), (429, "RESOURCE_EXHAUSTED", QuotaExhausted)],
)
def test_10_an_error_inside_a_stream_keeps_the_parts_and_fails_the_run(server, code, status, kind):
    error = {"error": {"code": code, "message": "overloaded", "status": status}}
    run = failed(server, kind, said(text("had this")), error)
    assert (run.state, run.text, len(server.prompts)) == ("failed", "had this", 1)


def test_11_a_cut_connection_keeps_the_parts_and_fails_the_run(server):
    run = failed(server, ConnectionLost, said(text("had this")), CUT)
    assert (run.state, run.text) == ("failed", "had this")


def test_11_a_stream_cut_inside_an_event_keeps_the_parts_and_fails_the_run(server):
    run = failed(
        server, ConnectionLost, said(text("had this")), b'data: {"candidates": [{"con', CUT
    )
    assert run.text == "had this"


def test_11_a_silence_longer_than_the_timeout_keeps_the_parts_and_names_the_flag(server):
    run = failed(server, EngineTimeout, said(text("had this")), Event(), DONE, timeout=0.1)
    assert run.text == "had this"
    assert "0.1 s" in run.error
    assert "--timeout" in run.error


def test_12_code_keeps_its_order_and_the_names_of_uploaded_files(server):
    codes = [f"open('input_file_{n}.csv')" for n in range(3)]
    chunks = [said({"executableCode": {"code": code}}) for code in codes]
    assert codes == [step.code for step in ask(server, *chunks, DONE).steps]


def test_results_find_their_code_by_id(server):
    first, second = ({"executableCode": {"code": name, "id": name}} for name in "ab")
    run = ask(
        server,
        said(first, second),
        said(result(output="of b", id="b"), result(output="of a", id="a")),
        DONE,
    )
    assert [(step.code, step.output) for step in run.steps] == [("a", "of a"), ("b", "of b")]


def test_an_unknown_outcome_is_kept_as_the_wire_has_it_and_warns_nobody(server, recwarn):
    assert ask(server, said(CODE, result("OUTCOME_OF_TOMORROW")), DONE).outcome == (
        "OUTCOME_OF_TOMORROW"
    )
    assert [str(warning.message) for warning in recwarn] == []


def test_an_unknown_language_is_kept_as_the_wire_has_it(server):
    code = {"executableCode": {"language": "RUST", "code": "fn main() {}"}}
    assert Code("fn main() {}", "RUST") == ask(server, said(code), DONE).steps[0].part


@pytest.mark.parametrize(
    ("part", "note"),
    [
        ({"functionCall": {"name": "now", "args": {}}}, "now()"),
        ({"fileData": {"fileUri": "gs://a/b"}}, "gs://a/b"),
        ({"functionResponse": {"name": "now", "response": {}}}, "function_response"),
    ],
)
def test_a_part_that_cannot_be_shown_is_told(server, part, note):
    first = ask(server, said(part), DONE).parts[0]
    assert isinstance(first, Note)
    assert note in first.text


def test_a_page_and_a_file_without_an_address_are_not_told(server):
    pages = {"urlMetadata": [{"urlRetrievalStatus": "URL_RETRIEVAL_STATUS_ERROR"}, {}]}
    run = ask(
        server, said({"fileData": {}}, text("a"), urlContextMetadata=pages, finishReason="STOP")
    )
    assert [part for part in run.parts if isinstance(part, Note)] == [
        Note("a part came that cannot be shown: file_data")
    ]


def test_sources_are_named_once(server):
    page = {"web": {"title": "A page", "uri": "https://example.com/a"}}
    grounding = {"groundingChunks": [page, page, {"web": {"uri": "https://example.com/b"}}, {}]}
    run = ask(
        server,
        said(text("a"), groundingMetadata=grounding),
        said(text("b"), groundingMetadata=grounding, finishReason="STOP"),
    )
    assert [
        Source("A page", "https://example.com/a"),
        Source("https://example.com/b", "https://example.com/b"),
    ] == [part for part in run.parts if isinstance(part, Source)]


def test_the_answers_id_and_version_are_told_once(server):
    who = {"responseId": "r1", "modelVersion": "gemini-2.5-pro-001"}
    server.streams({**said(text("a")), **who}, {**DONE, **who})
    parts = list(gemini(server).stream(Request("add")))
    assert parts.count(Reply("r1", "gemini-2.5-pro-001")) == 1


def test_only_the_first_candidate_is_read(server):
    both = {"candidates": [*said(text("a"))["candidates"], *said(text("b"))["candidates"]]}
    assert ask(server, both, finished()).text == "a"


@pytest.mark.parametrize("first", [0, 3])
def test_a_further_candidate_in_chunks_of_its_own_is_not_mixed_in(server, first):
    """In any order, and ended by whatever it is."""

    def of(index, words, **candidate):
        return said(text(words), index=index, **candidate)["candidates"]

    run = ask(
        server,
        {"candidates": [*of(first + 1, "x"), *of(first, "a")]},
        {"candidates": of(first + 1, "y")},
        {"candidates": of(first, "b", finishReason="STOP")},
        {"candidates": of(first + 1, "z", finishReason="SAFETY")},
        history=(),
    )
    assert run.text == "ab"
    assert run.turn.contents[-1]["parts"] == [text("ab")]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("MAX_TOKENS", AnswerCut),
        ("CONTINUATION", AnswerCut),
        ("SAFETY", Blocked),
        ("PROHIBITED_CONTENT", Blocked),
        ("BLOCKLIST", Blocked),
        ("SPII", Blocked),
        ("IMAGE_SAFETY", Blocked),
        ("RECITATION", Recited),
        ("MALFORMED_FUNCTION_CALL", CallMalformed),
        ("UNEXPECTED_TOOL_CALL", CallMalformed),
        ("TOO_MANY_TOOL_CALLS", CallMalformed),
        ("MALFORMED_RESPONSE", AnswerUnreadable),
        ("MISSING_THOUGHT_SIGNATURE", AnswerUnreadable),
        ("OTHER", AnswerUnreadable),
        ("A_REASON_OF_TOMORROW", AnswerUnreadable),
    ],
)
def test_an_answer_that_ends_in_trouble_keeps_its_parts_and_says_why(server, reason, kind):
    run = failed(server, kind, said(text("had this")), finished(reason))
    assert run.text == "had this"
    assert f"({reason})" in run.error
    assert run.state == ("blocked" if issubclass(kind, Blocked) else "failed")


def test_every_reason_of_the_sdk_but_stop_is_trouble(server):
    from google.genai.types import FinishReason

    from gemini_magic.errors import EngineError

    for reason in FinishReason:
        if reason.value not in ("STOP", "FINISH_REASON_UNSPECIFIED"):
            with pytest.raises(EngineError, match=reason.value):
                ask(server, said(text("a")), finished(reason.value))


def test_an_answer_cut_by_its_bound_names_the_flag(server):
    run = failed(server, AnswerCut, said(CODE), finished("MAX_TOKENS"))
    assert "--max-output-tokens" in run.error
    assert run.code == "print(1)"


@pytest.mark.parametrize(
    ("feedback", "words"),
    [
        ({"blockReason": "SAFETY"}, "(SAFETY)"),
        ({"blockReason": "JAILBREAK", "blockReasonMessage": "no"}, "(JAILBREAK: no)"),
        ({"blockReason": "OF_TOMORROW"}, "(OF_TOMORROW)"),
        ({"blockReasonMessage": "Message"}, "(Message)"),
    ],
)
def test_a_refused_prompt_is_a_blocked_run_and_says_why(server, feedback, words):
    run = failed(server, Blocked, {"promptFeedback": feedback})
    assert words in run.error


@pytest.mark.parametrize(
    "feedback",
    [
        {"blockReason": "BLOCKED_REASON_UNSPECIFIED"},
        {"blockReason": "BLOCK_REASON_UNSPECIFIED"},
        {"safetyRatings": []},
    ],
)
def test_feedback_without_a_reason_refuses_no_prompt(server, feedback):
    assert ask(server, {"promptFeedback": feedback}, DONE).text == "done"


def test_a_refused_prompt_stays_refused_whatever_feedback_follows(server):
    refused, more = {"promptFeedback": {"blockReason": "SAFETY"}}, {"promptFeedback": {}}
    assert "(SAFETY)" in failed(server, Blocked, refused, more).error


@pytest.mark.parametrize("chunks", [(), (totals(3),), (finished(),), ({},)], ids=str)
def test_an_answer_with_nothing_in_it_is_an_error_of_one_line(server, chunks):
    assert "empty" in failed(server, AnswerUnreadable, *chunks).error


def test_an_answer_with_nothing_in_it_is_asked_for_once_more(server):
    server.on(
        GENERATE, stream(totals(3), finished()), stream(said(text("42")), totals(5), finished())
    )
    run = run_of(gemini(server))
    assert run.parts[:2] == [Note("the answer was empty: asking once more"), Text("42")]
    assert (run.state, run.usage.total, len(server.prompts)) == ("done", 8, 2)


@pytest.mark.parametrize("part", [{"text": "hm", "thought": True}, image(b"")], ids=str)
def test_an_answer_that_showed_something_is_not_asked_for_again(server, part):
    run = failed(server, AnswerUnreadable, said(part), finished())
    assert len(server.prompts) == 1
    assert ("only what the model thought" in run.error) == ("thought" in part)
    assert ("a picture without its data" in run.error) == ("thought" not in part)


def test_a_stream_that_never_says_it_is_finished_is_told(server):
    run = ask(server, said(text("a")))
    assert run.parts[0] == Text("a")
    assert isinstance(run.parts[1], Note)


@pytest.mark.parametrize(
    "garbage",
    [
        b"<html>Log in to the hotel's network</html>",
        b"data: {not json}\r\n\r\n",
        b"data: 42\r\n\r\n",
        b'data: {"candidates": [{"content": {"parts": 3}}]}\r\n\r\n',
        b'data: {"candidates": [{"content": {"parts": [{"inlineData": {"data": "*"}}]}}]}\r\n\r\n',
        b'data: {"error": {"code": "many"}}\r\n\r\n',
        b"data: " + b"[" * 100_000 + b"\r\n\r\n",
        b"\xff\xfe\r\n",
    ],
    ids=lambda garbage: repr(garbage[:40]),
)
def test_garbage_keeps_the_parts_and_fails_the_run_in_one_line(server, garbage):
    run = failed(server, AnswerUnreadable, said(text("had this")), garbage)
    assert run.text == "had this"
    assert len(run.error) < 600


KEYS = (
    *("candidates", "content", "parts", "text", "thought", "inlineData", "mimeType", "data"),
    *("executableCode", "code", "language", "codeExecutionResult", "outcome", "output", "id"),
    *("finishReason", "promptFeedback", "blockReason", "usageMetadata", "totalTokenCount"),
    *("groundingMetadata", "groundingChunks", "web", "uri", "functionCall", "name", "error"),
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["STOP", "SAFETY"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), ANY_JSON), max_size=3))
def test_whatever_json_comes_is_a_run_or_an_error_of_one_line(documents):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.sse"
        path.write_bytes(b"".join(event(document) for document in documents) or b"data: {}")
        try:
            run_of(Replay(path))
        except GeminiError as error:
            assert "\n" not in str(error)


def test_a_stream_that_is_left_early_leaves_the_client_usable(server):
    server.on(GENERATE, stream(said(text("first")), Event(), DONE), stream(DONE))
    talking = gemini(server)
    parts = talking.stream(Request("add"))
    assert next(parts) == Text("first")
    parts.close()
    assert list(talking.stream(Request("add"))) == [Text("done")]


def test_an_error_before_the_stream_has_no_parts(server):
    server.on(GENERATE, refusal(400, "INVALID_ARGUMENT", "no"))
    assert failure_of(gemini(server), RequestRefused).run.parts == []
