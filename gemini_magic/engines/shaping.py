"""Text of an answer as the data that was asked for, told by how it begins."""

from __future__ import annotations

import re
from typing import TypeVar

from ..answer.parts import Data, Part, Text
from ..request.request import Request

# As a JSON text begins (https://www.rfc-editor.org/rfc/rfc8259#section-2), or a fence around one.
_JSON = re.compile(r'\s*(?:[{\["\d-]|true|false|null|```)')

_Part = TypeVar("_Part", bound=Part)


class Shaping:
    """Tells the JSON that a request asked for from the words around it, while they come."""

    def __init__(self, request: Request) -> None:
        self._wanted = request.output is not None
        # Whether the text that comes now is the JSON that was asked for; None before it begins.
        self._answering: bool | None = None

    def shaped(self, part: _Part) -> _Part | Data:
        """Return text as data if JSON was asked for, unless its beginning can be none.

        Before it uses a tool the model may say so, whatever was asked for.
        """
        if not isinstance(part, Text):
            self._answering = None
            return part
        if self._answering is None and part.text.strip():
            self._answering = bool(self._wanted and _JSON.match(part.text))
        return Data(part.text) if self._answering else part
