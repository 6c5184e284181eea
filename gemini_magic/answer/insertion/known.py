"""What is known of the names of an answer, over all of its steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Deferred:
    """What a function does once it is called: the names that it uses and changes.

    `changes_arguments` and `is_generator` say so of it. A class counts as all its methods.
    """

    uses: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    changes_arguments: bool = False
    is_generator: bool = False

    def __or__(self, other: Deferred) -> Deferred:
        return Deferred(
            self.uses | other.uses,
            self.changes | other.changes,
            self.changes_arguments or other.changes_arguments,
            self.is_generator or other.is_generator,
        )


@dataclass
class Known:
    """Names that stand for modules (by dotted path), functions and iterators, and who shares what.

    `others` are names that something else was bound to as well: they count as no modules.
    Two names share when the object of one may be, or hold, that of the other: then a change of one
    may be seen through the other.
    """

    modules: dict[str, str] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    functions: dict[str, Deferred] = field(default_factory=dict)
    iterators: set[str] = field(default_factory=set)
    _parents: dict[str, str] = field(default_factory=dict)
    _groups: dict[str, set[str]] = field(default_factory=dict)

    def share(self, names: Iterable[str]) -> None:
        """Note that the objects of `names` may be the same, or hold one another."""
        first, *others = [*names] or [""]
        for other in others:
            one, two = self._root(first), self._root(other)
            if one != two:
                large, small = sorted((one, two), key=lambda root: -len(self._group(root)))
                self._parents[small] = large
                self._group(large).update(self._groups.pop(small, {small}))

    def sharing(self, names: Iterable[str]) -> set[str]:
        """Return `names` and all that may share with one of them."""
        found: set[str] = set()
        for name in names:
            if name not in found:
                found |= self._groups.get(self._root(name), {name})
        return found

    def define(self, name: str, deferred: Deferred) -> None:
        """Note a function. An earlier one of that name may be meant as well."""
        self.functions[name] = self.functions.get(name, Deferred()) | deferred

    def called(self, name: str) -> Deferred:
        """Return what may happen when the object of `name` is called, by all that it calls."""
        found, seen, waiting = Deferred(), {name}, self.sharing([name])
        while waiting:
            other = waiting.pop()
            seen.add(other)
            if other in self.functions:
                found |= self.functions[other]
                waiting |= self.sharing(self.functions[other].uses) - seen
        return found

    def inside(self, parameters: Iterable[str]) -> Known:
        """Return what a function's body knows: its own names share nothing with those outside."""
        own = set(parameters)
        modules = {name: path for name, path in self.modules.items() if name not in own}
        functions = {name: what for name, what in self.functions.items() if name not in own}
        return Known(modules, set(self.others) | own, functions)

    def _root(self, name: str) -> str:
        while (parent := self._parents.get(name, name)) != name:
            name = parent
        return name

    def _group(self, root: str) -> set[str]:
        return self._groups.setdefault(root, {root})
