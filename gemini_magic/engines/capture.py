"""A request as the vendor's SDK itself makes it, caught before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2


def capture(send: Callable[[httpx2.MockTransport], object]) -> httpx2.Request:
    """Return the first request that `send` makes over the transport; nothing leaves the process."""
    import httpx2

    kept: list[httpx2.Request] = []

    def keep(sent: httpx2.Request) -> httpx2.Response:
        kept.append(sent)
        return httpx2.Response(200, json={})

    send(httpx2.MockTransport(keep))
    return kept[0]


def size(encoded: str) -> str:
    """Return how much base64 holds, in its place: `(94,210 bytes)`."""
    return f"({len(encoded) * 3 // 4 - encoded.count('='):,} bytes)"
