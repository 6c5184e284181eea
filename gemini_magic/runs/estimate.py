"""How many tokens a prompt has before it is sent, and about what they cost."""

from __future__ import annotations

from collections.abc import Callable

from ..answer.parts import Usage
from ..errors import GeminiError
from ..request.request import Request
from .prices import Price, prices

# "A token is equivalent to about 4 characters": https://ai.google.dev/gemini-api/docs/tokens
_CHARACTERS = 4
# Dollars; four places show no less.
_LEAST = 0.0001


def estimated(request: Request) -> int:
    """Return about how many tokens the texts of a request have, the files of text among them."""
    texts = [request.prompt, request.options.system]
    texts += [attachment.schema for attachment in request.attachments]
    files = sum(len(a.data or b"") for a in request.attachments if a.mime_type.startswith("text/"))
    return -(-(sum(map(len, texts)) + files) // _CHARACTERS)


def measured(request: Request, model: str, count: Callable[[Request], int]) -> str:
    """Return a line on the tokens of a request to `model`, and on what they cost if a price is set.

    `count` asks the server. It is called only if `GeminiMagic.count_tokens` says so, as that sends
    the prompt; where it fails, the line says why.
    """
    price = prices(request.options.prices).get(model)
    try:
        if request.options.count_tokens:
            counted = count(request)
            how = "as the server counts, instruction and tools aside"
            return _line(f"{counted:,}", how, counted, price)
        why = ""
    except GeminiError as exc:
        why = f"; the server did not count: {exc}"
    tokens = estimated(request)
    return _line(f"about {tokens:,}", f"by its characters{_besides(request)}{why}", tokens, price)


def _besides(request: Request) -> str:
    others = any(not a.mime_type.startswith("text/") for a in request.attachments)
    files = "; pictures and other files come on top" if others else ""
    return files + ("; the turns of the chat come on top" if request.history else "")


def _line(said: str, how: str, tokens: int, price: Price | None) -> str:
    cost = ""
    if price:
        dollars = price.of(Usage(prompt=tokens))
        about = (
            f"about ${dollars:.4f}" if dollars >= _LEAST or not dollars else f"less than ${_LEAST}"
        )
        cost = f", which cost {about}; the answer costs its own"
    return f"The prompt has {said} tokens ({how}){cost}."
