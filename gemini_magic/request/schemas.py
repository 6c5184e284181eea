"""Answers of a certain shape: JSON that fits a schema or a pydantic model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any

from ..errors import AnswerUnreadable, RequestError

_FENCED = re.compile(r"\s*```(?:json)?\n(?P<inside>.*?)\n```\s*", re.DOTALL)
_LONGEST = 300


@dataclass(frozen=True)
class Shape:
    """What an answer must look like.

    `schema` is its JSON schema. `check` makes the value of JSON; it raises where that does not fit.
    """

    name: str
    schema: Mapping[str, Any]
    check: Callable[[str], Any] = field(repr=False)

    def read(self, text: str) -> Any:
        """Return the value of an answer; raise AnswerUnreadable where it does not fit."""
        fenced = _FENCED.fullmatch(text)
        try:
            return self.check(fenced["inside"] if fenced else text)
        except Exception as exc:  # a validator of the reader's own may raise anything
            said = " ".join(told(exc).split())[:_LONGEST]
            raise AnswerUnreadable(
                f"the answer does not fit {self.name} ({said}): run the cell again, or ask for less"
            ) from exc


def shape_of(name: str, value: Any) -> Shape:
    """Return the shape that `value` describes: a JSON schema, or a type that pydantic knows.

    A model, a dataclass, a TypedDict and `list[Model]` are such types. Raises RequestError for
    anything else.
    """
    try:
        schema, check = _of_schema(value) if isinstance(value, dict) else _of_type(value)
    except Exception as exc:  # annotations may name anything
        why = str(exc).splitlines()[0][:_LONGEST] if str(exc) else type(exc).__name__
        raise RequestError(
            f"{name!r} is neither a JSON schema nor a pydantic model ({why})"
        ) from exc
    return Shape(name, schema, check)


def told(exc: BaseException) -> str:
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
    import json

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
