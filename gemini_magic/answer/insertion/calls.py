"""What a call does to what it is given, as far as its name tells."""

from __future__ import annotations

import ast
import builtins

from . import vocabulary as words
from .files import ANY, tokens
from .known import Known
from .scope import ALL, Scope

_MODES = frozenset("wax+")


def read(scope: Scope, node: ast.Call) -> None:
    """Tell `scope` what the call changes; its function and arguments were visited before."""
    known = scope.known
    last, path = last_name(node), module_path(node.func, known)
    arguments = _arguments(node, known)
    _read_files(scope, node, last)
    if last in words.CONFIGURES and path:
        scope.always = True
    if last in words.REACHES_ALL and isinstance(node.func, ast.Name):
        scope.always = True
        scope.uses.add(ALL)
    if path:
        _module_call(scope, path, last, arguments)
    elif isinstance(node.func, ast.Name):
        if changes_arguments(last, known):
            scope.change(arguments)
    else:
        _method_call(scope, node, last, arguments)
    for keyword in node.keywords:
        if keyword.arg in ("file", "out"):
            scope.change(sources(keyword.value, known))


def _arguments(node: ast.Call, known: Known) -> set[str]:
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return set().union(*(sources(argument, known) for argument in given))


def _module_call(scope: Scope, path: str, last: str, arguments: set[str]) -> None:
    root = path.partition(".")[0]
    if last in words.OWN_RANDOM:
        return
    if root == "random" or path.startswith("numpy.random.") or last in words.RANDOM_METHODS:
        _random(scope, last)
        if last in words.CHANGES_ARGUMENTS:
            scope.change(arguments)
    elif root in words.DRAWING_MODULES:
        _draw(scope, last)
    elif root in words.PURE_MODULES or last in words.READS or path.startswith("os.path."):
        if last in words.CHANGES_ARGUMENTS:
            scope.change(arguments)
    else:
        scope.change({*arguments, f"module:{root}"})
        scope.known.share(arguments)


def _random(scope: Scope, last: str) -> None:
    if last == "seed":
        scope.bound.add("random")
    scope.use(["random"])
    scope.change(["random"])


def _draw(scope: Scope, last: str) -> None:
    if last in words.BEGINS_FIGURE | words.ENDS_FIGURE:
        scope.bound.add("figure")
    scope.use(["figure"])
    if last in words.ENDS_FIGURE:
        scope.changes.discard("figure")
    else:
        scope.change(["figure"])


def _method_call(scope: Scope, node: ast.Call, last: str, arguments: set[str]) -> None:
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    held = sources(receiver, scope.known)
    if last in words.DRAWS and not any(keyword.arg == "ax" for keyword in node.keywords):
        _draw(scope, last)
    if last in words.RANDOM_METHODS:
        _random(scope, last)
    in_place = any(keyword.arg == "inplace" for keyword in node.keywords)
    if in_place or last not in words.FRESH_METHODS | words.VIEW_METHODS | words.RANDOM_METHODS:
        scope.change(held)
        scope.known.share([*held, *arguments])


def _read_files(scope: Scope, node: ast.Call, last: str) -> None:
    if last == "open" and _writes(node):
        scope.change(tokens(node))
    elif last in words.WRITES:
        named = bool(node.args or node.keywords)
        if named or last not in words.WRITES_IF_NAMED:
            scope.change(tokens(node))
    elif last in words.WRITES_IN_MODULES and module_path(node.func, scope.known):
        scope.change({ANY})
    if (last == "open" or last in words.READS) and ANY in tokens(node):
        scope.use([ANY])


def _writes(node: ast.Call) -> bool:
    """Return whether an `open` may write."""
    modes = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "mode")]
    if isinstance(node.func, ast.Attribute):
        modes += node.args[:1]  # of a path
    return any(
        not isinstance(mode, ast.Constant) or bool(_MODES & set(str(mode.value))) for mode in modes
    )


def changes_arguments(name: str, known: Known) -> bool:
    """Return whether a call of the function `name` may change its arguments."""
    if name in known.functions:
        return known.functions[name].changes_arguments
    return name not in words.PURE_BUILTINS and not _is_exception(name)


def _is_exception(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def last_name(node: ast.expr) -> str:
    """Return the last name of a call, of the function or of the method; empty without one."""
    function = node.func if isinstance(node, ast.Call) else node
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def module_path(node: ast.expr, known: Known) -> str:
    """Return the dotted path of what a module holds: `numpy.random.seed`; empty for all else."""
    match node:
        case ast.Name(id=name):
            return known.modules.get(name, "")
        case ast.Attribute(value=value, attr=attr):
            path = module_path(value, known)
            return f"{path}.{attr}" if path else ""
    return ""


def configured(scope: Scope, target: ast.expr) -> None:
    """Tell `scope` of an attribute or entry of a module that is set."""
    node = target
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name) and node.id in scope.known.modules:
        scope.always = True


def sources(node: ast.expr | None, known: Known) -> set[str]:
    """Return the names whose objects the value of `node` may be, or hold."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
            return set() if module_path(node, known) else sources(value, known)
        case ast.Await(value=value):
            return sources(value, known)
        case ast.NamedExpr(target=target, value=value):
            return sources(target, known) | sources(value, known)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return set().union(*(sources(part, known) for part in parts))
        case ast.BoolOp(values=parts):
            return set().union(*(sources(part, known) for part in parts))
        case ast.Dict(values=parts):
            return set().union(*(sources(part, known) for part in parts))
        case ast.IfExp(body=one, orelse=other):
            return sources(one, known) | sources(other, known)
        case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
            return _of_comprehension(node.generators, element, known)
        case ast.DictComp(value=element):
            return _of_comprehension(node.generators, element, known)
        case ast.Lambda(body=body):
            return {n.id for n in ast.walk(body) if isinstance(n, ast.Name)}
        case ast.Call():
            return _of_call(node, known)
    return set()


def _of_comprehension(
    generators: list[ast.comprehension], element: ast.expr, known: Known
) -> set[str]:
    own = {n.id for g in generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
    held = sources(element, known)
    if held & own:
        held |= set().union(*(sources(generator.iter, known) for generator in generators))
    return held - own


def _of_call(node: ast.Call, known: Known) -> set[str]:
    last, path = last_name(node), module_path(node.func, known)
    arguments = _arguments(node, known)
    if path:
        pure = path.partition(".")[0] in words.PURE_MODULES
        keeps = last in words.RETURNS_ARGUMENT | words.ITERATORS or last[:1].isupper()
        return arguments if keeps or not pure else set()
    if isinstance(node.func, ast.Name):
        if last in words.FRESH_BUILTINS:
            return set()
        return arguments if last in words.PURE_BUILTINS else arguments | {last}
    if last in words.FRESH_METHODS:
        return set()
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    return arguments | sources(receiver, known)


def is_iterator(node: ast.expr, known: Known) -> bool:
    """Return whether reading the value of `node` may use it up."""
    if isinstance(node, ast.GeneratorExp):
        return True
    if isinstance(node, ast.Call):
        last = last_name(node)
        if isinstance(node.func, ast.Name) or module_path(node.func, known):
            function = known.functions.get(last)
            return last in words.ITERATORS or bool(function and function.is_generator)
        return last in words.ITERATING_METHODS
    return False
