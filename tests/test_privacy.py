"""What `docs/privacy.md` says of the engines that ask nobody."""

import json

import pandas as pd
import pytest

from gemini_magic.line import ask
from gemini_magic.options.table import Options
from gemini_magic.request.question import Question

FENCED = "Run this:\n```python\nprint(open('frame.csv').read())\n```\n"


@pytest.mark.parametrize("engine", ["offline", "replay:"])
@pytest.mark.parametrize("run_code", ["there", "here"])
def test_lessons_and_recordings_ask_nobody(there, session, tmp_path, engine, run_code):
    options = Options(engine="offline", run_code=run_code)
    run = ask(Question(FENCED, options, data={"frame": pd.DataFrame({"a": [4711]})}), session)
    assert "4711" in run.output
    if engine == "replay:":
        path = tmp_path / "run.json"
        path.write_text(json.dumps(run.to_dict()))
        played = ask(
            Question("again", Options(engine=f"replay:{path}", run_code=run_code)), session
        )
        assert played.output == run.output
        assert played.ran == ""
    assert there.asked == []
