"""What was said, as messages of chat completions.

A chat is kept in one form for every engine, Gemini's `contents`: so its file, the claims and the
notebook read one. It becomes messages where it is sent, by what the model can do.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...errors import RequestError
from ...request.attachment import Attachment
from ...request.declarations import RUN_PYTHON
from ...request.request import Request
from .abilities import PICTURES

Content = Mapping[str, Any]
Message = dict[str, Any]

_TEXTS = ("application/json", "application/xml", "application/javascript")
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
_FENCES = (
    "You can run Python: write it in a fence that begins with ```python. It is run at once, in a "
    "sandbox without a network, and you get what it prints. Write one fence, and nothing after it. "
    "Variables stay from one to the next. Use it for every calculation. When you know the answer, "
    "give it without such a fence."
)
# Of Gemini's base64, as which a recorded chat comes back, to that of an address.
_ALPHABET = str.maketrans("-_", "+/")
_DRAWN = "What the code drew:"
# The ids of calls that the model made by a fence.
FENCED = "fence_"
_JSON = "When you know the answer, give it as JSON alone, which fits this JSON schema: {}"


def content_of(request: Request) -> Content:
    """Return the prompt and what goes along with it; raise RequestError for what cannot.

    Where the model may run code, most files stay for that, and the model gets words on them.
    """
    names = request.staged_names
    parts = [
        part
        for attachment, name in zip(request.attachments, names, strict=True)
        for part in _attached(attachment, name)
    ]
    parts += [{"text": f"{each.name}: {each.words}"} for each in request.kept]
    return {"role": "user", "parts": [*parts, {"text": request.prompt}]}


def inline(data: bytes, mime_type: str) -> dict[str, Any]:
    """Return a picture as a part of what is said."""
    return {"inlineData": {"mimeType": mime_type, "data": b64encode(data).decode()}}


def drawn_in(content: Content) -> bool:
    """Return whether a content shows what code drew, beside what it printed."""
    parts = content.get("parts") or ()
    return any("functionResponse" in part for part in parts) and any(
        "inlineData" in part for part in parts
    )


def _attached(attachment: Attachment, name: str) -> Iterator[dict[str, Any]]:
    called = f"{name} ({attachment.name})" if name != attachment.name else name
    if attachment.data is None:
        raise RequestError(
            f"the local engine has nobody to fetch {attachment.uri!r}: name a local file"
        )
    if attachment.mime_type in _PICTURES:
        yield inline(attachment.data, attachment.mime_type)
    elif (text := _text(attachment)) is not None:
        yield {"text": f"{called}:\n{text}"}
    else:
        raise RequestError(
            f"{attachment.name!r} is {attachment.mime_type}, which no chat completion takes: send "
            "text, or a picture as PNG, JPEG, WebP or GIF"
        )
    if attachment.schema:
        yield {"text": f"{called}: {attachment.schema}"}


def _text(attachment: Attachment) -> str | None:
    known = attachment.mime_type.startswith("text/") or attachment.mime_type in _TEXTS
    try:
        return (attachment.data or b"").decode() if known else None
    except UnicodeDecodeError:
        return None


def messages_of(contents: Iterable[Content], request: Request, lacks: set[str]) -> list[Message]:
    """Return all that is sent: the instruction, and the `contents` in the words of the wire."""
    with_tools, pictures = "tools" not in lacks, PICTURES not in lacks
    instruction = "\n\n".join(_instructions(request, lacks))
    messages = [{"role": "system", "content": instruction}] if instruction else []
    for content in contents:
        messages += _messages(content, with_tools, pictures)
    return messages


def _instructions(request: Request, lacks: set[str]) -> Iterator[str]:
    if request.options.system:
        yield request.options.system
    if request.options.code and "tools" in lacks:
        yield _FENCES
    if request.output and not takes_schema(request, lacks):
        yield _JSON.format(json.dumps(request.output.schema, ensure_ascii=False))


def takes_schema(request: Request, lacks: set[str]) -> bool:
    """Return whether the server is held to the schema, and not the model asked for it in words.

    Beside tools it must not be: a model that may only write JSON calls nothing.
    """
    return bool(request.output) and not request.offered and "schema" not in lacks


def _messages(content: Content, with_tools: bool, pictures: bool) -> Iterator[Message]:
    parts = content.get("parts") or ()
    if content.get("role") == "model":
        yield _answer(parts, with_tools)
        return
    results = [part["functionResponse"] for part in parts if "functionResponse" in part]
    said = [part for part in parts if "text" in part or "inlineData" in part]
    # The message of a tool has no room for pictures: those follow, as the user's.
    yield from (_result(each) for each in results if _is_tools(each, with_tools))
    told = [{"text": _ran(each)} for each in results if not _is_tools(each, with_tools)]
    if results and not pictures:
        said = [part for part in said if "text" in part]
    elif results and said:
        told.append({"text": _DRAWN})
    if told or said:
        yield {"role": "user", "content": _spoken([*told, *said])}


def _answer(parts: Iterable[Content], with_tools: bool) -> Message:
    text = "".join(map(_words, parts))
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    fenced = [_fence(call) for call in calls if not _is_tools(call, with_tools)]
    made = [_call(call) for call in calls if _is_tools(call, with_tools)]
    said = "\n".join(filter(None, (text, *fenced)))
    return {"role": "assistant", "content": said, **({"tool_calls": made} if made else {})}


def _words(part: Content) -> str:
    """Return a part of an answer as text: of a notebook's turn that is its code, too."""
    match part:
        case {"executableCode": {"code": code}}:
            return f"```python\n{code}\n```\n"
        case {"codeExecutionResult": {"output": output}}:
            return f"Running it gave: {output}\n"
        case {"text": text}:
            return str(text)
    return ""


def _is_tools(call: Content, with_tools: bool) -> bool:
    """Return whether a call, or the result of one, is told as the call of a tool."""
    return with_tools and not str(call.get("id")).startswith(FENCED)


def _call(call: Content) -> Message:
    arguments = json.dumps(call.get("args") or {}, ensure_ascii=False)
    function = {"name": call.get("name"), "arguments": arguments}
    return {"id": call.get("id"), "type": "function", "function": function}


def _fence(call: Content) -> str:
    code = (call.get("args") or {}).get("code", "")
    return f"```python\n{code}\n```" if call.get("name") == RUN_PYTHON.name else ""


def _result(result: Content) -> Message:
    said = json.dumps(result.get("response"), ensure_ascii=False)
    return {"role": "tool", "tool_call_id": result.get("id"), "content": said}


def _ran(result: Content) -> str:
    return f"Running it gave: {json.dumps(result.get('response'), ensure_ascii=False)}"


def _spoken(parts: Iterable[Content]) -> str | list[Message]:
    """Return prompts as text where there is nothing else: some servers take no lists."""
    parts = list(parts)
    if all("text" in part for part in parts):
        return "\n\n".join(str(part["text"]) for part in parts)
    return [_piece(part) for part in parts]


def _piece(part: Content) -> Message:
    if "text" in part:
        return {"type": "text", "text": part["text"]}
    sent = part["inlineData"]
    data = str(sent.get("data")).translate(_ALPHABET)
    url = f"data:{sent.get('mimeType')};base64,{data}"
    return {"type": "image_url", "image_url": {"url": url}}
