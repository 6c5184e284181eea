"""What is looked after below the SDK: redirects, and streams as proxies and gateways send them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import httpx2

_LONGEST = 200
# An event may hold pictures; without a bound, a server could fill the memory with one.
_LARGEST_EVENT = 256 * 2**20
# A list of a gateway's models has a megabyte.
_LARGEST_DOCUMENT = 16 * 2**20
_MARK = "\ufeff".encode()
_LINE_END = re.compile(rb"\r\n?|\n")
# A field with its colon or alone, a comment, or nothing.
_FIELD = re.compile(rb"[\w.-]*(:|$)")


class RedirectRefused(Exception):
    """The server sends the request to another origin, which must not get the key."""


class NotAnAnswer(Exception):
    """A body without an answer in it: a page, or another protocol."""


def event_hooks() -> dict[str, list[Callable[..., Any]]]:
    """Return what an HTTP client calls with each response, before it follows or reads it."""
    return {"response": [refuse_redirects, read_lawfully, bound_document]}


def refuse_redirects(response: httpx2.Response) -> None:
    """Raise RedirectRefused for a redirect to another origin: the key's header would go along."""
    if not response.has_redirect_location:
        return
    asked = response.request.url
    try:
        # The client would resolve it in the same way: RFC 9110, 10.2.2.
        there = asked.join(response.headers["location"])
    except Exception as exc:  # what the header says may be no address at all
        raise RedirectRefused(repr(response.headers["location"])[:_LONGEST]) from exc
    if _origin(there) != _origin(asked):
        raise RedirectRefused(str(there)[:_LONGEST])


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    default = {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, url.port or default


def read_lawfully(response: httpx2.Response) -> None:
    """Have a stream of events read by the rules for them, and handed on as the SDK knows it.

    The SDK takes every line that does not begin with `data: ` for JSON:
    https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
    """
    if not _is_stream(response):
        return
    response.stream = _lawful(response)
    # It was decoded on the way.
    response.headers.pop("content-encoding", None)


def bound_document(response: httpx2.Response) -> None:
    """Have what is no stream of events read as far as it is a document: it has a size, and an end.

    Its whole may take as long as a server may be silent. The SDK reads whatever comes. NotAnAnswer
    for one that is too large; of an error the beginning says enough.
    """
    if not _is_stream(response):
        response.stream = _bounded(response)


def _is_stream(response: httpx2.Response) -> bool:
    """Return whether events come: as Google was asked, in any chat completion, or by their type."""
    url = response.request.url
    # Some gateways send completions as plain text.
    asked = url.params.get("alt") == "sse" or url.path.endswith("/chat/completions")
    sent = response.headers.get("content-type", "").startswith("text/event-stream")
    return response.is_success and (asked or sent)


def _bounded(response: httpx2.Response) -> httpx2.SyncByteStream:
    import httpx2

    sent = cast("httpx2.SyncByteStream", response.stream)
    encoding = response.headers.pop("content-encoding", "identity")
    seconds = response.request.extensions.get("timeout", {}).get("read")
    end = math.inf if seconds is None else monotonic() + seconds

    class Bounded(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for piece in _decoded(sent, encoding, response.request):
                size += len(piece)
                if monotonic() > end:
                    raise httpx2.ReadTimeout(f"no end after {seconds:g} s")
                if size > _LARGEST_DOCUMENT and response.is_success:
                    raise NotAnAnswer(
                        f"more than {_LARGEST_DOCUMENT:,} bytes", str(response.request.url)
                    )
                if size > _LARGEST_DOCUMENT:
                    return
                yield piece

        def close(self) -> None:
            sent.close()

    return Bounded()


def _decoded(
    sent: httpx2.SyncByteStream, encoding: str, request: httpx2.Request
) -> Iterator[bytes]:
    import httpx2

    headers = {"content-encoding": encoding}
    return httpx2.Response(200, headers=headers, stream=sent, request=request).iter_bytes()


def _lawful(response: httpx2.Response) -> httpx2.SyncByteStream:
    """Return the body of `response` with its events alone, or as it is if it is one JSON object."""
    import httpx2

    sent = cast("httpx2.SyncByteStream", response.stream)
    encoding = response.headers.get("content-encoding", "identity")

    class Lawful(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            body = _decoded(sent, encoding, response.request)
            begun = _beginning(body)
            if begun.startswith(b"{"):
                yield begun
                yield from body
            else:
                yield from _events(begun, body, response.request)

        def close(self) -> None:
            sent.close()

    return Lawful()


def _beginning(body: Iterator[bytes]) -> bytes:
    """Return the body as far as its first character, without marks and blanks before that."""
    begun = b""
    for piece in body:
        begun = (begun + piece).removeprefix(_MARK).lstrip()
        if begun and not _MARK.startswith(begun):
            break
    return begun


def _events(begun: bytes, body: Iterator[bytes], request: httpx2.Request) -> Iterator[bytes]:
    """Yield the events, each with its data only; raise NotAnAnswer if there is none."""
    import httpx2

    class Body(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield from _checked(chain([begun], body), str(request.url))
            # The last event of a stream may lack the empty line at its end.
            yield b"\n\n"

    response = httpx2.Response(
        200, headers={"content-type": "text/event-stream"}, stream=Body(), request=request
    )
    empty = True
    for event in httpx2.EventSource(response, max_event_size=_LARGEST_EVENT):
        data = event.data.strip()
        if event.event != "message" and not _is_json(data):
            continue
        if data:
            empty = False
        # The end of a stream in OpenAI's protocol, which gateways add.
        if data and data != "[DONE]":
            if data.startswith("["):
                raise NotAnAnswer(_shown(data.encode()), str(request.url))
            yield b"".join(b"data: %s\n" % line.encode() for line in data.split("\n")) + b"\n"
    if empty and begun:
        raise NotAnAnswer(_shown(begun), str(request.url))


def _is_json(data: str) -> bool:
    """Return whether `data` of an event with a name of its own can be meant for the SDK.

    Gateways keep a line open by events such as `ping`, whose data is theirs.
    """
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False


def _checked(pieces: Iterable[bytes], url: str) -> Iterator[bytes]:
    """Yield the pieces; raise NotAnAnswer at a line that is not a field of an event.

    The rules pass over such lines. In an answer they are what somebody else has put there.
    """
    begun = b""
    for piece in pieces:
        first, *others = _LINE_END.split(piece)
        lines = [(begun + first)[:_LONGEST], *others]
        begun = lines.pop()[:_LONGEST]
        for line in lines:
            _refuse_garbage(line, url)
        yield piece
    _refuse_garbage(begun, url)


def _refuse_garbage(line: bytes, url: str) -> None:
    if not _FIELD.match(line):
        raise NotAnAnswer(_shown(line), url)


def _shown(body: bytes) -> str:
    return body[:_LONGEST].decode(errors="replace")
