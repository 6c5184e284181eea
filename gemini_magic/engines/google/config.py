"""A request in the words of google-genai."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...errors import RequestError
from ...options.table import Options
from ...request.attachment import Attachment
from ...request.request import Request
from .capabilities import capabilities_of, thinking_of
from .tools import tools_of
from .turns import contents_of

if TYPE_CHECKING:
    from google.genai.types import GenerateContentConfig, HttpOptions, Part, ThinkingConfig

# A request may have 20 MB, and base64 makes four bytes of three:
# https://ai.google.dev/gemini-api/docs/files
INLINE_BYTES = 14_000_000
# Seconds of a whole answer after which the server gives up by itself.
_SERVER_SECONDS = 600


def call(request: Request, model: str, vertex: bool) -> dict[str, Any]:
    """Return the arguments of `generate_content_stream` for `request`.

    The last of the contents is the prompt, and those before it are the chat's. Raises RequestError
    for what this model, or Vertex AI, cannot do.
    """
    from google.genai.types import UserContent

    contents = [*contents_of(request.history or ()), UserContent(parts_of(request))]
    if request.functions or request.output:
        config = config_of(request, model, vertex)
    else:
        config = _plain(request.options, model, vertex)
    return {"model": model, "contents": contents, "config": config}


@lru_cache(maxsize=16)
def _plain(options: Options, model: str, vertex: bool) -> GenerateContentConfig:
    # Of a thousand rows it is the same, and to make one takes as long as half of the SDK's work.
    return config_of(Request("", options), model, vertex)


def is_small(request: Request) -> bool:
    """Return whether the attachments fit into one request, with those that its chat sends again."""
    return _size(request) <= INLINE_BYTES


def _size(request: Request) -> int:
    again = sum(
        len(part.inline_data.data or b"")
        for content in contents_of(request.history or ())
        for part in content.parts or ()
        if part.inline_data
    )
    return again + sum(len(attachment.data or b"") for attachment in request.attachments)


def parts_of(request: Request) -> list[Part]:
    """Return the attachments, words on data that stays here, and then the prompt.

    Raises what `attached` does.
    """
    from google.genai.types import Part

    told = [Part(text=f"{each.name}: {each.words}") for each in request.kept]
    return [*attached(request), *told, Part(text=request.prompt)]


def attached(request: Request) -> list[Part]:
    """Return the attachments, each table with its schema.

    Raises RequestError if they are too large for one request.
    """
    from google.genai.types import Part

    if not is_small(request):
        size = _size(request)
        chat = ", those of the chat among them," if request.history else ""
        anew = ", start the chat --fresh" if request.history else ""
        raise RequestError(
            f"the files{chat} have {size:,} bytes together, and a request may carry "
            f"{INLINE_BYTES:,}: send less{anew}, or put them into Cloud Storage and name their "
            "gs:// addresses"
        )
    parts = []
    for attachment, name in zip(request.attachments, request.staged_names, strict=True):
        parts.append(_attached(attachment))
        if attachment.schema:
            # How many files a context has is not known here, so neither are the numbers after them.
            called = attachment.name if request.options.context else f"{name} ({attachment.name})"
            parts.append(Part(text=f"{called}: {attachment.schema}"))
    return parts


def _attached(attachment: Attachment) -> Part:
    from google.genai.types import Blob, FileData, Part

    mime_type = attachment.mime_type or None
    if attachment.data is None:
        return Part(file_data=FileData(file_uri=attachment.uri, mime_type=mime_type))
    return Part(inline_data=Blob(data=attachment.data, mime_type=mime_type))


def config_of(request: Request, model: str, vertex: bool) -> GenerateContentConfig:
    """Return what of `request` is not its prompt.

    One that builds on a context brings no tools: they are there already.
    """
    from google.genai import types

    tools = tools_of(request, model, vertex)
    options = request.options
    return types.GenerateContentConfig(
        http_options=http_options(options.timeout, model),
        system_instruction=options.system or None,
        temperature=_temperature(options, model),
        seed=options.seed,
        max_output_tokens=options.max_output_tokens or None,
        cached_content=options.context or None,
        **({} if options.context else tools),
        response_mime_type="application/json" if request.output else None,
        response_json_schema=request.output.schema if request.output else None,
        thinking_config=_thinking(options, model),
        # It would send, and bill, further requests.
        automatic_continuation=False,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )


def decided(request: Request) -> dict[str, Any]:
    """Return what the table of models decides of a request where its options leave that open."""
    options = request.options
    chosen = {
        "temperature": _temperature(options, options.model)
        if options.temperature is None
        else None,
        "thinking": thinking_of(options.thinking, options.model) if options.thinking else None,
    }
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in chosen.items()
        if value is not None
    }


def http_options(timeout: float, model: str) -> HttpOptions:
    """Return how a request travels: `timeout` is in seconds, and bounds each silence."""
    from google.genai.types import HttpOptions

    return HttpOptions(
        # Milliseconds between two reads. The SDK would tell the server the same number, which
        # there bounds the whole answer, and is refused below 10 s.
        timeout=max(1, round(timeout * 1000)),
        headers={"X-Server-Timeout": str(max(_SERVER_SECONDS, math.ceil(timeout)))},
        # The aliases are not in v1.
        api_version="v1beta" if model.endswith("-latest") else None,
    )


def _temperature(options: Options, model: str) -> float | None:
    """Return what the user set, else what the table of models says; None leaves it to the model."""
    if options.temperature is not None:
        return options.temperature
    row = capabilities_of(model)
    return row.default_temperature if row else None


def _thinking(options: Options, model: str) -> ThinkingConfig | None:
    """Return how much to think: levels from Gemini 3 on, numbers of tokens for models before it."""
    from google.genai.types import ThinkingConfig, ThinkingLevel

    thoughts = options.thoughts or None
    budget, level = thinking_of(options.thinking, model)
    if level:
        return ThinkingConfig(
            include_thoughts=thoughts, thinking_level=ThinkingLevel(level.upper())
        )
    if budget is None and not thoughts:
        return None
    return ThinkingConfig(include_thoughts=thoughts, thinking_budget=budget)
