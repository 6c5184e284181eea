"""Figures of code that ran here go back to a local model that reads pictures, as images."""

import json
from base64 import b64encode
from itertools import pairwise

import pytest
from completions import CHAT, MODEL, MODELS, listed, llama, refuses, runs, said, says
from test_private import Answers

from gemini_magic.answer.parts import Image, Note
from gemini_magic.engines.here import LARGEST_PICTURE, MOST_PICTURES, fitting
from gemini_magic.engines.kept_sandboxes import KeptSandboxes
from gemini_magic.errors import RequestRefused

PNG = b"\x89PNG\r\n\x1a\n" + b"\xff\xfe" * 20  # in which the two alphabets of base64 differ
DATA = b64encode(PNG).decode()
URL = f"data:image/png;base64,{DATA}"
# As Matplotlib's way out does it, which takes seconds to import.
DRAW = f"from host import tools\ntools.show('{DATA}', True)\nprint('drawn')"
SHOWN = [
    {"type": "text", "text": "What the code drew:"},
    {"type": "image_url", "image_url": {"url": URL}},
]


def test_only_the_first_figures_go_back_and_none_that_is_large():
    large = Image("image/png", b"x" * (LARGEST_PICTURE + 1))
    small = [Image("image/png", bytes([n])) for n in range(9)]
    assert fitting([large, *small]) == tuple(small[:MOST_PICTURES])


@pytest.fixture
def drawing(server, local):
    """Asks where code can draw; the server's model reads pictures."""
    server.on(MODELS, said(llama("completion", "multimodal")))
    local.session.sandboxes.close()
    local.session.sandboxes = KeptSandboxes(science=True)
    yield local
    local.session.sandboxes.close()


def sent(asker, place=-1):
    return [message["content"] for message in asker.bodies[place]["messages"]]


@pytest.mark.science
def test_a_figure_follows_the_result_of_its_call_as_the_users_message(server, drawing):
    server.on(CHAT, runs(DRAW), says("A line."))
    run = drawing()
    assert run.images == [Image("image/png", PNG)]
    assert [message["role"] for message in drawing.messages[-3:]] == ["assistant", "tool", "user"]
    assert json.loads(sent(drawing)[-2])["figures"] == "1 figure is shown to the user"
    assert sent(drawing)[-1] == SHOWN


@pytest.mark.science
def test_with_fences_result_and_figure_are_one_message(server, drawing):
    """Templates of models without tools want question and answer in turns."""
    server.on(CHAT, says(f"```python\n{DRAW}\n```"), says("A line."))
    drawing()
    roles = [message["role"] for message in drawing.messages]
    assert all(one != next_ for one, next_ in pairwise(roles))
    result, *shown = sent(drawing)[-1]
    assert result["text"].startswith("Running it gave: ")
    assert shown == SHOWN


@pytest.mark.science
def test_a_model_that_reads_no_pictures_is_told_that_there_is_one(server, drawing):
    server.on(MODELS, said(llama("completion")))
    server.on(CHAT, runs(DRAW), says("A line."))
    run = drawing()
    assert run.images == [Image("image/png", PNG)]
    assert "data:image" not in json.dumps(drawing.bodies)
    assert json.loads(sent(drawing)[-1])["figures"] == "1 figure is shown to the user"


@pytest.mark.science
def test_where_nothing_is_drawn_nobody_is_asked_what_the_model_reads(server, drawing):
    server.on(CHAT, runs("print(1)"), says("1"))
    drawing()
    assert all(CHAT in asked.path for asked in server.asked)


@pytest.mark.science
@pytest.mark.parametrize("reads", [True, False])
def test_the_setting_says_what_the_server_does_not(server, drawing, reads):
    server.on(MODELS, listed(MODEL))
    server.on(CHAT, runs(DRAW), says("A line."))
    drawing(local_reads_pictures=reads)
    assert (URL in json.dumps(drawing.bodies)) is reads
    assert all(CHAT in asked.path for asked in server.asked)


