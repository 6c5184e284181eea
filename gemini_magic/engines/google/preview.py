"""What a request would send, as text, with nothing sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...keys import without_key
from ...request.request import Request
from ..addresses import without_password
from ..capture import capture, size
from .clients import client_over
from .config import call
from .connection import Connection

if TYPE_CHECKING:
    import httpx2


def preview(connection: Connection, model: str, request: Request) -> str:
    """Return method, address, credentials by name, and body, as the SDK itself makes them.

    The key is not in it, and data is told by its size.
    """

    def send(transport: httpx2.MockTransport) -> None:
        client = client_over(transport, connection)
        for _ in client.models.generate_content_stream(**call(request, model, connection.vertex)):
            continue

    return _text(capture(send), connection)


def _text(sent: httpx2.Request, connection: Connection) -> str:
    body = json.dumps(without_data(json.loads(sent.content)), indent=2, ensure_ascii=False)
    if "x-goog-api-key" in sent.headers:
        credentials = f"x-goog-api-key: ({connection.key_name})"
    else:
        credentials = "Authorization: Bearer (your Google Cloud credentials)"
    address = without_password(str(sent.url), connection.base_url)
    text = f"{sent.method} {address}\n{credentials}\n\n{body}"
    return without_key(text, connection.key, connection.key_name)


def without_data(value: Any) -> Any:
    """Return JSON with the base64 of inline data replaced by its size."""
    if isinstance(value, list):
        return [without_data(item) for item in value]
    if not isinstance(value, dict):
        return value
    data = value.get("data")
    if isinstance(data, str) and {"mimeType", "mime_type"} & set(value):
        return {**value, "data": size(data)}
    return {key: _sealed(key, without_data(item)) for key, item in value.items()}


def _sealed(key: str, value: Any) -> Any:
    """Return the value of `key`, a thought signature by its size: it must not reach a notebook."""
    return f"({len(value):,} characters)" if key == "thoughtSignature" else value
