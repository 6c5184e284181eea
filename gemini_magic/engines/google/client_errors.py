"""Errors while a client is made: of proxies, certificates and credentials in the environment."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit, urlunsplit

from ...errors import ConnectionLost, GeminiError, KeyInvalid, KeyMissing
from ...phrases import short

LOGIN = "gcloud auth application-default login"
CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS"
# The latter two are those of requests, by which Vertex AI gets its tokens.
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
_LONGEST = 200

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def maps_client_errors(make: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Return `make` so that it raises a `GeminiError` for whatever hinders it."""

    @wraps(make)
    def mapped(*args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        try:
            return make(*args, **kwargs)
        except GeminiError:
            raise
        except Exception as exc:
            raise client_error(exc) from exc

    return mapped


def client_error(exc: Exception) -> GeminiError:
    """Return the error, in one line, for what was raised while a client was made."""
    from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError

    said = short(f"{type(exc).__name__}: {exc}", _LONGEST)
    if isinstance(exc, DefaultCredentialsError):
        return no_credentials(exc)
    if isinstance(exc, GoogleAuthError):
        return KeyInvalid(
            f"your Google Cloud credentials are not accepted ({said}): renew them with `{LOGIN}`"
        )
    if isinstance(exc, ImportError):
        return _no_package(said)
    certificates = tuple(name for name in CERTIFICATES if os.environ.get(name))
    # An SSLError is an OSError, and one of ssl's contexts can be a ValueError too.
    if isinstance(exc, OSError) and (certificates or isinstance(exc, ssl.SSLError)):
        return ConnectionLost(
            f"the certificates in {_named(certificates or CERTIFICATES[:2])} cannot be read "
            f"({said}): name a file of PEM certificates that is there, or unset it"
        )
    if proxies := _unusable(proxies_set()):
        return ConnectionLost(
            f"the proxy in {_named(proxies)} cannot be used ({without_password(said)}): give it as "
            "http://host:port, or unset it"
        )
    return ConnectionLost(
        f"no connection can be made ({said}): check the proxies, certificates and addresses in "
        "the environment"
    )


def proxies_set() -> tuple[str, ...]:
    """Return the variables that name a proxy, as they are spelt in the environment."""
    names = (spelt for name in _PROXIES for spelt in (name, name.lower()))
    return tuple(name for name in names if os.environ.get(name))


def _unusable(proxies: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the `proxies` whose address is none, and all of them if each is one."""
    import httpx2

    def is_unusable(name: str) -> bool:
        address = os.environ[name]
        try:
            httpx2.Proxy(address if "://" in address else f"http://{address}")
        except Exception:  # whatever the client would have raised
            return True
        return False

    return tuple(filter(is_unusable, proxies)) or proxies


def without_password(text: str) -> str:
    """Return `text` without what the addresses of the proxies say before their `@`."""
    for name in proxies_set():
        address = os.environ[name]
        try:
            parts = urlsplit(address)
        except ValueError:
            text = text.replace(address, f"({name})")
            continue
        if "@" in parts.netloc:
            host = parts.netloc.rpartition("@")
            text = text.replace(address, urlunsplit(parts._replace(netloc=f"…@{host[2]}")))
            text = text.replace(host[0], "…")
    return text


def no_credentials(exc: Exception) -> GeminiError:
    """Return the error for what was raised while the credentials of Google Cloud were read."""
    said = short(f"{type(exc).__name__}: {exc}", _LONGEST)
    if os.environ.get(CREDENTIALS):
        return KeyMissing(
            f"the Google Cloud credentials that {CREDENTIALS} names cannot be read ({said}): name "
            f"a file that is there, or unset it and run `{LOGIN}`; --engine offline needs none"
        )
    return KeyMissing(
        f"no Google Cloud credentials are found ({said}): run `{LOGIN}`; --engine offline needs "
        "none"
    )


def _no_package(said: str) -> GeminiError:
    socks = [name for name in proxies_set() if os.environ[name].lower().startswith("socks")]
    if socks:
        return ConnectionLost(
            f"the proxy in {_named(socks)} speaks SOCKS, which needs a package: "
            "`pip install 'httpx2[socks]'`, name an http:// proxy, or unset it"
        )
    return ConnectionLost(f"a package is missing ({said}): install it, or google-genai anew")


def _named(names: Iterable[str]) -> str:
    return " or ".join(names)
