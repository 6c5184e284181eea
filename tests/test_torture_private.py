"""A model that asks for rows in every way it can is told no cell of the data."""

import pytest
from asking import gemini
from heard import MODEL, built_here, runs, says
from leaks import attack, frame_of, leaked, needles
from loopback import GENERATE
from torture import either, random_of

from gemini_magic.engines.here import CodeRunner
from gemini_magic.engines.private.mask import Mask
from gemini_magic.line import answer
from gemini_magic.request.kept import Telling, hold
from gemini_magic.runs.run import Run
from gemini_magic.sandbox import Sandbox

pytestmark = pytest.mark.process

BLOCKS = 50


@pytest.mark.parametrize("conversations", either(40, 200))
@pytest.mark.parametrize(
    "block",
    [0, *(pytest.param(n, marks=pytest.mark.torture(sample=False)) for n in range(1, BLOCKS))],
)
def test_no_cell_is_on_the_wire(server, count, block, conversations):
    draw = random_of(f"private {block}")
    frame = frame_of(draw)
    held, _ = hold({"frame": frame}, (), 10**7, Telling())
    wanted = needles(frame)
    engine = gemini(server, model=MODEL)
    with Sandbox() as sandbox:
        sandbox.load("frame", held[0].layout)
        for _ in range(conversations):
            codes, way = attack(draw)
            server.asked.clear()
            server.on(GENERATE, *map(runs, codes), says("Thank you."))
            asked = built_here(held)
            run = Run(asked.request, engine.name, engine.model)
            caller = CodeRunner(asked.request.options, sandbox, asked.functions.answer, Mask(held))
            answer(run, engine, call=caller)
            outputs = [told(part) for part in responses(server.asked[-1].body)]
            assert len(outputs) == len(codes)
            assert leaked([each.body for each in server.asked], outputs, wanted) == [], (way, codes)
            count("conversations", 1)
            count("values masked", sum(part.masked for part in run.parts if part.kind == "result"))


def responses(body):
    parts = [part for content in body["contents"] for part in content["parts"]]
    return [part["functionResponse"] for part in parts if "functionResponse" in part]


def told(response):
    return response["response"]["output"]
