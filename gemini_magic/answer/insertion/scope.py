"""The names that code uses, binds and changes in one scope, as far as it was read."""

from __future__ import annotations

from collections.abc import Iterable

from .known import Known

ALL = "*"  # stands for names that cannot be told


class Scope:
    """Names by what was told of them so far.

    `uses` are the names that must be there before, `binds` those that may be bound and `bound`
    those that are for certain; `changes` are those whose objects may be changed. Besides names
    these hold tokens: `file:NAME`, `random`, `figure`, `module:NAME`. With `always`, later
    code may notice in ways that no name tells. It is `deferred` if it is that of a function, which
    may be called later.
    """

    def __init__(self, known: Known, parameters: Iterable[str] = (), *, deferred: bool = False):
        self.known = known
        self.uses: set[str] = set()
        self.bound: set[str] = set(parameters)
        self.binds: set[str] = set(parameters)
        self.changes: set[str] = set()
        self.always = False
        self.is_generator = False
        self._deferred = deferred
        self._outer: set[str] = set()  # declared global or nonlocal

    def use(self, names: Iterable[str]) -> None:
        self.uses |= set(names) - self.bound

    def change(self, names: Iterable[str]) -> None:
        self.changes |= set(names)

    def load(self, name: str) -> None:
        """Take in that `name` is used, and what happens if it is then called."""
        self.use([name])
        if module := self.known.modules.get(name):
            self.use([f"module:{module.partition('.')[0]}"])
        if name in self.known.iterators:
            self.change([name])
        if not self._deferred:
            called = self.known.called(name)
            self.use(called.uses)
            self.change(called.changes)

    def bind_name(self, name: str, module: str = "") -> None:
        """Take in that `name` is bound, to what `module` names where it is a module's."""
        if not module:
            self.known.others.add(name)
            self.known.modules.pop(name, None)
        elif name not in self.known.others:
            self.known.modules[name] = module
        self.binds.add(name)
        if name in self._outer:
            self.changes.add(name)
        self.bound.add(name)
