"""`%gemini config`: the settings."""

from __future__ import annotations

from ...views.report import Table
from .columns import columns
from .command import Invocation
from .registry import command


@command("config")
def config(at: Invocation) -> Table:
    """List the settings, which `%config` changes."""
    settings = at.session.settings
    rows = [
        (f"GeminiMagic.{name} = {getattr(settings, name)!r}", trait.help)
        for name, trait in sorted(settings.traits(config=True).items())
    ]
    return columns(("setting", "what it does"), rows)