@pytest.mark.science
def test_a_server_that_refuses_the_figure_after_all_is_asked_without_it(server, drawing):
    no = refuses(500, "image input is not supported - hint: you may need to provide the mmproj")
    server.on(CHAT, runs(DRAW), no, says("A line."))
    run = drawing()
    assert run.text == "A line."
    (note,) = [part.text for part in run.parts if isinstance(part, Note)]
    assert note.startswith(f"{MODEL} reads no pictures here (image input is not supported")
    assert [URL in json.dumps(body) for body in drawing.bodies] == [False, True, False]


@pytest.mark.science
def test_a_server_for_which_the_figure_is_too_large_is_asked_without_it(server, drawing):
    server.on(CHAT, runs(DRAW), refuses(413, "Payload Too Large"), says("A line."))
    assert drawing().text == "A line."
    assert [URL in json.dumps(body) for body in drawing.bodies] == [False, True, False]


@pytest.mark.science
@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_the_figure_and_does_not_say_why_is_asked_without_it(
    server, drawing, status
):
    server.on(CHAT, runs(DRAW), refuses(status, "cannot be processed"), says("A line."))
    assert drawing().text == "A line."
    assert [URL in json.dumps(body) for body in drawing.bodies] == [False, True, False]


@pytest.mark.science
def test_what_is_refused_with_the_figure_and_without_it_is_an_error(server, drawing):
    server.on(CHAT, runs(DRAW), refuses(422, "cannot be processed"))
    assert "422: cannot be processed" in str(drawing.failure(RequestRefused))
    assert len(drawing.bodies) == 3


@pytest.mark.science
def test_a_figure_is_not_taken_for_what_makes_a_prompt_too_long(server, drawing):
    server.on(CHAT, runs(DRAW), refuses(400, "exceeds the context size"))
    assert "the prompt is longer" in str(drawing.failure(RequestRefused))
    assert len(drawing.bodies) == 2


@pytest.mark.science
@pytest.mark.parametrize("approve", [True, False])
def test_of_private_data_no_figure_is_sent_approved_or_not(server, drawing, approve):
    drawing.session.host = Answers("y")
    server.on(CHAT, runs(DRAW), says("Drawn."))
    run = drawing(data={"frame": [{"name": "Zebedee"}]}, private=True, approve=approve)
    assert len(run.images) == 1
    assert "data:image" not in json.dumps(drawing.bodies)


@pytest.mark.science
def test_who_approves_a_result_is_asked_for_its_figures_too(server, drawing):
    drawing.session.host = host = Answers("y", "n")
    server.on(CHAT, runs(DRAW), runs(DRAW), says("A line."))
    run = drawing(approve=True)
    assert all("tell_the_model(figures=1, output='drawn" in asked for asked in host.asked)
    assert len(run.images) == 2
    assert json.dumps(drawing.bodies[-1]).count(URL) == 1


@pytest.mark.science
def test_in_a_chat_a_figure_is_sent_again_and_not_to_a_model_that_reads_none(server, drawing):
    server.on(CHAT, runs(DRAW), says("A line."), says("It rises."))
    drawing(chat="c")
    drawing("does it rise?", chat="c")
    assert SHOWN in sent(drawing)
    server.on(MODELS, said(llama("completion")))
    drawing("and now?", chat="c", model="text:1b")
    assert "data:image" not in json.dumps(drawing.bodies[-1])


@pytest.mark.science
def test_a_recorded_turn_brings_its_figure_into_the_next_one(server, drawing, tmp_path):
    server.on(CHAT, runs(DRAW), says("A line."), says("It rises."))
    store = str(tmp_path / "runs.jsonl")
    drawing(chat="c", recordings=store)
    drawing(chat="c", fresh=True, recordings=store, replay="only")
    drawing("does it rise?", chat="c", recordings=store)
    assert SHOWN in sent(drawing)
