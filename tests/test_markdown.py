"""A run reads as Markdown, and is a lesson again."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gemini_magic.answer.parts import (
    Call,
    Code,
    Data,
    Image,
    Note,
    Query,
    Result,
    Source,
    Text,
    Thought,
)
from gemini_magic.answer.steps import Step
from gemini_magic.lessons.lesson import read, write
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

# Text that is likely to be taken for something else.
HOSTILE = st.lists(
    st.sampled_from(
        ["```", "````", "```python", "```output", "> ", "+++", " ", "\n", "\r", "\\", '"', "{{x}}"]
    )
    | st.text(max_size=8)
).map("".join)
PARTS = st.lists(
    st.builds(Text, HOSTILE)
    | st.builds(Thought, HOSTILE)
    | st.builds(Note, HOSTILE)
    | st.builds(Code, HOSTILE)
    | st.builds(Result, st.sampled_from(["OUTCOME_OK", "OUTCOME_FAILED"]) | HOSTILE, HOSTILE)
    | st.builds(Image, st.just("image/png"), st.binary(max_size=4))
    | st.builds(Source, HOSTILE, HOSTILE)
    | st.builds(Data, HOSTILE)
    | st.builds(Query, HOSTILE)
    | st.builds(Call, HOSTILE, st.dictionaries(HOSTILE, HOSTILE, max_size=2), HOSTILE)
    | st.builds(
        Call,
        st.just("rate"),
        st.dictionaries(st.sampled_from("ab"), HOSTILE | st.lists(st.integers()), max_size=2),
        st.fixed_dictionaries({"result": HOSTILE}) | st.none(),
    )
)


def run_of(prompt, parts):
    run = Run(Request(prompt))
    for part in parts:
        run.add(part)
    return run


def script(run):
    """The prose and code of a run as it reads, prose without the line ends around it."""
    found = []
    for block in run.blocks:
        if isinstance(block, Text):
            prose = block.text.strip("\n")
            if found and found[-1][0] == "text" and prose:  # a late result stood between them
                found[-1] = "text", f"{found[-1][1]}\n\n{prose}"
            elif prose:
                found.append(("text", prose))
        else:
            found.append(scripted(block))
    return [item for item in found if item[0] != "other"]


def scripted(block):
    match block:
        case Step() | Code():
            return "code", block.code
        case Data():
            return "data", block.text
        case Call() if all(name.isidentifier() for name in (block.name, *block.args)):
            return "call", (block.name, block.args)
    return "other", ""


@given(HOSTILE, PARTS)
def test_prose_code_and_calls_come_back_exactly(prompt, parts):
    run = run_of(prompt, parts)
    lesson = read(run.to_markdown())
    assert lesson.prompts == (prompt,)
    back = [("text", p.text) if isinstance(p, Text) else scripted(p) for p in lesson.parts]
    assert back == script(run)


@given(HOSTILE, HOSTILE)
def test_code_and_output_stay_in_their_fences_for_any_reader_of_markdown(code, output):
    text = run_of("p", [Code(code), Result(output=output)]).to_markdown()
    body = text.split("+++\n", 2)[2]
    infos = [token.info for token in MarkdownIt().parse(body)]
    assert infos == ["python", "output"]


@given(HOSTILE)
def test_a_thought_stays_in_its_quote_for_any_reader_of_markdown(thought):
    body = write("p", [Thought(thought)]).split("+++\n", 2)[2]
    outer = [token.type for token in MarkdownIt().parse(body) if token.level == 0]
    assert outer == ["blockquote_open", "blockquote_close"]


def test_a_failed_attempt_says_so_beside_its_output():
    text = run_of("p", [Code("1/0"), Result("OUTCOME_FAILED", "boom\n")]).to_markdown()
    assert "```output OUTCOME_FAILED\nboom\n```" in text


def test_a_run_reads_from_top_to_bottom():
    parts = [
        Thought("Add\nthem"),
        Text("I add."),
        Code("print(1 + 1)"),
        Result(output="2\n"),
        Image("image/png", bytes(23_400)),
        Text("It is 2."),
    ]
    assert run_of("1 + 1?", parts).to_markdown() == (
        '+++\nprompts = ["1 + 1?"]\n+++\n\n'
        "> Add\n> them\n\n"
        "I add.\n\n"
        "```python\nprint(1 + 1)\n```\n\n"
        "```output\n2\n```\n\n"
        "> [image/png, 23 kB]\n\n"
        "It is 2.\n"
    )


@given(st.text())
def test_every_prompt_is_good_toml(prompt):
    front = write(prompt, []).split("+++\n")[1]
    assert tomllib.loads(front) == {"prompts": [prompt]}
