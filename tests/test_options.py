"""The first line of the cell, read by one table."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import typed_lines

from gemini_magic.errors import GeminiError, OptionError
from gemini_magic.options.help import table, usage
from gemini_magic.options.parse import from_keywords, parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.options.table import FLAGS, ROWS, SETTINGS, Options

DOCS = Path(__file__).parent.parent / "docs"


def test_without_flags_the_settings_hold():
    options = parse("", GeminiMagic(model="gemini-2.5-pro", temperature=0.5))
    assert (
        options.model,
        options.temperature,
        options.out,
        options.code,
    ) == ("gemini-2.5-pro", 0.5, "_run", True)


def test_the_default_model_and_temperature_are_those_of_the_guide():
    options = parse("", GeminiMagic())
    assert (options.model, options.temperature) == ("gemini-3-flash-preview", None)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("-m gemini-2.5-flash", "model", "gemini-2.5-flash"),
        ("--model=gemini-2.5-flash", "model", "gemini-2.5-flash"),
        ("-t 0.7", "temperature", 0.7),
        ("--engine replay:a.json", "engine", "replay:a.json"),
        ("--system 'be brief'", "system", "be brief"),
        ("--thinking low", "thinking", "low"),
        ("--thinking 1024", "thinking", "1024"),
        ("--thoughts", "thoughts", True),
        ("--max-output-tokens 64", "max_output_tokens", 64),
        ("--seed 7", "seed", 7),
        ("--timeout 2.5", "timeout", 2.5),
        ("--out answer", "out", "answer"),
        ("--insert all", "insert", "all"),
        ("--static", "static", True),
        ("--dry-run", "dry_run", True),
        ("--no-code", "code", False),
        ("--data df --data=names", "data", ("df", "names")),
        ("--file a.csv --file gs://b/c.png", "files", ("a.csv", "gs://b/c.png")),
        ("--no-schema", "schema", False),
        ("--chat lessons", "chat", "lessons"),
        ("--chat", "chat", "notebook"),
        ("--chat --fresh", "fresh", True),
        ("--chat --append", "append", True),
        ("--raw", "raw", True),
        ("--help", "help", True),
    ],
)
def test_a_flag_sets_its_option(line, field, value):
    assert value == getattr(parse(line, GeminiMagic()), field)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--modle x", "there is no flag --modle: did you mean --model?"),
        ("--mod x", "there is no flag --mod: did you mean --model?"),
        ("--engin offline", "there is no flag --engin: did you mean --engine?"),
        ("--chat a/b", "a name of letters, digits, '.', '_' and '-', at most 64, not 'a/b'"),
        ("--fresh", "--fresh is about a chat, and here is none: add --chat or --chat NAME"),
        ("--append", "--append is about a chat, and here is none: add --chat or --chat NAME"),
        (
            "--rows table --insert last",
            "the code of many rows goes into no cells: leave --insert out",
        ),
        ("--zzz", "there is no flag --zzz: `%%gemini_exec --help` lists them"),
        ("sum it up", "'sum' is not a flag: the prompt goes into the lines below %%gemini_exec"),
        ("-t hot", "-t/--temperature: takes a number from 0 to 2, not 'hot'"),
        ("-t 3", "-t/--temperature: takes a number from 0 to 2, not '3'"),
        ("-t nan", "-t/--temperature: takes a number from 0 to 2, not 'nan'"),
        ("--timeout 0", "--timeout: takes a number of seconds, not '0'"),
        ("--out 'a b'", "--out: takes a variable's name, not 'a b'"),
        ("--out class", "--out: takes a variable's name, not 'class'"),
        (
            "--thinking hard",
            "off, minimal, low, medium, high, xhigh or a number of tokens, not 'hard'",
        ),
        ("--model", "-m/--model: expected one argument"),
        ("--system=--", "--system: takes a value, not '--'"),
        ("--file=-- --file a.csv", "--file: takes a value, not '--'"),
        ("--system 'open", 'the line "--system \'open" cannot be read: no closing quotation'),
    ],
)
def test_a_line_that_cannot_be_read_is_one_line_with_the_remedy(line, message):
    with pytest.raises(OptionError) as caught:
        parse(line, GeminiMagic())
    assert str(caught.value).endswith(message)


@given(st.text(max_size=40))
def test_any_line_is_options_or_an_error_in_one_line(line):
    try:
        assert isinstance(parse(line, GeminiMagic()), Options)
    except GeminiError as exc:
        assert "\n" not in str(exc)


def test_a_value_that_ends_in_an_equals_sign_and_two_dashes_is_a_value():
    assert parse("--system==--", GeminiMagic()).system == "=--"


@given(typed_lines())
def test_any_flags_in_any_order_set_their_options_and_no_others(line):
    typed, meant = line
    # Many rows, asked again, go on where they were.
    goes_on = {"replay": "auto"} if meant.get("rows") else {}
    expected = {**vars(parse("", GeminiMagic())), **goes_on, **meant}
    assert vars(parse(typed, GeminiMagic())) == expected


@given(typed_lines([flag for flag in FLAGS if flag.scope != "cell"]))
def test_keywords_mean_what_their_flags_mean(line):
    typed, meant = line
    assert from_keywords(GeminiMagic(), meant) == parse(typed, GeminiMagic())


@given(typed_lines(), st.sampled_from(["--modle", "--zzz", "-x", "stray", "--temp"]))
def test_a_word_that_is_no_flag_is_never_passed_over(line, stray):
    with pytest.raises(OptionError) as caught:
        parse(f"{stray} {line[0]}", GeminiMagic())
    assert "\n" not in str(caught.value)


def test_keywords_are_read_by_the_same_table():
    options = from_keywords(GeminiMagic(), {"model": "m", "temperature": 1, "code": False})
    assert (options.model, options.temperature, options.code) == ("m", 1.0, False)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"temprature": 0}, "run() has no keyword 'temprature': did you mean 'temperature'?"),
        ({"temperature": "hot"}, "temperature takes a number from 0 to 2, not 'hot'"),
        ({"static": True}, "run() has no keyword 'static'"),
    ],
)
def test_a_wrong_keyword_is_one_line(keywords, message):
    with pytest.raises(OptionError) as caught:
        from_keywords(GeminiMagic(), keywords)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.names[-1])
def test_every_flag_is_in_the_help(flag):
    assert all(name in usage() for name in flag.names)
    assert flag.help in usage()


def test_the_documented_table_is_this_table():
    assert table() in (DOCS / "options.md").read_text()


def test_every_option_is_a_flag_or_a_setting():
    assert {row for row in ROWS if not (row.names or row.setting)} == set()


def test_options_that_nobody_set_are_the_settings_that_nobody_set():
    assert parse("", GeminiMagic()) == Options()


def test_every_setting_is_a_trait_with_the_default_of_its_row():
    settings = GeminiMagic()
    assert {row.field: list(row.default) if row.many else row.default for row in SETTINGS} == {
        name: getattr(settings, name) for name in settings.trait_names(config=True)
    }


@given(typed_lines())
def test_options_are_values(line):
    options = parse(line[0], GeminiMagic())
    assert pickle.loads(pickle.dumps(options)) == options
    assert hash(replace(options)) == hash(options)


def test_what_is_asked_is_what_a_model_can_answer_differently_for():
    asked = parse("--seed 7 --search --out answer --static", GeminiMagic()).asked()
    assert asked["seed"] == 7
    assert asked["search"]
    assert not {"out", "static", "engine", "timeout", "chat", "max_chat_tokens"} & set(asked)


def test_an_option_says_what_an_engine_must_be_able_to_do_for_it():
    assert Options().needs() == {}
    assert Options(url=True, files=("a.csv",), code=False).needs() == {
        "web": "--url",
        "files": "--file",
        "prose": "--no-code",
    }


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("temperature", 9.0, "takes a number from 0 to 2, not 9.0"),
        (
            "thinking",
            "lots",
            "takes off, minimal, low, medium, high, xhigh or a number of tokens, not 'lots'",
        ),
        ("timeout", -5.0, "takes a number of seconds, not -5.0"),
        ("out", "a b", "takes a variable's name, not 'a b'"),
    ],
)
def test_a_setting_is_held_to_what_its_flag_takes(setting, value, message):
    with pytest.raises(OptionError) as caught:
        parse("", GeminiMagic(**{setting: value}))
    name = f"GeminiMagic.{setting}"
    assert str(caught.value) == f"{name} {message}: %config {name} = …"


@pytest.mark.parametrize("value", ["no", "False", 2, [], np.array([True, False])], ids=str)
@pytest.mark.parametrize("keyword", ["private", "search"])
def test_a_keyword_that_is_a_switch_takes_no_word_for_one(keyword, value):
    with pytest.raises(OptionError, match=f"^{keyword} takes True or False, not "):
        from_keywords(GeminiMagic(), {keyword: value})


@pytest.mark.parametrize("value", [True, 1, np.True_], ids=repr)
def test_a_keyword_that_is_a_switch_takes_what_equals_one(value):
    assert from_keywords(GeminiMagic(), {"search": value}).search is True


def test_a_flag_overrules_a_setting_that_cannot_be():
    assert parse("--timeout 3", GeminiMagic(timeout=-5.0)).timeout == 3
