"""Chats: what the next request holds of the turns before it."""

from base64 import b64decode, b64encode
from contextlib import nullcontext
from threading import Event

import pytest
from asking import gemini, request_of
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import CUT, GENERATE, refusal, said, serving, stream
from test_contexts import cached, keeps

from gemini_magic.answer.parts import KINDS, Note, TurnContents
from gemini_magic.engines.google.config import INLINE_BYTES, is_small, parts_of
from gemini_magic.engines.google.preview import preview
from gemini_magic.engines.offline import Offline
from gemini_magic.errors import CallMalformed, ChatError, GeminiError, RequestError
from gemini_magic.line import answer
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.options.table import Options
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.question import Cell
from gemini_magic.request.request import Request
from gemini_magic.runs.chats import Chat, Chats, Finished
from gemini_magic.runs.run import Run

# Bytes that the two alphabets of base64 write differently.
SIGNATURE = b"\xfb\xff\xfe\x00signed"
DONE = {"finishReason": "STOP"}
SCHEMA = "1 row, 1 column"


def base64(data):
    return b64encode(data).decode()


class Talk:
    """Turns of one chat with one engine."""

    def __init__(self, engine, **defaults):
        self.chats, self.engine, self.defaults = Chats(), engine, GeminiMagic(**defaults)

    def say(self, prompt, line="--chat t", cell="", interrupt=None, execution="", **request):
        """Add a turn; `interrupt` is after how many parts the reader stops it."""
        options = parse(line, self.defaults)
        where = Cell(cell, execution)
        asked = request_of(prompt, options=options, **request)
        turn = self.chats.next(asked, self.engine.name, where)
        run = Run(turn.request, self.engine.name, self.engine.model)
        came = []

        def stop(part):
            came.append(part)
            if len(came) == interrupt:
                raise KeyboardInterrupt

        turn.finish(answer(run, self.engine, lambda _: nullcontext(stop)))
        return run

    @property
    def prompts(self):
        return [turn.prompt for turn in self.chats.get().turns]


@pytest.fixture
def talk(server):
    return Talk(gemini(server, attempts=1))


def user(text):
    return {"role": "user", "parts": [{"text": text}]}


def model(*parts):
    return {"role": "model", "parts": list(parts)}


def contents(server):
    return server.prompts[-1].body["contents"]


def notes(run):
    return [part.text for part in run.parts if isinstance(part, Note)]


def used(**counts):
    return {"usageMetadata": {f"{name}TokenCount": n for name, n in counts.items()}}


