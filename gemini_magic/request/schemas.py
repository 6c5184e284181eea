"""Answers as JSON that fits a schema or a pydantic model."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any

from ..errors import AnswerUnreadable, RequestError
from .jsonable import to_json

_LONGEST = 300
_FENCED = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n`]*\n(?P<inside>.*?)\n? {0,3}(?P=fence)",
    re.DOTALL | re.MULTILINE,
)
_OPENING = re.compile(r"[{\[]")
# Each may cost a look at the rest of the text.
_BRACKETS = 1_000


@dataclass(frozen=True)
class OutputSchema:
    """The JSON schema that an answer must fit, and what the user calls it."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Output:
    """An `OutputSchema` that is sent, and the check that stays here and reads the answer.

    `check` makes the value of JSON; it raises if that does not fit. It was `made_of` what the user
    gave.
    """

    schema: OutputSchema
    check: Callable[[str], Any] = field(repr=False)
    made_of: Any = field(default=None, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # A validator cannot travel to another process; what it was made of may.
        return output_of, (self.schema.name, self.made_of)

    def read(self, text: str) -> Any:
        """Return the value of an answer: the one JSON value in it that fits.

        Models put fences and words around it. Raises AnswerUnreadable if none fits, or several.
        """
        wrong: Exception | None = None
        fitting: dict[str, Any] = {}
        for found in json_in(text):
            try:
                fitting[found] = self.check(found)
            except Exception as exc:  # a validator of the user's own may raise anything
                wrong = wrong or exc
        if len(fitting) == 1:
            return next(iter(fitting.values()))
        said = f"{len(fitting)} values in it do" if wrong is None else described(wrong)
        raise AnswerUnreadable(
            f"the answer does not fit {self.schema.name} ({' '.join(said.split())[:_LONGEST]}): "
            "run the cell again, or ask for less"
        )


def output_of(name: str, value: Any) -> Output:
    """Return what an answer must fit: `value` is a JSON schema, or a type that pydantic knows.

    A model, a dataclass, a TypedDict and `list[Model]` are such types. Raises RequestError for
    anything else.
    """
    try:
        schema, check = _of_schema(value) if isinstance(value, dict) else _of_type(value)
        # A copy of plain JSON values: the user's own dict may change while the request is kept.
        schema = json.loads(to_json(schema))
    except Exception as exc:  # annotations may name anything
        why = str(exc).splitlines()[0][:_LONGEST] if str(exc) else type(exc).__name__
        raise RequestError(
            f"{name!r} is neither a JSON schema nor a pydantic model ({why})"
        ) from exc
    return Output(OutputSchema(name, schema), check, value)


def json_in(text: str) -> list[str]:
    """Return the JSON values in `text`: itself, else those in fences, else objects and arrays.

    The text itself if there are none, for the check to say what is wrong with it.
    """
    if _is_json(text):
        return [text]
    fenced = [found["inside"] for found in _FENCED.finditer(text) if _is_json(found["inside"])]
    return fenced or list(_values(text)) or [text]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _values(text: str) -> Iterator[str]:
    """Yield the objects and arrays in `text`, outermost ones only.

    A bracket in prose is passed over; as many as would take long end the search.
    """
    decoder = json.JSONDecoder()
    place, left = 0, _BRACKETS
    while left and (found := _OPENING.search(text, place)):
        start, left = found.start(), left - 1
        try:
            _, place = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            place = start + 1
        else:
            yield text[start:place]


def described(exc: BaseException) -> str:
    """Return what `exc` says; of pydantic's, what is wrong where, without its advice."""
    from pydantic import ValidationError

    if not isinstance(exc, ValidationError):
        return str(exc)
    wrong = (
        (".".join(map(str, error["loc"])), error["msg"])
        for error in exc.errors(include_url=False, include_input=False)
    )
    return "; ".join(f"{place}: {said}" if place else said for place, said in wrong)


def _of_type(value: Any) -> tuple[Mapping[str, Any], Callable[[str], Any]]:
    from pydantic import TypeAdapter

    # An object that is no type would be taken for one of its own.
    if not isinstance(value, type | UnionType) and not hasattr(value, "__origin__"):
        raise TypeError(f"it is of type {type(value).__name__}")
    adapter: TypeAdapter[Any] = TypeAdapter(value)
    return adapter.json_schema(), adapter.validate_json


def _of_schema(schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], Callable[[str], Any]]:
    from jsonschema import ValidationError
    from jsonschema.validators import validator_for
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    kind = validator_for(schema)
    kind.check_schema(schema)
    # One of its own, which fetches nothing: what a schema refers to must be in it.
    registry: Registry[Any] = Registry()
    within = registry.resolver_with_root(DRAFT202012.create_resource(schema))
    for address in _references(schema):
        within.lookup(address)
    validator = kind(schema, registry=registry)

    def check(text: str) -> Any:
        value = json.loads(text)
        try:
            validator.validate(value)
        except ValidationError as exc:
            raise ValueError(f"{exc.json_path}: {exc.message}") from exc
        return value

    return schema, check


def _references(schema: Any) -> Iterator[str]:
    """Yield what a schema and those within it refer to."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for inner in schema.values():
            yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)
