"""A server of chat completions as the loopback server plays one: chunks, calls, refusals."""

from __future__ import annotations

import json
from typing import Any

from loopback import Answer, event

CHAT = "/chat/completions"
MODELS = "GET /v1/models"
MODEL = "qwen3:8b"
DONE = b"data: [DONE]\n\n"


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **more: Any) -> bytes:
    """A chunk of a stream; further keywords belong to the whole of it."""
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    said = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
    return event({**said, "choices": [choice], **more})


def text(said: str, **more: Any) -> bytes:
    return chunk({"content": said}, **more)


def usage(prompt: int, completion: int, thoughts: int = 0) -> bytes:
    """The last chunk of a stream, which has no choices."""
    counts = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "completion_tokens_details": {"reasoning_tokens": thoughts},
    }
    return chunk(choices=[], usage=counts)


def called(
    name: str, args: Any, id_: str = "call_a", index: int = 0, pieces: int = 3
) -> list[bytes]:
    """A call in fragments; `args` that are a text are sent as they are."""
    written = args if isinstance(args, str) else json.dumps(args)
    size = -(-len(written) // pieces) or 1
    first = {"index": index, "id": id_, "type": "function"}
    begun = {"tool_calls": [{**first, "function": {"name": name, "arguments": ""}}]}
    rest = [
        {"tool_calls": [{"index": index, "function": {"arguments": written[at : at + size]}}]}
        for at in range(0, len(written), size)
    ]
    return [chunk(delta) for delta in (begun, *rest)]


def streamed(*chunks: Any, finish: str | None = "stop") -> Answer:
    """A whole answer: its chunks, how it ended, and the mark at the end."""
    end = (chunk(finish=finish), DONE) if finish else ()
    return Answer((*chunks, *end))


def says(said: str, finish: str = "stop") -> Answer:
    """An answer in prose, a word a chunk."""
    return streamed(*(text(word) for word in said.split("\0")), finish=finish)


def runs(code: str) -> Answer:
    """An answer that calls for code to be run."""
    return streamed(*called("run_python", {"code": code}), finish="tool_calls")


def refuses(status: int, message: str, **headers: str) -> Answer:
    """An error as such servers answer it; keywords are headers, `_` for `-`."""
    body = {"error": {"message": message, "type": "invalid_request_error", "code": None}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named["Content-Type"] = "application/json"
    return Answer((json.dumps(body).encode(),), status, named)


def listed(*names: str, **more: Any) -> Answer:
    """The list of models."""
    models = [
        {"id": name, "object": "model", "created": 1, "owned_by": "library"} for name in names
    ]
    return said({"object": "list", "data": [model | more for model in models]})


def llama(*capabilities: str, name: str = MODEL) -> dict[str, Any]:
    """The list of llama.cpp's server, whose model has these capabilities."""
    return {
        "models": [{"name": name, "model": name, "capabilities": list(capabilities)}],
        "object": "list",
        "data": [
            {
                "id": name,
                "object": "model",
                "owned_by": "llamacpp",
                "architecture": {"input_modalities": ["text", *["image"] * len(capabilities[1:])]},
            }
        ],
    }


def said(body: Any) -> Answer:
    """JSON that is no stream."""
    return Answer((json.dumps(body).encode(),), 200, {"Content-Type": "application/json"})