def test_outside_of_a_chat_only_the_prompt_is_sent(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    first, second = talk.say("a", ""), talk.say("b", "")
    assert contents(server) == [user("b")]
    assert (first.turn, second.turn, list(talk.chats)) == (None, None, [])


def test_the_next_request_holds_the_turns_before_it(server, talk):
    server.on(GENERATE, *(stream(said({"text": text}, **DONE)) for text in ("one", "two", "three")))
    for prompt in ("a", "b", "c"):
        talk.say(prompt)
    assert contents(server) == [
        user("a"),
        model({"text": "one"}),
        user("b"),
        model({"text": "two"}),
        user("c"),
    ]


def test_a_turn_is_sent_again_with_its_ids_and_signatures_byte_for_byte(server, talk):
    code = {"code": "print(1)", "language": "PYTHON", "id": "c1"}
    result = {"outcome": "OUTCOME_OK", "output": "1\n", "id": "c1"}
    picture = {"mimeType": "image/png", "data": base64(b"\x89PNG\xff\xfe")}
    server.streams(
        said({"text": "Let me ", "thought": True}),
        said({"text": "think.", "thought": True}),
        said({"executableCode": code, "thoughtSignature": base64(SIGNATURE)}),
        said({"codeExecutionResult": result, "thought": True}),
        said({"inlineData": picture}),
        said({"text": "It is "}),
        said({"text": "1."}),
        said({"text": "", "thoughtSignature": base64(SIGNATURE[::-1])}, **DONE),
    )
    talk.say("a")
    talk.say("b")
    _, answer, _ = contents(server)
    thought, sent_code, sent_result, sent_picture, text, last = answer["parts"]
    assert thought == {"text": "Let me think.", "thought": True}
    assert sent_code["executableCode"] == code
    # The SDK writes the URL-safe alphabet, which the wire reads as well; the bytes are the same.
    assert b64decode(sent_code["thoughtSignature"], b"-_") == SIGNATURE
    assert sent_result == {"codeExecutionResult": result, "thought": True}
    assert b64decode(sent_picture["inlineData"]["data"], b"-_") == b"\x89PNG\xff\xfe"
    assert text == {"text": "It is 1."}
    assert last["text"] == ""
    assert b64decode(last["thoughtSignature"], b"-_") == SIGNATURE[::-1]


def test_chunks_without_parts_lose_nothing_of_the_turn(server, talk):
    server.streams(
        {"candidates": [{"content": {"role": "model"}}]},
        said({"text": "one "}),
        {"candidates": [{}]},
        said(),
        said({"text": ""}),
        said({"smell": {"of": "a later version"}}),
        said({"text": "two"}, **DONE),
        used(total=7),
    )
    talk.say("a")
    talk.say("b")
    assert contents(server) == [user("a"), model({"text": "one two"}), user("b")]


def test_a_text_with_a_signature_is_not_joined_with_its_neighbours(server, talk):
    signed = {"text": "two", "thoughtSignature": base64(b"s" * 6)}
    server.streams(said({"text": "one"}), said(signed), said({"text": "three"}, **DONE))
    talk.say("a")
    talk.say("b")
    assert contents(server)[1] == model({"text": "one"}, signed, {"text": "three"})


def test_half_a_character_pair_is_sent_again_as_what_can_be_written(server, talk):
    body = b'data: {"candidates":[{"content":{"parts":[{"text":"a\\ud800b"}]}}]}\r\n\r\n'
    server.streams(body, said({"text": "\U0001f600"}, **DONE))
    talk.say("a")
    talk.say("b")
    assert contents(server)[1] == model({"text": "a\ufffdb\U0001f600"})


def test_a_thought_is_not_joined_with_the_text_beside_it(server, talk):
    thought = {"text": "Hm.", "thought": True}
    server.streams(said(thought), said({"text": "one"}), said(thought, **DONE))
    talk.say("a")
    talk.say("b")
    assert contents(server)[1] == model(thought, {"text": "one"}, thought)


def test_an_outcome_that_the_sdk_does_not_know_is_sent_again_without_a_warning(server, talk):
    server.streams(
        said({"executableCode": {"code": "1", "language": "PYTHON"}}),
        said({"codeExecutionResult": {"outcome": "OUTCOME_NEW", "output": "1"}}, **DONE),
    )
    talk.say("a")
    talk.say("b")
    assert contents(server)[1]["parts"][1]["codeExecutionResult"]["outcome"] == "OUTCOME_NEW"


def test_a_call_that_nobody_answers_does_not_stay_in_the_chat(server, talk):
    call = {"functionCall": {"id": "f1", "name": "f", "args": {"x": 1}}}
    fine = stream(said({"text": "one"}, **DONE))
    server.on(GENERATE, fine, stream(said(call, **DONE)), fine)
    talk.say("a")
    with pytest.raises(CallMalformed) as caught:
        talk.say("b")
    assert str(caught.value) == (
        "the model called f(), which it was not offered: add --tool f, or run the cell again"
    )
    talk.say("c")
    assert contents(server) == [user("a"), model({"text": "one"}), user("c")]


def csv(name):
    return Attachment(f"{name}.csv", "text/csv", b"x\n1\n", schema=SCHEMA)


def test_files_of_later_turns_are_numbered_after_those_of_earlier_ones(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    files = [csv("sales"), csv("prices"), csv("rain")]
    talk.say("a", attachments=tuple(files[:2]))
    talk.say("b")
    run = talk.say("c", attachments=(files[2],))
    assert notes(run)[-1] == "rain.csv goes along as input_file_2.csv (4 bytes)"
    assert contents(server)[-1]["parts"][1] == {"text": "input_file_2.csv (rain.csv): " + SCHEMA}
    assert run.staging.splitlines() == [
        "import gemini_magic",
        "",
        "gemini_magic.stage(data={'sales': sales, 'prices': prices})",
        "gemini_magic.stage(data={'rain': rain}, first=2)",
    ]
    assert talk.say("d").staging == run.staging


def test_an_engine_that_remembers_nothing_numbers_the_files_of_each_turn_anew():
    talk = Talk(Offline())
    for name in ("sales", "prices"):
        run = talk.say(
            "```python\nprint(open('input_file_0.csv').read())\n```", attachments=(csv(name),)
        )
    assert run.output == "x\n1\n\n"
    assert run.staging.endswith("gemini_magic.stage(data={'prices': prices})")


def test_what_a_session_remembers_of_files_is_not_their_data(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    run = talk.say("a", attachments=(csv("sales"),))
    (turn,) = talk.chats.get().turns
    assert [each.data for each in (*run.request.attachments, *turn.attachments)] == [None, None]


def test_files_that_a_chat_sends_again_count_as_those_of_the_request(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    half = Attachment("half.txt", "text/plain", b"x" * (INLINE_BYTES // 2 + 1))
    talk.say("a", attachments=(half,))
    next_one = Request("b", Options(chat="t"), attachments=(half,))
    request = talk.chats.next(next_one, "gemini").request
    assert (is_small(next_one), is_small(request)) == (True, False)
    with pytest.raises(RequestError) as caught:
        parts_of(request)
    assert str(caught.value) == (
        "the files, those of the chat among them, have 14,000,002 bytes together, and a request "
        "may carry 14,000,000: send less, start the chat --fresh, or put them into Cloud Storage "
        "and name their gs:// addresses"
    )


FAILURES = {
    "refused": refusal(400, "INVALID_ARGUMENT", "no"),
    "busy": refusal(503, "UNAVAILABLE", "overloaded"),
    "cut": stream(said({"text": "half"}), CUT),
    "error in the stream": stream(
        said({"text": "half"}), {"error": {"code": 500, "message": "x", "status": "INTERNAL"}}
    ),
    "too long": stream(said({"text": "half"}, finishReason="MAX_TOKENS")),
    "blocked": stream({"promptFeedback": {"blockReason": "SAFETY"}}),
    "empty": stream(said(**DONE)),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("line", ["--chat t", "--chat t --fresh"])
def test_a_turn_that_fails_leaves_the_chat_as_it_was(server, talk, failure, line):
    fine = stream(said({"text": "one"}, **DONE))
    # An empty answer is asked for twice.
    times = 2 if failure == "empty" else 1
    server.on(GENERATE, fine, *[FAILURES[failure]] * times, fine)
    talk.say("a")
    before = talk.chats.get("t")
    with pytest.raises(GeminiError):
        talk.say("b", line)
    assert talk.chats.get("t") == before
    talk.say("c")
    assert contents(server) == [user("a"), model({"text": "one"}), user("c")]


def test_a_turn_that_is_interrupted_leaves_the_chat_as_it_was(server, talk, interrupt):
    fine = stream(said({"text": "one"}, **DONE))
    server.on(GENERATE, fine, stream(said({"text": "half"}), interrupt, Event()), fine)
    talk.say("a")
    with pytest.raises(KeyboardInterrupt):
        talk.say("b")
    talk.say("c")
    assert contents(server) == [user("a"), model({"text": "one"}), user("c")]


def test_a_cell_that_is_run_again_replaces_its_turn_and_those_after_it(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    for prompt in ("a", "b", "c"):
        talk.say(prompt, cell=prompt)
    run = talk.say("b2", cell="b")
    assert talk.prompts == ["a", "b2"]
    assert contents(server) == [user("a"), model({"text": "one"}), user("b2")]
    assert notes(run) == [
        "chat 't', turn 2",
        "in place of this cell's own turn and the 1 turn after it; --append adds one instead",
    ]


def test_append_adds_a_turn_for_a_cell_that_is_run_again(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    talk.say("a", cell="x")
    talk.say("b", "--chat t --append", cell="x")
    assert talk.prompts == ["a", "b"]


def test_of_several_turns_of_a_cell_the_last_is_replaced(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    talk.say("a", cell="x")
    talk.say("b", "--chat t --append", cell="x")
    talk.say("c", cell="x")
    assert talk.prompts == ["a", "c"]


def test_turns_of_one_execution_of_a_cell_stay_together(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    for execution in ("first", "second"):
        for prompt in ("a", "b"):
            run = talk.say(f"{prompt} {execution}", cell="loop", execution=execution)
        talk.say("c", cell="other", execution=execution)
    assert talk.prompts == ["a second", "b second", "c"]
    run = talk.say("alone", cell="loop", execution="third")
    assert notes(run)[1] == (
        "in place of this cell's own 2 turns and the 1 turn after it; --append adds one instead"
    )
    assert talk.prompts == ["alone"]


def test_runs_without_a_cell_add_turns(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    talk.say("a")
    talk.say("a")
    assert talk.prompts == ["a", "a"]


@pytest.mark.parametrize("first", ["", "--chat t", "--chat t --fresh"])
def test_turns_that_are_asked_side_by_side_are_all_in_the_chat(server, talk, first):
    server.streams(said({"text": "one"}, **DONE))
    for prompt in ("x", "y") if first else ():
        talk.say(prompt, first)
    before = talk.prompts if first else []
    asked = [
        talk.chats.next(
            request_of(prompt, options=parse("--chat t", talk.defaults)), talk.engine.name
        )
        for prompt in "abc"
    ]
    for turn in reversed(asked):
        turn.finish(answer(Run(turn.request, talk.engine.name), talk.engine))
    assert talk.prompts == [*before, "c", "b", "a"]
    talk.say("d")
    assert [each["parts"][0]["text"] for each in contents(server)[::2]] == [*before, *"cbad"]


def test_a_cell_that_is_run_again_beside_another_replaces_its_own_turn(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    talk.say("old", cell="here")
    options = parse("--chat t", talk.defaults)
    again, other = (
        talk.chats.next(request_of(name, options=options), talk.engine.name, Cell(name))
        for name in ("here", "there")
    )
    for turn in (other, again):
        turn.finish(answer(Run(turn.request, talk.engine.name), talk.engine))
    assert talk.prompts == ["there", "here"]


def test_fresh_starts_the_chat_anew_and_says_so(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    talk.say("a")
    run = talk.say("b", "--chat t --fresh")
    assert contents(server) == [user("b")]
    assert talk.prompts == ["b"]
    assert notes(run) == ["chat 't', turn 1", "the chat starts anew, without its 1 turn"]


def test_chats_know_nothing_of_each_other(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    talk.say("a", "--chat x")
    talk.say("b", "--chat")
    assert contents(server) == [user("b")]
    assert [chat.name for chat in talk.chats] == ["x", "notebook"]


def test_tokens_of_a_turn_are_what_it_added_by_the_servers_count(server, talk):
    first = stream(said({"text": "1"}, **DONE), used(prompt=10, candidates=5, thoughts=4, total=19))
    second = stream(said({"text": "2"}, **DONE), used(prompt=30, candidates=5, total=35))
    server.on(GENERATE, first, second)
    talk.say("a")
    talk.say("b")
    assert [turn.tokens for turn in talk.chats.get().turns] == [15, 20]


@pytest.mark.parametrize(
    ("request_of_turn", "counts"),
    [
        ({"context": "manual"}, {"prompt": 250_010, "cachedContent": 250_000}),
        ({"url": True}, {"prompt": 10, "toolUsePrompt": 250_000}),
    ],
    ids=["a context", "pages"],
)
def test_what_the_server_adds_to_a_turn_is_not_of_the_chat(server, talk, request_of_turn, counts):
    keeps(server, cached())
    usage = used(candidates=5, total=250_015, **counts)
    server.streams(said({"text": "1"}, **DONE), usage)
    talk.say("a", **request_of_turn)
    assert [turn.tokens for turn in talk.chats.get().turns] == [15]


def test_over_the_bound_the_oldest_turns_go_and_a_note_says_so(server):
    talk = Talk(gemini(server), max_chat_tokens=25)
    server.on(
        GENERATE,
        stream(said({"text": "1"}, **DONE), used(total=10)),
        stream(said({"text": "2"}, **DONE), used(total=40)),
        stream(said({"text": "3"}, **DONE), used(total=5)),
    )
    talk.say("a")
    talk.say("b")
    run = talk.say("c")
    assert contents(server) == [user("c")]
    assert notes(run)[1] == (
        "without the oldest 2 turns: the chat has 40 tokens, and 25 are the bound "
        "(GeminiMagic.max_chat_tokens)"
    )
    assert talk.prompts == ["c"]


def test_without_a_bound_every_turn_is_sent(server):
    talk = Talk(gemini(server), max_chat_tokens=0)
    server.streams(said({"text": "1"}, **DONE), used(total=10**9))
    for prompt in ("a", "b", "c"):
        talk.say(prompt)
    assert len(contents(server)) == 5


def test_a_chat_belongs_to_its_engine(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    talk.say("a")
    talk.engine = Offline()
    with pytest.raises(ChatError) as caught:
        talk.say("```python\n1\n```")
    assert str(caught.value) == (
        "chat 't' was held with gemini, not offline: --fresh starts it anew, "
        "--engine gemini continues it"
    )
    talk.say("```python\n1\n```", "--chat t --fresh")
    assert talk.chats.get("t").engine == "offline"


def test_the_three_lessons_on_leap_years_are_turns_of_one_chat():
    talk = Talk(Offline())
    prompts = [
        "Write a function that checks if a year is a leap year.",
        "Now write unit tests for that function.",
        "Test it with the years 2000, 2020, 2024, and 1900.",
    ]
    runs = [talk.say(prompt) for prompt in prompts]
    assert prompts == talk.prompts
    assert [run.outcome for run in runs] == ["OUTCOME_OK"] * 3
    assert notes(runs[2])[0] == "chat 't', turn 3"


def test_signatures_reach_neither_the_document_nor_a_repr_nor_a_dry_run(server, talk):
    signed = {"text": "one", "thoughtSignature": base64(SIGNATURE)}
    server.streams(said(signed, **DONE))
    talk.say("a")
    run = talk.say("b")
    shown = preview(talk.engine.connection, talk.engine.model, run.request)
    assert "one" in shown
    everything = (run.to_dict(), run.stats(), run.turn, run.request, talk.chats.get(), shown)
    for text in map(str, everything):
        assert base64(SIGNATURE) not in text
        assert base64(SIGNATURE).translate(str.maketrans("+/", "-_")) not in text
        assert repr(SIGNATURE)[2:-1] not in text


def test_a_history_that_is_none_is_one_line(server, talk):
    server.streams(said({"text": "one"}, **DONE))
    damaged = Finished("a", "b", ({"role": "model", "parts": "none"},))
    talk.chats.keep(Chat("t", "gemini", (damaged,)))
    with pytest.raises(ChatError, match="the history of this chat cannot be sent"):
        talk.say("b")
    assert server.prompts == []


def test_a_chat_that_does_not_exist_is_named_with_the_nearest():
    chats = Chats()
    with pytest.raises(ChatError, match="there is no chat yet"):
        chats.get()
    chats.keep(Chat("lessons"))
    with pytest.raises(ChatError, match=r"there is no chat .lesson.: did you mean lessons\?"):
        chats.get("lesson")


def test_a_turn_is_no_part_that_a_file_could_hold():
    assert TurnContents not in KINDS.values()


@pytest.fixture(scope="module")
def long_lived():
    with serving() as running:
        yield running


# At its first part, and when everything was there, with the turn itself.
INTERRUPTED = {"stopped at once": 1, "stopped at the end": 2}
FINE = st.just("fine")
TURNS = st.lists(
    st.tuples(
        st.one_of(FINE, FINE, st.sampled_from([*FAILURES, *INTERRUPTED])),
        st.sampled_from(["", "", "one", "two"]),
        st.sampled_from(["", "", "--append", "--fresh"]),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(TURNS)
def test_the_next_request_holds_exactly_the_finished_turns(long_lived, turns):
    talk = Talk(gemini(long_lived, attempts=1))
    held = []
    for number, (ending, cell, flag) in enumerate(turns):
        before = [] if flag == "--fresh" else held
        own = [i for i, (whose, _) in enumerate(before) if cell and whose == cell]
        if own and flag != "--append":
            before = before[: own[-1]]
        answer = FAILURES.get(ending) or stream(said({"text": f"answer {number}"}, **DONE))
        long_lived.on(GENERATE, answer)
        try:
            talk.say(f"{number}", f"--chat t {flag}", cell, INTERRUPTED.get(ending))
        except (GeminiError, KeyboardInterrupt):
            assert ending != "fine"
        else:
            held = [*before, (cell, number)]
        earlier = [
            content for _, n in before for content in (user(f"{n}"), model({"text": f"answer {n}"}))
        ]
        assert contents(long_lived) == [*earlier, user(f"{number}")]
    long_lived.on(GENERATE, stream(said({"text": "the last"}, **DONE)))
    talk.say("and then?")
    assert [content["parts"][0]["text"] for content in contents(long_lived)] == [
        *(text for _, n in held for text in (f"{n}", f"answer {n}")),
        "and then?",
    ]


BOUNDED = st.lists(st.tuples(st.sampled_from(["fine", "cut"]), st.integers(0, 50)), max_size=8)


@settings(max_examples=15, deadline=None)
@given(BOUNDED, st.integers(1, 100))
def test_under_a_bound_the_next_request_holds_the_latest_finished_turns_that_fit(
    long_lived, turns, limit
):
    talk = Talk(gemini(long_lived, attempts=1), max_chat_tokens=limit)
    held = []
    for number, (ending, tokens) in enumerate(turns):
        while sum(size for _, size in held) > limit:
            held.pop(0)
        total = sum(size for _, size in held) + tokens
        fine = stream(said({"text": f"answer {number}"}, **DONE), used(total=total))
        long_lived.on(GENERATE, FAILURES.get(ending, fine))
        before = [text for n, _ in held for text in (f"{n}", f"answer {n}")]
        try:
            talk.say(f"{number}")
        except GeminiError:
            assert ending == "cut"
        else:
            held.append((number, tokens))
        sent = [content["parts"][0]["text"] for content in contents(long_lived)]
        assert sent == [*before, f"{number}"]
