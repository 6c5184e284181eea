"""Whatever the table of options lets a user say, for hypothesis."""

import shlex
from functools import singledispatch

from hypothesis import strategies as st

from gemini_magic.options.converters import (
    Choice,
    Duration,
    Label,
    Level,
    Number,
    Text,
    Variable,
    Whole,
    Word,
)
from gemini_magic.options.table import FLAGS

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter("--".__ne__)


@singledispatch
def words(takes):
    """Return what draws a value that `takes` reads, as `str` writes it."""
    raise TypeError(f"no strategy for {takes}")


@words.register
def _(takes: Text):
    return TEXT


@words.register
def _(takes: Word):
    return TEXT.map(str.strip).filter(bool).filter("--".__ne__)


@words.register
def _(takes: Number):
    return st.floats(takes.low, takes.high)


@words.register
def _(takes: Whole):
    return st.integers(takes.low, takes.high)


@words.register
def _(takes: Choice):
    return st.sampled_from(takes.choices)


@words.register
def _(takes: Level):
    return st.sampled_from([*takes.choices, "0", "1024"])


@words.register
def _(takes: Variable):
    return st.sampled_from(["df", "sales", "get_sales", "é"])


@words.register
def _(takes: Label):
    return st.from_regex(r"[A-Za-z0-9_.-]{1,64}", fullmatch=True).filter("--".__ne__)


@words.register
def _(takes: Duration):
    return st.sampled_from(takes.choices)


def values(flag):
    """Return what draws a value of a flag that takes a word: a tuple if it may be given again."""
    one = words(flag.takes)
    return st.lists(one, min_size=1, max_size=3).map(tuple) if flag.many else one


@st.composite
def typed_lines(draw, flags=FLAGS):
    """A line of flags in any order and any of their spellings, and what it must be read as."""
    chosen = draw(st.permutations(flags).flatmap(lambda p: st.integers(0, 5).map(lambda n: p[:n])))
    typed, meant = [], {}
    for flag in chosen:
        name = draw(st.sampled_from(flag.names))
        if flag.is_switch:
            typed.append(name)
            meant[flag.field] = not flag.default
            continue
        meant[flag.field] = value = draw(values(flag))
        for one in value if flag.many else [value]:
            # A value that begins with a dash needs its flag to hold on to it.
            joined = str(one).startswith("-") or (name.startswith("--") and draw(st.booleans()))
            long = name if name.startswith("--") else flag.names[-1]
            typed += [f"{long}={one}"] if joined else [name, str(one)]
    if {"fresh", "append"} & set(meant) and "chat" not in meant:
        typed += ["--chat"]
        meant["chat"] = "notebook"
    return shlex.join(typed), meant
