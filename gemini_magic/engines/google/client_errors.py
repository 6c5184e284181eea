"""Errors while a client is made: of proxies, certificates and credentials in the environment."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from ...errors import ConnectionLost, GeminiError, KeyInvalid, KeyMissing
from ...phrases import short
from ..addresses import proxies_set, without_password

LOGIN = "gcloud auth application-default login"
CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS"
# The latter two are those of requests, by which Vertex AI gets its tokens.
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_FILES_OR_FOLDERS = CERTIFICATES[2:]
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

    said = _said(exc)
    if isinstance(exc, DefaultCredentialsError):
        return no_credentials(exc)
    if isinstance(exc, GoogleAuthError):
        return KeyInvalid(
            f"your Google Cloud credentials are not accepted ({said}): renew them with `{LOGIN}`"
        )
    if isinstance(exc, ImportError):
        return _no_package(said)
    certificates = _unreadable(tuple(name for name in CERTIFICATES if os.environ.get(name)))
    # An SSLError is an OSError, and one of ssl's contexts can be a ValueError too.
    if isinstance(exc, OSError) and (certificates or isinstance(exc, ssl.SSLError)):
        return ConnectionLost(
            f"the certificates in {_named(certificates or CERTIFICATES[:2])} cannot be read "
            f"({said}): name a file of PEM certificates that is there, or unset it"
        )
    if proxies := _unusable(proxies_set()):
        return no_proxy(proxies, said)
    return ConnectionLost(
        f"no connection can be made ({said}): check the proxies, certificates and addresses in "
        "the environment"
    )


def _unreadable(certificates: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the variables that name no file or folder of certificates, or else all."""

    def is_unreadable(name: str) -> bool:
        named = Path(os.environ[name])
        if named.is_dir():
            return name != "SSL_CERT_DIR" and name not in _FILES_OR_FOLDERS
        try:
            ssl.create_default_context(cafile=named)
        except (OSError, ValueError):  # of a path that is none too
            return True
        return False

    return tuple(filter(is_unreadable, certificates)) or certificates


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


def no_credentials(exc: Exception) -> GeminiError:
    """Return the error for what was raised while the credentials of Google Cloud were read."""
    said = _said(exc)
    if os.environ.get(CREDENTIALS):
        return KeyMissing(
            f"the Google Cloud credentials that {CREDENTIALS} names cannot be read ({said}): name "
            f"a file that is there, or unset it and run `{LOGIN}`; --engine offline needs none"
        )
    return KeyMissing(
        f"no Google Cloud credentials are found ({said}): run `{LOGIN}`; --engine offline needs "
        "none"
    )


def no_proxy(names: Iterable[str], said: str) -> GeminiError:
    """Return the error for proxies in the variables `names` whose address is of no use."""
    return ConnectionLost(
        f"the proxy in {_named(names)} cannot be used ({said}): give it as http://host:port, or "
        "unset it"
    )


def no_address(name: str, address: str, said: str) -> GeminiError:
    """Return the error for an `address` in the variable `name` that is none."""
    shown = without_password(address, address)
    return ConnectionLost(
        f"{shown!r} is no address ({without_password(said, address)}): mend {name}, or unset it"
    )


def _said(exc: Exception) -> str:
    return short(without_password(f"{type(exc).__name__}: {exc}"), _LONGEST)


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
