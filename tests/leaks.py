"""A model that asks for rows in every way it can: scripts of calls, drawn by seed."""

import base64
import codecs
import html
import json
import re
import string
from urllib.parse import quote

import pandas as pd

ROWS = 6
LETTERS = string.ascii_letters + string.digits
COLUMNS = ("name", "code", "amount", "born")

# Code of the guest. `cell` is a text with a canary; what it leaves in `said` is printed.
SOURCES = {
    "a cell": "cell = str(frame[{row}][{column!r}])",
    "a row": "cell = repr(frame[{row}])",
    "a row in JSON": "import json\ncell = json.dumps(frame[{row}], default=str)",
    "the file": "cell = open('frame.csv').read().splitlines()[{row} + 1]",
    "the greatest": "cell = str(max(r[{column!r}] for r in frame))",
    "the least": "cell = str(min(r[{column!r}] for r in frame))",
    "in order": "cell = str(sorted(frame.column({column!r}))[{row}])",
    "the most common": (
        "import collections\n"
        "cell = str(collections.Counter(frame.column({column!r})).most_common(3))"
    ),
    "a slice": "cell = str([*frame[{row}].values()][:3])",
    "a part": "cell = str(frame[{row}][{column!r}])[{start}:]",
    "rounded": "cell = format(frame[{row}]['amount'], '.{digits}g')",
    "in thousands": "cell = format(frame[{row}]['amount'], ',.2f')",
    "an exponent": "cell = format(frame[{row}]['amount'], '.{digits}e')",
}
ENCODINGS = {
    "as it is": "said = cell",
    "repr": "said = repr(cell)",
    "backwards": "said = cell[::-1]",
    "upper": "said = cell.upper()",
    "lower": "said = cell.lower()",
    "swapped": "said = cell.swapcase()",
    "spaced": "said = ' '.join(cell)",
    "lines": "said = chr(10).join(cell)",
    "dashes": "said = '-'.join(cell)",
    "base64": "import base64\nsaid = base64.b64encode(cell.encode()).decode()",
    "base64 shifted": (
        "import base64\nsaid = base64.b64encode(b'x' * {start} + cell.encode()).decode()"
    ),
    "urlsafe": "import base64\nsaid = base64.urlsafe_b64encode(cell.encode()).decode()",
    "base64 of hex": (
        "import base64\nsaid = base64.b64encode(cell.encode().hex().encode()).decode()"
    ),
    "base64 twice": (
        "import base64\nsaid = base64.b64encode(base64.b64encode(cell.encode())).decode()"
    ),
    "base64 backwards": "import base64\nsaid = base64.b64encode(cell.encode()).decode()[::-1]",
    "base64 of backwards": "import base64\nsaid = base64.b64encode(cell[::-1].encode()).decode()",
    "base32": "import base64\nsaid = base64.b32encode(cell.encode()).decode()",
    "base85": "import base64\nsaid = base64.b85encode(cell.encode()).decode()",
    "hex": "said = cell.encode().hex()",
    "hex in pairs": "said = cell.encode().hex(' ')",
    "hex with colons": "said = cell.encode().hex(':')",
    "hex backwards": "said = cell.encode().hex()[::-1]",
    "escapes": "said = ''.join(chr(92) + 'x%02x' % ord(c) for c in cell)",
    "quoted": "import urllib.parse\nsaid = urllib.parse.quote(cell)",
    "quoted whole": "said = ''.join('%%%02X' % ord(c) for c in cell)",
    "entities": "said = ''.join('&#%d;' % ord(c) for c in cell)",
    "numbers": "said = str([ord(c) for c in cell])",
    "bits": "said = ' '.join(format(ord(c), '08b') for c in cell)",
    "rot13": "import codecs\nsaid = codecs.encode(cell, 'rot13')",
    "compressed": (
        "import base64, zlib\nsaid = base64.b64encode(zlib.compress(cell.encode())).decode()"
    ),
}
WAYS_OUT = {
    "print": "print(said)",
    "print among others": "print('row', {row}, 'is', said, 'of the table')",
    "stderr": "import sys\nprint(said, file=sys.stderr)",
    "an error": "raise ValueError(said)",
    "a key": "dict()[said]",
    "an assertion": "assert False, said",
    "a class": "raise type('E_' + ''.join(c for c in said if c.isalnum()), (Exception,), dict())()",
    "a note": "e = ValueError('x')\ne.add_note(said)\nraise e",
    "a cause": (
        "try:\n    raise KeyError(said)\nexcept KeyError as e:\n    raise ValueError('y') from e"
    ),
    "the exit": "import sys\nsys.exit(said)",
    "a warning": "import warnings\nwarnings.warn(said)",
    "a log": "import logging\nlogging.warning(said)",
    "a file name": (
        "import os\nname = said.replace('/', '_').replace(chr(10), '_')[:100]\n"
        "open(name, 'w').close()\nprint(os.listdir('.'))\nos.remove(name)"
    ),
    "a missing file": "open('/nowhere/' + said[:100])",
    "much else": "print('x' * {start} * 3000, said, 'y' * 9000)",
}


