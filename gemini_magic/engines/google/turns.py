"""A turn of a chat as the wire has it. The SDK's own chats lose a turn that has an empty chunk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...errors import ChatError
from ...sanitize import writable
from .quiet import quiet

if TYPE_CHECKING:
    from google.genai import types

_PROSE = {"text", "thought"}


def keep_candidate(chunk: types.GenerateContentResponse, kept: int | None) -> int | None:
    """Leave in `chunk` the one candidate whose index is `kept`, and return that index.

    It is the least one of the first chunk that has any: a server may answer with more candidates
    than were asked for, each in chunks of its own.
    """
    candidates = chunk.candidates or ()
    if kept is None and candidates:
        kept = min(each.index or 0 for each in candidates)
    chunk.candidates = [each for each in candidates if (each.index or 0) == kept][:1]
    return kept


class Spoken:
    """What the model says in one turn, gathered from its chunks."""

    def __init__(self) -> None:
        self._parts: list[types.Part] = []

    def add(self, chunk: types.GenerateContentResponse) -> None:
        """Add what `chunk` brings; many bring nothing."""
        content = chunk.candidates[0].content if chunk.candidates else None
        self._parts += (content and content.parts) or ()

    def calls(self) -> list[types.FunctionCall]:
        """Return the functions that the model asks to call, in order."""
        return [part.function_call for part in self._parts if part.function_call]

    def content(self) -> dict[str, Any]:
        """Return the turn as one content: in order, with its ids and signatures.

        Empty parts are left out, and the fragments of a text are joined. A part with a signature
        stays as it came, even one with nothing else.
        """
        joined: list[dict[str, Any]] = []
        fragments: list[str] = []
        for part in map(wire_of, self._parts):
            if not (part.get("text") or set(part) - _PROSE):
                continue
            if fragments and _is_prose(part) and part.get("thought") == joined[-1].get("thought"):
                fragments.append(part["text"])
                continue
            _settle(joined, fragments)
            fragments = [part["text"]] if _is_prose(part) else []
            joined.append(part)
        _settle(joined, fragments)
        return {"role": "model", "parts": joined}


def _is_prose(part: Mapping[str, Any]) -> bool:
    return set(part) <= _PROSE


def _settle(joined: list[dict[str, Any]], fragments: list[str]) -> None:
    if fragments:
        joined[-1]["text"] = "".join(fragments)


def wire_of(value: types.Content | types.Part) -> dict[str, Any]:
    """Return `value` as the JSON of the wire."""
    # Words that the SDK does not know pass as they came.
    return value.model_dump(mode="json", by_alias=True, exclude_none=True, warnings=False)


def contents_of(history: Iterable[Mapping[str, Any]]) -> list[types.Content]:
    """Return `history` in the SDK's words; raise ChatError if it is not one."""
    import json

    from google.genai.types import Content

    try:
        with quiet():
            # From JSON, where bytes are base64.
            written = (writable(json.dumps(content, ensure_ascii=False)) for content in history)
            return [Content.model_validate_json(text) for text in written]
    except ValueError as exc:
        raise ChatError(
            "the history of this chat cannot be sent, it is damaged: `%gemini chat reset` "
            "forgets it"
        ) from exc
