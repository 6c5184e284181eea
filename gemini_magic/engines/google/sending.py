"""One file on its way to the Files API, and how far it has come."""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...answer.parts import Progress
from ...errors import ServerError
from ...request.attachment import Attachment

if TYPE_CHECKING:
    from google.genai import Client
    from google.genai.types import File, UploadFileConfig

# Ten a second: an eye sees no more, and every one costs the page a frame.
_PAUSE = 0.1
_SLICE = 64 * 1024


def sent(
    client: Client, attachment: Attachment, config: UploadFileConfig
) -> Generator[Progress, None, File]:
    """Upload `attachment`, say how far it has come while it lasts, and return what is there then.

    In a thread, as the SDK's upload says nothing before it is over. Whoever closes the generator,
    or interrupts it, stops the thread at the next slice. Raises what the SDK raises, and
    ServerError if the upload did not end.
    """
    reader = _Reader(attachment.data or b"")
    total = len(attachment.data or b"")
    said = Progress(f"uploading {attachment.name}", 0, total)
    pool = ThreadPoolExecutor(1)
    task = pool.submit(client.files.upload, file=reader, config=config)
    pool.shutdown(wait=False)
    try:
        yield said
        while not wait([task], _PAUSE).done:
            # All of it is sent before the server has it: the last part is that of the end.
            done = min(reader.sent, total - 1)
            if done > said.done:
                said = replace(said, done=done)
                yield said
        file = task.result()
    except (KeyError, ValueError) as exc:  # the SDK's words for an upload that did not end
        raise ServerError(
            f"the server did not take {attachment.name!r} ({exc}): run the cell again"
        ) from exc
    finally:
        reader.stopped = True
    yield replace(said, done=total)
    return file


class _Stopped(Exception):
    """Nobody waits for the upload any more."""


class _Reader(io.BytesIO):
    """A file that knows how much of it was sent.

    The SDK reads 8 MiB at once, which take a slow line half a minute, and hands them on to its HTTP
    client unseen. So they are read as a `_Piece`, which the client sends slice by slice.
    """

    sent = 0
    stopped = False

    def read(self, size: int | None = -1, /) -> bytes:
        start = self.tell()
        # To the SDK a length and a body; bytes would be sent, and counted, in one go.
        return _Piece(self, start, super().read(size))  # type: ignore[return-value]


@dataclass(frozen=True)
class _Piece:
    reader: _Reader
    start: int
    data: bytes

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[bytes]:
        for place in range(0, len(self.data), _SLICE):
            if self.reader.stopped:
                raise _Stopped
            yield self.data[place : place + _SLICE]
            self.reader.sent = self.start + min(place + _SLICE, len(self.data))