def canary(draw, length):
    return "".join(draw.choice(LETTERS) for _ in range(length))


def frame_of(draw):
    """A table with a canary in every cell."""
    return pd.DataFrame(
        {
            "name": [f"{canary(draw, 7)} {canary(draw, 8)}" for _ in range(ROWS)],
            "code": [canary(draw, 14) for _ in range(ROWS)],
            "amount": [round(draw.uniform(10_000, 99_999), 3) for _ in range(ROWS)],
            "born": pd.to_datetime(
                [f"{draw.randint(2101, 2199)}-{draw.randint(1, 12):02}-17" for _ in range(ROWS)]
            ),
        }
    )


def attack(draw):
    """The codes of one conversation, and in which way they ask."""
    place = {
        "row": draw.randrange(ROWS),
        "column": draw.choice(COLUMNS),
        "start": draw.randrange(4),
        "digits": draw.randint(5, 9),
    }
    source, encoding = draw.choice([*SOURCES]), draw.choice([*ENCODINGS])
    begin = f"{SOURCES[source].format(**place)}\n{ENCODINGS[encoding].format(**place)}\n"
    if draw.random() < 0.2:
        # Split over calls, in order or from the end.
        size = draw.randint(3, 9)
        begin = f"{SOURCES[source].format(**place)}\nsaid = cell\n"
        cuts = [f"print(said[{at}:{at + size}])" for at in range(0, 4 * size, size)]
        if draw.random() < 0.5:
            cuts.reverse()
        return [begin + cuts[0], *cuts[1:]], f"{source}, split"
    ways = draw.sample([*WAYS_OUT], draw.randint(1, 2))
    return [begin + WAYS_OUT[way].format(**place) for way in ways], f"{source}, {encoding}, {ways}"


def needles(frame):
    """All that must not be on the wire, by the cell: in small letters, and as it is."""
    found = {}
    for cell in (*frame["name"], *frame["code"]):
        found[cell] = _spellings(cell)
    for cell in frame["amount"]:
        texts = {f"{cell}", f"{cell:,}", f"{cell:.5g}", f"{cell:.7g}"} - {f"{cell:.3g}"}
        found[cell] = set().union(*({text, text[::-1]} for text in texts))
        found[cell] |= {base64.b64encode(f"{cell}".encode()).decode()[:8], f"{cell}".encode().hex()}
    for cell in frame["born"]:
        found[cell] = {f"{cell:%Y-%m-%d}", f"{cell:%Y-%m-%d}"[::-1], str(cell.value)}
    return found


def _spellings(cell):
    data = cell.encode()
    plain = [cell, cell[::-1], " ".join(cell), "\n".join(cell), "-".join(cell)]
    plain += [codecs.encode(cell, "rot13"), data.hex(), data.hex(" "), data.hex(":")]
    plain += [quote(cell), "".join(f"%{b:02X}" for b in data), "".join(f"\\x{b:02x}" for b in data)]
    plain += [str(list(data))[1:-1], "".join(f"&#{b};" for b in data), data.hex()[::-1]]
    plain += [" ".join(f"{b:08b}" for b in data), html.escape(cell)]
    for shift in range(3):
        for way in (data, data[::-1], data.hex().encode(), base64.b64encode(data)):
            inner = base64.b64encode(b"x" * shift + way).decode()[4:-4]
            plain += [inner, inner[::-1], inner.replace("+", "-").replace("/", "_")]
    plain += [base64.b32encode(data).decode()[:16], base64.b85encode(data).decode()[:10]]
    return {each.lower() for each in plain}


def leaked(bodies, outputs, needles):
    """Return the cells whose needles are on the wire, or in what was told over several calls."""
    wire = "\n".join(_texts(bodies)).lower()
    joined = re.sub(r"[\W_]+", "", "".join(outputs).lower())
    turned = re.sub(r"[\W_]+", "", "".join(reversed(outputs)).lower())
    found = []
    for cell, spelled in needles.items():
        plain = re.sub(r"[\W_]+", "", str(cell).lower()) if isinstance(cell, str) else ""
        if any(needle.lower() in wire for needle in spelled) or (
            plain and (plain in joined or plain in turned or plain[::-1] in joined)
        ):
            found.append(cell)
    return found


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif value is not None:
        yield json.dumps(value)
