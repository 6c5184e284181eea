"""The table of models: what each is sent for each flag, and what is refused before it is sent."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import get_type_hints

import pytest
from asking import failure_of, gemini, request_of, run_of
from google.genai.types import ThinkingLevel
from loopback import GENERATE, refusal, said, stream

from gemini_magic.answer.parts import Note
from gemini_magic.engines.google.capabilities import (
    Capabilities,
    capabilities_of,
    gathered_on,
    known_models,
    refusals,
    sources,
)
from gemini_magic.engines.google.models_table import table
from gemini_magic.engines.registry import identity_of
from gemini_magic.errors import RequestError, RequestRefused
from gemini_magic.options.table import MODELS
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.declarations import declared
from gemini_magic.request.functions import Functions
from gemini_magic.request.schemas import output_of

DONE = stream(said({"text": "done"}, finishReason="STOP"))
ROWS = list(known_models().values())
LEVELED = [row for row in ROWS if row.levels]
COUNTING = [row for row in ROWS if row.budget]
WORDS = ("minimal", "low", "medium", "high", "xhigh")
SHAPE = output_of("shape", {"type": "object"})


def named(row):
    return row.name


def settings_of(server, model, **options):
    """Return the generation config that a model is sent."""
    server.on(GENERATE, DONE)
    run_of(gemini(server, model), **options)
    return server.prompts[-1].body.get("generationConfig", {})


def thinking(server, model, word):
    config = settings_of(server, model, thinking=word)["thinkingConfig"]
    [(name, value)] = config.items()
    return {"thinkinglevel": "level", "thinkingbudget": "tokens"}[
        name.replace("_", "").lower()
    ], value


def refused(server, model, **options):
    """Return the line of what is refused before anything is sent, by the preview too."""
    said = str(failure_of(gemini(server, model), RequestError, **options))
    with pytest.raises(RequestError) as caught:
        gemini(server, model).preview(request_of("add", **options))
    assert (str(caught.value), server.asked) == (said, [])
    return said


@pytest.mark.parametrize("row", LEVELED, ids=named)
def test_each_level_that_a_model_knows_is_sent_as_it_is(server, row):
    for word in (*row.levels, *row.untold):
        assert thinking(server, row.name, word) == ("level", word.upper())


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_each_level_that_a_model_does_not_know_is_refused_before_it_is_sent(server, row):
    for word in set(WORDS) - {*row.words, *row.untold}:
        assert refused(server, row.name, thinking=word) == (
            f"{row.name} does not know --thinking {word}: it takes {', '.join(row.words)}"
        )


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_whatever_word_is_asked_of_a_model_it_has_a_fingerprint_before_it_may_be_refused(row):
    for word in WORDS:
        assert identity_of("gemini", request_of("add", model=row.name, thinking=word))["thinking"]


@pytest.mark.parametrize("row", COUNTING, ids=named)
def test_models_that_count_are_sent_googles_numbers_for_the_words(server, row):
    for word, tokens in {"minimal": 1024, "low": 1024, "medium": 8192, "high": 24_576}.items():
        assert thinking(server, row.name, word) == ("tokens", tokens)


@pytest.mark.parametrize("row", COUNTING, ids=named)
def test_numbers_of_tokens_are_held_against_what_the_model_takes(server, row):
    least, most = row.budget
    for tokens in (least, most):
        assert thinking(server, row.name, str(tokens)) == ("tokens", tokens)
    server.asked.clear()
    line = refused(server, row.name, thinking=str(most + 1))
    assert line == f"{row.name} takes {row.thinking} for --thinking, not {most + 1:,}"


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_off_is_the_least_that_a_model_knows_and_a_note_says_so(server, row):
    server.on(GENERATE, DONE)
    run = run_of(gemini(server, row.name), thinking="off")
    config = server.prompts[-1].body["generationConfig"]["thinkingConfig"]
    notes = [part.text for part in run.parts if isinstance(part, Note)]
    if row.off is not None:
        assert (list(config.values()), notes) == ([row.off], [])
        return
    least = row.levels[0].upper() if row.levels else row.budget[0]
    assert list(config.values()) == [least]
    shown = row.levels[0] if row.levels else f"{least} tokens"
    assert notes == [
        f"{row.name} cannot leave thinking off: it is asked for the least that it knows, {shown}"
    ]


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_temperature_of_0_goes_to_the_guides_models_and_those_that_take_one(server, row):
    sent = settings_of(server, row.name).get("temperature")
    takes = row.name in MODELS or row.temperature != "deprecated"
    assert sent == (0.0 if takes else None)
    assert settings_of(server, row.name, temperature=0.0)["temperature"] == 0.0
    assert settings_of(server, row.name, temperature=0.7)["temperature"] == 0.7


def noon() -> str:
    """Return the time."""
    return "12"


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_tools_are_mixed_where_the_model_mixes_them(server, row):
    functions = Functions(declared({"noon": noon}))
    for more, flag in (({"functions": functions}, "functions"), ({"output": SHAPE}, "--json")):
        if row.mixes:
            server.on(GENERATE, stream(said({"text": "{}"}, finishReason="STOP")))
            run_of(gemini(server, row.name), **more)
            assert {"codeExecution": {}} in server.prompts[-1].body["tools"]
        else:
            assert f"{row.name} cannot mix {flag} with code" in refused(server, row.name, **more)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_contexts_are_asked_for_where_the_model_takes_them(server, row):
    if row.caching:
        server.on("/cachedContents", refusal(400, "INVALID_ARGUMENT", "nobody is at home"))
        failure_of(gemini(server, row.name), RequestRefused, context="manual")
        assert [asked.method for asked in server.asked] == ["GET"]
    else:
        assert refused(server, row.name, context="manual") == (
            f"{row.name} takes no context: leave --cache-context out, or use another model"
        )


KINDS = {
    "text": Attachment("a.csv", "text/csv", b"a,b\n1,2\n"),
    "image": Attachment("a.png", "image/png", b"png"),
    "audio": Attachment("a.mp3", "audio/mp3", b"mp3"),
    "video": Attachment("a.mp4", "video/mp4", b"mp4"),
    "pdf": Attachment("a.pdf", "application/pdf", b"%PDF-"),
}


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_files_go_to_the_models_that_read_them(server, row):
    for kind in row.inputs or KINDS:
        settings_of(server, row.name, attachments=(KINDS[kind],))
        [sent, *_] = server.prompts[-1].body["contents"][0]["parts"]
        assert KINDS[kind].mime_type in sent["inlineData"].values()


def test_a_file_that_a_model_is_known_not_to_read_is_refused():
    row = replace(ROWS[0], inputs=("text", "image"))
    request = request_of("add", attachments=(KINDS["audio"], KINDS["image"]))
    assert list(refusals(request, row, "m")) == [
        "'a.mp3' is audio/mp3, and m reads only text, image: send what it reads, or ask another "
        "model"
    ]


@pytest.mark.parametrize("word", [*WORDS, "99"])
def test_a_model_that_is_not_in_the_table_is_sent_what_was_asked(server, word):
    settings = settings_of(server, "gemini-9-xenon", thinking=word, temperature=0.5)
    assert settings["temperature"] == 0.5
    [value] = settings["thinkingConfig"].values()
    assert value == (99 if word == "99" else word.upper())
    assert "temperature" not in settings_of(server, "gemini-9-xenon")


@pytest.mark.parametrize(
    ("message", "field", "flag"),
    [
        ("Thinking level MINIMAL is not supported for this model.", "", "--thinking"),
        ("Invalid value", "generation_config.thinking_config.thinking_budget", "--thinking"),
        ("temperature is not supported", "", "--temperature"),
        ("out of range", "generationConfig.maxOutputTokens", "--max-output-tokens"),
        ("Developer instruction is not enabled", "system_instruction", "--system"),
        ("no", "cachedContent", "--cache-context"),
        ("no", "generation_config.response_json_schema", "--json"),
        ("Developer instruction is not enabled for models/gemini-9-xenon", "", "--system"),
        ("Function calling is not enabled for models/gemini-9-xenon", "", "--tool"),
        ("Search Grounding is not supported.", "", "--search"),
    ],
)
def test_a_refusal_that_names_a_field_becomes_a_line_that_names_the_flag(
    server, message, field, flag
):
    detail = {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [{"field": field, "description": message}],
    }
    server.on(GENERATE, refusal(400, "INVALID_ARGUMENT", message, *([detail] if field else [])))
    error = failure_of(gemini(server, "gemini-9-xenon"), RequestRefused)
    assert str(error).startswith(f"gemini-9-xenon refuses what {flag} asks: change or omit it (400")


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Code execution is not enabled for models/gemini-9-xenon", ""),
        ("Unknown name \"codeExecution\" at 'tools[0]': Cannot find field.", ""),
        ("no", "tools[0].code_execution"),
    ],
)
def test_a_model_that_runs_no_code_becomes_a_line_that_names_the_flag(server, message, field):
    detail = {"fieldViolations": [{"field": field}]}
    server.on(GENERATE, refusal(400, "INVALID_ARGUMENT", message, *([detail] if field else [])))
    error = failure_of(gemini(server, "gemini-9-xenon"), RequestRefused)
    assert str(error).startswith(
        "gemini-9-xenon refuses to run code: add --no-code, or ask another model (400"
    )


@pytest.mark.parametrize("violations", [7, "x", [7], {"field": "seed"}, [{}]])
def test_a_refusal_of_any_shape_is_one_line(server, violations):
    detail = {"fieldViolations": violations}
    server.on(GENERATE, refusal(400, "INVALID_ARGUMENT", "no", detail))
    assert "the server refuses" in str(failure_of(gemini(server), RequestRefused))


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"),
        ("models/gemini-2.5-flash-001", "gemini-2.5-flash"),
        ("gemini-2.5-flash-lite", "gemini-2.5-flash-lite"),
        ("gemini-3-flash", "gemini-3-flash-preview"),
        ("gemini-2.0-flash", ""),
        ("gemini-flash-latest", ""),
    ],
)
def test_a_version_of_a_model_has_its_row(name, row):
    found = capabilities_of(name)
    assert (found.name if found else "") == row


def test_the_models_of_the_guide_are_in_the_table():
    assert set(MODELS) <= set(known_models())


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_row_holds_what_its_columns_take(row):
    hints = get_type_hints(Capabilities)
    for field in fields(Capabilities):
        value, hint = getattr(row, field.name), hints[field.name]
        if hint in (str, bool):
            assert isinstance(value, hint), field.name
    assert bool(row.levels) != bool(row.budget)
    assert {*row.levels, *row.untold} <= {level.value.lower() for level in ThinkingLevel}
    assert row.default in ("", *row.levels)
    assert set(row.inputs) <= set(KINDS)
    assert row.temperature in ("", "deprecated")
    assert row.sources


def test_each_source_is_an_address_that_a_row_rests_on():
    assert {name for row in ROWS for name in row.sources} == set(sources())
    assert all(address.startswith("https://") for address in sources().values())
    assert gathered_on() >= date(2026, 11, 27)


def test_the_documented_table_is_this_table():
    docs = Path(__file__).parent.parent / "docs" / "models.md"
    assert f"\n{table()}\n" in docs.read_text(encoding="utf-8")
