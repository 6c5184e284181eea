"""Ask `--engine local` as a cell does, with the server of a test in its place."""

from __future__ import annotations

import traceback

import pytest
from completions import CHAT, MODEL

from gemini_magic.errors import GeminiError
from gemini_magic.line import ask, preview, unseen
from gemini_magic.options.table import Options
from gemini_magic.request.question import Question

PROMPT = "What is 6 times 7?"
# Of the names that both have, these are the values themselves.
OF_QUESTION = {"data", "json", "tools"}
KEY = "sk-a-key-that-nobody-must-see-00001"


class Asker:
    """Asks `server` in one session; keywords are options, and what goes with a question."""

    def __init__(self, server, session):
        self.server = server
        self.session = session

    def question(self, prompt, **more):
        names = set(Options.__dataclass_fields__)
        own = {name: more.pop(name) for name in (names - OF_QUESTION) & set(more)}
        address = {"local_base_url": f"{self.server.url}/v1"}
        return Question(
            prompt, Options(**{"engine": "local", "model": MODEL, **address, **own}), **more
        )

    def __call__(self, prompt=PROMPT, show=unseen, **more):
        return ask(self.question(prompt, **more), self.session, show)

    def preview(self, prompt=PROMPT, **more):
        return preview(self.question(prompt, **more), self.session)

    def failure(self, kind, prompt=PROMPT, **more):
        """Return the error of a run that must break: one line of just this kind, without keys."""
        with pytest.raises(GeminiError) as caught:
            self(prompt, **more)
        assert type(caught.value) is kind, caught.value
        assert "\n" not in str(caught.value)
        assert KEY[:10] not in "".join(traceback.format_exception(caught.value))
        return caught.value

    @property
    def bodies(self):
        """What was sent, request by request."""
        return [asked.body for asked in self.server.asked if CHAT in asked.path]

    @property
    def messages(self):
        """The messages of the last request."""
        return self.bodies[-1]["messages"]
