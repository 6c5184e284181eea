"""A dry run says how many tokens the prompt has, and asks nobody unless it may."""

import json

import pytest
from loopback import Answer, refusal

from gemini_magic.line import preview
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.question import Question
from gemini_magic.request.request import Request
from gemini_magic.runs.estimate import estimated
from gemini_magic.views.session import Session

PROMPT = "Sum the numbers of this text, please."
PRICES = {"gemini-3-flash-preview": {"input": 100, "output": 3}}
COUNT = ":countTokens"


@pytest.fixture
def online(server, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-that-nobody-must-see-00001")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    return server


def dry_run(line="", **settings):
    options = parse(line, GeminiMagic(**settings))
    return preview(Question(PROMPT, options), Session()).rpartition("\n\n")[2]


def test_tokens_are_estimated_and_nothing_is_sent(online):
    assert dry_run() == "The prompt has about 10 tokens (by its characters)."
    assert online.asked == []


def test_the_server_counts_them_where_it_may_be_asked(online):
    online.on(COUNT, Answer((json.dumps({"totalTokens": 1234}).encode(),)))
    assert dry_run(count_tokens=True) == (
        "The prompt has 1,234 tokens (as the server counts, instruction and tools aside)."
    )
    [asked] = online.asked
    assert asked.body["contents"][0]["parts"] == [{"text": PROMPT}]


def test_what_they_cost_is_said_where_there_is_a_price(online):
    assert dry_run(prices=PRICES).endswith(
        "about 10 tokens (by its characters), which cost about $0.0010; the answer costs its own."
    )
    cheap = {model: {**price, "input": 0.5} for model, price in PRICES.items()}
    assert ", which cost less than $0.0001; " in dry_run(prices=cheap)
    online.on(COUNT, Answer((json.dumps({"totalTokens": 1234}).encode(),)))
    assert ", which cost about $0.1234; " in dry_run(prices=PRICES, count_tokens=True)


def test_a_server_that_does_not_count_leaves_the_estimate(online):
    online.on(COUNT, refusal(403, "PERMISSION_DENIED", "not for you"))
    line = dry_run(count_tokens=True)
    assert line.startswith("The prompt has about 10 tokens (by its characters; the server did not")
    assert "not for you" in line


def test_files_of_text_are_counted_and_others_are_told(online, tmp_path):
    table = Attachment("a.csv", "text/csv", b"x" * 4000)
    assert estimated(Request("a", attachments=(table,))) == 1001
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert dry_run(f"--file {picture}").endswith(
        "(by its characters; pictures and other files come on top)."
    )


def test_an_engine_that_is_no_server_has_no_tokens():
    options = parse("--engine offline", GeminiMagic())
    assert "tokens" not in preview(Question("```python\n1\n```", options), Session())
