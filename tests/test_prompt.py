"""`{name}` in a prompt becomes the notebook's value, in prose and nowhere else."""

import ast
import json
from types import SimpleNamespace

import pytest
from growing import assert_grows_less
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.request.prompt import fill

NAMES = {
    "total": 5117,
    "df": SimpleNamespace(shape=(3, 2)),
    "rows": [{"a": 1}],
    "x": "X",
    "angry": type("Angry", (), {"__str__": lambda self: 1 / 0})(),
}


def filled(text, limit=100):
    return fill(text, NAMES, limit)[0]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("sum {total}", "sum 5117"),
        ("{df.shape}", "(3, 2)"),
        ("{rows[0]['a']} {rows[-1]}", "1 {'a': 1}"),
        ('{rows[0]["a"]}', "1"),
        ("$45,000 and {total} and $5", "$45,000 and 5117 and $5"),
        ("${total} and ${x}", "$5117 and $X"),
        ("`a` {x} `b`", "`a` X `b`"),
    ],
)
def test_a_name_or_path_in_prose_is_replaced(typed, sent):
    assert sent == filled(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "`{x}`",
        "``a ` {x}``",
        "```python\n{x}\n```",
        "~~~\n{x}\n~~~",
        "```\n{x} and no end",
        "$a_{x}$",
        "$$\n{x}\n$$",
        r"\[ {x} \]",
        r"\( {x} \)",
        r"\frac{x}{total}",
        r"\sqrt[3]{x}",
        r"\textbf{a {x} b}",
        r"\begin{align}{x}\end{align}",
        "{{x}}",
        "{ x }",
        "{x:.2f}",
        "{x!r}",
        "{x, total}",
        "{x: 1}",
        '{"x": {"total": 1}}',
        "{x + 1}",
        "{x()}",
        "{rows[total]}",
        "{}",
        "{x",
        "x}",
    ],
)
def test_code_maths_and_every_other_brace_stay_as_typed(typed):
    assert (typed, ()) == fill(typed, NAMES, 100)


def test_what_was_replaced_is_noted_once():
    assert fill("{x} and {x}", NAMES, 100)[1] == ("{x} → X",)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("{missing}", "'missing' does not exist"),
        ("{rows[9]}", "IndexError: list index out of range"),
        ("{df.nope}", "AttributeError: 'types.SimpleNamespace' object has no attribute 'nope'"),
        ("{angry}", "ZeroDivisionError: division by zero"),
    ],
)
def test_what_does_not_exist_stays_as_typed_and_is_noted(typed, reason):
    text, notes = fill(typed, NAMES, 100)
    assert (typed, 1) == (text, len(notes))
    assert notes[0].startswith(f"{typed} stays as typed: {reason[:50]}")


def test_a_long_value_is_cut_and_says_so():
    assert fill("{s}", {"s": "abc" + "d" * 7}, 3)[0] == "abc… (7 more characters)"


def test_a_value_that_looks_like_a_name_is_not_replaced_again():
    assert fill("{s}", {"s": "{total}", "total": 1}, 100)[0] == "{total}"


@given(st.text(alphabet="{}x`$\\[]~\n a.1'\"", max_size=60))
def test_whatever_is_typed_only_a_known_name_changes(text):
    sent, notes = fill(text, {}, 100)
    assert text == sent
    assert all("stays as typed" in note for note in notes)


@given(st.text(alphabet=st.characters(exclude_characters="{}`$\\~"), max_size=60))
def test_in_plain_prose_a_name_is_always_replaced(text):
    assert f"{text} X" == filled(f"{text} {{x}}", limit=1_000)


# Prose in which a brace is always the reader's own: nothing opens code or maths.
PROSE = st.text(alphabet=st.characters(exclude_characters="{}`$\\~"), max_size=20)
PATHS = {
    "total": "5117",
    "x": "X",
    "df.shape": "(3, 2)",
    "rows[0]": "{'a': 1}",
    "rows[-1]['a']": "1",
}


@given(st.lists(st.tuples(PROSE, st.sampled_from([*PATHS])), max_size=6), PROSE)
def test_every_name_in_prose_is_replaced_and_nothing_between_them_changes(pieces, last):
    typed = "".join(f"{prose} {{{path}}}" for prose, path in pieces) + last
    sent = "".join(f"{prose} {PATHS[path]}" for prose, path in pieces) + last
    assert sent == filled(typed, limit=1_000)


