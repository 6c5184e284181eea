"""A model that runs code here, as a script of turns, and what it was told."""

from loopback import said, stream

from gemini_magic.line import ask
from gemini_magic.options.table import Options
from gemini_magic.request.build import Built
from gemini_magic.request.question import Cell, Question
from gemini_magic.request.request import Request

MODEL = "gemini-3-flash-preview"


def runs(code, args=None):
    """A turn in which the model asks to run code."""
    call = {"name": "run_python", "args": args or {"code": code}}
    return stream(said({"functionCall": call}, finishReason="STOP"))


def says(text):
    return stream(said({"text": text}, finishReason="STOP"))


def here(session, prompt="compute the sum of the first ten", cell="", **more):
    """Ask with code that runs here; `offer` are functions, `give` is data by name."""
    words = {"offer": "tools", "give": "data"}
    options = {name: more.pop(name) for name in list(more) if name in Options.__dataclass_fields__}
    options = {"engine": "gemini", "model": MODEL, "run_code": "here", **options}
    parts = {words.get(name, name): value for name, value in more.items()}
    return ask(Question(prompt, Options(**options), cell=Cell(cell), **parts), session)


def told(server, place=-1):
    """What the model was told of its calls, in one request."""
    parts = server.prompts[place].body["contents"][-1]["parts"]
    return [part["functionResponse"]["response"] for part in parts]


def words(server, place=0):
    """What the model was told with the prompt, part by part."""
    return [part.get("text", "") for part in server.prompts[place].body["contents"][0]["parts"]]


def built_here(held):
    """A private request on data that is held, as `build` makes it."""
    options = Options(model=MODEL, run_code="here", private=True)
    return Built(Request("find the rows", options, kept=tuple(each.kept for each in held)))
