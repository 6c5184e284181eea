"""Programs that bring an interpreter to its limits, and the state that they must not cost."""

from __future__ import annotations

NEST = "a = []\nfor _ in range(100_000): a = [a]"
TWICE = "a, b = [], []\nfor _ in range(100_000): a, b = [a], [b]"
CACHED = (
    "import sys\nfrom functools import lru_cache\n@lru_cache(None)\ndef f(n):\n"
    "    return n if n < 2 else f(n - 1) + f(n - 2)"
)

# What is set up, and what then works or raises RecursionError, as it does in CPython.
RECURSION = {
    "an open array in JSON": ("import json", "json.loads('[' * 100_000 + ']' * 100_000)"),
    "an open object in JSON": (
        "import json\ntext = '{\"a\":' * 50_000 + '1' + '}' * 50_000",
        "json.loads(text)",
    ),
    "writing JSON": (f"import json\n{NEST}", "json.dumps(a)"),
    "repr of lists": (NEST, "repr(a)"),
    "repr of dicts": ("a = {}\nfor _ in range(100_000): a = {1: a}", "repr(a)"),
    "repr of tuples": ("a = ()\nfor _ in range(100_000): a = (a,)", "repr(a)"),
    "repr of deques": (
        "from collections import deque\na = deque()\nfor _ in range(50_000): a = deque([a])",
        "repr(a)",
    ),
    "repr of ordered dicts": (
        "from collections import OrderedDict as O\na = O()\nfor _ in range(50_000): a = O(x=a)",
        "repr(a)",
    ),
    "str of a class": ("class A:\n    def __repr__(self): return repr(self)", "repr(A())"),
    "a format": ("class A:\n    def __format__(self, s): return format(self, s)", "f'{A()}'"),
    "a pickle": (f"import pickle\n{NEST}", "pickle.dumps(a)"),
    "a pickle of dicts": (
        "import pickle\na = {}\nfor _ in range(50_000): a = {1: a}",
        "pickle.loads(pickle.dumps(a))",
    ),
    "a deep copy": (f"import copy\n{NEST}", "copy.deepcopy(a)"),
    "a comparison": (TWICE, "a == b"),
    "a comparison of tuples": (
        "a, b = (), ()\nfor _ in range(100_000): a, b = (a,), (b,)",
        "a == b",
    ),
    "an order": (TWICE, "a < b"),
    "a hash": ("a = ()\nfor _ in range(100_000): a = (a,)", "hash(a)"),
    "isinstance": ("a = int\nfor _ in range(100_000): a = (a,)", "isinstance('', a)"),
    "a subclass check": (
        "class M(type):\n    def __subclasscheck__(c, o): return issubclass(o, c)\n"
        "class A(metaclass=M): pass",
        "issubclass(int, A)",
    ),
    "a memo": (CACHED + "\nsys.setrecursionlimit(10_000)", "f(3000)"),
    "a deep memo": (CACHED + "\nsys.setrecursionlimit(10**6)", "f(40_000)"),
    "a missing attribute": (
        "class A:\n    def __getattr__(self, name): return getattr(self, name + 'x')",
        "A().x",
    ),
    "a sort": (
        "import sys\nsys.setrecursionlimit(10**6)\n"
        "def f(n): return sorted([n], key=lambda x: f(x + 1))",
        "f(0)",
    ),
    "a map of itself": (
        "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return list(map(f, [n + 1]))",
        "f(0)",
    ),
    "generators of generators": (
        "def g(x): yield from x\na = iter([1])\nfor _ in range(20_000): a = g(a)",
        "list(a)",
    ),
    "chains of chains": (
        "import itertools\na = iter([1])\nfor _ in range(20_000): a = itertools.chain(a)",
        "list(a)",
    ),
    "functions of functions": (
        "f = lambda: 0\ndef w(g): return lambda: g()\nfor _ in range(50_000): f = w(f)",
        "f()",
    ),
    "coroutines": (
        "import asyncio, sys\nsys.setrecursionlimit(10**6)\n"
        "async def f(n): return n and 1 + await f(n - 1)",
        "asyncio.run(f(20_000))",
    ),
    "a long sum": ("text = '+'.join(['1'] * 100_000)", "eval(text)"),
    "a long chain of names": ("import ast\ntext = 'a' + '.b' * 50_000", "ast.parse(text)"),
    "a deep pattern": ("import re", "re.compile('(' * 5000 + ')' * 5000)"),
    "a deep element": (
        "import xml.etree.ElementTree as E\nr = E.fromstring('<a>' * 20_000 + '</a>' * 20_000)",
        "E.tostring(r)",
    ),
    "a Python function": ("import sys\nsys.setrecursionlimit(10**6)\ndef f(n):\n"
                          "    return n and 1 + f(n - 1)", "f(100_000)"),
}  # fmt: skip

