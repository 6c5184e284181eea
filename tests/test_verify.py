"""Attempts run again in the sandbox: what came of each, in words."""

from __future__ import annotations

import json
import pickle
import struct
import zlib
from time import monotonic

import pytest
from torture import sampled

from gemini_magic.answer.parts import FAILED, OK, STOPPED, TIMED_OUT, Code, Image, Result
from gemini_magic.answer.steps import Step, blocks
from gemini_magic.runs.verify import Verdict, Verification, verify_steps
from gemini_magic.sandbox import RESTARTED

pytestmark = pytest.mark.process


def steps_of(*parts):
    return [block for block in blocks(parts) if isinstance(block, Step)]


def verify(*parts, **more):
    return verify_steps(steps_of(*parts), **more).verdicts


def one(code, output, outcome=OK, **more):
    (verdict,) = verify(Code(code), Result(outcome, output), **more)
    return verdict


SEEDED = "import random\nrandom.seed(1)\nprint(random.random())"
TABLE = {
    # The same.
    "an output": ("print(6 * 7)", "42\n", "same"),
    "spaces at the ends of lines": ("print('a ')\nprint('b')", "a\nb", "same"),
    "line ends of another system": ("print('a')\nprint('b')", "a\r\nb\r\n", "same"),
    "the address of an object": ("print(object())", "<object object at 0x7f0011223344>\n", "same"),
    "code that begins with an indent": ("  x = 1\n  print(x)", "1\n", "same"),
    "an Excel file": (
        "import openpyxl, os\nbook = openpyxl.Workbook()\nbook.active['A1'] = 3\n"
        "book.save('out.xlsx')\nprint(openpyxl.load_workbook('out.xlsx').active['A1'].value)",
        "3\n",
        "same",
    ),
    "an archive of what was written": (
        "import shutil, os\nos.mkdir('d')\nopen('d/a', 'w').close()\n"
        "print(os.path.basename(shutil.make_archive('d', 'zip', 'd')))",
        "d.zip\n",
        "same",
    ),
    "seeded chance": (SEEDED, "0.13436424411240122\n", "same"),
    "warnings that were not reported": (
        "'Adds.'\nfrom __future__ import annotations\nimport logging, sys, warnings\n"
        "warnings.warn('old')\nlogging.warning('old')\nprint('old', file=sys.stderr)\nprint(2)",
        "2\n",
        "same: without its warnings and errors",
    ),
    "another number below a warning": (
        "import warnings\nwarnings.warn('old')\nprint(2)",
        "3\n",
        "different",
    ),
    # The last digits.
    "the last bit of a sine": (
        "print(0.1 + 0.2)",
        "0.30000000000000002\n",
        "same but for the last digits: within 1e-09 of each number",
    ),
    "noise where another has none": (
        "print('x =', 1e-17)",
        "x = 0.0\n",
        "same but for the last digits: within 1e-09 of each number",
    ),
    "columns that a digit moved": (
        "print('a  0.1   b')",
        "a  0.10000000000000001 b\n",
        "same but for the last digits: within 1e-09 of each number",
    ),
    "a number that is off": ("print(0.3)", "0.30001\n", "different"),
    "a whole number that is off by a little": (
        "print(12345678901234)",
        "12345678901235\n",
        "different",
    ),
    # Order.
    "a set": ("print({1, 2, 3})", "{3, 1, 2}\n", "same but for order"),
    "a set with a name": ("print('all:', {1, 2})", "all: {2, 1}\n", "same but for order"),
    "a frozen set": ("print(frozenset([1, 2]))", "frozenset({2, 1})\n", "same but for order"),
    "the lines of a set": ("for x in {1, 2}:\n    print(x)", "2\n1\n", "same but for order"),
    "a set in a row": ("print(*{1, 2, 3})", "3 2 1\n", "same but for order"),
    "a list of a set": ("print('ids:', list({1, 2}))", "ids: [2, 1]\n", "same but for order"),
    "the keys of a set": (
        "print(dict.fromkeys({1, 2}, 0).keys())",
        "dict_keys([2, 1])\n",
        "same but for order",
    ),
    "what two dicts have in common": (
        "print({1: 'a', 2: 'b'}.keys() & {2: 'c', 1: 'd'}.keys())",
        "{2, 1}\n",
        "same but for order",
    ),
    "a list in another order": ("print([1, 2, 3])", "[3, 2, 1]\n", "different"),
    "a set of other things": ("print({'a', 'b'})", "{'a', 'c'}\n", "different"),
    "names that have each other's numbers": (
        "s = {1}\nprint('a: 1')\nprint('b: 2')",
        "a: 2\nb: 1\n",
        "different",
    ),
    # Different.
    "another number": ("print(5117)", "5127\n", "different"),
    "another seeded number": (SEEDED, "0.5\n", "different"),
    "an output where there is none": ("x = 1", "1\n", "different"),
    # By nature.
    "chance": (
        "import random\nprint(random.random())",
        "0.5\n",
        "random by nature: random.random()",
    ),
    "chance of a coin": (
        "from random import choice\nprint(choice('abcdefgh') * 9)",
        "iiiiiiiii\n",
        "random by nature: random.choice()",
    ),
    "an id": ("print(id(object))", "123\n", "random by nature: id()"),
    "a uuid": (
        "import uuid\nprint(uuid.uuid4())",
        "00000000-0000-4000-8000-000000000000\n",
        "random by nature: uuid.uuid4()",
    ),
    "the date": (
        "import datetime\nprint(datetime.date.today())",
        "2024-01-31\n",
        "random by nature: datetime.date.today()",
    ),
    "a time": (
        "import time\nt = time.time()\nprint(f'took {time.time() - t:.5f} s')",
        "took 0.12345 s\n",
        "random by nature: time.time()",
    ),
    "a day by its name": (
        "import time\nprint(time.strftime('%A %d %B'))",
        "Friday 03 May\n",
        "random by nature: time.strftime()",
    ),
    "a wrong word beside a clock": (
        "import time\nprint('good', time.time())",
        "bad 0.1\n",
        "different",
    ),
    "a name made up": (
        "import tempfile\nprint(next(tempfile._get_candidate_names()))",
        "x1y2z3_w\n",
        "random by nature: two runs here differ too",
    ),
    "a wrong word beside the year": (
        "import datetime\nprint('good', datetime.date.today().year)",
        "bad 2024\n",
        "different",
    ),
    "order that chance makes": (
        "import os\nprint(int.from_bytes(os.urandom(8), 'big'))",
        "1\n",
        "random by nature: os.urandom()",
    ),
    # What cannot be run.
    "a module": ("import nowhere_to_be\nprint(1)", "1\n", "cannot run here: needs nowhere_to_be"),
    "a package that can be granted": (
        "import striprtf\nprint(1)",
        "1\n",
        "cannot run here: needs striprtf: pip install striprtf",
    ),
    "threads": (
        "import threading\nthreading.Thread(target=print).start()",
        "\n",
        "cannot run here: needs threads",
    ),
    "a network": (
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1')\nprint(1)",
        "1\n",
        "cannot run here: needs a network",
    ),
    "processes": (
        "import subprocess\nprint(subprocess.run(['ls']))",
        "a\n",
        "cannot run here: starts processes",
    ),
    "a question": ("print(input())", "1\n", "cannot run here: asks for input"),
    "memory": (
        "print(len(b'x' * 10**9))",
        "1000000000\n",
        "cannot run here: it takes more memory or output than the sandbox gives",
    ),
    "a list of more than 32 bits count": (
        "print(len([0] * 10**10))",
        "10000000000\n",
        "cannot run here: it takes more memory or output than the sandbox gives",
    ),
    "output": (
        "while True: print('x' * 65536)",
        "x\n",
        "cannot run here: it takes more memory or output than the sandbox gives",
    ),
    "the end of the interpreter": (
        "import os\nos._exit(0)",
        "x\n",
        "cannot run here: it takes more memory or output than the sandbox gives",
    ),
    "a file": (
        "print(open('input_file_0.csv').read())",
        "a\n",
        "needs a file that is not at hand: input_file_0.csv",
    ),
    "a file that the code does without": (
        "try:\n    print(open('input_file_0.csv').read())\n"
        "except FileNotFoundError:\n    print('none')",
        "a\n",
        "needs a file that is not at hand: input_file_0.csv",
    ),
    "a file that the code looks for": (
        "import os\nprint(os.path.exists('/work/input_file_1.txt'))",
        "True\n",
        "needs a file that is not at hand: input_file_1.txt",
    ),
    "a file of another name whose want is printed": (
        "try:\n    print(open('a.csv').read())\nexcept OSError as e:\n    print('no:', e)",
        "a\n",
        "needs a file that is not at hand: a.csv",
    ),
    "a module that the code does without": (
        "try:\n    import nowhere_to_be\n    print('yes')\nexcept ImportError:\n    print('no')",
        "yes\n",
        "cannot run here: needs nowhere_to_be",
    ),
    "a network that the code does without": (
        "import urllib.request\ntry:\n    urllib.request.urlopen('http://127.0.0.1')\n"
        "except Exception as e:\n    print('no:', e)",
        "yes\n",
        "cannot run here: needs a network",
    ),
    "another number where nothing is wanting": (
        "try:\n    import json\n    print(1)\nexcept ImportError:\n    print('no')",
        "2\n",
        "different",
    ),
    "a function": (
        "print(concise_search('x'))",
        "a\n",
        "needs a function that is not at hand: concise_search",
    ),
    "data that stayed with the user": (
        "print(frame.shape)",
        "(3, 2)\n",
        "needs a value that is not at hand: frame",
    ),
    "a module of functions": (
        "import default_api\nprint(default_api.f())",
        "a\n",
        "needs a function that is not at hand: default_api",
    ),
    "a magic": ("%timeit 1", "a\n", "shell commands, not run here"),
    # What other vendors do.
    "a last expression": ("x = [1]\nx", "[1]\n", "same, by showing its last expression"),
    "a last expression below a print": (
        "print('a')\n(1, 2)",
        "a\n(1, 2)\n",
        "same, by showing its last expression",
    ),
    "a last expression that is another": ("x = [1]\nx", "[2]\n", "different"),
    "nothing": ("x = 1", "", "nothing to compare: it prints nothing"),
}


