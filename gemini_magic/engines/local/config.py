"""A request in the words of openai."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...errors import RequestError
from ...request.declarations import Declaration
from ...request.request import Request
from .connection import Connection
from .messages import Content, messages_of, takes_schema

_LEVELS = {"off": "none"}


def arguments_of(
    contents: Iterable[Content],
    request: Request,
    model: str,
    connection: Connection,
    lacks: set[str],
) -> dict[str, Any]:
    """Return the arguments of `chat.completions.create`; leave out what the model `lacks`.

    What nobody has set is the server's own: a temperature, say.
    """
    options = request.options
    # OpenAI's newer models refuse the name that everybody else knows.
    bound = "max_completion_tokens" if connection.is_openai else "max_tokens"
    wanted = {
        "temperature": options.temperature,
        "seed": options.seed,
        bound: options.max_output_tokens or None,
        "reasoning_effort": _effort(options.thinking),
        "tools": _tools(request.offered) if "tools" not in lacks else None,
        "stream_options": {"include_usage": True} if "usage" not in lacks else None,
        "response_format": _format(request) if takes_schema(request, lacks) else None,
    }
    return {
        "model": model,
        "messages": messages_of(contents, request, lacks),
        "stream": True,
        "timeout": options.timeout,
        **{name: value for name, value in wanted.items() if value is not None},
    }


def _effort(thinking: str) -> str | None:
    if thinking.isdecimal():
        raise RequestError(
            f"--thinking {thinking} is a number of tokens, and a chat completion takes a level: "
            "off, minimal, low, medium, high or xhigh"
        )
    return _LEVELS.get(thinking, thinking) or None


def _tools(offered: Iterable[Declaration]) -> list[dict[str, Any]] | None:
    tools = [
        {
            "type": "function",
            "function": {
                "name": declared.name,
                "description": declared.description,
                "parameters": dict(declared.parameters) or {"type": "object", "properties": {}},
            },
        }
        for declared in offered
    ]
    return tools or None


def _format(request: Request) -> dict[str, Any] | None:
    if request.output is None:
        return None
    schema = {"name": "answer", "schema": dict(request.output.schema)}
    return {"type": "json_schema", "json_schema": schema}