# What frees a long chain.
CHAINS = {
    "tuples": "a = None\nfor _ in range(200_000): a = (a,)",
    "lists": "a = None\nfor _ in range(200_000): a = [a]",
    "objects": "class N:\n    def __init__(self, n): self.n = n\n"
    "a = None\nfor _ in range(200_000): a = N(a)",
    "objects with slots": "class N:\n    __slots__ = 'n'\n    def __init__(self, n): self.n = n\n"
    "a = None\nfor _ in range(200_000): a = N(a)",
    "objects with a finaliser": "class N:\n    def __init__(self, n): self.n = n\n"
    "    def __del__(self): pass\na = None\nfor _ in range(100_000): a = N(a)",
    "iterators": "a = []\nfor _ in range(100_000): a = iter([a])",
    "generators": "def g(x): yield from x\na = iter([1])\nfor _ in range(50_000): a = g(a)",
    "functions": "a = None\ndef w(g): return lambda: g\nfor _ in range(50_000): a = w(a)",
    "errors": "a = None\nfor _ in range(100_000):\n    n = ValueError(); n.__context__ = a; a = n",
    "a million tuples": "a = None\nfor _ in range(1_000_000): a = (a,)",
    "calls of an error": "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return f(n + 1)\n"
    "try: f(0)\nexcept RecursionError as exc: a = exc",
    "nodes of a tree": "import ast\na = ast.Constant(1)\n"
    "for _ in range(50_000): a = ast.UnaryOp(ast.USub(), a)",
}

# What a block may leave behind or raise; its output ends with the line.
# What a block does to the standard streams, which must not outlive it.
STREAMS = {
    "no stdout": "import sys\nsys.stdout = None",
    "no streams": "import sys\nsys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None",
    "no names": "import sys\ndel sys.stdout, sys.stderr, sys.__stdout__",
    "a text in memory": "import io, sys\nsys.stdout = sys.stderr = io.StringIO()",
    "a text that was closed": "import io, sys\nsys.stdout = io.StringIO()\nsys.stdout.close()",
    "a file": "import sys\nsys.stdout = sys.stderr = open('log.txt', 'w')",
    "closed streams": "import sys\nsys.stdout.close()\nsys.stderr.close()",
    "a closed buffer": "import sys\nsys.stdout.buffer.close()",
    "a detached stream": "import sys\nkept_buffer = sys.stdout.detach()",
    "another write": "import sys\nsys.stdout.write = sys.stderr.write = lambda text: None",
    "no flush": "import sys\nsys.stdout.flush = None\nsys.stdout.close = None",
    "something odd": "import sys\nsys.stdout = sys.stderr = 5",
    "a redirection left open": (
        "import contextlib, io\nr = contextlib.redirect_stdout(io.StringIO())\nr.__enter__()"
    ),
    "an error": "import io, sys\nsys.stdout = sys.stderr = io.StringIO()\n1 / 0",
    "an exit": "import sys\nsys.stdout = None\nsys.exit(1)",
}

