"""Whatever an answer's blocks do, what is inserted runs and prints the same."""

from __future__ import annotations

import re

import pytest
from attempts import attempted, inserted
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from torture import SEED, Count, either

from gemini_magic.answer.insertion import CHOICES, cells_of, joined
from gemini_magic.answer.parts import OK

pytestmark = pytest.mark.process

NAMES = st.sampled_from("abcd")
FILES = st.sampled_from(["one.txt", "two.txt"])
LITERALS = st.sampled_from(["[]", "[0]", "[1, [2]]"])
Code = st.SearchStrategy[str]


def form(pattern: str, *values: Code) -> Code:
    return st.tuples(*values).map(lambda texts: pattern.format(*texts))


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def values(functions: Code) -> Code:
    """Values, which are lists but for a few: what follows seldom fails."""
    common = ("{}", "{}", "[{}]", "list({})", "[x for x in {}]", "sorted({}, key=str)", "{} or [1]")
    rare = ("(i for i in {})", "iter({})", "{}[-1]", "lambda: {}", "len({})")
    return st.one_of(
        LITERALS,
        *(form(pattern, NAMES) for pattern in common),
        st.one_of(*(form(pattern, NAMES) for pattern in rare)),
        form("[{}, {}]", NAMES, NAMES),
        form("{}()", functions),
        form("{}({})", functions, NAMES),
        form("list(open('{}').read())", FILES),
    )


def simple(functions: Code) -> Code:
    value = values(functions)
    return st.one_of(
        form("{} = {}", NAMES, value),
        form("{}, {} = {}, {}", NAMES, NAMES, value, value),
        form("{} += {}", NAMES, LITERALS),
        form("{}.append({})", NAMES, value),
        form("{}[:1] = {}", NAMES, value),
        form("open('{}', 'a').write(str({})[:40])", FILES, NAMES),
        form("{}()", functions),
        form("{}({})", functions, NAMES),
        form("print(str({})[:40])", NAMES),
        st.one_of(form("del {}", NAMES), form("import math as {}", NAMES), st.just("1 / 0")),
    )


def statements(level: int = 0) -> Code:
    """Statements that call the functions from `level` on: none calls itself, so all of them end."""
    functions = st.sampled_from("fgh"[level:])

    def compound(inner: Code) -> Code:
        body = st.lists(inner, min_size=1, max_size=2).map("\n".join).map(indented)
        return st.one_of(
            form("if {}:\n{}", NAMES, body),
            form("if {}:\n{}\nelse:\n{}", NAMES, body, body),
            form("for {} in list({})[:3]:\n{}", NAMES, NAMES, body),
            form("try:\n{}\nexcept TypeError:\n{}", body, body),
            form("try:\n{}\nfinally:\n{}", body, body),
            form("class {}:\n{}", NAMES, body),
        )

    plain = st.recursive(simple(functions), compound, max_leaves=4)
    if level == 2:
        return plain
    name, inner = "fgh"[level], statements(level + 1)
    body = st.lists(inner, min_size=1, max_size=2).map("\n".join).map(indented)
    return st.one_of(
        plain,
        form(f"def {name}(*_):\n{{}}", body),
        form(f"def {name}({{}}=0):\n{{}}", NAMES, body),
        form(f"def {name}(*_):\n    global {{}}\n{{}}", NAMES, body),
        form(f"def {name}(*_):\n    return {{}}", NAMES),
        form(f"def {name}(*_):\n    yield {{}}\n{{}}", NAMES, body),
        inner,
    )


BLOCKS = st.lists(statements(), min_size=1, max_size=4).map("\n".join)
# All names are there, so that most blocks come to their end.
FIRST = (
    "a = [1]\nb = [a]\nc, d = [], [0]\nopen('one.txt', 'w').write('1')\n"
    "open('two.txt', 'w').write('2')\ndef f(*_):\n    return a\ndef g(*_):\n    return [0]\n"
    "def h(*_):\n    return b"
)
LAST = st.sampled_from(["a", "b", "c", "d", "f()", "g(a)", "h()", "open('one.txt').read()"]).map(
    "print(str({})[:200])".format
)
ANSWERS = st.tuples(st.lists(BLOCKS, min_size=1, max_size=6), LAST).map(
    lambda drawn: [FIRST, *drawn[0], drawn[1]]
)


def masked(output: str) -> str:
    return re.sub("0x[0-9a-f]+", "0x…", output)


def runs_and_ends_as_the_answer_did(codes: list[str]) -> None:
    steps = attempted(*codes)
    good = [step for step in steps if step.outcome == OK]
    for choice in CHOICES:
        outputs, failure = inserted(cells_of(steps, choice))
        assert failure is None
        assert inserted([joined(steps, choice)])[1] is None
        if choice == "needed" and good:
            assert masked(outputs[-1]) == masked(good[-1].output)


@pytest.mark.parametrize("times", either(60, 1_000))
def test_what_is_inserted_runs_and_ends_as_the_answer_did(times: int, count: Count) -> None:
    seeded = seed(SEED)(given(ANSWERS)(runs_and_ends_as_the_answer_did))
    settings(max_examples=times, database=None)(seeded)()
    count("answers inserted", times)