@pytest.mark.parametrize("name", sampled(TABLE, 2))
def test_what_became_of_an_attempt_is_said_in_words(name):
    code, output, words = TABLE[name]
    assert one(code, output).words == words


def test_what_differs_is_kept_as_it_is_here():
    assert one("print(42)", "43\n") == Verdict(0, "different", "", "42\n")


def test_what_is_the_same_is_not_kept():
    assert one("print(42)", "42\n") == Verdict(0, "same")


def test_what_is_kept_has_bounds():
    assert len(one("print('x\\n' * 10**6)", "y\n").here) < 21_000


def test_attempts_run_in_order_with_what_earlier_ones_left():
    verdicts = verify(
        *(Code("x = [1]"), Result()),
        *(Code("x.append(2)\nprint(x)"), Result(OK, "[1, 2]\n")),
        *(Code("print(sum(x))"), Result(OK, "3\n")),
    )
    assert [verdict.kind for verdict in verdicts] == ["nothing", "same", "same"]


def test_the_files_of_the_run_are_there():
    code = "print(open('input_file_0.csv').read())"
    assert one(code, "a,b\n", files={"input_file_0.csv": b"a,b"}).kind == "same"


def test_a_file_that_an_attempt_wrote_is_there_for_the_next():
    verdicts = verify(
        *(Code("x = open('a.txt', 'w').write('1')"), Result()),
        *(Code("print(open('a.txt').read())"), Result(OK, "1\n")),
    )
    assert verdicts[1].kind == "same"