LEFT = {
    "an error with half a surrogate pair": (
        "raise ValueError('a\\ud800b')",
        "ValueError: a\\ud800b",
    ),
    "an exit with half a surrogate pair": ("import sys\nsys.exit('\\udfff')", "\\udfff"),
    "a note with half a surrogate pair": (
        "e = ValueError('x'); e.add_note('\\ud800'); raise e",
        "\\ud800",
    ),
    "a trace": ("import sys\nsys.settrace(lambda *a: 1 / 0)\n1 / 0", "division by zero"),
    "a trace that raises later": (
        "import sys\nn = 0\ndef t(*a):\n    global n\n    n += 1\n    if n > 1: raise KeyError(n)\n"
        "    return t\nsys.settrace(t)\n(lambda: 0)()\n(lambda: 0)()",
        "KeyError: 2",
    ),
    "a profile": ("import sys\nsys.setprofile(lambda *a: 1 / 0)", "division by zero"),
    "a monitor": (
        "import sys\nif hasattr(sys, 'monitoring'):\n    m = sys.monitoring\n"
        "    m.use_tool_id(3, 'x')\n    m.set_events(3, m.events.PY_START)\n"
        "    m.register_callback(3, m.events.PY_START, lambda *a: 1 / 0)\n1 / 0",
        "division by zero",
    ),
    "no len": (
        "import builtins\nbuiltins.len = None\n1 / 0",
        "ZeroDivisionError: division by zero",
    ),
    "no str, no print": (
        "import builtins\nbuiltins.str = builtins.print = builtins.isinstance = None\n1 / 0",
        "ZeroDivisionError: division by zero",
    ),
    "no built-in names": (
        "import builtins\nvars(builtins).clear()\n1 / 0",
        "ZeroDivisionError: division by zero",
    ),
    "no errors": (
        "import builtins\nbuiltins.BaseException = builtins.Exception = int\n1 / 0",
        "ZeroDivisionError: division by zero",
    ),
    "no room to recurse": (
        "import sys\nsys.setrecursionlimit(60)\n1 / 0",
        "ZeroDivisionError: division by zero",
    ),
    "a text that raises": (
        "class E(Exception):\n    def __str__(self): return 1 / 0\nraise E",
        "E: <exception str() failed>",
    ),
    "a text that exits": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E",
        "E: <exception str() failed>",
    ),
    "a text that recurses": (
        "class E(Exception):\n    def __str__(self): return str(self)\nraise E",
        "E: <exception str() failed>",
    ),
    "a text of 200 MB": (
        "class E(Exception):\n    def __str__(self): return 'x' * 200_000_000\nraise E",
        "x",
    ),
    "an exit that cannot be shown": (
        "import sys\nclass E:\n    def __repr__(self): return 1 / 0\nsys.exit(E())",
        "SystemExit: [no text: ZeroDivisionError]",
    ),
    "an error that lies about its class": (
        "class E(Exception):\n    __class__ = property(lambda self: 1 / 0)\nraise E('x')",
        "E: x",
    ),
    "an error in a circle": (
        "a, b = ValueError('a'), ValueError('b')\na.__cause__, b.__cause__ = b, a\nraise a",
        "ValueError: a",
    ),
    "errors without end": (
        "e = None\nfor _ in range(5000):\n    n = ValueError(1); n.__cause__ = e; e = n\nraise e",
        "ValueError: 1",
    ),
    "no streams": ("import sys\nsys.stdout = sys.stderr = None\n1 / 0", "division by zero"),
    "streams that raise": (
        "import sys\nclass S:\n    def write(self, text): return 1 / 0\n    flush = write\n"
        "sys.stdout = sys.stderr = S()\nx = 1\nraise KeyError(1)",
        "KeyError: 1",
    ),
}

# The same, and the library is of no use to any later block.
BROKEN = {
    "no library for tracebacks": (
        "import traceback\nvars(traceback).clear()\n1 / 0",
        "ZeroDivisionError: division by zero",
    ),
    "no cache of lines": (
        "import linecache\nlinecache.cache = None\n1 / 0",
        "ZeroDivisionError: division by zero",
    ),
    "a library without tracebacks": (
        "import traceback\ndel traceback.TracebackException\nraise KeyError(1)",
        "KeyError: 1",
    ),
}

# A text of megabytes that ends a block.
LONG = {
    "an error": "raise ValueError('x' * 80_000_000)",
    "an exit": "import sys\nsys.exit('x' * 80_000_000)",
    "a cause": "try:\n    raise ValueError('x' * 40_000_000)\nexcept ValueError as exc:\n"
    "    raise KeyError('y' * 40_000_000) from exc",
    "a group": "raise ExceptionGroup('x' * 9_000_000, [ValueError('y' * 9_000_000)])",
    "a note": "e = ValueError(1)\ne.add_note('x' * 40_000_000)\nraise e",
    "a name": "raise type('E' * 9_000_000, (Exception,), {})()",
    "a line of code": "raise ValueError('" + "x" * 9_000_000 + "')",
    "after much output": "print('y' * 8_000_000)\nraise ValueError('x' * 9_000_000)",
    "a text that is not ASCII": "raise ValueError('é😀' * 9_000_000)",
}
