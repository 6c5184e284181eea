"""Thoughts in tags and Python in fences, told apart in a text that comes in any pieces."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.engines.local.marks import PythonFence, ThinkTags

CODE = "print(1)\n"
FENCES = {
    "as models write it": (f"So:\n```python\n{CODE}```\n", "So:\n", CODE),
    "without words before it": (f"```python\n{CODE}```", "", CODE),
    "with tildes": (f"~~~py\n{CODE}~~~\n", "", CODE),
    "with a blank after its marks": (f"``` Python \n{CODE}```\n", "", CODE),
    "indented a little": (f"  ```python\n{CODE}  ```\n", "", CODE),
    "longer than a fence in it": (
        "````python\ns = '''\n```\n'''\n````\n",
        "",
        "s = '''\n```\n'''\n",
    ),
    "behind one of another language": (
        f"```json\n{{}}\n```\n```python\n{CODE}```\n",
        "```json\n{}\n```\n",
        CODE,
    ),
    "in one of another language": (
        "````markdown\n```python\nx\n```\n````\n",
        "````markdown\n```python\nx\n```\n````\n",
        None,
    ),
    "none": ("`print` prints.\nNo more.", "`print` prints.\nNo more.", None),
    "in the middle of a line": ("use ```python x``` so\n", "use ```python x``` so\n", None),
    "without its end": (f"```python\n{CODE}", "", CODE),
    "without a line of its own at the end": ("```python\nprint(1)", "", "print(1)"),
}


def fenced(pieces):
    fence = PythonFence()
    before = [text for piece in pieces for text in fence.feed(piece)]
    return "".join([*before, *fence.rest()]), fence.code


def cut(text, places):
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


@pytest.mark.parametrize("name", FENCES)
def test_a_fence_is_found(name):
    text, before, code = FENCES[name]
    assert fenced([text]) == (before, code)


@given(st.sampled_from(sorted(FENCES)), st.lists(st.integers(0, 1000), max_size=6))
def test_a_fence_is_the_same_in_any_pieces(name, places):
    text, before, code = FENCES[name]
    assert fenced(cut(text, places)) == (before, code)


def test_what_follows_a_fence_is_not_read():
    fence = PythonFence()
    assert list(fence.feed(f"```python\n{CODE}```\nIt prints 2.\n```python\nx\n```\n")) == []
    assert fence.is_closed
    assert fence.code == CODE


def test_words_before_a_fence_come_as_they_come():
    fence = PythonFence()
    assert [list(fence.feed(piece)) for piece in ("So", " it ", "is.\n", "``", "`py")] == [
        ["So"],
        [" it "],
        ["is.\n"],
        [],
        [],
    ]


TAGS = {
    "thoughts first": ("<think>so</think>\n\n4", "so", "4"),
    "thoughts behind blanks": ("\n <think>\nso\n</think>4", "\nso\n", "4"),
    "no end": ("<think>so it goes", "so it goes", ""),
    "none": ("4 < 5", "", "4 < 5"),
    "one that is meant": ("The tag <think>x</think> is", "", "The tag <think>x</think> is"),
    "what only begins like one": ("<thin", "", "<thin"),
    "an end in pieces of itself": ("<think>a</thi</think>b", "a</thi", "b"),
}


def thought(pieces):
    tags = ThinkTags()
    found = [each for piece in pieces for each in tags.feed(piece)]
    found += tags.rest()
    return tuple("".join(text for is_so, text in found if is_so is kind) for kind in (True, False))


@given(st.sampled_from(sorted(TAGS)), st.lists(st.integers(0, 1000), max_size=6))
def test_thoughts_are_told_in_any_pieces(name, places):
    text, thoughts, rest = TAGS[name]
    assert thought(cut(text, places)) == (thoughts, rest)
