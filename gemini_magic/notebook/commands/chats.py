"""`%gemini chat`: the conversations of the session."""

from __future__ import annotations

from pathlib import Path

from ...phrases import count, short
from ...runs import transcript
from ...runs.chats import Chat
from ...views.report import Table
from .columns import columns
from .command import Invocation
from .registry import command


@command("chat", aliases=("list",))
def chats(at: Invocation) -> str | Table:
    """List the chats."""
    held = at.session.chats
    if not list(held):
        return "no chat yet: `%%gemini_exec --chat` starts one"
    rows = [
        (
            "*" if chat.name == held.last else "",
            chat.name,
            chat.engine,
            len(chat.turns),
            f"{chat.tokens:,}",
        )
        for chat in held
    ]
    return columns(("", "chat", "engine", "turns", "tokens"), rows)


@command("chat show [CHAT]")
def show(at: Invocation, name: str = "") -> str:
    """Show what was said in a chat; without a name, the last."""
    chat = at.session.chats.get(name)
    said = [
        f"── turn {number}\n› {turn.prompt}\n\n{turn.answer}"
        for number, turn in enumerate(chat.turns, start=1)
    ]
    return "\n\n".join(said) or f"chat {chat.name!r} has no turns"


@command("chat undo [CHAT]")
def undo(at: Invocation, name: str = "") -> str:
    """Take back the last turn of a chat."""
    chat = at.session.chats.undo(name)
    prompt = short(chat.turns[-1].prompt)
    return f"taken back from chat {chat.name!r}: turn {len(chat.turns)}, {prompt!r}"


@command("chat reset [CHAT]")
def reset(at: Invocation, name: str = "") -> str:
    """Forget a chat."""
    chat = at.session.chats.get(name)
    at.session.chats.forget(chat)
    return f"chat {chat.name!r} is forgotten, with its {_turns(chat)}"


@command("chat save FILE [CHAT]")
def save(at: Invocation, file: str, name: str = "") -> str:
    """Save a chat, with all that was sent in it."""
    chat = at.session.chats.get(name)
    transcript.save(chat, Path(file))
    return f"chat {chat.name!r} is saved in {file}: {_turns(chat)} with {chat.engine}"


@command("chat load FILE [CHAT]")
def load(at: Invocation, file: str, name: str = "") -> str:
    """Load a saved chat, instead of any of its name."""
    chat = transcript.load(Path(file), name)
    at.session.chats.keep(chat)
    return f"chat {chat.name!r} is loaded from {file}: {_turns(chat)} with {chat.engine}"


def _turns(chat: Chat) -> str:
    return count(len(chat.turns), "turn")
