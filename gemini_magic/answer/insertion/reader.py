"""Reads Python into scopes: what it does to names, in the order in which it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from . import calls
from .files import named_file
from .known import Deferred
from .scope import Scope

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Reader(Scope, ast.NodeVisitor):
    """Collects what statements do, one after the other."""

    def read(self, statements: Sequence[ast.stmt]) -> Reader:
        for statement in statements:
            self.visit(statement)
        return self

    def bind(self, target: ast.expr, sources: set[str], *, iterates: bool = False) -> None:
        """Take in that `target` now holds something of `sources`."""
        match target:
            case ast.Name(id=name):
                self.bind_name(name)
                self.known.share([name, *sources])
                if iterates:
                    self.known.iterators.add(name)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for each in targets:
                    self.bind(each, sources, iterates=iterates)
            case ast.Starred(value=value):
                self.bind(value, sources)
            case ast.Attribute() | ast.Subscript():
                self.visit(target)
                held = calls.sources(target, self.known)
                self.change(held)
                self.known.share([*held, *sources])
                calls.configured(self, target)

    # Statements.

    def visit_Assign(self, node: ast.Assign) -> None:
        self._assign(node.targets, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value:
            self._assign([node.target], node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._assign([node.target], node.value)

    def _assign(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        if isinstance(value, ast.Lambda) and isinstance(targets[0], ast.Name):
            self._define(targets[0].id, [value])
            self._visit_defaults(value)
        else:
            self.visit(value)
        held = calls.sources(value, self.known)
        iterates = calls.is_iterator(value, self.known)
        for target in targets:
            self.bind(target, held, iterates=iterates)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self.load(node.target.id)
            self.change([node.target.id])
        self.bind(node.target, calls.sources(node.value, self.known))

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.load(target.id)
                self.change([target.id])
                self.bound.discard(target.id)
            else:
                self.bind(target, set())

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self._import(name, alias.name if alias.asname else name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.always = True
            elif node.module != "__future__":
                self._import(alias.asname or alias.name, f"{node.module}.{alias.name}")

    def _import(self, name: str, path: str) -> None:
        self.bind_name(name, path)
        self.use([f"file:{path.partition('.')[0]}.py"])

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self._outer |= set(node.names)

    visit_Nonlocal = visit_Global  # noqa: N815 (names of `ast`)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._visit_all(node.decorator_list)
        self._visit_defaults(node)
        self._define(node.name, [node])
        self.bind_name(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 (names of `ast`)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *(k.value for k in node.keywords)])
        held = set().union(*(calls.sources(base, self.known) for base in node.bases))
        # Its body runs at once, in names of its own; its methods when they are called.
        body = Reader(self.known, deferred=self._deferred)
        body.bound = set(self.bound)
        for statement in node.body:
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                body.visit(statement)
        self._take(body, set())
        methods = [n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        for method in methods:
            self._visit_all(method.decorator_list)
            self._visit_defaults(method)
        self._define(node.name, methods)
        self.known.share([node.name, *held])
        self.bind_name(node.name)

    def _define(self, name: str, functions: Sequence[Function]) -> None:
        """Note what happens when `name` is called."""
        for function in functions:
            deferred = self._body(function)
            self.known.define(name, deferred)
            if self._deferred:  # a function inside of one: taken as called
                self.use(deferred.uses)
                self.change(deferred.changes)

    def _body(self, function: Function) -> Deferred:
        arguments = function.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [a for a in (arguments.vararg, arguments.kwarg) if a]
        parameters = {argument.arg for argument in every}
        body = Reader(self.known.inside(parameters), parameters, deferred=True)
        if isinstance(function, ast.Lambda):
            body.visit(function.body)
        else:
            body.read(function.body)
        local = body.binds - body._outer
        changes = body.known.sharing(body.changes) | body._outer & body.binds
        self.always |= body.always
        return Deferred(
            frozenset(body.uses - local),
            frozenset(changes - local),
            bool(changes & parameters),
            body.is_generator,
        )

    def _visit_defaults(self, function: Function) -> None:
        arguments = function.args
        self._visit_all([*arguments.defaults, *(d for d in arguments.kw_defaults if d)])

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_defaults(node)
        deferred = self._body(node)
        for name in deferred.uses:
            self.load(name)
        self.change(deferred.changes)

    # Branches: what only one of them binds is not bound for certain.

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self._branches([node.body], [node.orelse])

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        before = set(self.bound)
        self.bind(node.target, calls.sources(node.iter, self.known))
        self.read(node.body)
        self.bound = before
        self._branches([node.orelse], [])

    visit_AsyncFor = visit_For  # noqa: N815 (names of `ast`)

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self._branches([node.body, node.orelse], [])

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        before = set(self.bound)
        suppresses = False
        for item in node.items:
            self.visit(item.context_expr)
            suppresses |= calls.last_name(item.context_expr) in ("suppress", "raises")
            if item.optional_vars:
                held = calls.sources(item.context_expr, self.known)
                iterates = calls.is_iterator(item.context_expr, self.known)
                self.bind(item.optional_vars, held, iterates=iterates)
        self.read(node.body)
        if suppresses:
            self.bound = before

    visit_AsyncWith = visit_With  # noqa: N815 (names of `ast`)

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        before = set(self.bound)
        handlers: list[list[ast.stmt]] = []
        for handler in node.handlers:
            if handler.type:
                self.visit(handler.type)
            if handler.name:
                self.binds.add(handler.name)
            handlers.append(handler.body)
        self.read(node.body)
        self.read(node.orelse)
        after = set(self.bound)
        for handler, body in zip(node.handlers, handlers, strict=True):
            self.bound = before | {handler.name or ""}
            self.read(body)
            after &= self.bound
        self.bound = before | after if node.handlers else after
        self.read(node.finalbody)

    visit_TryStar = visit_Try  # noqa: N815

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        held = calls.sources(node.subject, self.known)
        before = set(self.bound)
        for case in node.cases:
            self.bound = set(before)
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    self.bind(ast.Name(name), held)
            self.visit(case.pattern)
            if case.guard:
                self.visit(case.guard)
            self.read(case.body)
        self.bound = before

    def _branches(self, one: list[list[ast.stmt]], other: list[list[ast.stmt]]) -> None:
        before = set(self.bound)
        for body in one:
            self.read(body)
        after, self.bound = self.bound, before
        for body in other:
            self.read(body)
        self.bound &= after

    # Expressions.

    def visit_Name(self, node: ast.Name) -> None:
        self.load(node.id)

    def visit_Constant(self, node: ast.Constant) -> None:
        if name := named_file(node):
            self.use([f"file:{name}"])

    def visit_Yield(self, node: ast.Yield | ast.YieldFrom) -> None:
        self.is_generator = True
        self.generic_visit(node)

    visit_YieldFrom = visit_Yield  # noqa: N815 (names of `ast`)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        calls.read(self, node)

    def visit_ListComp(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        inner = Reader(self.known, deferred=self._deferred)
        inner.bound = set(self.bound)
        for generator in node.generators:
            inner.visit(generator.iter)
            for name in ast.walk(generator.target):
                if isinstance(name, ast.Name):
                    inner.bound.add(name.id)
            inner._visit_all(generator.ifs)
        own = {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        inner._visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        if own & inner.changes:
            for generator in node.generators:
                self.change(calls.sources(generator.iter, self.known))
        self._take(inner, own)
        # A walrus binds outside of the comprehension: PEP 572.
        self.binds |= inner.binds

    visit_SetComp = visit_ListComp  # noqa: N815
    visit_DictComp = visit_ListComp  # noqa: N815
    visit_GeneratorExp = visit_ListComp  # noqa: N815

    def _take(self, inner: Reader, own: set[str]) -> None:
        """Take over what ran at once in a scope of its own, but for its names."""
        self.use(inner.uses)
        self.changes |= inner.changes - own
        self.always |= inner.always

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)