@given(PROSE, st.text(alphabet=st.characters(exclude_characters="`~"), max_size=60), PROSE)
@pytest.mark.parametrize("mark", ["```", "~~~~"])
def test_whatever_stands_in_a_fence_stays_as_typed(mark, before, code, after):
    fence = f"\n{mark}python\n{code}\n{{x}} = {{total}}\n{mark}\n"
    typed = f"{before} {{x}}{fence}{after} {{x}}"
    assert filled(typed, limit=1_000) == f"{before} X{fence}{after} X"


@given(st.text(alphabet=st.characters(exclude_characters="`"), max_size=40))
def test_whatever_stands_in_inline_code_stays_as_typed(code):
    typed = f"`{code}{{x}}`"
    assert typed == filled(typed)


WORD = st.sampled_from([*NAMES, "a", ""]) | st.text(
    alphabet=st.characters(exclude_characters="{}`$\\~"), max_size=8
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from([None, 0, 2]), st.booleans())
def test_json_stays_as_typed_between_names_that_are_replaced(value, indent, spaced):
    separators = (", ", ": ") if spaced else (",", ":")
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=False)
    assert filled(f"{{x}} {text} {{x}}", limit=1_000) == f"X {text} X"


@given(st.text(alphabet="xa01.[]'\"()+-*, :!%{}", min_size=1, max_size=12))
def test_what_is_replaced_between_braces_is_a_plain_path_and_nothing_else(inner):
    sent, notes = fill(f"{{x{inner}}}", NAMES, 100)
    if not notes:
        assert sent == f"{{x{inner}}}"
        return
    # A note is about a path, and a path computes nothing.
    path = notes[0].removeprefix("{").partition("}")[0]
    computing = (ast.Call, ast.BinOp, ast.Compare, ast.BoolOp, ast.Lambda, ast.Slice, ast.Tuple)
    assert not any(isinstance(node, computing) for node in ast.walk(ast.parse(path, mode="eval")))


OPENERS = ["\\[", "\\(", "{{", "$$", "\\begin{a}", "`", "\\a[", "\\a{", "{a", "{a.", "$a ", "``` "]


@pytest.mark.growth
@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("end", ["", "{n}", "\n{n}"])
def test_what_is_never_closed_is_read_in_linear_time(opener, end):
    def read(size):
        fill((opener * size)[:size] + end, {"n": 1}, 99)

    # Four times the text takes four times as long, and not sixteen times.
    assert_grows_less(read, 25_000, times=4, most=9)


def test_openers_that_all_differ_are_read_in_linear_time():
    text = "".join(f"\\begin{{a{number}}}" for number in range(8_000))
    assert fill(text, {}, 99)[0] == text
    ticks = " ".join("`" * number for number in range(1, 400))
    assert fill(ticks, {}, 99)[0] == ticks


@pytest.mark.parametrize("opener", ["\\[", "\\(", "$$", "`", "\\begin{a}"])
def test_a_name_after_what_is_never_closed_is_replaced(opener):
    assert fill(f"{opener} then {{n}}", {"n": 7}, 99)[0] == f"{opener} then 7"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{n}} {n}", "{{n}} 7"),
        ("{{n} {n}", "{7 7"),
        ("\\[ {n} \\] {n}", "\\[ {n} \\] 7"),
        ("\\( {n} \\) \\( {n}", "\\( {n} \\) \\( 7"),
        ("$$ {n} $$ {n} $$", "$$ {n} $$ 7 $$"),
        ("`{n}` ``{n}` {n}`` `{n}", "`{n}` ``{n}` {n}`` `7"),
        ("\\begin{a}{n}\\end{b}{n}\\end{a}{n}", "\\begin{a}{n}\\end{b}{n}\\end{a}7"),
        ("\\begin{n}{n} {n}", "\\begin{n}{n} 7"),
        ("\\(\\) {n} \\)", "\\(\\) {n} \\)"),
        ("{{}} {n}", "{{}} 7"),
    ],
)
def test_pieces_end_where_they_are_closed(text, filled):
    assert fill(text, {"n": 7}, 99)[0] == filled
