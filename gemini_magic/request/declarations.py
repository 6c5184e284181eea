"""Functions of the notebook as they are offered to the model."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, cast, get_type_hints

from ..errors import RequestError
from .jsonable import to_json

_LONGEST = 200
# The keywords of a JSON schema that hold schemas by name, and those that hold plain values.
_NAMED = ("properties", "$defs")
_LITERAL = ("default", "const", "enum", "examples")


@dataclass(frozen=True)
class Declaration:
    """What the model is told of a function: `parameters` and `returns` are JSON schemas.

    `returns` is empty for a function that does not say, or of which JSON cannot.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    returns: Mapping[str, Any] = field(default_factory=dict)


# What the model calls to run code on this machine.
RUN_PYTHON = Declaration(
    "run_python",
    "Run Python code and return what it prints, and the traceback if it fails. Variables stay from "
    "one call to the next. There is no network. Print what you need to know; figures of Matplotlib "
    "are shown to the user. Use it for every calculation instead of working it out yourself.",
    {
        "type": "object",
        "properties": {"code": {"type": "string", "description": "the Python code to run"}},
        "required": ["code"],
    },
)


@dataclass(frozen=True)
class Function:
    """A function that is offered to the model.

    `call` takes the model's arguments, by name, and converts them to the types that are annotated.
    """

    declaration: Declaration
    call: Callable[..., Any] = field(repr=False)

    @property
    def name(self) -> str:
        return self.declaration.name


def by_name(functions: Iterable[Any]) -> dict[str, Any]:
    """Return `functions` by their names; raise RequestError if two have the same."""
    found: dict[str, Any] = {}
    for function in functions:
        name = str(getattr(function, "__name__", function))
        if name in found:
            raise RequestError(f"two functions are called {name!r}: rename one of them")
        found[name] = function
    return found


def declared(functions: Mapping[str, Any]) -> tuple[Function, ...]:
    """Return `functions`, by name, as they are offered to the model.

    Raises RequestError for what is not a function, has a parameter without an annotation or of a
    type that JSON does not have, or is async.
    """
    return tuple(_declared(name, function) for name, function in functions.items())


def _declared(name: str, function: Any) -> Function:
    if not inspect.isroutine(function):
        kind = type(function).__name__
        raise RequestError(f"{name!r} is no function, but of type {kind}: offer a function")
    if not (name.isidentifier() and name.isascii()):
        raise RequestError(
            f"the function {name!r} cannot be offered: its name may have a-z, A-Z, 0-9 and _"
        )
    if inspect.iscoroutinefunction(function):
        raise RequestError(f"the function {name!r} is async: offer one that is not")
    _refuse_untyped(name, function)
    try:
        from pydantic import ConfigDict, validate_call

        plain = _plain(function)
        declaration = Declaration(
            name, inspect.cleandoc(function.__doc__ or ""), _parameters(plain), _returns(plain)
        )
        checked = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(plain)
    except Exception as exc:  # pydantic has many, and annotations may name anything
        why = str(exc.__cause__ or exc).splitlines()[0].strip()[:_LONGEST]
        raise RequestError(
            f"the function {name!r} cannot be offered: a type in it is none of JSON's ({why})"
        ) from exc
    return Function(declaration, checked)


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` as pydantic can check its calls: a cached one, say, is none to it."""

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return called


def _parameters(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return the JSON schema of the arguments, an object with one property each."""
    from pydantic import TypeAdapter

    # A function is a type to pydantic: that of its arguments.
    adapter: TypeAdapter[Any] = TypeAdapter(cast(Any, function))
    schema = _written(adapter.json_schema())
    schema.pop("additionalProperties", None)
    return schema if schema.get("properties") else {}


def _returns(function: Callable[..., Any]) -> Mapping[str, Any]:
    from pydantic import TypeAdapter

    hint = get_type_hints(function, include_extras=True).get("return", Any)
    try:
        return _written(TypeAdapter(hint).json_schema(mode="serialization"))
    except Exception:  # what cannot be said of a result may still be returned as JSON
        return {}


def _written(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of pydantic as it is sent: a default may be a number that JSON has not."""
    written: dict[str, Any] = json.loads(to_json(_untitled(schema)))
    return written


def _untitled(schema: Any) -> Any:
    """Return a JSON schema without pydantic's titles, which only repeat the names."""
    if isinstance(schema, list):
        return [_untitled(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _untitled(named) for name, named in inner.items()}
        if key in _NAMED and isinstance(inner, dict)
        else _untitled(inner)
        for key, inner in schema.items()
        if key != "title" and key not in _LITERAL
    } | {key: schema[key] for key in _LITERAL if key in schema}


def _refuse_untyped(name: str, function: Callable[..., Any]) -> None:
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:
        raise RequestError(
            f"the function {name!r} cannot be offered: Python does not know its parameters"
        ) from None
    for parameter in parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise RequestError(
                f"the function {name!r} takes {parameter}: a model can only name its arguments"
            )
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise RequestError(
                f"the function {name!r} takes {parameter.name!r} by place only: "
                "a model can only name its arguments"
            )
        if parameter.annotation is parameter.empty:
            raise RequestError(
                f"the parameter {parameter.name!r} of {name!r} has no type: annotate it, as "
                f"`{parameter.name}: str`"
            )
