"""A hash over all that is written of a run, which tells whether that was changed afterwards.

Anybody can make one: it says that a document is whole, and not who wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from math import isfinite
from typing import Any

INTACT, CHANGED, NO_HASH = "intact", "changed", "no hash"
PAGE_CHANGED = "page changed"
# What a user reads, by kind.
INTEGRITY_WORDS = {
    INTACT: "as it was written",
    CHANGED: "changed after it was written",
    PAGE_CHANGED: "as it was written, in a page that was changed after it was written",
    NO_HASH: "no hash: whether it was changed cannot be told",
}
_PREFIX = "sha256:"
# What is no fact of the answer: it is worked out anew, chosen by the user, or found out later.
_BESIDE = ("insert", "metadata", "needed", "verification")
# What we write into the metadata. Front ends add their own.
_METADATA = ("seconds", "times", "calls", "usage", "reply", "provenance")


def canonical(value: Any) -> bytes:
    """Return JSON as bytes that are the same for the same values, whoever wrote them.

    Keys are sorted, and numbers are doubles as in RFC 8785: a browser that saves a notebook writes
    1.0 as 1, and integers beyond 2**53 by their nearest double.
    """
    plain = _with_doubles(value)
    # What is none of JSON's own, as a default in a schema of the user's, goes by its text.
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), default=str).encode("ascii")


def _with_doubles(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _with_doubles(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_with_doubles(each) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    try:
        number = float(value) + 0.0  # a zero has no sign there
    except OverflowError:
        return None
    # What is no number, or larger than any double, is null in JavaScript's JSON.
    return number if isfinite(number) else None


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of JSON in its canonical form."""
    return _PREFIX + sha256(canonical(value)).hexdigest()


def page_hash(page: str) -> str:
    """Return the hash of a page without the elements that hold its documents."""
    return _PREFIX + sha256(page.encode("utf-8", "surrogatepass")).hexdigest()


def content_hash(document: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    """Return the hash of a run's document and its metadata, as both are stored."""
    held = {name: value for name, value in document.items() if name not in _BESIDE}
    facts = {name: metadata[name] for name in _METADATA if name in metadata}
    provenance = dict(facts.get("provenance") or {})
    provenance.pop("content", None)
    return sha256_of({"document": held, "metadata": {**facts, "provenance": provenance}})


def sealed(document: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata with the hash of both in its provenance."""
    content = content_hash(document, metadata)
    return {**metadata, "provenance": {**metadata["provenance"], "content": content}}


def integrity(document: Mapping[str, Any], metadata: object) -> str:
    """Return whether a stored document is what was written: INTACT, CHANGED or NO_HASH."""
    provenance = metadata.get("provenance") if isinstance(metadata, Mapping) else None
    stored = provenance.get("content") if isinstance(provenance, Mapping) else None
    if not (isinstance(metadata, Mapping) and isinstance(stored, str) and stored):
        return NO_HASH
    try:
        return INTACT if stored == content_hash(document, metadata) else CHANGED
    except (RecursionError, TypeError, ValueError):
        # It holds what no run is written with: values that are not JSON.
        return CHANGED
