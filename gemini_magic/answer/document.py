"""A run as JSON, the format `MIME`: written and read here only.

`labextension/src/contract` reads it too. A document can come from anywhere, so every field is
checked: what cannot be read is refused in one line, which names the place.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from math import isfinite
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from ..errors import RecordingError
from ..sanitize import writable
from .claims.claim import Claim
from .claims.stored import claims_from_json, claims_to_json
from .files import MOST_BYTES
from .insertion import CHOICES, needed
from .parts import KINDS, File, Part, Result, Source
from .sent import MOST_BYTES as MOST_SENT_BYTES
from .sent import MOST_PICTURES, Sent
from .steps import steps

MIME = "application/vnd.gemini-magic.run+json"
VERSION = 1
STATES = ("running", "done", "stopped", "failed", "blocked")
# Which code a front end puts into cells; empty leaves it to the front end.
INSERTS = ("", "none", *CHOICES)
# More than any answer has, and as many as a page can show.
MOST_PARTS = 100_000
# How deep what a function was told and returned may be nested. Python's own writers go no deeper
# than a few hundred, and each container of it takes two or three.
DEEPEST = 100

_WORDS = {
    str: "text",
    int: "a whole number",
    bytes: "base64",
    type(None): "null",
    Mapping: "an object",
    list: "a list",
}
_SHOWN = 40
# Python writes no longer integers: https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
_MOST_BITS = 14_000
# Fields of parts that are written only with a value: documents of before have none of them.
_LEFT_OUT: tuple[tuple[type[Part], str, object], ...] = (
    (Source, "licence", ""),
    (Result, "seen", None),
    (Result, "masked", 0),
)


@dataclass(frozen=True)
class Document:
    """What is stored of a run: the same for the same answer, so it has no times.

    `staging` is Python that makes the run's files exist, as the document says it: it is checked
    before it is used (`request.staging`). `verification` is what running the attempts again gave
    (`runs.verify`), None where nobody did. `sent` are the pictures of the request: what is made of
    the request again has them again.
    """

    engine: str
    model: str
    prompt: str
    state: str
    insert: str
    parts: tuple[Part, ...]
    error: str | None
    staging: str = ""
    claims: tuple[Claim, ...] = ()
    verification: Mapping[str, Any] | None = None
    sent: tuple[Sent, ...] = ()
    ran: str = ""

    @property
    def needed(self) -> list[list[list[int | str]]]:
        """What to insert so that each attempt runs; nothing for a run that grows, or one good one.

        One list an attempt, in order: the attempts that it needs, then itself, each as
        `Piece.to_list` has it. Written for front ends, and worked out anew from what is read.
        """
        attempts = [] if self.state == "running" else steps(self.parts)
        lists = [[piece.to_list() for piece in pieces] for pieces in needed(attempts)]
        return [] if len(lists) == 1 and lists == [[[attempts[0].index]]] else lists


def write(document: Document, *, needed: bool = True) -> dict[str, Any]:
    """Return `document` as JSON values; `needed`, which only front ends use, takes a while."""
    written = {
        "version": VERSION,
        "engine": document.engine,
        "model": document.model,
        "prompt": document.prompt,
        "state": document.state,
        "insert": document.insert,
        "parts": [write_part(part) for part in document.parts],
        "error": document.error,
        **({"ran": document.ran} if document.ran else {}),
        **({"staging": document.staging} if document.staging else {}),
        **({"needed": needs} if needed and (needs := document.needed) else {}),
        **({"verification": _written(found)} if (found := document.verification) else {}),
        **({"sent": [write_sent(each) for each in document.sent]} if document.sent else {}),
        **({"claims": claims_to_json(document.claims)} if document.claims else {}),
    }
    return {
        name: writable(value) if isinstance(value, str) else value
        for name, value in written.items()
    }


def write_sent(sent: Sent) -> dict[str, Any]:
    """Return a picture that was sent as JSON values."""
    return {field.name: _written(getattr(sent, field.name)) for field in fields(sent)}


def write_part(part: Part) -> dict[str, Any]:
    """Return `part` as JSON values, data in base64; that of a large file is left out."""
    if isinstance(part, File) and len(part.data) > MOST_BYTES:
        part = replace(part, data=b"")
    held = {field.name: getattr(part, field.name) for field in fields(part)}
    for kind, name, nothing in _LEFT_OUT:
        if isinstance(part, kind) and held[name] == nothing:
            del held[name]
    return {"kind": part.kind, **{name: _written(value) for name, value in held.items()}}


def storable(value: Any) -> Any:
    """Return `value` as JSON that can be stored: bytes in base64, `…` for what is too much."""
    return _written(value)


def _written(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, int) and value.bit_length() >= _MOST_BITS:
        return "…"
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, Mapping | list) and depth >= DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {writable(name): _written(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_written(each, depth + 1) for each in value]
    return value


def read(data: object) -> Document:
    """Read a document that `write` wrote. Fields of a later version are passed over.

    Raises RecordingError for anything else.
    """
    held = _checked(data, Mapping, "the document")
    version = _field(held, "version", "")
    if version != VERSION or isinstance(version, bool):
        raise RecordingError(
            f"this run has version {_short(version)}, and version {VERSION} is known: "
            "update gemini-magic"
        )
    parts = _checked(_field(held, "parts", ""), list, "parts")
    if len(parts) > MOST_PARTS:
        raise RecordingError(f"this run has {len(parts):,} parts, and may have {MOST_PARTS:,}")
    rest = _fields(Document, {**held, "parts": (), "claims": (), "sent": ()}, "")
    for name, known in (("state", STATES), ("insert", INSERTS)):
        if rest[name] not in known:
            raise _refusal(f"{name} is {_short(rest[name])}, and not one of {', '.join(known)}")
    _refuse_needed(held.get("needed", []))
    _checked(held.get("verification", {}), Mapping, "verification")
    rest["parts"] = tuple(read_part(part, f"parts[{n}]") for n, part in enumerate(parts))
    rest["claims"] = _claims(held.get("claims", {}))
    rest["sent"] = tuple(_sent(held.get("sent", [])))
    return Document(**rest)


def _refuse_needed(data: object) -> None:
    """Refuse what no front end can read; here it is worked out anew."""
    for pieces in _checked(data, list, "needed"):
        for piece in _checked(pieces, list, "needed"):
            for each in _checked(piece, list, "needed"):
                if isinstance(each, bool) or not isinstance(each, int | str):
                    raise _refusal(f"needed holds {_short(each)}, and not a place or code")


def _sent(data: object) -> Iterator[Sent]:
    pictures = _checked(data, list, "sent")
    if len(pictures) > MOST_PICTURES:
        raise _refusal(f"{len(pictures):,} pictures were sent, and {MOST_PICTURES} are kept")
    for place, each in enumerate(pictures):
        where = f"sent[{place}]"
        sent = Sent(**_fields(Sent, _checked(each, Mapping, where), f"{where}."))
        if len(sent.data) > MOST_SENT_BYTES:
            raise _refusal(f"{where}.data has more than {MOST_SENT_BYTES:,} bytes")
        yield sent


def _claims(data: object) -> tuple[Claim, ...]:
    try:
        return claims_from_json(data)
    except ValueError as exc:
        raise _refusal(f"claims: {exc}") from None


def read_part(data: object, where: str = "the part") -> Part:
    """Read a part that `write_part` wrote; raise RecordingError, which names `where` it stands."""
    held = _checked(data, Mapping, where)
    kind = _checked(_field(held, "kind", f"{where}."), str, f"{where}.kind")
    if kind not in KINDS:
        raise _refusal(f"{where} is of the kind {_short(kind)}, which is not known")
    cls = KINDS[kind]
    # The type checker knows no constructor of a union.
    return cast(Part, cast(Any, cls)(**_fields(cls, held, f"{where}.")))


def _fields(cls: type, held: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the fields of the dataclass `cls` that `held` has, each of its type."""
    return {
        name: _checked(held[name] if is_optional else _field(held, name, where), kind, where + name)
        for name, (kind, is_optional) in _kinds(cls).items()
        if name in held or not is_optional
    }


