"""Tables of programs that are long: a sample runs with all tests, all of it with `-m torture`."""

from __future__ import annotations

from collections.abc import Mapping

import pytest


def sampled(table: Mapping[str, object], every: int) -> list[object]:
    """Return the names in `table` for `pytest.mark.parametrize`, each `every`th in the sample."""
    return [
        pytest.param(name, marks=pytest.mark.torture(sample=place % every == 0))
        for place, name in enumerate(table)
    ]
