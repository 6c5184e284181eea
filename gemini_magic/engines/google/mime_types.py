"""The types of files that Gemini reads."""

from __future__ import annotations

from ...errors import RequestError
from ...request.request import Request

# https://ai.google.dev/gemini-api/docs/document-processing, …/image-understanding, …/audio,
# …/video-understanding, and for code that runs on them …/code-execution
READ = frozenset(
    f"{kind}/{name}"
    for kind, names in {
        "text": "plain csv tab-separated-values html css javascript markdown rtf xml x-python",
        "application": "pdf",
        "image": "png jpeg webp heic heif",
        "audio": "wav x-wav mp3 mpeg aiff x-aiff aac ogg flac x-flac mp4 webm opus",
        "video": "mp4 mpeg mov quicktime avi x-msvideo x-flv mpg webm wmv x-ms-wmv 3gpp",
    }.items()
    for name in names.split()
)


def refuse_unsendable(request: Request) -> None:
    """Raise RequestError for a file of a type that the server would refuse."""
    for attachment in request.attachments:
        if attachment.mime_type and attachment.mime_type not in READ:
            where = attachment.uri or attachment.path or attachment.name
            raise RequestError(
                f"{where!r} is {attachment.mime_type}, which Gemini does not read: send text, a "
                "table as CSV, a picture as PNG, JPEG or WebP, a PDF, sound or a film; --data "
                "sends a variable with what you read from it"
            )
