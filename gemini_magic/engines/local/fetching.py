"""What a server says beside its answers: small JSON, asked for in a short time or done without."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

_LARGEST = 4_000_000  # bytes; lists of a gateway's models have a megabyte


def fetched(
    http: httpx2.Client, method: str, url: str, seconds: float, body: Any = None, key: str = ""
) -> Any:
    """Return the JSON that the server has at `url`, None if there is none, whatever the reason."""
    import httpx2

    from ..transport import NotAnAnswer, RedirectRefused

    # Each wait has its bound, and all of them together.
    end = time.monotonic() + seconds
    headers = {"authorization": f"Bearer {key}"} if key else {}
    try:
        with http.stream(method, url, json=body, headers=headers, timeout=seconds) as answer:
            said = b""
            for piece in answer.iter_bytes():
                said += piece
                if len(said) > _LARGEST or time.monotonic() > end:
                    return None
        return json.loads(said) if answer.is_success else None
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError):
        return None
    except (NotAnAnswer, RedirectRefused, ValueError, RecursionError):
        return None
