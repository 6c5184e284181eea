"""More programs of the kind that a model writes: exercises, algorithms, the library's corners.

Every one prints the same wherever it runs, but for the last bits of floating-point numbers.
"""

EVERYDAY = {
    "sorting": r"""
d = [('b', 2), ('a', 3), ('c', 1)]
print(sorted(d), sorted(d, key=lambda p: p[1]), max(d))
""",
    "comprehensions": r"""
print({w: len(w) for w in 'a bb ccc'.split()}, {n % 3 for n in range(9)}, [(i, j) for i in range(3) for j in range(i)])
""",
    "slices": r"""
t = list(range(10))
t[2:5] = 'abc'
del t[::4]
print(t, t[::-1], 'hello'[-3:], t[20:])
""",
    "unpacking": r"""
a, *b, c = range(5)
print(a, b, c, [*b, *'xy'], {**{'a': 1}, 'b': 2})
""",
    "matching": r"""
def f(x):
    match x:
        case {'a': int(n)}: return n
        case [first, *rest]: return rest
        case str() | None: return 'none'
    return -1
print(f({'a': 3}), f([1, 2]), f(None), f(4))
""",
    "decorators": r"""
import functools
def twice(f):
    @functools.wraps(f)
    def g(*a): return f(f(*a))
    return g
@twice
def inc(n): return n + 1
print(inc(5), inc.__name__)
""",
    "closures": r"""
def counter():
    n = 0
    def up():
        nonlocal n
        n += 1
        return n
    return up
c = counter()
print(c(), c(), c())
""",
    "errors": r"""
try:
    try:
        {}['k']
    finally:
        print('finally')
except KeyError as exc:
    print(repr(exc), exc.args)
else:
    print('else')
""",
    "error groups": r"""
try:
    raise ExceptionGroup('g', [ValueError(1), TypeError(2)])
except* ValueError as g:
    print(g.exceptions)
except* TypeError as g:
    print(g.exceptions)
""",
    "contexts": r"""
from contextlib import contextmanager, suppress, ExitStack
@contextmanager
def tag(n):
    print('<', n); yield n; print('>', n)
with ExitStack() as s:
    [s.enter_context(tag(i)) for i in range(2)]
with suppress(ZeroDivisionError): 1 / 0
""",
    "properties": r"""
class T:
    def __init__(self, c): self._c = c
    @property
    def f(self): return self._c * 9 / 5 + 32
    @f.setter
    def f(self, v): self._c = (v - 32) * 5 / 9
t = T(100)
t.f = 32
print(t.f, t._c)
""",
    "operators": r"""
class V:
    def __init__(s, x, y): s.x, s.y = x, y
    def __add__(s, o): return V(s.x + o.x, s.y + o.y)
    def __repr__(s): return f'V({s.x}, {s.y})'
    def __eq__(s, o): return (s.x, s.y) == (o.x, o.y)
    def __matmul__(s, o): return s.x * o.x + s.y * o.y
print(V(1, 2) + V(3, 4), V(1, 2) == V(1, 2), V(1, 2) @ V(3, 4))
""",
    "metaclasses": r"""
class M(type):
    seen = []
    def __new__(m, n, b, d):
        m.seen.append(n)
        return super().__new__(m, n, b, d)
class A(metaclass=M): pass
class B(A): pass
print(M.seen, B.__mro__)
""",
    "descriptors": r"""
class D:
    def __set_name__(s, o, n): s.n = n
    def __get__(s, i, o): return (s.n, i is None)
class A: x = D()
print(A.x, A().x)
""",
    "slots": r"""
class P:
    __slots__ = ('x',)
p = P()
p.x = 1
try: p.y = 2
except AttributeError: print('no y')
print(p.x)
""",
    "named tuples": r"""
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 0
p = P(3)
print(p, p._replace(y=9), p._asdict(), p == (3, 0))
""",
    "protocols": r"""
from typing import Protocol, runtime_checkable
@runtime_checkable
class Q(Protocol):
    def quack(self): ...
class D:
    def quack(self): return 'q'
print(isinstance(D(), Q), isinstance(3, Q))
""",
    "generics": r"""
from typing import Generic, TypeVar, get_type_hints
T = TypeVar('T')
class S(Generic[T]):
    def push(self, x: int) -> None: ...
print(S[int], get_type_hints(S.push))
""",
    "flags": r"""
from enum import Flag, IntEnum, auto
class P(Flag):
    R = auto(); W = auto()
class N(IntEnum):
    A = 1; B = 2
print(P.R | P.W, P.R in (P.R | P.W), N.A + N.B, N(2).name)
""",
    "permutations": r"""
from itertools import combinations, product, accumulate, islice, count, takewhile, chain
print(list(combinations('abcd', 3)), list(product([0, 1], repeat=2)))
print(list(accumulate([1, 2, 3, 4])), list(islice(count(5, 5), 3)), list(chain('ab', 'c')))
""",
    "reductions": r"""
from functools import reduce, partial, cmp_to_key
import operator as o
print(reduce(o.mul, range(1, 8)), partial(pow, 2)(10), sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
print(o.itemgetter(1, 0)('ab'), o.attrgetter('real')(3))
""",
    "dispatch": r"""
from functools import singledispatch, cached_property, total_ordering
@singledispatch
def f(x): return 'any'
@f.register
def _(x: int): return 'int'
class A:
    @cached_property
    def v(self): print('once'); return 7
a = A()
print(f(1), f('x'), a.v, a.v)
""",
    "counting words": r"""
from collections import Counter
t = 'the cat and the dog and the bird'
c = Counter(t.split())
print(c.most_common(2), c.total(), (c - Counter(the=1))['the'])
""",
    "queues": r"""
import queue, collections
q = queue.PriorityQueue()
for n in (3, 1, 2): q.put(n)
print([q.get() for _ in range(3)], q.empty())
d = collections.deque(range(5), maxlen=3)
d.rotate(1)
print(d)
""",
    "sieve": r"""
def sieve(n):
    s = bytearray([1]) * (n + 1)
    s[:2] = b'\0\0'
    for i in range(2, int(n ** 0.5) + 1):
        if s[i]: s[i * i::i] = bytes(len(s[i * i::i]))
    return [i for i, p in enumerate(s) if p]
p = sieve(10000)
print(len(p), sum(p), p[-5:])
""",
    "collatz": r"""
def c(n):
    k = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        k += 1
    return k
print(max(range(1, 3000), key=c), c(27))
""",
    "big numbers": r"""
import math
print(math.factorial(60), 2 ** 200 % 10 ** 9, pow(3, 10 ** 18, 998244353), (10 ** 50).bit_length())
""",
    "digits of pi": r"""
def pi(n):
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    out = []
    while len(out) < n:
        if 4 * q + r - t < m * t:
            out.append(m)
            q, r, m = 10 * q, 10 * (r - m * t), 10 * (3 * q + r) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return ''.join(map(str, out))
print(pi(60))
""",
    "matrices": r"""
def mul(a, b): return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]
m = [[1, 1], [1, 0]]
r = m
for _ in range(30): r = mul(r, m)
print(r, [list(t) for t in zip(*[[1, 2], [3, 4]])])
""",
    "elimination": r"""
from fractions import Fraction as F
a = [[F(2), F(1), F(5)], [F(1), F(3), F(10)]]
k = a[1][0] / a[0][0]
a[1] = [y - k * x for x, y in zip(a[0], a[1])]
y = a[1][2] / a[1][1]
print((a[0][2] - a[0][1] * y) / a[0][0], y)
""",
    "newton": r"""
x = 1.0
for _ in range(20): x -= (x * x - 2) / (2 * x)
print(round(x, 12))
""",
    "monte carlo": r"""
import random
r = random.Random(42)
n = sum(r.random() ** 2 + r.random() ** 2 < 1 for _ in range(20000))
print(4 * n / 20000)
""",
    "bootstrap": r"""
import random, statistics as s
r = random.Random(1)
d = [r.gauss(10, 2) for _ in range(50)]
m = sorted(s.fmean(r.choices(d, k=50)) for _ in range(300))
print(round(m[7], 3), round(m[292], 3))
""",
    "dijkstra": r"""
import heapq
g = {'a': {'b': 7, 'c': 3}, 'b': {'d': 2}, 'c': {'b': 1, 'd': 8}, 'd': {}}
dist, q = {}, [(0, 'a')]
while q:
    d, n = heapq.heappop(q)
    if n not in dist:
        dist[n] = d
        for m, w in g[n].items(): heapq.heappush(q, (d + w, m))
print(dist)
""",
    "topological order": r"""
from graphlib import TopologicalSorter, CycleError
print(list(TopologicalSorter({'d': {'b', 'c'}, 'b': {'a'}, 'c': {'a'}, 'a': {}}).static_order())[0])
try: list(TopologicalSorter({1: {2}, 2: {1}}).static_order())
except CycleError: print('cycle')
""",
    "breadth first": r"""
from collections import deque
w = ['..#.', '.#..', '....']
q, seen = deque([(0, 0, 0)]), {(0, 0)}
while q:
    r, c, d = q.popleft()
    if (r, c) == (2, 3): print(d)
    for a, b in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
        if 0 <= a < 3 and 0 <= b < 4 and w[a][b] == '.' and (a, b) not in seen:
            seen.add((a, b)); q.append((a, b, d + 1))
""",
    "queens": r"""
def q(n, rows=()):
    if len(rows) == n: return 1
    return sum(q(n, rows + (c,)) for c in range(n) if all(c != x and abs(c - x) != len(rows) - i for i, x in enumerate(rows)))
print(q(6), q(7))
""",
    "knapsack": r"""
w, v, cap = [1, 3, 4, 5], [1, 4, 5, 7], 7
d = [0] * (cap + 1)
for a, b in zip(w, v):
    for c in range(cap, a - 1, -1): d[c] = max(d[c], d[c - a] + b)
print(d)
""",
    "edit distance": r"""
from functools import cache
def lev(a, b):
    @cache
    def f(i, j):
        if not i or not j: return i + j
        return min(f(i - 1, j) + 1, f(i, j - 1) + 1, f(i - 1, j - 1) + (a[i - 1] != b[j - 1]))
    return f(len(a), len(b))
print(lev('kitten', 'sitting'), lev('', 'abc'))
""",
    "hanoi": r"""
def h(n, a='A', b='B', c='C'):
    return h(n - 1, a, c, b) + [(a, c)] + h(n - 1, b, a, c) if n else []
print(len(h(10)), h(3))
""",
    "binary trees": r"""
def ins(t, x): return (None, x, None) if t is None else (ins(t[0], x), t[1], t[2]) if x < t[1] else (t[0], t[1], ins(t[2], x))
def walk(t):
    if t: yield from walk(t[0]); yield t[1]; yield from walk(t[2])
t = None
for x in [5, 2, 8, 1, 9, 3]: t = ins(t, x)
print(list(walk(t)))
""",
    "game of life": r"""
c = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
from collections import Counter
for _ in range(8):
    n = Counter((x + i, y + j) for x, y in c for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j)
    c = {p for p in n if n[p] == 3 or n[p] == 2 and p in c}
print(sorted(c))
""",
    "roman numerals": r"""
def r(n):
    s = ''
    for v, t in [(1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'), (50, 'L'), (40, 'XL'), (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I')]:
        s += t * (n // v); n %= v
    return s
print(r(1994), r(2024), r(49))
""",
    "ciphers": r"""
import string
t = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[3:] + 'abc')
print('hello, world'.translate(t), bytes(b ^ 42 for b in b'secret'), __import__('codecs').encode('Hello', 'rot13'))
""",
    "strings": r"""
s = '  The Quick brown  '
print(repr(s.strip().title()), s.split(), s.count('Q'), s.find('zz'), s.replace(' ', '_'), 'x'.join('abc'), 'abc'.partition('b'), 'é'.upper(), 'ß'.casefold())
""",
    "formats": r"""
import datetime
print(f'{1234567.891:,.2f} {42:08b} {255:#x} {0.256:.1%} {"a":^7}| {3:+d} {1e10:g} {datetime.date(2024, 1, 2):%d/%m}', '%05.1f %s %r' % (2.5, 'a', 'b'))
""",
    "encodings": r"""
t = 'naïve 日本 😀'
print(t.encode(), t.encode('utf-16-le').hex(), t.encode('ascii', 'xmlcharrefreplace'), b'\xe9'.decode('latin-1'), [hex(ord(c)) for c in t[-2:]])
""",
    "unicode": r"""
import unicodedata as u
print(u.name('é'), u.category('A'), u.normalize('NFKC', 'ﬁ'), len(u.normalize('NFD', 'é')), '１２'.isdigit(), int('１２'))
""",
    "regular expressions": r"""
import re
p = re.compile(r'(?P<y>\d{4})-(?P<m>\d\d)')
print(p.search('on 2024-07-01').groupdict(), re.split(r'[,;]\s*', 'a, b;c'), re.sub(r'(\w+) (\w+)', r'\2 \1', 'hello world'), [m.span() for m in re.finditer('a.', 'abacad')], re.fullmatch('a+', 'aab'))
""",
    "a parser": r"""
import re
def calc(s):
    t = re.findall(r'\d+|[-+*/()]', s)
    def e():
        v = m()
        while t and t[0] in '+-': v = v + m() if t.pop(0) == '+' else v - m()
        return v
    def m():
        v = a()
        while t and t[0] in '*/': v = v * a() if t.pop(0) == '*' else v / a()
        return v
    def a():
        x = t.pop(0)
        if x == '(':
            v = e(); t.pop(0); return v
        return int(x)
    return e()
print(calc('2*(3+4)-5'), calc('8/4/2'))
""",
    "tables": r"""
rows = [('Ann', 30, 1.5), ('Bob', 4, 22.25)]
for n, a, w in [('name', 'age', 'kg'), *rows]: print(f'{n:<6}{a:>5}{w:>8}')
""",
    "pretty printing": r"""
import pprint
pprint.pprint({'b': list(range(30)), 'a': {'x': 'y' * 40, 'z': [None, True]}}, width=50)
""",
    "csv dialects": r"""
import csv, io
print(list(csv.reader(io.StringIO('a;"b;c"\n1;2\n'), delimiter=';')), csv.Sniffer().sniff('a\tb\n1\t2\n').delimiter)
""",
    "json streams": r"""
import json
print([json.loads(l) for l in '{"a": 1}\n[2]'.splitlines()], json.dumps(float('nan')), json.dumps('é'), json.dumps({'b': (1, 2)}, separators=(',', ':')))
try: json.loads('{')
except json.JSONDecodeError as exc: print(exc.pos)
""",
    "configurations": r"""
import configparser, tomllib
c = configparser.ConfigParser()
c.read_string('[a]\nx = 1\ny = %(x)s2\n')
print(dict(c['a']), c.getint('a', 'y'), tomllib.loads('a = [1, 2]\n[b]\nc = 2024-01-01'))
""",
    "markup": r"""
import xml.etree.ElementTree as E, html
r = E.Element('r', n='1')
E.SubElement(r, 'c').text = '<&>'
print(E.tostring(r, 'unicode'), html.unescape('&eacute;&lt;'), [e.tag for e in r.iter()])
""",
    "html pages": r"""
from html.parser import HTMLParser
class P(HTMLParser):
    def handle_starttag(self, t, a): print(t, a)
    def handle_data(self, d): print(repr(d))
P().feed('<p class=x>hi <b>you</b></p>')
""",
    "addresses": r"""
from urllib.parse import urlparse, parse_qs, quote, urljoin
u = urlparse('https://a.org:8080/p/q?x=1&x=2#f')
print(u.netloc, u.port, parse_qs(u.query), quote('a b/é'), urljoin('http://a/b/c', '../d'))
import ipaddress
print(ipaddress.ip_network('10.0.0.0/29').num_addresses)
""",
    "mail": r"""
from email.message import EmailMessage
m = EmailMessage()
m['Subject'] = 'Hi'
m['To'] = 'a@b.org'
m.set_content('text')
print(m.as_string())
""",
    "times": r"""
from datetime import datetime, timedelta, timezone, date
d = datetime(2024, 3, 31, 1, 30, tzinfo=timezone.utc)
print(d + timedelta(hours=36), d.isoformat(), d.timestamp(), date(2024, 12, 30).isocalendar(), datetime.strptime('03 Feb 2021', '%d %b %Y'))
""",
    "time zones": r"""
from datetime import datetime
from zoneinfo import ZoneInfo
d = datetime(2024, 1, 15, 12, tzinfo=ZoneInfo('America/New_York'))
print(d.astimezone(ZoneInfo('Asia/Tokyo')), d.utcoffset(), d.tzname())
""",
    "calendars": r"""
import calendar
print(calendar.TextCalendar(6).formatmonth(2023, 2), calendar.isleap(1900), tuple(map(int, calendar.monthrange(2024, 2))), calendar.day_name[2])
""",
    "money": r"""
from decimal import Decimal as D, ROUND_HALF_UP, ROUND_HALF_EVEN, localcontext
print(D('2.665').quantize(D('.01'), ROUND_HALF_UP), D('0.1') + D('0.2'), D('1E+3').normalize(), D('NaN').is_nan())
with localcontext() as c:
    c.prec = 5
    print(D(1) / 3)
""",
    "compound interest": r"""
b = 1000.0
for y in range(1, 6):
    b *= 1.05
    print(f'{y}: {b:,.2f}')
""",
    "complex numbers": r"""
import cmath
z = 3 + 4j
print(abs(z), z.conjugate(), z * 1j, z ** 2, complex('1-2j'), cmath.isclose(cmath.exp(cmath.pi * 1j), -1))
""",
    "statistics of groups": r"""
import statistics as s
d = {'a': [1, 2, 3, 4], 'b': [2, 2, 5]}
print({k: (s.mean(v), s.median(v), s.pvariance(v), s.mode(v)) for k, v in d.items()}, s.correlation([1, 2, 3], [2, 4, 7]))
""",
    "histograms": r"""
import random, collections
r = random.Random(3)
c = collections.Counter(sum(r.randint(1, 6) for _ in range(2)) for _ in range(500))
for k in sorted(c): print(f'{k:2} ' + '#' * (c[k] // 5))
""",
    "integration": r"""
import math
n = 2000
h = math.pi / n
s = math.sin
print(round(h / 3 * (s(0) + s(math.pi) + 4 * sum(s(i * h) for i in range(1, n, 2)) + 2 * sum(s(i * h) for i in range(2, n, 2))), 9))
""",
    "runge kutta": r"""
y, t, h = 1.0, 0.0, 0.1
f = lambda t, y: -2 * y + t
for _ in range(20):
    a = f(t, y); b = f(t + h / 2, y + h * a / 2); c = f(t + h / 2, y + h * b / 2); d = f(t + h, y + h * c)
    y += h * (a + 2 * b + 2 * c + d) / 6; t += h
print(round(y, 9))
""",
    "fourier": r"""
import cmath
def fft(x):
    n = len(x)
    if n == 1: return x
    e, o = fft(x[::2]), fft(x[1::2])
    t = [cmath.exp(-2j * cmath.pi * k / n) * o[k] for k in range(n // 2)]
    return [e[k] + t[k] for k in range(n // 2)] + [e[k] - t[k] for k in range(n // 2)]
print([round(abs(v), 6) for v in fft([1, 1, 1, 1, 0, 0, 0, 0])])
""",
    "arrays of bytes": r"""
import array, struct
a = array.array('d', [1.5, 2.5])
a.append(3)
m = memoryview(bytearray(b'abcd'))
m[1:3] = b'XY'
print(a, bytes(m), struct.unpack('<hI', struct.pack('<hI', -2, 7)), struct.calcsize('>bdq'))
""",
    "compression": r"""
import zlib, gzip, io
d = b'abc' * 1000
print(len(zlib.compress(d, 9)) < 60, zlib.adler32(d), gzip.open(io.BytesIO(gzip.compress(d))).read(5))
""",
    "tar archives": r"""
import tarfile, io
b = io.BytesIO()
with tarfile.open(fileobj=b, mode='w:gz') as t:
    i = tarfile.TarInfo('a.txt'); i.size = 2; t.addfile(i, io.BytesIO(b'hi'))
b.seek(0)
print(tarfile.open(fileobj=b).extractfile('a.txt').read())
""",
    "hashing": r"""
import hashlib, hmac, secrets, uuid
print(hashlib.blake2b(b'x', digest_size=8).hexdigest(), hashlib.sha3_256(b'').hexdigest()[:16], hmac.compare_digest('a', 'a'), len(secrets.token_hex(8)), uuid.uuid5(uuid.NAMESPACE_DNS, 'a.org'))
""",
    "temporary files": r"""
import tempfile, os
with tempfile.NamedTemporaryFile('w+', suffix='.txt') as f:
    f.write('abc'); f.seek(1); print(f.read(), os.path.exists(f.name), f.name.endswith('.txt'))
with tempfile.TemporaryFile() as f: print(f.write(b'12'))
""",
    "walking folders": r"""
import os, tempfile, glob, pathlib
d = tempfile.mkdtemp()
for n in ('a/b', 'a/c', 'd'): os.makedirs(f'{d}/{n}'); open(f'{d}/{n}/f.txt', 'w').close()
print(sorted(os.path.relpath(r, d) for r, _, _ in os.walk(d)), sorted(os.path.relpath(p, d) for p in glob.glob(d + '/**/*.txt', recursive=True)))
""",
    "paths": r"""
from pathlib import PurePosixPath as P
p = P('/a/b/../c.tar.gz')
print(p.name, p.stem, p.suffixes, p.parent, p.with_suffix('.x'), P('a') / 'b', p.parts, P('/a/b').relative_to('/a'))
""",
    "reading lines": r"""
import tempfile, os
p = tempfile.mktemp()
with open(p, 'w', newline='') as f: f.write('a\r\nb\n\nc')
print(open(p).readlines(), open(p, 'rb').read(), [l.strip() for l in open(p) if l.strip()], os.stat(p).st_size)
""",
    "seeking": r"""
import tempfile
with tempfile.TemporaryFile() as f:
    f.write(b'0123456789'); f.seek(-3, 2); print(f.read(2), f.tell()); f.seek(2); f.write(b'XX'); f.truncate(6); f.seek(0); print(f.read())
""",
    "shelves of copies": r"""
import shutil, tempfile, os
d = tempfile.mkdtemp()
open(d + '/a', 'w').write('1')
shutil.copy(d + '/a', d + '/b'); shutil.move(d + '/b', d + '/c')
print(sorted(os.listdir(d)), open(d + '/c').read())
shutil.rmtree(d)
print(os.path.exists(d))
""",
    "files of numbers": r"""
import tempfile, array, os
p = tempfile.mktemp()
with open(p, 'wb') as f: array.array('i', range(5)).tofile(f)
a = array.array('i')
with open(p, 'rb') as f: a.fromfile(f, 5)
print(a, os.path.getsize(p))
""",
    "sqlite joins": r"""
import sqlite3
c = sqlite3.connect(':memory:')
c.executescript('create table a (i integer primary key, n); create table b (i, v); insert into a (n) values ("x"), ("y"); insert into b values (1, 2.5), (1, 3), (2, null)')
c.row_factory = sqlite3.Row
print([tuple(r) for r in c.execute('select n, sum(v) s from a join b using (i) group by n order by n')], c.execute('select 1 as q').fetchone()['q'])
""",
    "sqlite functions": r"""
import sqlite3
c = sqlite3.connect(':memory:')
c.create_function('twice', 1, lambda x: x * 2)
try: c.execute('select nothing')
except sqlite3.OperationalError as exc: print(exc)
print(c.execute('select twice(21), upper("é"), date("2024-02-28", "+2 days")').fetchone())
""",
    "sqlite files": r"""
import sqlite3, tempfile, os
p = os.path.join(tempfile.mkdtemp(), 'x.db')
with sqlite3.connect(p) as c: c.execute('create table t (a)'); c.execute('insert into t values (1)')
c.close()
print(sqlite3.connect(p).execute('select * from t').fetchall(), os.listdir(os.path.dirname(p)))
""",
    "logging": r"""
import logging, io
s = io.StringIO()
l = logging.getLogger('a.b')
l.addHandler(logging.StreamHandler(s)); l.setLevel('INFO')
l.info('x %d', 3); l.debug('no')
try: 1 / 0
except ZeroDivisionError: l.exception('bad')
print(s.getvalue().splitlines()[0], 'ZeroDivisionError' in s.getvalue())
""",
    "warnings": r"""
import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    warnings.warn('old', DeprecationWarning)
print(len(w), w[0].category.__name__, w[0].message)
""",
    "captured output": r"""
import io, contextlib
b = io.StringIO()
with contextlib.redirect_stdout(b): print('inside', end='')
print(repr(b.getvalue()))
""",
    "command lines": r"""
import argparse
p = argparse.ArgumentParser(prog='x')
p.add_argument('f'); p.add_argument('-n', type=int, default=2); p.add_argument('--v', action='store_true')
print(p.parse_args(['a', '-n', '5', '--v']))
import shlex
print(shlex.split('a "b c" d\\ e'))
""",
    "doctests": r"""
import doctest
def f(n):
    '''
    >>> f(2)
    4
    '''
    return n * 2
print(doctest.DocTestFinder().find(f, 'f')[0].examples[0].want)
""",
    "mocks": r"""
from unittest.mock import Mock, patch
m = Mock(return_value=3)
print(m(1, a=2), m.call_args, m.call_count)
with patch('math.sqrt', return_value=9):
    import math
    print(math.sqrt(4))
""",
    "introspection": r"""
import inspect
def f(a, *b, c=1, **d) -> int: 'doc'
print(inspect.signature(f), f.__doc__, f.__annotations__, inspect.isgeneratorfunction(f), [n for n, _ in inspect.getmembers(3) if n == 'real'])
""",
    "syntax trees": r"""
import ast
t = ast.parse('x = [i ** 2 for i in range(3)]')
print([type(n).__name__ for n in ast.walk(t)][:5], ast.literal_eval('{"a": (1, 2)}'), ast.unparse(t))
""",
    "code as text": r"""
g = {}
exec('def f(x): return x + 1', g)
print(g['f'](2), eval('a * 2', {'a': 21}), compile('1+1', 'x', 'eval').co_filename)
""",
    "weak references": r"""
import weakref, gc
class A: pass
a = A()
r = weakref.ref(a)
d = weakref.WeakValueDictionary(k=a)
print(r() is a, len(d))
del a
gc.collect()
print(r(), len(d))
""",
    "copies": r"""
import copy
a = [[1], {'k': (2,)}]
b, c = copy.copy(a), copy.deepcopy(a)
a[0].append(9)
print(b[0], c[0])
""",
    "coroutines together": r"""
import asyncio
async def w(n):
    await asyncio.sleep(0.001 * n)
    return n * n
async def main():
    print(await asyncio.gather(*(w(n) for n in (3, 1, 2))))
    async with asyncio.timeout(1): print(await w(1))
    for f in asyncio.as_completed([w(2), w(1)]): print(await f)
asyncio.run(main())
""",
    "asynchronous generators": r"""
import asyncio
async def g():
    for i in range(3):
        await asyncio.sleep(0)
        yield i
async def main(): print([x async for x in g()])
asyncio.run(main())
""",
    "semaphores": r"""
import asyncio
async def main():
    s, log = asyncio.Semaphore(2), []
    async def w(n):
        async with s: log.append(n); await asyncio.sleep(0.001)
    await asyncio.gather(*map(w, range(4)))
    print(log)
asyncio.run(main())
""",
    "truth and identity": r"""
print(bool([]), 0 or 'x', None is None, [] == [], 1 == 1.0 == True, 'a' < 'b' < 'c', not '', any([]), all([]), hash(1) == hash(1.0))
""",
    "integers of bases": r"""
print(int('ff', 16), int('0b101', 0), bin(10), oct(8), hex(255), 7 // -2, 7 % -2, divmod(-7, 2), round(2.5), round(-1.5), 5 .bit_count(), -5 >> 1)
""",
    "sets": r"""
a, b = {1, 2, 3}, {2, 3, 4}
print(a & b, a | b, a - b, a ^ b, a <= b, frozenset(a) in {frozenset({1, 2, 3})})
""",
    "dictionaries": r"""
d = {'b': 1, 'a': 2}
d.setdefault('c', []).append(3)
print(d, d | {'a': 9}, d.pop('b'), list(d.items()), dict.fromkeys('xy', 0), d.get('zz', -1), sorted(d))
""",
    "bank account": r"""
class A:
    def __init__(self): self.b = 0
    def pay(self, n):
        if n > self.b: raise ValueError(f'only {self.b}')
        self.b -= n
a = A()
a.b = 10
try: a.pay(20)
except ValueError as exc: print(exc)
""",
    "text statistics": r"""
t = 'It was the best of times, it was the worst of times.'
import re, collections
w = re.findall(r'\w+', t.lower())
print(len(w), len(set(w)), collections.Counter(map(len, w)), max(w, key=len))
""",
    "anagrams": r"""
from collections import defaultdict
d = defaultdict(list)
for w in 'listen silent enlist google elgoog'.split(): d[''.join(sorted(w))].append(w)
print(dict(d))
""",
    "luhn": r"""
def ok(s):
    d = [int(c) for c in s[::-1]]
    return sum(d[::2] + [sum(divmod(2 * x, 10)) for x in d[1::2]]) % 10 == 0
print(ok('4539578763621486'), ok('4539578763621487'))
""",
    "sudoku row": r"""
import itertools
print(sum(1 for p in itertools.permutations(range(1, 6)) if p[0] < p[1] and p[3] == 5))
""",
    "magic squares": r"""
n = 5
m = [[n * ((i + j - 1 + n // 2) % n) + (i + 2 * j - 2) % n + 1 for j in range(1, n + 1)] for i in range(1, n + 1)]
for r in m: print(*(f'{v:3}' for v in r))
print({sum(r) for r in m} | {sum(c) for c in zip(*m)})
""",
    "levenshtein by difflib": r"""
import difflib
print(difflib.get_close_matches('appel', ['ape', 'apple', 'peach']), round(difflib.SequenceMatcher(None, 'abcd', 'bcde').ratio(), 3))
print('\n'.join(difflib.ndiff(['one', 'two'], ['one', 'tree'])))
""",
    "wrapped text": r"""
import textwrap
t = 'Beautiful is better than ugly. Explicit is better than implicit.'
print(textwrap.fill(t, 25, initial_indent='* ', subsequent_indent='  '), textwrap.shorten(t, 30), textwrap.dedent('  a\n   b'))
""",
    "the zen": r"""
import this
""",
}
