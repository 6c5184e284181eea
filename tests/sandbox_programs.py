"""Programs of the kind that a model writes, over the breadth of the standard library.

Every one prints the same wherever it runs, but for the last bits of floating-point numbers.
"""

PROGRAMS = {
    "primes": "n = [p for p in range(2, 200) if all(p % d for d in range(2, p))]\nprint(sum(n), n)",
    "fibonacci": (
        "from functools import lru_cache\n@lru_cache(None)\ndef f(n):\n"
        "    return n if n < 2 else f(n - 1) + f(n - 2)\nprint(f(150), f.cache_info())"
    ),
    "statistics": (
        "import statistics as s\nd = [2.5, 3.1, 4.7, 5.0, 9.9]\n"
        "print(s.mean(d), s.stdev(d), s.median(d), s.quantiles(d), s.linear_regression(d, d))"
    ),
    "mathematics": (
        "import math, cmath\n"
        "print([f(0.7) for f in (math.sin, math.exp, math.log10, math.gamma, cmath.sqrt)])\n"
        "print(math.comb(60, 30), math.gcd(84, 36), math.isqrt(10**40), math.hypot(3, 4))"
    ),
    "decimals": (
        "from decimal import Decimal as D, getcontext\ngetcontext().prec = 50\n"
        "print(D(2).sqrt(), D(1) / D(7), round(D('2.675'), 2))"
    ),
    "fractions": "from fractions import Fraction as F\nprint(sum(F(1, n) for n in range(1, 30)))",
    "random": (
        "import random\nr = random.Random(7)\nprint(r.random(), r.sample(range(99), 5))\n"
        "print(r.gauss(0, 1), r.choices('abc', k=9), r.shuffle([1, 2]))"
    ),
    "patterns": (
        "import re\nt = 'Ann <ann@x.org>, Bob <bob@y.net>'\n"
        "print(re.findall(r'(\\w+) <([^@]+)@([^>]+)>', t), re.sub(r'\\d', '#', 'a1b2'))"
    ),
    "json": (
        "import json\nd = {'a': [1, 2.5, None, True], 'é': '😀'}\n"
        "print(json.dumps(d, indent=1, sort_keys=True), json.loads(json.dumps(d)) == d)"
    ),
    "csv": (
        "import csv, io\nw = io.StringIO()\ncsv.writer(w).writerows([['a', 'b,c'], [1, 'x\"y']])\n"
        "print(repr(w.getvalue()), list(csv.DictReader(io.StringIO(w.getvalue()))))"
    ),
    "dates": (
        "from datetime import date, datetime, timedelta\nimport calendar\n"
        "d = date(2024, 2, 29)\n"
        "print(d + timedelta(days=365), d.strftime('%A %d %B %Y'), d - date(1, 1, 1))\n"
        "print(calendar.month(2024, 2), datetime.fromisoformat('2024-07-01T12:00:00+02:00'))"
    ),
    "dataclasses": (
        "from dataclasses import dataclass, field, asdict, replace\n"
        "@dataclass(order=True, frozen=True)\n"
        "class P:\n    x: int\n    tags: list[str] = field(default_factory=list)\n"
        "print(P(1), P(1) < P(2), asdict(P(3, ['a'])), replace(P(1), x=5))"
    ),
    "classes": (
        "from abc import ABC, abstractmethod\nfrom enum import Enum, auto\nclass C(Enum):\n"
        "    RED = auto()\n    BLUE = auto()\nclass A(ABC):\n    @abstractmethod\n"
        "    def f(self): ...\n"
        "class B(A):\n    def f(self): return super().__class__.__name__\nprint(list(C), B().f())\n"
        "try:\n    A()\nexcept TypeError as exc:\n    print(type(exc))"
    ),
    "generators": (
        "from itertools import *\ndef g():\n    x = yield 1\n    yield x * 2\n    return 3\n"
        "i = g()\nprint(next(i), i.send(21), list(permutations('abc', 2)))\n"
        "print([(k, len(list(v))) for k, v in groupby('aabccc')], list(pairwise([1, 2, 3])))"
    ),
    "collections": (
        "from collections import *\n"
        "print(Counter('mississippi').most_common(3), deque([1, 2], 1))\n"
        "d = defaultdict(list)\nd['a'].append(1)\nprint(d, ChainMap({'a': 1}, {'b': 2})['b'])"
    ),
    "heaps": (
        "import heapq, bisect\nh = [5, 1, 4]\nheapq.heapify(h)\n"
        "print(heapq.heappop(h), heapq.nlargest(2, h), bisect.bisect([1, 3, 5], 3))"
    ),
    "hashes": (
        "import hashlib, base64, zlib, binascii, hmac\nd = b'hello' * 9\n"
        "print(hashlib.sha256(d).hexdigest(), hashlib.md5(d).hexdigest(), zlib.crc32(d))\n"
        "print(base64.b64encode(d), zlib.decompress(zlib.compress(d)) == d)\n"
        "print(hmac.new(b'k', d, 'sha1').hexdigest(), binascii.hexlify(d[:4]))"
    ),
    "text": (
        "import textwrap, string, difflib, unicodedata\nt = 'the quick brown fox ' * 5\n"
        "print(textwrap.fill(t, 30), string.Template('$a b').substitute(a=1), "
        "f'{3.14159:>10.2f}|')\n"
        "print(*difflib.unified_diff(['a'], ['b']), unicodedata.normalize('NFD', 'é').encode())"
    ),
    "bytes": (
        "import struct, array\n"
        "print(struct.pack('>IhQ', 1, -2, 3), array.array('i', [1, 2]).tobytes())\n"
        "print(int.from_bytes(b'\\x01\\x02', 'little'), (1234567).to_bytes(4, 'big'), "
        "bytes(range(5)).hex())"
    ),
    "files": (
        "import os, pathlib, tempfile, shutil\nwith tempfile.TemporaryDirectory() as d:\n"
        "    p = pathlib.Path(d, 'a', 'b.txt')\n    p.parent.mkdir()\n"
        "    p.write_text('x\\ny\\n')\n"
        "    with p.open('a') as f:\n        f.write('z')\n"
        "    with p.open('r+b') as f:\n        f.seek(2)\n        f.write(b'Y')\n"
        "    print(p.read_text().splitlines(), p.stat().st_size, p.suffix, os.listdir(d))\n"
        "    shutil.copytree(p.parent, pathlib.Path(d, 'c'))\n"
        "    print(sorted(q.name for q in pathlib.Path(d).rglob('*')))\nprint(os.path.exists(d))"
    ),
    "archives": (
        "import io, zipfile, gzip, tarfile\nb = io.BytesIO()\nwith zipfile.ZipFile(b, 'w') as z:\n"
        "    z.writestr('a.txt', 'hi' * 99, zipfile.ZIP_DEFLATED)\n"
        "print(zipfile.ZipFile(b).read('a.txt')[:4], gzip.decompress(gzip.compress(b'x')))"
    ),
    "databases": (
        "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table t (a, b)')\n"
        "c.executemany('insert into t values (?, ?)', [(1, 'x'), (2, 'y'), (3, 'x')])\n"
        "print(c.execute('select b, sum(a), count(*) from t group by b order by b').fetchall())"
    ),
    "coroutines": (
        "import asyncio\nasync def work(q, n):\n    await asyncio.sleep(0.01 * n)\n"
        "    await q.put(n)\n"
        "async def main():\n    q = asyncio.Queue()\n"
        "    async with asyncio.TaskGroup() as g:\n        for n in (3, 1, 2):\n"
        "            g.create_task(work(q, n))\n    print([await q.get() for _ in range(3)])\n"
        "    try:\n        await asyncio.wait_for(asyncio.sleep(9), 0.01)\n"
        "    except TimeoutError:\n        print('late')\nasyncio.run(main())"
    ),
    "unit tests": (
        "import unittest, io\nclass T(unittest.TestCase):\n    def test_a(self):\n"
        "        self.assertEqual(1 + 1, 2)\n    def test_b(self):\n"
        "        with self.assertRaises(KeyError):\n"
        "            {}['x']\ns = unittest.defaultTestLoader.loadTestsFromTestCase(T)\n"
        "r = unittest.TextTestRunner(stream=io.StringIO()).run(s)\n"
        "print(r.testsRun, r.wasSuccessful())"
    ),
    "pickles": (
        "import pickle, copy\nclass P:\n    def __init__(self, x): self.x = x\n"
        "p = pickle.loads(pickle.dumps(P([1, 2])))\n"
        "print(p.x, type(p).__name__, copy.deepcopy(p).x)"
    ),
    "documents": (
        "import xml.etree.ElementTree as E, html, html.parser, urllib.parse as u, argparse, ast\n"
        "r = E.fromstring('<a><b c=\"1\">t</b></a>')\nprint(r.find('b').attrib, E.tostring(r))\n"
        "print(html.escape('<&>'), u.urlencode({'a': 'é b'}), ast.unparse(ast.parse('x=1+2')))\n"
        "p = argparse.ArgumentParser()\np.add_argument('--n', type=int)\n"
        "print(p.parse_args(['--n', '3']))"
    ),
}
