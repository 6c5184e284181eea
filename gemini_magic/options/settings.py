"""The settings that last from cell to cell."""

from __future__ import annotations

import os
from typing import Any

from traitlets import Bool, Dict, Enum, Float, Int, TraitError, TraitType, Unicode
from traitlets.config import Configurable

from ..errors import OptionError

PREFIX = "GEMINI_MAGIC_"


class GeminiMagic(Configurable):
    """Defaults of `%%gemini_exec`.

    Set with `%config GeminiMagic.model = "gemini-2.5-pro"`, by `c.GeminiMagic.model = …` in an
    IPython config file, or by the environment (`GEMINI_MAGIC_MODEL`), which beats the file.
    A key is never a setting: it stays in the environment.
    """

    model = Unicode("gemini-3-flash-preview", help="The model that answers.").tag(config=True)
    engine = Unicode(
        "",
        help="gemini, vertex, offline or replay:PATH; empty: the first that has credentials, "
        "else offline.",
    ).tag(config=True)
    temperature = Float(0.0, help="0 gives the steadiest code.").tag(config=True)
    system = Unicode("", help="A system instruction for every request.").tag(config=True)
    thinking = Unicode("", help="off, low, medium, high or tokens; empty: the model's own.").tag(
        config=True
    )
    thoughts = Bool(False, help="Show summaries of the model's thoughts.").tag(config=True)
    max_output_tokens = Int(0, help="Bound of the answer, in tokens; 0: the model's own.").tag(
        config=True
    )
    seed = Int(None, allow_none=True, help="Seed of the model's sampling.").tag(config=True)
    timeout = Float(
        180.0,
        help="Seconds of silence before the request is given up. Code may run 30 s in silence, "
        "thinking may take longer.",
    ).tag(config=True)
    out = Unicode("_run", help="The variable that holds the last run.").tag(config=True)
    static = Bool(False, help="Show the run once, at its end, without times.").tag(config=True)
    insert = Enum(
        ["", "none", "last", "all"],
        "",
        help="Which code becomes cells when the run is done: none, last or all; empty: what the "
        "front end is set to.",
    ).tag(config=True)
    max_variable_chars = Int(
        4000, min=0, help="How much of a variable goes into a prompt, in characters."
    ).tag(config=True)
    max_attachment_bytes = Int(
        10_000_000, min=0, help="How large a file or a variable that goes along may be, in bytes."
    ).tag(config=True)
    confirm_tools = Bool(
        None,
        allow_none=True,
        help="Ask before the model calls a function. Without a value: where a reader can answer; "
        "with True also elsewhere, where calls are then refused.",
    ).tag(config=True)
    prices = Dict(
        help="Dollars for a million tokens, by model: "
        '{"gemini-3-flash-preview": {"input": 0.5, "cached": 0.05, "output": 3}}. '
        "`%gemini usage` then counts the money.",
    ).tag(config=True)
    max_chat_tokens = Int(
        200_000,
        min=0,
        help="How much of a chat is sent again with each turn, in tokens as the server counted "
        "them; the oldest turns go first. 0: no bound.",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name, trait in self.traits(config=True).items():
            if text := os.environ.get(PREFIX + name.upper()):
                setattr(self, name, _read(trait, name, text))


def _read(trait: TraitType[Any, Any], name: str, text: str) -> object:
    try:
        return trait.from_string(text)
    except (ValueError, TraitError):
        raise OptionError(
            f"{PREFIX}{name.upper()}={text!r} cannot be read: it takes {trait.info()}"
        ) from None


def current() -> GeminiMagic:
    """Return the settings of the shell that runs this, or those of the environment alone."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    for loaded in shell.configurables if shell is not None else ():
        if isinstance(loaded, GeminiMagic):
            return loaded
    return GeminiMagic()