def test_an_attempt_that_needs_one_that_could_not_run_says_which():
    verdicts = verify(
        *(Code("import nowhere_to_be as n\nx = 1"), Result()),
        *(Code("print(x)"), Result(OK, "1\n")),
        *(Code("print(2)"), Result(OK, "2\n")),
    )
    assert [verdict.words for verdict in verdicts] == [
        "cannot run here: needs nowhere_to_be",
        "needs an attempt that could not run here: attempt 1",
        "same",
    ]


def test_lines_for_a_shell_explain_no_difference_but_of_their_names_and_of_files():
    verdicts = verify(
        *(Code("!pip install tabulate\n%matplotlib inline\nx = 1"), Result(OK, "done\n")),
        *(Code("print(2)"), Result(OK, "3\n")),
        *(Code("1 + 1"), Result(OK, "2\n")),
        *(Code("print(x)"), Result(OK, "1\n")),
        *(Code("from os import listdir\nprint(listdir())"), Result(OK, "['a.csv']\n")),
    )
    assert [verdict.words for verdict in verdicts] == [
        "shell commands, not run here",
        "different",
        "same, by showing its last expression",
        "needs an attempt that could not run here: attempt 1",
        "needs an attempt that could not run here: attempt 1",
    ]


def test_chance_in_an_attempt_that_another_needs_explains_its_difference():
    verdicts = verify(
        *(Code("import random\nx = random.random()"), Result()),
        *(Code("print(x)"), Result(OK, "0.5\n")),
    )
    assert verdicts[1].words == "random by nature: random.random()"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n"
         "KeyError: 'July'\n", "same"),
        ("Traceback (most recent call last):\n  File \"/tmp/x.py\", line 9, in <module>\n    {}\n"
         "    ~~^^^\nKeyError: 'JULY'\n", "same: its error in other words"),
        ("Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n"
         "IndexError: no\n", "different"),
        ("so far\nTraceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n"
         "KeyError: 'July'\n", "different"),
    ],
)  # fmt: skip
def test_a_failure_is_the_same_by_what_was_printed_and_its_error(output, words):
    assert one("{}['July']", output, FAILED).words == words


