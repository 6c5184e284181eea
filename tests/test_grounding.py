"""Answers that rest on the web: what is asked for, and what is shown of it."""

import pytest
from asking import gemini, run_of
from loopback import GENERATE, said, stream

from gemini_magic.answer.parts import Note, Query, Source, Text
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.build import build
from gemini_magic.request.question import Question
from gemini_magic.runs.html import render
from gemini_magic.runs.text import to_text

GROUNDED = {
    "groundingMetadata": {
        "webSearchQueries": ["population of Oslo", "<b>Oslo</b> & more"],
        "groundingChunks": [
            {"web": {"uri": "https://example.org/oslo", "title": "Oslo"}},
            {"web": {"uri": "javascript:alert(1)", "title": "<img src=x onerror=alert(1)>"}},
            {"web": {"title": "without an address"}},
        ],
        "searchEntryPoint": {"renderedContent": "<script>alert(1)</script>"},
    }
}
READ = {
    "urlContextMetadata": {
        "urlMetadata": [
            {
                "retrievedUrl": "https://example.org/a",
                "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS",
            },
            {
                "retrievedUrl": "https://example.org/b",
                "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_PAYWALL",
            },
        ]
    }
}


def test_the_flags_reach_the_request():
    options = build(Question("add", parse("--search --url", GeminiMagic()), {})).request.options
    assert (options.search, options.url) == (True, True)


@pytest.mark.parametrize(
    ("wanted", "tools"),
    [
        ({"search": True}, [{"codeExecution": {}}, {"googleSearch": {}}]),
        ({"url": True}, [{"codeExecution": {}}, {"urlContext": {}}]),
        ({"search": True, "url": True, "code": False}, [{"googleSearch": {}}, {"urlContext": {}}]),
    ],
)
def test_tools_are_asked_for_beside_code(server, wanted, tools):
    server.streams(said({"text": "ok"}, finishReason="STOP"))
    run_of(gemini(server), **wanted)
    assert server.prompts[0].body["tools"] == tools
    assert "toolConfig" not in server.prompts[0].body


def test_queries_and_sources_stand_once_under_the_answer(server):
    server.on(
        GENERATE,
        stream(
            said({"text": "700,000"}, **GROUNDED),
            said({"text": ""}, finishReason="STOP", **GROUNDED),
        ),
    )
    run = run_of(gemini(server), search=True)
    assert run.parts == [
        Text("700,000"),
        Query("population of Oslo"),
        Query("<b>Oslo</b> & more"),
        Source("Oslo", "https://example.org/oslo"),
        Source("<img src=x onerror=alert(1)>", "javascript:alert(1)"),
    ]


def test_links_are_to_the_web_and_nothing_else_is_one(server):
    server.on(GENERATE, stream(said({"text": "ok"}, finishReason="STOP", **GROUNDED)))
    html = render(run_of(gemini(server), search=True))
    assert 'href="https://example.org/oslo"' in html
    assert 'href="https://www.google.com/search?q=population%20of%20Oslo"' in html
    assert 'search?q=%3Cb%3EOslo%3C/b%3E%20%26%20more"' in html
    assert html.count("href=") == 3
    assert "<img" not in html
    assert "<script" not in html


def test_pages_that_were_read_are_sources_and_others_are_told(server):
    server.on(GENERATE, stream(said({"text": "ok"}, finishReason="STOP", **READ)))
    run = run_of(gemini(server), url=True)
    assert run.parts[1:] == [
        Source("https://example.org/a", "https://example.org/a"),
        Note("the page https://example.org/b could not be read (URL_RETRIEVAL_STATUS_PAYWALL)"),
    ]


def test_a_terminal_shows_the_queries_and_the_sources(server):
    server.on(GENERATE, stream(said({"text": "ok"}, finishReason="STOP", **GROUNDED)))
    text = to_text(run_of(gemini(server), search=True))
    assert "Searched: population of Oslo" in text
    assert "Source: Oslo <https://example.org/oslo>" in text