@cache
def _kinds(cls: type) -> Mapping[str, tuple[Any, bool]]:
    """Return the type of each field of `cls`, and whether it may be left out."""
    hints = get_type_hints(cls)
    return {f.name: (hints[f.name], f.default is not MISSING) for f in fields(cls)}


def _field(held: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in held:
        raise _refusal(f"{where}{name} is missing")
    return held[name]


def _checked(value: Any, kind: Any, where: str) -> Any:
    """Return `value`, which must be of `kind`; base64 for bytes."""
    if kind is Any:
        return _json(value, where)
    choices = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    plain = tuple(get_origin(choice) or choice for choice in choices)
    if bytes in plain and isinstance(value, str):
        try:
            return b64decode(value, validate=True)
        except ValueError:
            raise _refusal(f"{where} is not base64") from None
    if not isinstance(value, plain) or (isinstance(value, bool) and bool not in plain):
        words = " or ".join(_WORDS[choice] for choice in plain)
        raise _refusal(f"{where} is {_short(value)}, and not {words}")
    # What is read field by field is checked field by field.
    return _json(value, where) if get_origin(kind) is Mapping else value


def _json(value: Any, where: str) -> Any:
    if not is_json(value):
        raise _refusal(f"{where} is not JSON, or nested more than {DEEPEST} deep")
    return value


def is_json(value: Any, depth: int = 0) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, int):
        return value.bit_length() < _MOST_BITS
    if value is None or isinstance(value, str):
        return True
    if depth == DEEPEST:
        return False
    if isinstance(value, Mapping):
        return all(isinstance(key, str) for key in value) and all(
            is_json(each, depth + 1) for each in value.values()
        )
    return isinstance(value, list) and all(is_json(each, depth + 1) for each in value)


def _short(value: Any) -> str:
    """Return `value` as an error shows it; what may be long or deep by its type."""
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")
    if value is None or isinstance(value, bool | float):
        return repr(value)
    # An integer may have more digits than Python writes.
    is_small = isinstance(value, int) and abs(value) < 10**_SHOWN
    return repr(value) if is_small else f"of the type {type(value).__name__}"


def _refusal(why: str) -> RecordingError:
    return RecordingError(f"this is not a run of gemini-magic: {why}")