@pytest.mark.parametrize(
    "reported",
    [
        "SyntaxError: '(' was never closed (<string>, line 1)\n",
        'Traceback (most recent call last):\n  File "<string>", line 1\n    print(1\n'
        "         ^\nSyntaxError: unexpected EOF while parsing\n",
    ],
)
def test_code_that_cannot_be_read_is_the_same_however_that_is_shown(reported):
    assert one("print(1", reported, FAILED).words == "same: its error in other words"


def test_a_failure_with_a_cause_is_compared_by_its_last_error():
    output = (
        'Traceback (most recent call last):\n  File "x", line 2, in <module>\nKeyError: 1\n\n'
        "The above exception was the direct cause of the following exception:\n\n"
        'Traceback (most recent call last):\n  File "x", line 4, in <module>\nValueError: no\n'
    )
    code = "try:\n    {}[1]\nexcept KeyError as e:\n    raise ValueError('no') from e"
    assert one(code, output, FAILED).words == "same"


def test_an_attempt_that_failed_there_and_not_here_is_different_and_so_the_other_way():
    assert one("print(1)", "KeyError: 1\n", FAILED).words == "different: failed there, not here"
    assert one("print(1)\n{}[1]", "1\n").words == "different: failed here, not there"


def test_an_attempt_without_a_result_has_nothing_to_compare_and_leaves_its_names():
    verdicts = verify(Code("x = 1"), Code("print(x)"), Result(OK, "1\n"))
    assert [verdict.words for verdict in verdicts] == [
        "nothing to compare: the answer has no result of it",
        "same",
    ]


def test_an_attempt_out_of_time_is_the_same_as_far_as_it_came():
    code = "print(1)\nwhile True: pass"
    verdict = one(code, "1\n[stopped after 30 s]\n", TIMED_OUT, seconds=0.3)
    assert verdict.words == "same: out of time here too, after 0.3 s"


def test_an_attempt_that_takes_no_time_here_says_so():
    verdict = one("print(1)", "", TIMED_OUT, seconds=5)
    assert verdict.words == (
        "cannot run here: it ran out of time there, and took less than 3 s here"
    )


def test_an_attempt_out_of_time_here_alone_says_so_and_the_next_has_what_came_before():
    verdicts = verify(
        *(Code("x = 1"), Result()),
        *(Code("while True: pass"), Result(OK, "done\n")),
        *(Code("print(x)"), Result(OK, "1\n")),
        seconds=0.5,
    )
    assert [verdict.words for verdict in verdicts[1:]] == [
        "cannot run here: stopped after 0.5 s",
        "same",
    ]


def test_what_an_attempt_out_of_time_had_bound_is_there_for_the_next():
    verdicts = verify(
        *(Code("def f():\n    return 7\n\nwhile True: pass"), Result(TIMED_OUT, "")),
        *(Code("print(f())"), Result(OK, "7\n")),
        seconds=0.3,
    )
    assert verdicts[1].kind == "same"


def test_an_answer_of_our_own_sandbox_that_began_anew_is_the_same():
    verdicts = verify(
        *(Code("while True: pass"), Result(TIMED_OUT, "[stopped after 2 s]\n")),
        *(Code("print(1)"), Result(OK, RESTARTED + "1\n")),
        seconds=0.3,
    )
    assert [verdict.kind for verdict in verdicts] == ["same", "same"]


def test_shell_commands_and_other_languages_are_not_run():
    verdicts = verify(
        *(Code("ls", "bash"), Result(OK, "a\n")), *(Code("x <- 1", "R"), Result(OK, ""))
    )
    assert [verdict.words for verdict in verdicts] == [
        "shell commands, not run here",
        "not Python, not run here: r",
    ]


