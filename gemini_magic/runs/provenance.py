"""Where an answer comes from: which model gave it, and what asked."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..answer.parts import Reply
from ..engines.model_names import bare, is_alias, stem
from ..options.table import LOCAL

# An engine that is not here speaks by Google's.
_SDKS = {LOCAL: "openai"}
_SDK = "google-genai"
_PACKAGE = "gemini-magic"


def answering_model(asked: str, reply: Reply | None) -> str:
    """Return the model that answered, by the name that was asked for if only the version differs.

    An alias is told by the model that it stood for.
    """
    answered = bare(reply.model_version) if reply else ""
    is_same = stem(asked) == stem(answered) and not is_alias(asked)
    return asked if is_same or not answered else answered


def provenance(
    engine: str, asked: str, replies: Sequence[Reply], moment: datetime
) -> Mapping[str, Any]:
    """Return the facts by name, as JSON values; `moment` is when the request went out."""
    last = replies[-1] if replies else Reply()
    sdk = _SDKS.get(engine, _SDK)
    return {
        "engine": engine,
        "model_asked": asked,
        "model_answered": last.model_version,
        "response_ids": list(dict.fromkeys(r.response_id for r in replies if r.response_id)),
        # An engine that has no server used no SDK.
        "sdk": f"{sdk} {_version(sdk)}" if replies else "",
        "package": f"{_PACKAGE} {_version(_PACKAGE)}",
        "python": platform.python_version(),
        "time": moment.isoformat(timespec="seconds"),
    }


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of no known version"
