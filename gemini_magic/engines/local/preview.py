"""What would be sent, as text, with nothing sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...keys import without_key
from ...request.request import Request
from ..addresses import without_password
from ..capture import capture, size
from .clients import client_over
from .config import arguments_of
from .connection import Connection
from .messages import content_of

if TYPE_CHECKING:
    import httpx2


def preview(connection: Connection, model: str, request: Request) -> str:
    """Return method, address, credentials by name, and body, as the SDK itself makes them.

    The key is not in it, and data is told by its size.
    """
    contents = [*(request.history or ()), content_of(request)]
    arguments = arguments_of(contents, request, model, connection, set())

    def send(transport: httpx2.MockTransport) -> None:
        client_over(connection, transport).chat.completions.create(**arguments).close()

    return _text(capture(send), connection)


def _text(sent: httpx2.Request, connection: Connection) -> str:
    body = json.dumps(_without_data(json.loads(sent.content)), indent=2, ensure_ascii=False)
    credentials = f"Authorization: Bearer ({connection.key_name})\n" if connection.key else ""
    address = without_password(str(sent.url), connection.base_url)
    text = f"{sent.method} {address}\n{credentials}\n{body}"
    return without_key(text, connection.key, connection.key_name)


def _without_data(value: Any) -> Any:
    """Return JSON with the base64 of pictures replaced by its size."""
    if isinstance(value, list):
        return [_without_data(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_data(item) for key, item in value.items()}
    if isinstance(value, str) and value.startswith("data:image/"):
        kind, _, data = value.partition(";base64,")
        return f"{kind} {size(data)}"
    return value
