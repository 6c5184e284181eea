"""Which Gemini server is asked, and with which credentials."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """Address and credentials of a Gemini server.

    With `vertex` it is Vertex AI: `project` and `location` with the machine's Google Cloud
    credentials, or a `key` alone (express mode). Otherwise it is the Developer API, by its `key`.
    `key_name` is where the key comes from: messages name that, never the key.
    """

    key: str = field(default="", repr=False)
    key_name: str = "GEMINI_API_KEY"
    vertex: bool = False
    project: str = ""
    location: str = "global"
    # It may hold a password.
    base_url: str = field(default="", repr=False)

    @property
    def base_url_name(self) -> str:
        """The environment variable of `base_url`."""
        return "GOOGLE_VERTEX_BASE_URL" if self.vertex else "GOOGLE_GEMINI_BASE_URL"
