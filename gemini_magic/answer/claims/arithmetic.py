"""The value of an expression that stands before an equals sign, as in "5! = 120"."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation, Overflow
from math import factorial

from .numbers import WIDE

_EXPRESSION = re.compile(
    r"([-−]?[0-9(](?:[0-9.,\s()+\-−*×·÷/^!]|\\times|\\cdot|\\div|(?<=[\s)])x(?=[\s(]))*)"
    r"(?:=|≈|\\approx)[\s*~]*$"
)
_EQUALS = ("=", "≈", "\\approx")
_LEFT_OUT = re.compile(r"\(?\([0-9]+ factorial\)|[$]|\{,\}")
_GROUP = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
# What stands before belongs to it, and is not known.
_CUT_OFF = re.compile(r"(?:[+*/^×·÷]|\w\s*[-−])\s*$")
_TOKEN = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|\*\*|\\times|\\cdot|\\div|[-−+*/×·÷x^!()])")
_SIGNS = {"\\times": "*", "\\cdot": "*", "×": "*", "·": "*", "x": "*"} | {
    "\\div": "/",
    "÷": "/",
    "−": "-",
    "^": "**",
}
_OPERATORS = frozenset(("+", "-", "*", "/", "**", "!"))
_MOST_TOKENS = 60
_MOST_POWER, _MOST_FACTORIAL = 200, 99


def evaluated(before: str) -> Decimal | None:
    """Return the value of the expression that `before` ends with; None where there is none."""
    plain = _LEFT_OUT.sub("", before)
    # Nearly all numbers have no equals sign before them, and the search costs more than a look.
    found = _EXPRESSION.search(plain) if plain.rstrip("*~ \n").endswith(_EQUALS) else None
    if not found or _CUT_OFF.search(plain[: found.start()]):
        return None
    tokens = _tokens(_GROUP.sub("", found[1]))
    # A bracket that was opened before the expression begins it: "the sum (2 + 3 = 5)".
    if tokens.count("(") > tokens.count(")"):
        tokens = tokens[tokens.index("(") + 1 :]
    if not _OPERATORS.intersection(tokens[1:]):
        return None
    try:
        return _Parser(tokens).value()
    except (_NotAnExpression, InvalidOperation, Overflow, ZeroDivisionError):
        return None


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if not token or len(tokens) >= _MOST_TOKENS:
            return []
        tokens.append(_SIGNS.get(token[1], token[1]))
        at = token.end()
    return tokens


class _NotAnExpression(Exception):
    """The tokens are none: internal to this file."""


class _Parser:
    """Reads sums of products of powers, by the usual precedence.

    sum = product {("+" | "-") product}
    product = signed {("*" | "/") signed}
    signed = ["+" | "-"] power
    power = factor ["**" signed]
    factor = number ["!"] | "(" sum ")"
    """

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def value(self) -> Decimal:
        value = self._sum()
        if self._at < len(self._tokens):
            raise _NotAnExpression
        return value

    def _next(self, *wanted: str) -> str:
        """Return the next token and go past it if it is one of those wanted; else an empty text."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else ""
        if token not in wanted:
            return ""
        self._at += 1
        return token

    def _sum(self) -> Decimal:
        value = self._product()
        while sign := self._next("+", "-"):
            other = self._product()
            value = WIDE.add(value, other if sign == "+" else -other)
        return value

    def _product(self) -> Decimal:
        value = self._signed()
        while sign := self._next("*", "/"):
            other = self._signed()
            value = WIDE.multiply(value, other) if sign == "*" else WIDE.divide(value, other)
        return value

    def _signed(self) -> Decimal:
        sign = self._next("+", "-")
        value = self._power()
        return value.copy_negate() if sign == "-" else value

    def _power(self) -> Decimal:
        base = self._factor()
        if not self._next("**"):
            return base
        exponent = self._signed()
        if abs(exponent) > _MOST_POWER or exponent != exponent.to_integral_value():
            raise _NotAnExpression
        return WIDE.power(base, exponent)

    def _factor(self) -> Decimal:
        if self._next("("):
            value = self._sum()
            if not self._next(")"):
                raise _NotAnExpression
            return value
        token = self._tokens[self._at] if self._at < len(self._tokens) else ""
        if not token[:1].isdigit():
            raise _NotAnExpression
        self._at += 1
        return self._factorial(token) if self._next("!") else Decimal(token)

    def _factorial(self, token: str) -> Decimal:
        if not token.isdigit() or int(token) > _MOST_FACTORIAL:
            raise _NotAnExpression
        return Decimal(factorial(int(token)))