def test_hostile_code_is_held_and_said_to_differ():
    code = "import os\nprint(os.listdir('/'), dict(os.environ))\nprint(open('/etc/passwd').read())"
    verdict = one(code, "secret\n")
    assert verdict.words == "needs a file that is not at hand: /etc/passwd"


def test_an_answer_without_code_has_no_verdicts():
    verification = verify_steps([])
    assert (verification, verification.summary, verification.differs) == (Verification(), "", False)


def test_the_summary_counts_the_verdicts():
    verification = verify_steps(
        steps_of(
            *(Code("print(1)"), Result(OK, "1\n")),
            *(Code("print(2)"), Result(OK, "2\n")),
            *(Code("print(3)"), Result(OK, "4\n")),
        )
    )
    assert verification.summary == "2 same · 1 different"
    assert verification.differs


def test_a_verification_is_a_value_that_can_be_kept():
    verification = Verification((Verdict(1, "same"), Verdict(3, "different", "", "1\n")), "sandbox")
    document = json.loads(json.dumps(verification.to_dict()))
    assert Verification.from_dict(document) == verification
    assert pickle.loads(pickle.dumps(verification)) == verification
    assert document["verdicts"][0] == {"part": 1, "kind": "same"}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"verdicts": 1},
        {"verdicts": [1]},
        {"verdicts": [{"part": "1", "kind": "same"}]},
        {"verdicts": [{"part": True, "kind": "same"}]},
        {"verdicts": [{"part": 1}]},
        {"verdicts": [{"part": 1, "kind": 2}]},
        {"verdicts": [{"part": 1, "kind": ""}]},
        {"verdicts": [], "sandbox": 3},
    ],
)
def test_a_document_that_is_none_is_refused(document):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Verification.from_dict(document)


# Pictures.


def png(width=40, height=30, level=200, dots=()):
    rows = []
    for y in range(height):
        row = bytearray([level] * width)
        for x, other in dots:
            if y == other:
                row[x] = 0
        rows.append(b"\0" + bytes(row))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)

    def chunk(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    body = (
        chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    )
    return Image("image/png", b"\x89PNG\r\n\x1a\n" + body)


def test_a_picture_that_is_not_drawn_here_is_a_difference():
    (verdict,) = verify(Code("x = 1"), Result(), png())
    assert verdict.words == "different: 1 picture there, 0 here"


@pytest.mark.science
def test_a_picture_that_is_drawn_here_alone_is_a_difference():
    """Its last expression has no value: showing that is no explanation."""
    drawn = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    (verdict,) = verify(Code(drawn), Result())
    assert verdict.words == "different: 0 pictures there, 1 here"


SIZES = "40 by 30 pixels there, 40 by 90 pixels here"


def box(picture):
    return png(dots=[(x, y) for x in range(picture, picture + 12) for y in range(8, 20)])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([png()], [png()], (True, "")),
        ([png()], [png(dots=[(3, 3)])], (True, "")),
        ([png()], [png(level=20)], (False, "picture 1: 71% of its light differs")),
        ([png()], [png(), png()], (False, "1 picture there, 2 here")),
        ([box(2)], [box(26)], (False, "picture 1: 19% of its light differs")),
        ([png(40, 30)], [png(40, 90)], (False, f"picture 1: {SIZES}")),
        ([png(40, 30)], [png(44, 33)], (True, "")),
        ([Image("image/png", b"no")], [png()], (False, "picture 1: it cannot be read")),
        ([Image("image/svg+xml", b"<svg/>")], [png()], (False, "picture 1: it cannot be read")),
        ([], [], (True, "")),
    ],
)  # fmt: skip
def test_pictures_are_compared_by_size_and_pixels(one, other, expected):
    from gemini_magic.runs.verify import pictures

    assert pictures.compare(one, other) == expected


def test_a_picture_that_would_fill_the_memory_is_not_unpacked():
    from gemini_magic.runs.verify import pictures

    bomb = struct.pack(">II", 60_000, 60_000)
    data = png().data
    assert pictures.opened(data[:16] + bomb + data[24:]) is None


def test_an_attempt_that_its_user_stopped_is_not_held_against_what_it_gives_here():
    code = "print('so far')\nwhile True: pass"
    start = monotonic()
    (verdict,) = verify(Code(code), Result(STOPPED, "so far\n[stopped by you]\n"))
    assert (verdict.kind, verdict.why) == ("nothing", "it was stopped before it ended")
    assert monotonic() - start < 20  # of thirty seconds
