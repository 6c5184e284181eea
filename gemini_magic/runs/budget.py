"""What a session may use, held before a request goes out."""

from __future__ import annotations

from collections.abc import Sequence

from ..answer.parts import Usage
from ..errors import BudgetSpent, OptionError
from ..request.request import Request
from .estimate import estimated
from .prices import Price, Prices, prices
from .run import Run


def refuse_beyond(request: Request, model: str, runs: Sequence[Run], history: int) -> None:
    """Raise BudgetSpent if `request` would pass what the settings let a session use.

    `runs` are those of the session, of which recordings cost nothing, and `history` is how many
    tokens of a chat go along. What the prompt has is estimated; the answer comes on top.
    """
    options = request.options
    paid = [run for run in runs if run.usage and not run.past]
    ahead = estimated(request) + history
    if most := options.max_session_tokens:
        used = sum(run.usage.total for run in paid if run.usage)
        if used + ahead > most:
            raise BudgetSpent(
                f"this session has used {used:,} tokens, and the prompt has about {ahead:,}: "
                f"GeminiMagic.max_session_tokens is {most:,}; nothing was sent"
            )
    if bound := options.max_session_cost:
        known = prices(options.prices)
        cost = sum(_dollars(run, known) for run in paid)
        next_cost = _price(model, known).of(Usage(prompt=ahead))
        if cost + next_cost > bound:
            raise BudgetSpent(
                f"this session has cost ${cost:.4f}, and the prompt about ${next_cost:.4f}: "
                f"GeminiMagic.max_session_cost is ${bound:g}; nothing was sent"
            )


def _dollars(run: Run, known: Prices) -> float:
    return _price(run.answered_by, known).of(run.usage or Usage())


def _price(model: str, known: Prices) -> Price:
    """Return what a model costs: without that, no bound of money can be held."""
    if model not in known:
        raise OptionError(
            f"GeminiMagic.max_session_cost needs the price of {model}: GeminiMagic.prices takes it"
        )
    return known[model]
