"""What the model may use beside its words: tools at the server, functions of the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import RequestError
from ...request.request import Request
from .capabilities import capabilities_of

if TYPE_CHECKING:
    from google.genai.types import Tool


def tools_of(request: Request, model: str, vertex: bool) -> dict[str, Any]:
    """Return the `tools` and the `tool_config` of a request.

    Raises RequestError for a mixture that `model`, or Vertex AI, refuses.
    """
    from google.genai.types import ToolConfig

    there = _at_the_server(request)
    if there:
        _refuse_mixing(request, model, vertex)
    mixed = request.offered and there
    return {
        "tools": [*there, *_functions(request)] or None,
        # Without it, functions and tools of the server exclude each other:
        # https://ai.google.dev/gemini-api/docs/tool-combination
        "tool_config": ToolConfig(include_server_side_tool_invocations=True) if mixed else None,
    }


def _at_the_server(request: Request) -> list[Tool]:
    from google.genai.types import GoogleSearch, Tool, ToolCodeExecution, UrlContext

    wanted = (
        (
            request.options.code and not request.options.runs_here,
            Tool(code_execution=ToolCodeExecution()),
        ),
        (request.options.search, Tool(google_search=GoogleSearch())),
        (request.options.url, Tool(url_context=UrlContext())),
    )
    return [tool for wants, tool in wanted if wants]


def _functions(request: Request) -> list[Tool]:
    from google.genai.types import FunctionDeclaration, Tool

    if not request.offered:
        return []
    declarations = [
        FunctionDeclaration(
            name=declared.name,
            description=declared.description or None,
            parameters_json_schema=declared.parameters or None,
            response_json_schema=declared.returns or None,
        )
        for declared in request.offered
    ]
    return [Tool(function_declarations=declarations)]


def mixes_tools(model: str) -> bool:
    """Return whether tools of the server go with functions and JSON, as far as is known."""
    row = capabilities_of(model)
    return row is None or row.mixes


def reads_pictures(model: str) -> bool:
    """Return whether the model reads pictures in what a function returns, as far as is known."""
    # https://ai.google.dev/gemini-api/docs/function-calling#multimodal: Gemini 3, as mixing.
    return mixes_tools(model)


def _refuse_mixing(request: Request, model: str, vertex: bool) -> None:
    separates = not mixes_tools(model)
    if request.offered and (vertex or separates):
        where, other = ("Vertex AI", "--engine gemini") if vertex else (model, "Gemini 3")
        raise RequestError(
            f"{where} cannot mix functions with code, search or pages in one request: add "
            f"--no-code and leave --search and --url out, or use {other}"
        )
    if request.output and separates:
        raise RequestError(
            f"{model} cannot mix --json with code, search or pages in one request: add --no-code "
            "and leave --search and --url out, or use Gemini 3"
        )
