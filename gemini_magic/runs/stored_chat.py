"""What a file of a chat holds, checked by pydantic, which takes a while to import."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, NonNegativeInt

from ..request.attachment import Attachment
from ..request.attachments import recalled
from .chats import Finished


class _Stored(BaseModel):
    # Fields of a later version are passed over.
    model_config = ConfigDict(strict=True)


class StoredAttachment(_Stored):
    name: str
    mime_type: str
    uri: str
    path: str

    def attachment(self) -> Attachment:
        return recalled(self.name, self.mime_type, self.uri, self.path)


class StoredContent(_Stored):
    """A content of the wire, kept with all that it has."""

    model_config = ConfigDict(strict=True, extra="allow")
    role: Literal["user", "model"]
    parts: list[dict[str, Any]]


class StoredTurn(_Stored):
    prompt: str
    answer: str
    contents: list[StoredContent]
    tokens: NonNegativeInt
    cell: str
    attachments: list[StoredAttachment]
    # Files of before have none: it is that of the contents.
    digest: str = ""

    def turn(self) -> Finished:
        return Finished(
            prompt=self.prompt,
            answer=self.answer,
            contents=tuple(content.model_dump() for content in self.contents),
            tokens=self.tokens,
            cell=self.cell,
            attachments=tuple(each.attachment() for each in self.attachments),
            digest=self.digest,
        )


class StoredChat(_Stored):
    """A chat without what belongs to a kernel that will be gone: when each cell was run."""

    chat: str
    version: Literal[1]
    engine: str
    turns: list[StoredTurn]

    def turns_of_chat(self) -> tuple[Finished, ...]:
        return tuple(turn.turn() for turn in self.turns)
