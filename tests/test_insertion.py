"""The code that goes into cells runs there, and is no more than it takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attempts import attempted, inserted

from gemini_magic.answer.insertion import CHOICES, Piece, cells_of, choose, joined, needed
from gemini_magic.answer.parts import FAILED, OK, TIMED_OUT, Code, Result, Source
from gemini_magic.answer.steps import Step, blocks
from gemini_magic.runs.run import Run

DATA = Path(__file__).parent / "data"
JOINED = json.loads((DATA / "joined.json").read_text("utf-8"))

# An answer's blocks, and which of them the last that succeeds needs, by number from 0.
ANSWERS = {
    "one block": (["print(1)"], [0]),
    "a name": (["xs = [1, 2, 3]", "print(sum(xs))"], [0, 1]),
    "nothing": (["print('a')", "print('b')"], [1]),
    "a name that is bound anew": (["x = 1", "x = 2", "print(x)"], [1, 2]),
    "a name that only one branch binds": (
        ["x = 1", "if len('a') > 5:\n    x = 2", "print(x)"],
        [0, 1, 2],
    ),
    "a name that a loop may bind": (["i = 5", "for i in []:\n    pass", "print(i)"], [0, 1, 2]),
    "an import": (["import math", "print(math.pi)"], [0, 1]),
    "the nearest import of several": (
        ["import math\na = 1", "import math\nb = 2", "print(math.pi)"],
        [1, 2],
    ),
    "an import under another name": (["import math as m", "print(m.pi)"], [0, 1]),
    "what a module holds": (["from math import pi, tau", "print(tau)"], [0, 1]),
    "all that a module holds": (["from math import *", "print(pi)"], [0, 1]),
    "a function": (["def f(x):\n    return x + 1", "print(f(1))"], [0, 1]),
    "what a function uses": (
        ["k = 3", "def f(x):\n    return x * k", "print('hm')", "print(f(1))"],
        [0, 1, 3],
    ),
    "what a function uses and is bound after it": (
        ["def f():\n    return g()", "def g():\n    return 1", "print(f())"],
        [0, 1, 2],
    ),
    "what a function in a function uses": (
        ["k = 3", "def f():\n    def g():\n        return k\n    return g", "print(f()())"],
        [0, 1, 2],
    ),
    "no name of a function's own": (
        ["x = 1", "def f(x):\n    y = x\n    return y", "print(f(2))"],
        [1, 2],
    ),
    "a name that a function binds": (
        ["def f():\n    global x\n    x = 3", "f()", "print(x)"],
        [0, 1, 2],
    ),
    "a list that a function appends to": (
        ["xs = []\ndef add(x):\n    xs.append(x)", "add(1)", "print(xs)"],
        [0, 1, 2],
    ),
    "an argument that a function changes": (
        ["def add(xs):\n    xs.append(1)", "ys = []", "add(ys)", "print(ys)"],
        [0, 1, 2, 3],
    ),
    "an argument that a function leaves alone": (
        [
            "def total(xs):\n    out = []\n    out.append(sum(xs))\n    return out",
            "ys = [1]",
            "print(total(ys))",
            "print(ys)",
        ],
        [1, 3],
    ),
    "a class": (
        ["class A:\n    n = 2\n    def m(self):\n        return self.n", "a = A()", "print(a.m())"],
        [0, 1, 2],
    ),
    "a class of a class": (
        ["class A:\n    n = 2", "class B(A):\n    pass", "print(B.n)"],
        [0, 1, 2],
    ),
    "an object that a method changes": (
        [
            "class A:\n    def put(self, x):\n        self.x = x",
            "a = A()",
            "a.put(4)",
            "print(a.x)",
        ],
        [0, 1, 2, 3],
    ),
    "what a method writes elsewhere": (
        [
            "log = []\nclass A:\n    def put(self):\n        log.append(1)",
            "a = A()",
            "a.put()",
            "print(log)",
        ],
        [0, 1, 2, 3],
    ),
    "an attribute": (
        ["import types\nn = types.SimpleNamespace()", "n.x = 1", "print(n.x)"],
        [0, 1, 2],
    ),
    "an entry": (["d = {}", "d['a'] = 1", "print(d)"], [0, 1, 2]),
    "an entry that is deleted": (["d = {'a': 1}", "del d['a']", "print(d)"], [0, 1, 2]),
    "an augmented name": (["n = 1", "n += 1", "print(n)"], [0, 1, 2]),
    "an augmented list by its other name": (
        ["xs = [1]\nys = xs", "ys += [2]", "print(xs)"],
        [0, 1, 2],
    ),
    "an append": (["xs = []", "xs.append(1)", "print(xs)"], [0, 1, 2]),
    "an append by another name": (
        ["xs = []", "ys = xs", "ys.append(1)", "print(xs)"],
        [0, 1, 2, 3],
    ),
    "an append to an element": (
        ["xs = [[]]", "ys = xs[0]", "ys.append(1)", "print(xs)"],
        [0, 1, 2, 3],
    ),
    "an append in a comprehension": (
        ["xs = [[], []]", "_ = [x.append(1) for x in xs]", "print(xs)"],
        [0, 1, 2],
    ),
    "a look that changes nothing": (
        ["xs = [3, 1]", "print(sorted(xs), len(xs), xs.index(1))", "print(max(xs))"],
        [0, 2],
    ),
    "a shuffle": (
        ["import random\nrandom.seed(1)\nxs = [1, 2, 3]", "random.shuffle(xs)", "print(xs)"],
        [0, 1, 2],
    ),
    "a seed": (
        ["import random", "random.seed(5)", "print('x')", "print(random.random())"],
        [0, 1, 3],
    ),
    "draws before": (
        ["import random\nrandom.seed(5)", "y = random.random()", "print(random.random())"],
        [0, 1, 2],
    ),
    "a generator that was begun": (
        ["g = (i for i in range(5))", "print(next(g))", "print(list(g))"],
        [0, 1, 2],
    ),
    "an iterator that was used up": (
        ["z = zip('ab', 'cd')", "print(dict(z))", "print(list(z))"],
        [0, 1, 2],
    ),
    "a heap": (
        ["import heapq\nh = []", "heapq.heappush(h, 3)", "print(heapq.heappop(h))"],
        [0, 1, 2],
    ),
    "a file": (
        [
            "with open('a.csv', 'w') as f:\n    f.write('1')",
            "print('x')",
            "print(open('a.csv').read())",
        ],
        [0, 2],
    ),
    "a file of another name": (
        [
            "with open('a.csv', 'w') as f:\n    f.write('1')",
            "with open('b.csv', 'w') as f:\n    f.write('2')",
            "print(open('b.csv').read())",
        ],
        [1, 2],
    ),
    "a file by a name that is worked out": (
        [
            "i = 1\nwith open(f'a{i}.csv', 'w') as f:\n    f.write('1')",
            "print(open('a1.csv').read())",
        ],
        [0, 1],
    ),
    "a file by a path": (
        [
            "from pathlib import Path\nPath('a.txt').write_text('1')",
            "from pathlib import Path\nprint(Path('a.txt').read_text())",
        ],
        [0, 1],
    ),
    "files that are listed": (
        ["open('a.csv', 'w').close()", "import os\nprint(os.listdir())"],
        [0, 1],
    ),
    "a module that was written": (
        [
            "open('mine.py', 'w').write('x = 3')",
            "import sys\nsys.path.insert(0, '')\nimport mine\nprint(mine.x)\n"
            "del sys.modules['mine']\nsys.path.remove('')",
        ],
        [0, 1],
    ),
    "a database": (
        [
            "import sqlite3\nc = sqlite3.connect(':memory:')",
            "c.execute('create table t (x)')",
            "c.execute('insert into t values (1)')",
            "print(c.execute('select x from t').fetchall())",
        ],
        [0, 1, 2, 3],
    ),
    "a limit of the interpreter": (
        [
            "import decimal",
            "decimal.getcontext().prec = 5",
            "import decimal\nprint(decimal.Decimal(1) / 3)\ndecimal.getcontext().prec = 28",
        ],
        [0, 1, 2],
    ),
    "names of a comprehension": (["x = 1", "print([x for x in range(3)])"], [1]),
    "the outermost iterable of a comprehension": (["x = [1]", "print([x for x in x])"], [0, 1]),
    "a walrus": (["print((n := 3))", "print(n)"], [0, 1]),
    "a lambda": (["k = 2", "f = lambda x: x * k", "print(f(2))"], [0, 1, 2]),
    "a function in a table": (
        ["def f():\n    return 1", "table = {'f': f}", "print(table['f']())"],
        [0, 1, 2],
    ),
    "a decorator": (
        [
            "def twice(f):\n    return lambda: 2 * f()",
            "@twice\ndef g():\n    return 1",
            "print(g())",
        ],
        [0, 1, 2],
    ),
    "a default": (["k = 2", "def f(x=k):\n    return x", "print(f())"], [0, 1, 2]),
    "a builtin that was hidden": (["def max(*_):\n    return 0", "print(max(1, 2))"], [0, 1]),
    "a match": (
        ["p = (1, 2)", "match p:\n    case (a, b):\n        c = a + b", "print(c)"],
        [0, 1, 2],
    ),
    "a name that is tried": (
        ["try:\n    import nowhere\nexcept ImportError:\n    nowhere = None", "print(nowhere)"],
        [0, 1],
    ),
    "all names": (["x = 1", "print(sorted(k for k in globals() if k == 'x'))"], [0, 1]),
    "code in a text": (["x = 1", "exec('y = x')", "print(y)"], [0, 1, 2]),
    "several names at once": (["a, (b, *c) = 1, (2, 3)", "print(c)"], [0, 1]),
    "a deleted name": (["x = 1\ny = 2\ndel x", "print(y)"], [0, 1]),
    # With attempts that fail.
    "a failed attempt that nobody needs": (["1 / 0", "print(1)"], [1]),
    "a failed attempt that bound a name": (["x = 1\nprint(nope)\nx = 2", "print(x)"], [(0, 1), 1]),
    "a failed attempt that came to a decorated function": (
        ["x = 1\n\n@nope\ndef f():\n    pass\n", "print(x)"],
        [(0, 1), 1],
    ),
    "a failed call over several lines": (
        ["x = [1]\nprint(\n    x,\n    nope,\n)\n", "print(x)"],
        [(0, 1), 1],
    ),
    "an error in a function": (
        ["def f():\n    return 1 / 0\nx = 1\nf()\n", "print(x)"],
        [(0, 3), 1],
    ),
    "an error that has a cause": (
        ["x = 1\ntry:\n    1 / 0\nexcept Exception as e:\n    raise ValueError from e", "print(x)"],
        [(0, 1), 1],
    ),
    "a loop that failed half-way": (
        ["xs = []\nfor x in [1, 0]:\n    xs.append(1 / x)", "print(xs)"],
        [(0, 1, "again"), 1],
    ),
    "a file that was half written": (
        [
            "with open('a.txt', 'w') as f:\n    f.write('1')\n    1 / 0",
            "print(open('a.txt').read())",
        ],
        [(0, 0, "again"), 1],
    ),
    "a text of several lines in a loop that failed": (
        ["for x in [1]:\n    t = '''a\nb'''\n    1 / 0", "print(repr(t))"],
        [(0, 0, "again"), 1],
    ),
    "statements on one line": (["a = 1; b = nope", "print(a)"], [(0, 0, "again"), 1]),
    "a syntax error": (["x = (", "x = 1", "print(x)"], [1, 2]),
    "a last attempt that fails": (["x = 1", "print(x)", "print(nope)"], [0, 1]),
    "a code with an error that it prints itself": (
        [
            "x = 1\nimport traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n"
            "    print(traceback.format_exc())\ny = 2\nnope",
            "print(x, y)",
        ],
        [(0, 7), 1],
    ),
}


def places(steps: list[Step], pieces: list[Piece]) -> list[object]:
    """Pieces as the table above has them."""
    numbers = {step.index: number for number, step in enumerate(steps)}
    return [
        numbers[piece.part]
        if piece.lines is None
        else (numbers[piece.part], piece.lines, *(["again"] if piece.rest else []))
        for piece in pieces
    ]


@pytest.mark.parametrize("name", ANSWERS)
def test_what_the_answer_needs_is_inserted_and_no_more(name):
    codes, expected = ANSWERS[name]
    steps = attempted(*codes)
    assert places(steps, choose(steps, "needed")) == expected


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("choice", CHOICES)
def test_what_is_inserted_runs_in_a_new_namespace(name, choice):
    steps = attempted(*ANSWERS[name][0])
    outputs, failure = inserted(cells_of(steps, choice))
    assert failure is None
    assert inserted([joined(steps, choice)])[1] is None
    if choice == "needed":
        last = [step for step in steps if step.outcome == OK][-1]
        assert outputs[-1] == last.output


# What runs an answer's blocks does not have to be Python alone.


def steps_of(*parts):
    return [block for block in blocks(parts) if isinstance(block, Step)]


def lists(steps):
    return [[piece.to_list() for piece in pieces] for pieces in needed(steps)]


def test_the_list_of_a_step_has_those_that_it_needs_and_then_itself_by_their_parts():
    steps = attempted("xs = [1]", "print(nope)", "print(xs)")
    assert lists(steps) == [[[0]], [[2, 0]], [[0], [4]]]


def test_an_attempt_out_of_time_gives_what_nobody_else_bound():
    steps = steps_of(
        Code("def slow(n):\n    return n\n\nprint(slow(1))\nprint(slow(50))"),
        Result(TIMED_OUT, "1\n"),
        Code("print(slow(2))"),
        Result(OK, "2\n"),
    )
    assert lists(steps)[1] == [[0, 2], [2]]


def test_an_attempt_out_of_time_is_left_out_where_another_binds_the_name():
    steps = steps_of(
        *(Code("n = 1"), Result()),
        *(Code("while True:\n    n = 2"), Result(TIMED_OUT, "")),
        *(Code("print(n)"), Result(OK, "1\n")),
    )
    assert lists(steps)[2] == [[0], [4]]


def test_a_failure_without_a_traceback_gives_what_nobody_else_bound():
    steps = steps_of(
        *(Code("x = 1\ny = 2\nimport sys\nsys.exit('no')"), Result(FAILED, "no\n")),
        *(Code("print(x)"), Result(OK, "1\n")),
    )
    assert lists(steps)[1] == [[0, 1], [2]]


def test_a_code_without_a_result_may_have_run():
    assert lists(steps_of(Code("x = 1"), Code("print(x)"), Result(OK, "1"))) == [[[0]], [[0], [1]]]


def test_the_line_of_a_traceback_is_found_by_the_text_that_it_quotes():
    output = (
        'Traceback (most recent call last):\n  File "/run/1.py", line 12, in <module>\n    nope\n'
    )
    steps = steps_of(Code("x = 1\nnope\ny = 2"), Result(FAILED, output), Code("print(x)"), Result())
    assert lists(steps)[1] == [[0, 1], [2]]


def test_the_line_of_a_traceback_of_a_notebook_is_found():
    output = (
        "-----\nNameError      Traceback (most recent call last)\n"
        "Cell In[3], line 2\n      1 x = 1\n----> 2 nope\n\nNameError: nope\n"
    )
    steps = steps_of(Code("x = 1\nnope\ny = 2"), Result(FAILED, output), Code("print(x)"), Result())
    assert lists(steps)[1] == [[0, 1], [2]]


@pytest.mark.parametrize("magic", ["%matplotlib inline", "!pip install x", "files = !ls", "x?"])
def test_lines_for_a_notebook_are_taken_along(magic):
    steps = steps_of(Code(f"{magic}\ny = 1"), Result(), Code("print(2)"), Result())
    assert lists(steps)[1] == [[0], [2]]


def test_code_that_cannot_be_read_is_taken_along_and_may_need_all():
    steps = steps_of(*(Code("x = 1"), Result()), *(Code("print x"), Result()), Code("1"), Result())
    assert lists(steps)[2] == [[0], [2], [4]]


def test_a_shell_s_step_is_a_cell_of_its_own_and_joined_a_call():
    steps = steps_of(Code("echo 1 > a.txt", "bash"), Result(), Code("print(open('a.txt').read())"))
    assert cells_of(steps, "last")[0] == "%%bash\n# attempt 1\necho 1 > a.txt"
    assert joined(steps, "last").startswith(
        "get_ipython().run_cell_magic('bash', '', '# attempt 1\\necho 1 > a.txt\\n')\n\n# attempt 2"
    )


def test_a_step_in_another_language_is_not_inserted():
    steps = steps_of(Code("x <- 1", "r"), Result(), Code("print(1)", "PYTHON"), Result())
    assert cells_of(steps, "all") == ["# attempt 2\nprint(1)"]


def test_what_a_shell_installs_is_needed():
    steps = steps_of(Code("pip install x", "bash"), Result(), Code("import x"), Result())
    assert lists(steps)[1] == [[0], [2]]


# What the cells say.


def test_a_failed_attempt_that_is_needed_comes_up_to_the_statement_that_failed():
    steps = attempted("x = 1\nprint(nope)\nx = 2", "print(x)")
    assert cells_of(steps, "needed") == [
        "# attempt 1, up to the statement that failed\nx = 1\n# attempt 1 failed here",
        "# attempt 2\nprint(x)",
    ]


def test_the_statement_that_failed_runs_again_where_it_is_needed():
    steps = attempted("xs = []\nfor x in [1, 0]:\n    xs.append(1 / x)", "print(xs)")
    assert cells_of(steps, "needed")[0] == (
        "# attempt 1, up to the statement that failed\nxs = []\nimport contextlib\n\n"
        "with contextlib.suppress(Exception):\n    for x in [1, 0]:\n        xs.append(1 / x)\n"
        "# attempt 1 failed here"
    )


def test_all_attempts_have_those_that_failed_commented_out_but_for_what_others_need():
    steps = attempted("1 / 0\n\nprint(1)", "x = 1\nnope\ny = 2", "print(x)")
    assert joined(steps, "all") == (
        "# attempt 1 failed\n# 1 / 0\n#\n# print(1)\n\n"
        "# attempt 2, up to the statement that failed\nx = 1\n# attempt 2 failed here\n"
        "# nope\n# y = 2\n\n"
        "# attempt 3\nprint(x)"
    )


def test_where_no_attempt_succeeded_all_are_inserted_commented_out():
    steps = attempted("1 / 0", "nope")
    assert joined(steps, "needed") == "# attempt 1 failed\n# 1 / 0\n\n# attempt 2 failed\n# nope"


def test_a_last_attempt_that_failed_is_inserted_as_far_as_it_came():
    steps = attempted("x = 1", "print(x)\nnope")
    assert joined(steps, "last") == (
        "# attempt 1\nx = 1\n\n# attempt 2, up to the statement that failed\nprint(x)\n"
        "# attempt 2 failed here"
    )


def test_staging_comes_first_and_is_left_out_where_nothing_is_inserted():
    steps = attempted("print(1)")
    assert joined(steps, "needed", "import a") == "import a\n\n# attempt 1\nprint(1)"
    assert joined(steps, "none", "import a") == joined([], "needed", "import a") == ""


def test_what_python_wants_at_the_beginning_comes_there_in_one_cell():
    steps = attempted("x = 1", "from __future__ import annotations\nprint(x)")
    cell = joined(steps, "needed", "import math")
    assert cell.startswith(
        "from __future__ import annotations\n\nimport math\n\n# attempt 1\nx = 1"
    )
    assert inserted([cell])[1] is None


def test_code_that_begins_with_an_indent_is_moved_out():
    steps = steps_of(Code("  x = 1\n  y = 2"), Result(), Code("print(x)"), Result())
    assert cells_of(steps, "needed")[0] == "# attempt 1\nx = 1\ny = 2"


def test_code_that_begins_with_a_magic_of_the_cell_keeps_it_first():
    steps = steps_of(Code("%%time\nx = 1"), Result())
    assert cells_of(steps, "needed") == ["%%time\nx = 1"]
    assert joined(steps, "needed") == "get_ipython().run_cell_magic('time', '', 'x = 1\\n')"


def test_code_without_end_and_code_that_nests_without_end_are_read_in_no_time():
    long = "x = [" + "1, " * 100_000 + "]"
    deep = "(" * 5_000 + ")" * 5_000
    wide = "+".join(["1"] * 20_000)
    steps = steps_of(
        *(part for code in (long, deep, wide, "print(1)") for part in (Code(code), Result()))
    )
    assert lists(steps)[3] == [[0], [2], [4], [6]]


@pytest.mark.parametrize("case", JOINED, ids=lambda case: case["run"])
@pytest.mark.parametrize("choice", CHOICES)
def test_the_one_cell_of_a_stored_run_is_what_the_browser_makes_of_it(case, choice):
    """`labextension/tests/cells.test.ts` reads the same file."""
    run = Run.from_dict(json.loads((DATA / "runs" / f"{case['run']}.json").read_text("utf-8")))
    assert joined(run.steps, choice, run.staging) == case[choice]


RECITED = """\
# attempt 1
import csv
print('month,sales')
# recites https://example.org/x.py (licence: MIT)"""


def test_a_cell_of_an_answer_that_recites_names_the_source_and_its_licence():
    run = Run.from_dict(json.loads((DATA / "runs" / "files-given.json").read_text("utf-8")))
    assert joined(run.steps, "needed") == RECITED
    assert cells_of(run.steps, "all") == [RECITED]


def test_what_a_server_calls_a_licence_stays_in_its_comment():
    parts = [Code("1"), Source("", "https://a\nimport os\u2028", "x\ny"), Source("", "b", "c")]
    assert cells_of(steps_of(*parts), "all") == [
        "# attempt 1\n1\n# recites https://a_import os_ (licence: x_y)\n# recites b (licence: c)"
    ]
    nameless = Source("a source without a name", "", "c")
    assert cells_of(steps_of(Code("1"), nameless), "all") == [
        "# attempt 1\n1\n# recites a source without a name (licence: c)"
    ]
    shell = [Code("ls", "bash"), Source("", "b", "c")]
    assert cells_of(steps_of(*shell), "all") == [
        "%%bash\n# attempt 1\nls\n# recites b (licence: c)"
    ]
    assert cells_of(steps_of(Code("%%html\nx"), *shell[1:]), "all") == ["%%html\nx"]
