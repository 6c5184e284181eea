"""Address and key of a server of chat completions: which key may go to which address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ...errors import KeyInvalid, KeyMissing, OptionError
from ...keys import LOCAL, OPENAI, key_of
from ..addresses import address_error, without_password

SETTING = "GeminiMagic.local_base_url"
ADDRESS = "GEMINI_MAGIC_LOCAL_BASE_URL"
# Whose servers listen where, and how each is started.
STARTS = {
    11434: ("Ollama", "`ollama serve`"),
    1234: ("LM Studio", "`lms server start`"),
    8080: ("llama.cpp", "`llama-server -m MODEL.gguf --jinja`"),
    8000: ("vLLM", "`vllm serve MODEL`"),
}
_OPENAI_HOST = "api.openai.com"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Connection:
    """Address and credentials of a server of chat completions.

    `key_name` is the environment variable that held the key: messages name it, never the key.
    """

    # It may hold a password.
    base_url: str = field(repr=False)
    key: str = field(default="", repr=False)
    key_name: str = LOCAL

    @property
    def shown(self) -> str:
        """The address, without its password."""
        return without_password(self.base_url, self.base_url)

    @property
    def is_here(self) -> bool:
        """Whether the server is on this machine."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own server, which alone gets OPENAI_API_KEY."""
        return _is_openai(self.base_url)

    @property
    def has_password(self) -> bool:
        return "@" in urlsplit(self.base_url).netloc


def connection_of(base_url: str, env: Mapping[str, str]) -> Connection:
    """Return the connection to `base_url`, with the key that the environment has for it.

    GEMINI_MAGIC_LOCAL_API_KEY is for the address in GEMINI_MAGIC_LOCAL_BASE_URL, or for whichever
    is set if that variable is not; OPENAI_API_KEY is for OpenAI alone. Raises OptionError for what
    is no address, KeyInvalid for what is no key, KeyMissing if OpenAI is asked without one.
    """
    address = _address(base_url)
    name, key = _key(address, env)
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise KeyInvalid(f"{name} holds characters that no key has: copy the key again")
    if not key and _is_openai(address):
        raise KeyMissing(
            f"{_OPENAI_HOST} needs a key: export {OPENAI}=… before starting Jupyter, or name a "
            f"server of your own in {SETTING}"
        )
    return Connection(address, key, name)


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine by its name or number."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".").lower() == "localhost"


def _address(base_url: str) -> str:
    """Return the address with its path; without one, with that of every such server."""
    address = base_url.strip().rstrip("/")
    if why := address_error(address):
        shown = without_password(address, address)
        raise OptionError(
            f"{SETTING} is {shown!r}, which is no address ({without_password(why, address)}): give "
            "it as http://127.0.0.1:11434/v1"
        )
    return address if urlsplit(address).path else f"{address}/v1"


def _key(address: str, env: Mapping[str, str]) -> tuple[str, str]:
    meant = env.get(ADDRESS, "").strip()
    if (key := key_of(LOCAL, env)) and (not meant or _origin(meant) == _origin(address)):
        return LOCAL, key
    return (OPENAI, key_of(OPENAI, env)) if _is_openai(address) else (LOCAL, "")


def _is_openai(address: str) -> bool:
    url = urlsplit(address)
    host = url.hostname or ""
    # Regions have names before it: https://platform.openai.com/docs/guides/your-data
    known = host == _OPENAI_HOST or host.endswith(f".{_OPENAI_HOST}")
    return known and url.scheme == "https" and url.port in (None, 443)


def _origin(address: str) -> tuple[str, str, int | None]:
    url = urlsplit(address)
    try:
        return url.scheme, url.hostname or "", url.port or _PORTS.get(url.scheme)
    except ValueError:  # its port is no number
        return url.scheme, "", None
