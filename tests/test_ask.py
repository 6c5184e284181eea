"""`gemini_magic.run`: the line without a notebook."""

import pytest

import gemini_magic
from gemini_magic.errors import OptionError

PROMPT = "```python\nprint(6 * 7)\n```"


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"prompt": None}, "prompt takes a text, not None"),
        ({"data": [3]}, "data takes a dict, by name, not [3]"),
        ({"data": {1: 2}}, "data takes a dict, by name, not {1: 2}"),
        ({"files": 3}, "files takes a path or a URI, not 3"),
        ({"names": 3}, "names takes a dict, by name, not 3"),
        ({"on_part": 3}, "on_part takes a function, not 3"),
        ({"tools": 3}, "tools takes a list of functions, not 3"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(keywords, message):
    with pytest.raises(OptionError) as caught:
        gemini_magic.run(**{"prompt": PROMPT, "engine": "offline", **keywords})
    assert str(caught.value) == message


def test_each_part_is_handed_on_as_it_comes():
    parts = []
    run = gemini_magic.run(PROMPT, engine="offline", on_part=parts.append)
    # A machine's first run also tells that it prepares the sandbox, which is no part of it.
    stored = [part for part in parts if part.kind != "progress"]
    assert [part.kind for part in stored if part.kind != "note"] == ["code", "result"]
    assert [*run.parts] == stored
    assert run.output == "42\n"
