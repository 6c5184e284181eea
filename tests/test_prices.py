"""What the tokens of a session cost, by the reader's own table."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.answer.parts import Reply, Usage
from gemini_magic.errors import OptionError
from gemini_magic.notebook.commands.command import Invocation
from gemini_magic.notebook.commands.usage import usage
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.request import Request
from gemini_magic.runs.prices import prices
from gemini_magic.runs.run import Run
from gemini_magic.views.host import Host
from gemini_magic.views.session import Session

TABLE = {"m": {"input": 1.0, "cached": 0.1, "output": 10}}
USAGE = Usage(
    prompt=1_000_000,
    candidates=100_000,
    thoughts=200_000,
    tool_use_prompt=50_000,
    cached_content=400_000,
    total=1_350_000,
)


def run_of(model, usage=USAGE):
    run = Run(Request("add"), "gemini", model)
    if usage:
        run.add(usage)
    return run


def used(runs, table):
    session = Session(Host(), GeminiMagic(prices=table))
    session.runs += runs
    return str(usage(Invocation(session)))


def test_cached_tokens_are_paid_as_cached_code_as_input_and_thoughts_as_output():
    assert prices(TABLE)["m"].of(USAGE) == pytest.approx(0.6 + 0.05 + 0.04 + 3.0)


def test_without_a_price_of_their_own_cached_tokens_are_paid_as_input():
    table = {"m": {"input": 1, "output": 10}}
    assert prices(table)["m"].of(USAGE) == pytest.approx(1.05 + 3.0)


def test_usage_has_the_money_by_model_and_of_all():
    runs = [run_of("m"), run_of("m"), run_of("other"), run_of("m", None)]
    head, first, second, total, note = used(runs, TABLE).splitlines()
    assert head.split()[-2:] == ["total", "dollars"]
    assert (first.split()[:2], first.split()[-1]) == (["m", "2"], "7.3800")
    assert (second.split()[:2], second.split()[-1]) == (["other", "1"], "–")
    assert (total.split()[:2], total.split()[-2:]) == (["all", "3"], ["4,050,000", "7.3800"])
    assert note == "without a price: other (GeminiMagic.prices takes them)"


def test_the_version_of_a_model_costs_what_the_model_does():
    table = {"m-1": {"input": 1, "output": 1}, "m-1-preview": {"input": 2, "output": 2}}
    retired = run_of("m-0")
    retired.add(Reply(model_version="models/m-1-001"))
    assert used([retired], table).splitlines()[1].split()[::8] == ["m-1-001", "1.3500"]
    known = prices(table)
    assert known["m-1-preview-09-2026"].input == 2
    assert [name for name in ("m-2", "m-1-pro", "m", "m-12") if name in known] == []
    assert "m-1" not in prices({"m-1-preview": table["m-1"]})


def test_without_any_price_there_is_no_money():
    _, first, total, note = used([run_of("m")], {}).splitlines()
    assert (first.split()[-1], total.split()[-1]) == ("–", "–")
    assert note.startswith("without a price: m ")


def test_with_all_prices_nothing_is_left_to_say():
    assert "without a price" not in used([run_of("m")], TABLE)


def test_a_free_model_costs_nothing_rather_than_having_no_price():
    free = {"m": {"input": 0, "output": 0}}
    assert used([run_of("m")], free).splitlines()[2].split()[-1] == "0.0000"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"m": 3}, "GeminiMagic.prices['m'] is 3, which is no price: the setting takes {"),
        ({"m": {"input": 1}}, "GeminiMagic.prices['m'] has no 'output': it takes dollars"),
        ({"m": {}}, "GeminiMagic.prices['m'] has no 'input': it takes dollars"),
        (
            {"m": {"inptu": 1, "output": 1}},
            "GeminiMagic.prices['m'] knows no 'inptu': did you mean 'input'?",
        ),
        (
            {"m": {"zzz": 1}},
            "GeminiMagic.prices['m'] knows no 'zzz': there are input, cached, output",
        ),
        (
            {"m": {"input": "cheap", "output": 1}},
            "GeminiMagic.prices['m']['input'] is 'cheap', and takes a number: dollars",
        ),
        (
            {"m": {"input": True, "output": 1}},
            "GeminiMagic.prices['m']['input'] is True, and takes a number",
        ),
        (
            {"m": {"input": 1, "output": -1}},
            "GeminiMagic.prices['m']['output'] is -1, and takes dollars from 0",
        ),
        (
            {"m": {"input": math.nan, "output": 1}},
            "GeminiMagic.prices['m']['input'] is nan, and takes dollars from 0",
        ),
        (
            {"m": {"input": 10**400, "output": 1}},
            "GeminiMagic.prices['m']['input'] is 1000000",
        ),
    ],
)
def test_a_table_that_cannot_be_read_is_one_line_that_names_what_is_wrong(table, message):
    with pytest.raises(OptionError) as caught:
        used([run_of("m")], table)
    assert str(caught.value).startswith(message)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["input", "cached", "output"]) | st.text(max_size=5), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5) | st.integers(), ANY, max_size=3))
def test_any_table_is_prices_or_an_error_in_one_line(table):
    try:
        read = prices(table)
    except OptionError as exc:
        assert "\n" not in str(exc)
    else:
        assert all(price.of(USAGE) >= 0 for price in read.values())


COUNT = st.integers(0, 10**9)
CENTS = st.floats(0, 1000)


@given(COUNT, COUNT, COUNT, COUNT, st.floats(0, 1), CENTS, CENTS)
def test_a_cache_that_costs_as_much_as_input_changes_nothing(
    prompt, candidates, thoughts, code, share, input_, output
):
    cached = int(prompt * share)
    table = {"m": {"input": input_, "cached": input_, "output": output}}
    with_cache = Usage(prompt, candidates, thoughts, code, cached)
    without = Usage(prompt, candidates, thoughts, code, 0)
    assert prices(table)["m"].of(with_cache) == pytest.approx(prices(table)["m"].of(without))
