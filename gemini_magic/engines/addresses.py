"""Addresses of servers and proxies: whether they are any, and how they are shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
_SCHEMES = ("http", "https")
_HIGHEST_PORT = 65_535
# Name and password in any address: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
_USER = re.compile(r"(?<=://)[^\s/?#'\"<>]+@")
_DELIMITERS = re.compile(r"[:/?#@\[\]]")
# Characters. What is shorter would be met by chance in other words.
_SHORTEST_PASSWORD = 4


def proxies_set() -> tuple[str, ...]:
    """Return the variables that name a proxy, as they are spelt in the environment."""
    names = (spelt for name in _PROXIES for spelt in (name, name.lower()))
    return tuple(name for name in names if os.environ.get(name))


def malformed_proxies(scheme: str) -> tuple[str, ...]:
    """Return the variables whose proxy is for `scheme`, and no address as a proxy has one."""
    used = ("all_proxy", f"{scheme}_proxy")
    return tuple(
        name for name in proxies_set() if name.lower() in used and _is_malformed(os.environ[name])
    )


def _is_malformed(proxy: str) -> bool:
    """Return whether `proxy` says too little or too much: `x`, `http://x:99999`, `http://u:p@s@x`.

    Such are not refused before they have failed: a machine may know a proxy as `x`.
    """
    if "@" in _user(proxy):
        return True
    if "://" in proxy:
        return bool(address_error(proxy, (*_SCHEMES, "socks5", "socks5h")))
    return bool(address_error(f"http://{proxy}")) or urlsplit(f"//{proxy}").port is None


def address_error(address: str, schemes: Iterable[str] = _SCHEMES) -> str:
    """Return why `address` is none of a server, empty if it is one."""
    import httpx2

    try:
        url = httpx2.URL(address)
        # What connects is stricter: in brackets, and in empty or long parts of a name.
        urlsplit(address)
        url.raw_host.decode().encode("idna")
    except (httpx2.InvalidURL, ValueError) as exc:
        return str(exc) or type(exc).__name__
    if url.scheme not in schemes:
        return "it does not begin with http:// or https://"
    if not url.host:
        return "it names no host"
    if any(map(str.isspace, unquote(url.host))):
        return "there is a blank in its host"
    if url.port is not None and not 0 < url.port <= _HIGHEST_PORT:
        return f"there is no port {url.port}"
    return ""


def without_password(text: str, base_url: str = "") -> str:
    """Return `text` without what addresses in it say before their `@`.

    Of `base_url` and the proxies of the environment, other spellings and pieces go too: a library
    that cannot read an address quotes a piece of it.
    """
    for address in (base_url, *(os.environ[name] for name in proxies_set())):
        if not (user := _user(address)):
            continue
        text = text.replace(f"{user}@", "…@")
        password = user.partition(":")[2]
        if len(password) >= _SHORTEST_PASSWORD:
            text = text.replace(password, "…")
        for piece in filter(None, (user, *_DELIMITERS.split(user))):
            text = text.replace(repr(piece), "'…'")
    return _USER.sub("…@", text)


def _user(address: str) -> str:
    """Return name and password in an address that may be malformed, empty if there are none."""
    return (address.partition("://")[2] or address).lstrip("/").rpartition("@")[0]
