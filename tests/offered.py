"""Functions that tests offer to the model, and a call of one."""

import enum
from typing import Literal

from pydantic import BaseModel

from gemini_magic.request.declarations import declared
from gemini_magic.request.functions import Functions

LIMIT = 1000


class Unit(enum.Enum):
    CELSIUS = "c"
    FAHRENHEIT = "f"


class Place(BaseModel):
    city: str
    country: str = "NO"


def temperature(city: str, unit: Literal["c", "f"] = "c") -> float:
    """Return how warm it is in a city now.

    Args:
        city: the city's English name.
    """
    return {"Oslo": 3.5, "Cairo": 24.0}[city] + (0 if unit == "c" else 32)


def answered(function, args, permits=lambda call: True, limit=LIMIT, name=None):
    """Everything that one call yields."""
    functions = Functions(declared({function.__name__: function}), permits, limit)
    return list(functions.answer(name or function.__name__, args))
