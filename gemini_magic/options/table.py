"""The one table of options: flags, settings, keywords, help, docs and completion come from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from .converters import Choice, Label, Level, Number, Text, Variable, Whole, Word
from .option import ROW, Option, option

# The chat of `--chat` without a name.
NOTEBOOK = "notebook"
MODELS = (
    "gemini-3-flash-preview",
    "gemini-3.1-pro-preview",
    "gemini-2.5-pro",
    "gemini-2.5-flash",
)

# The engine whose servers run no code: it always runs here.
LOCAL = "local"
_NO_VARIABLES = "notebooks and Python: a command has no variables"
_NO_CHAT = "notebooks and Python: a command remembers no chat"
_ANY_SIZE = Whole(high=2**63 - 1)


@dataclass(frozen=True)
class Options:
    """What one run was asked for: the settings, overruled by the flags of the cell."""

    model: str = option(
        "-m",
        "--model",
        help="The model that answers.",
        takes=Word(takes="a model's name", metavar="NAME", choices=MODELS, names="models"),
        default=MODELS[0],
        setting=True,
        scope="request",
    )
    temperature: float | None = option(
        "-t",
        "--temperature",
        help="How freely the model chooses its words; without it 0, the steadiest, or the model's "
        "own where Google advises against setting it.",
        takes=Number(low=0, high=2, takes="a number from 0 to 2"),
        default=None,
        setting=True,
        scope="request",
    )
    engine: str = option(
        "--engine",
        help="Where the prompt goes: Gemini, Vertex AI, a local server of chat completions, the "
        "offline lessons, or a recording. Without it: the first that has credentials, else "
        "offline.",
        takes=Word(
            takes="gemini, vertex, local, offline or replay:PATH",
            metavar="ENGINE",
            choices=("gemini", "vertex", LOCAL, "offline", "replay:"),
        ),
        default="",
        setting=True,
    )
    system: str = option(
        "--system",
        help="A system instruction.",
        takes=Text(),
        default="",
        setting=True,
        scope="request",
    )
    thinking: str = option(
        "--thinking",
        help="How much the model thinks: a level that it knows, or a number of tokens; off is the "
        "least that it knows.",
        takes=Level(
            takes="off, minimal, low, medium, high, xhigh or a number of tokens",
            metavar="LEVEL",
            choices=("off", "minimal", "low", "medium", "high", "xhigh"),
        ),
        default="",
        setting=True,
        scope="request",
    )
    thoughts: bool = option(
        "--thoughts",
        help="Show summaries of the model's thoughts.",
        setting=True,
        scope="request",
    )
    max_output_tokens: int = option(
        "--max-output-tokens",
        help="Bound of the answer, in tokens; 0 is the model's own.",
        takes=Whole(),
        default=0,
        setting=True,
        scope="request",
    )
    seed: int | None = option(
        "--seed",
        help="Seed of the model's sampling.",
        takes=Whole(),
        default=None,
        setting=True,
        scope="request",
    )
    timeout: float = option(
        "--timeout",
        help="Seconds of silence before the request is given up. Code may run 30 s in silence, "
        "thinking may take longer.",
        takes=Number(low=0.001, high=86_400, takes="a number of seconds", metavar="SECONDS"),
        default=180.0,
        setting=True,
    )
    code: bool = option(
        "--no-code",
        help="A plain answer: the model gets no tool to run code.",
        default=True,
        scope="request",
        needs="prose",
    )
    run_code: str = option(
        "--run",
        help="Where the model's code runs: there, in Google's sandbox, or here, in the sandbox of "
        "this machine, where --data stays.",
        takes=Choice(takes="there or here", metavar="WHERE", choices=("there", "here")),
        default="there",
        setting=True,
        scope="request",
    )
    sample: int = option(
        "--sample",
        help="Tell the model this many first rows of data that stays here; without it none.",
        takes=Whole(),
        default=0,
    )
    ranges: bool = option(
        "--ranges",
        help="Tell the model what the columns of data that stays here range over.",
    )
    private: bool = option(
        "--private",
        help="Mask each value of the data that stays here in what the model sees of outputs and "
        "tracebacks, and send it no figure.",
        setting=True,
        scope="request",
    )
    approve: bool = option(
        "--approve",
        help="Ask before what code printed here, or a function gave, goes back to the model.",
        setting=True,
    )
    chat: str = option(
        "--chat",
        help="Continue the chat of this name, or start it; without a name, the notebook's own.",
        takes=Label(names="chats"),
        default="",
        bare=NOTEBOOK,
        elsewhere=_NO_CHAT,
    )
    fresh: bool = option(
        "--fresh",
        help="Start the chat anew: its turns are forgotten when this one is done.",
        elsewhere=_NO_CHAT,
    )
    append: bool = option(
        "--append",
        help="Add a turn to the chat where running the cell again would replace its own.",
        scope="cell",
        elsewhere="notebooks: a command remembers no chat",
    )
    data: tuple[str, ...] = option(
        "--data",
        help="Give the model's sandbox this variable, as a file: a table as CSV, a dict or a list "
        "as JSON, a figure or a picture as PNG, text, bytes. May be given again.",
        takes=Variable(names="variables"),
        default=(),
        many=True,
        scope="cell",
        needs="files",
        elsewhere=_NO_VARIABLES,
    )
    files: tuple[str, ...] = option(
        "--file",
        help="Give the model this file, or what is at a gs:// or Files API URI. "
        "May be given again.",
        takes=Word(takes="a path or a URI", metavar="PATH", names="paths"),
        default=(),
        many=True,
        needs="files",
    )
    schema: bool = option(
        "--no-schema",
        help="Do not tell the model the columns, types and first rows of the tables.",
        default=True,
    )
    tools: tuple[str, ...] = option(
        "--tool",
        help="Offer the model this function of the notebook; it needs annotations, and its "
        "docstring tells the model what it does. May be given again.",
        takes=Variable(takes="a function's name", names="variables"),
        default=(),
        many=True,
        scope="cell",
        needs="functions",
        elsewhere=_NO_VARIABLES,
    )
    search: bool = option(
        "--search",
        help="Let the model search the web; sources are shown.",
        scope="request",
        needs="web",
    )
    url: bool = option(
        "--url",
        help="Let the model read the pages whose addresses are in the prompt.",
        scope="request",
        needs="web",
    )
    json: str = option(
        "--json",
        help="Ask for JSON that fits this pydantic model or JSON schema; the value is in "
        "`run.value`.",
        takes=Variable(names="variables"),
        default="",
        scope="cell",
        needs="schema",
        elsewhere=_NO_VARIABLES,
    )
    context: str = option(
        "--cache-context",
        help="Ask on top of what `%gemini context create NAME` has cached at the server.",
        takes=Label(names="contexts"),
        default="",
        scope="request",
        needs="context",
    )
    raw: bool = option(
        "--raw", help="Send the prompt as typed: no {name} is replaced.", scope="cell"
    )
    rows: str = option(
        "--rows",
        help="Ask the prompt of each row of this table, a frame or a list of dicts: `{column}` is "
        "filled from each. What is recorded is not asked again.",
        takes=Variable(names="variables"),
        default="",
        scope="cell",
        elsewhere=_NO_VARIABLES,
    )
    workers: int = option(
        "--workers",
        help="How many rows are asked at once.",
        takes=Whole(low=1, high=1000, takes="a number from 1 to 1000"),
        default=8,
        setting=True,
        scope="cell",
        elsewhere=_NO_VARIABLES,
    )
    out: str = option(
        "--out",
        help="The variable that gets the run.",
        takes=Variable(),
        default="_run",
        setting=True,
        scope="cell",
        elsewhere="notebooks: a command has no variables",
    )
    insert: str = option(
        "--insert",
        help="Put code into cells below when the run is done: what the answer needs, the last "
        "attempt with what it needs, or all attempts, the failed ones commented out.",
        takes=Choice(
            takes="none, needed, last or all",
            metavar="WHICH",
            choices=("none", "needed", "last", "all"),
        ),
        default="",
        setting=True,
        scope="cell",
        elsewhere="notebooks: a command has no cells",
    )
    verify: bool = option(
        "--verify",
        help="Run every attempt again in the sandbox here, and compare what it prints.",
        setting=True,
    )
    step: str = option(
        "--step",
        help="Present the run attempt by attempt, at a press of Next or Enter; with ask, each code "
        "before its output: what will it print?",
        takes=Choice(takes="attempts or ask", metavar="HOW", choices=("attempts", "ask")),
        default="",
        bare="attempts",
        scope="cell",
    )
    static: bool = option(
        "--static",
        help="Show the run once, at its end, the same for the same answer: for documentation and "
        "tests.",
        setting=True,
        scope="cell",
        elsewhere="notebooks: a command prints a run as it comes",
    )
    replay: str = option(
        "--replay",
        help="Answer a request that was recorded before from its recording, and send nothing: "
        "never; auto, where there is one; only, and fail where there is none; or refresh, which "
        "asks anew and records that.",
        takes=Choice(
            takes="never, auto, only or refresh",
            metavar="WHEN",
            choices=("never", "auto", "only", "refresh"),
        ),
        default="never",
        setting=True,
    )
    record: bool = option(
        help="Keep each run that is done, so that `--replay auto` can answer the same request.",
        default=True,
        setting=True,
    )
    recordings: str = option(
        help='Where runs are kept: "user", in a file of the user\'s own; "file", beside the '
        "notebook; or the path of a .jsonl file.",
        takes=Word(
            takes="user, file, or the path of a .jsonl file",
            metavar="WHERE",
            choices=("user", "file"),
        ),
        default="user",
        setting=True,
    )
    dry_run: bool = option(
        "--dry-run",
        help="Print exactly what would be sent, without the key, and send nothing.",
        scope="cell",
    )
    count_tokens: bool = option(
        help="Let --dry-run ask Gemini how many tokens the prompt has, which sends it the prompt. "
        "Without it they are estimated, and nothing is sent.",
        setting=True,
        scope="cell",
    )
    help: bool = option("-h", "--help", help="Print this table.", scope="cell")
    max_variable_chars: int = option(
        help="How much of a variable goes into a prompt, in characters.",
        takes=_ANY_SIZE,
        default=4000,
        setting=True,
    )
    max_attachment_bytes: int = option(
        help="How large a file or a variable that goes along may be, in bytes.",
        takes=_ANY_SIZE,
        default=10_000_000,
        setting=True,
    )
    max_chat_tokens: int = option(
        help="How much of a chat is sent again with each turn, in tokens as the server counted "
        "them; the oldest turns go first. 0: no bound.",
        takes=_ANY_SIZE,
        default=200_000,
        setting=True,
    )
    confirm_tools: bool | None = option(
        help="Ask before the model calls a function. Without a value: where a user can answer; "
        "with True also elsewhere, where calls are then refused.",
        default=None,
        setting=True,
    )
    max_session_tokens: int = option(
        help="How many tokens a session may use: a request that would pass it is not sent. 0: no "
        "bound.",
        takes=_ANY_SIZE,
        default=0,
        setting=True,
    )
    max_session_cost: float = option(
        help="How many dollars a session may cost, by `GeminiMagic.prices`: a request that would "
        "pass it is not sent. 0: no bound.",
        takes=Number(low=0, high=1e9, takes="a number of dollars", metavar="DOLLARS"),
        default=0.0,
        setting=True,
    )
    sandbox_memory_mb: int = option(
        help="Memory for code and data in the sandbox here, in MB; 0: its own, 512 or, with numpy "
        "and pandas, 1024.",
        takes=Whole(high=4096),
        default=0,
        setting=True,
    )
    max_code_calls: int = option(
        help="How often the model may run code here before it must have answered.",
        takes=Whole(),
        default=20,
        setting=True,
    )
    max_code_failures: int = option(
        help="How many attempts in a row may fail here before no more code is run.",
        takes=Whole(),
        default=5,
        setting=True,
    )
    max_code_seconds: float = option(
        help="How long code may run here at a time, in seconds.",
        takes=Number(low=0.1, high=3600, takes="a number of seconds"),
        default=30.0,
        setting=True,
    )
    max_seen_chars: int = option(
        help="How much the model sees of what code printed here, in characters; the rest is shown "
        "to you alone.",
        takes=_ANY_SIZE,
        default=20_000,
        setting=True,
        scope="request",
    )
    keep_sandbox_minutes: float = option(
        help="How long the sandbox here waits for the next turn of its chat, with all variables.",
        takes=Number(low=0, high=10_080, takes="a number of minutes"),
        default=30.0,
        setting=True,
    )
    local_base_url: str = option(
        help="The address of the server that --engine local asks, without /chat/completions; "
        "Ollama's unless set.",
        takes=Word(takes="an address as http://127.0.0.1:11434/v1", metavar="URL"),
        default="http://127.0.0.1:11434/v1",
        setting=True,
    )
    local_reads_pictures: bool | None = option(
        help="Whether the model of --engine local reads pictures, so that figures go back to it. "
        "Without a value: if its server says so.",
        default=None,
        setting=True,
        scope="request",
    )
    lessons: tuple[str, ...] = option(
        help="Folders with lessons of your own, which the offline engine looks through before its "
        "own ones; `gemini-magic lessons check FOLDER` runs them all.",
        takes=Text(takes="a list of folders"),
        default=(),
        many=True,
        setting=True,
        scope="cell",
    )
    prices: Mapping[str, Any] = option(
        help="Dollars for a million tokens, by model: "
        '{"gemini-3-flash-preview": {"input": 0.5, "cached": 0.05, "output": 3}}. '
        "`%gemini usage` then counts the money.",
        default={},
        setting=True,
        scope="cell",
    )

    @property
    def keeps_data(self) -> bool:
        """Whether data must not leave this machine, whatever else is asked for."""
        return self.private or self.run_code == "here"

    @property
    def runs_here(self) -> bool:
        """Whether the model may run code, and it runs on this machine."""
        return self.code and (self.run_code == "here" or self.engine == LOCAL)

    def asked(self) -> dict[str, Any]:
        """Return what of these a model can answer differently for: the part of a fingerprint."""
        return {row.field: getattr(self, row.field) for row in ROWS if row.scope == "request"}

    def needs(self) -> dict[str, str]:
        """Return what an engine must be able to do, each with the flag that asks for it."""
        return {
            row.needs: row.names[-1]
            for row in reversed(ROWS)
            if row.needs and getattr(self, row.field) != row.default
        }


def _row(name: str, made: Option) -> Option:
    return replace(made, field=name)


ROWS = tuple(_row(each.name, each.metadata[ROW]) for each in fields(Options))
FLAGS = tuple(row for row in ROWS if row.names)
SETTINGS = tuple(row for row in ROWS if row.setting)


def flags_of(*names: str) -> tuple[Option, ...]:
    """Return the flags with these fields, in this order."""
    by_field = {row.field: row for row in FLAGS}
    return tuple(by_field[name] for name in names)
