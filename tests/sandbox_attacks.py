"""Programs that try to get out of the sandbox, or to take the machine with them.

Each is given FILE (a file of the host with a secret), FOLDER (one that may be written to), PORT (a
server on loopback) and PARENT (a process id). Each prints REACHED when it got what it wanted.
"""

READING = {
    "a file by its path": "print('REACHED', open(FILE).read())",
    "a file by os.open": "import os\nprint('REACHED', os.read(os.open(FILE, os.O_RDONLY), 99))",
    "a file by FileIO": "import io\nprint('REACHED', io.FileIO(FILE).read())",
    "a file by _pyio": "import _pyio\nprint('REACHED', _pyio.FileIO(FILE).read())",
    "the accounts": "print(open('/etc/passwd').read())\nprint('REACHED')",
    "a way up": "print('REACHED', open('../../../../../../../..' + FILE).read())",
    "a link": "import os\nos.symlink(FILE, 'x')\nprint('REACHED', open('x').read())",
    "a hard link": "import os\nos.link(FILE, 'x')\nprint('REACHED', open('x').read())",
    "a mounted folder": "import os\nos.chdir(os.path.dirname(FILE))\nprint('REACHED')",
    "a file as a database": (
        "import sqlite3\nsqlite3.connect(FILE).execute('select 1 from sqlite_master')\n"
        "print('REACHED')"
    ),
    "a file as a module": (
        "import importlib.machinery as m\n"
        "m.SourceFileLoader('x', FILE).load_module()\nprint('REACHED')"
    ),
    "a file in the trace": "import linecache\nif linecache.getlines(FILE): print('REACHED')",
    "its own process": "print(open('/proc/self/environ').read())\nprint('REACHED')",
    "the environment": "import os\nif os.environ: print('REACHED', os.environ)",
    "the arguments": "import sys\nif len(sys.argv + sys.orig_argv) > 2: print('REACHED', sys.argv)",
    "the host's modules": "import gemini_magic\nprint('REACHED')",
    "the worker's modules": "import wasmtime\nprint('REACHED')",
    "a descriptor left open": (
        "import io\nfor n in range(3, 300):\n  try: io.FileIO(n).read(1)\n"
        "  except OSError: continue\n  print('REACHED', n)"
    ),
    "what stdin says": "import sys\nif sys.stdin.read(): print('REACHED')",
}

WRITING = {
    "a file": "open(FOLDER + '/new', 'w').write('x')\nprint('REACHED')",
    "a file by FileIO": "import io\nio.FileIO(FOLDER + '/new', 'w')\nprint('REACHED')",
    "a database": (
        "import sqlite3\nsqlite3.connect(FOLDER + '/new').execute('create table t (x)')\n"
        "print('REACHED')"
    ),
    "away a file": "import os\nos.remove(FILE)\nprint('REACHED')",
    "away a folder": "import shutil\nshutil.rmtree(FOLDER)\nprint('REACHED')",
}

NETWORK = {
    "a connection": (
        "import socket\nsocket.create_connection(('127.0.0.1', PORT))\nprint('REACHED')"
    ),
    "a bare socket": (
        "import _socket\ns = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)\n"
        "s.connect(('127.0.0.1', PORT))\nprint('REACHED')"
    ),
    "a datagram": (
        "import _socket\ns = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)\n"
        "s.sendto(b'x', ('127.0.0.1', PORT))\nprint('REACHED')"
    ),
    "a server": (
        "import _socket\ns = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)\n"
        "s.bind(('127.0.0.1', 0)); s.listen()\nprint('REACHED')"
    ),
    "a page": (
        "import urllib.request as u\nu.urlopen(f'http://127.0.0.1:{PORT}/')\nprint('REACHED')"
    ),
    "the metadata": (
        "import http.client as h\n"
        "h.HTTPConnection('169.254.169.254', timeout=1).request('GET', '/')"
        "\nprint('REACHED')"
    ),
    "a name": "import _socket\nprint(_socket.getaddrinfo('localhost', PORT))\nprint('REACHED')",
    "asyncio": (
        "import asyncio\nasync def main():\n"
        "  await asyncio.open_connection('127.0.0.1', PORT)\n  print('REACHED')\n"
        "asyncio.run(main())"
    ),
}

PROCESSES = {
    "a shell": "import os\nif os.system('true') == 0: print('REACHED')",
    "subprocess": "import subprocess\nsubprocess.run(['true'])\nprint('REACHED')",
    "fork": "import os\nos.fork()\nprint('REACHED')",
    "exec": "import os\nos.execv('/bin/true', ['true'])\nprint('REACHED')",
    "posix_spawn": "import os\nos.posix_spawn('/bin/true', ['true'], {})\nprint('REACHED')",
    "fork_exec": "import _posixsubprocess\nprint('REACHED')",
    "multiprocessing": (
        "import multiprocessing as m\nm.Process(target=print).start()\nprint('REACHED')"
    ),
    "a thread": "import _thread\n_thread.start_new_thread(print, ('REACHED',))",
    "ctypes": "import ctypes\nctypes.CDLL(None).getpid()\nprint('REACHED')",
    "mmap": "import mmap\nmmap.mmap(-1, 4096)\nprint('REACHED')",
    "a signal to the parent": (
        "import os, signal\nos.kill(PARENT, signal.SIGKILL)\nprint('REACHED')"
    ),
    "a signal by the C module": "import _signal\n_signal.raise_signal(9)\nprint('REACHED')",
}

EXHAUSTION = {
    "memory": "a = []\nwhile True: a.append(bytearray(10**7))",
    "memory at once": "b'x' * (10**12)",
    "memory, caught": (
        "a = []\nwhile True:\n  try: a.append(bytearray(10**6))\n  except MemoryError: pass"
    ),
    "memory by doubling": "s = 'x'\nwhile True: s += s",
    "the disk": "n = 0\nwhile True:\n  open(f'f{n}', 'wb').write(bytes(10**6)); n += 1",
    "the disk by names": "n = 0\nwhile True:\n  open(f'f{n}', 'w').close(); n += 1",
    "the disk by a hole": "f = open('f', 'wb'); f.truncate(10**12)",
    "descriptors": "import os\na = [os.open('f', os.O_CREAT | os.O_RDWR) for _ in range(10**9)]",
    "output": "while True: print('x' * 1000)",
    "output by its descriptor": "import os\nwhile True: os.write(1, b'x' * 65536)",
    "errors": "import sys\nwhile True: print('x' * 1000, file=sys.stderr)",
    "the stack": "def f(): f()\nf()",
    "the stack without its limit": (
        "import sys\nsys.setrecursionlimit(2**31 - 1)\ndef f(): f()\nf()"
    ),
    "the parser": "eval('(' * 100000)",
    "the parser by nesting": "eval('-' * 1000000 + '1')",
    "a deep repr": "a = []\nfor _ in range(10**6): a = [a]\nrepr(a)",
    "time in a loop": "while True: pass",
    "time asleep": "import time\nwhile True: time.sleep(1000)",
    "time in a pattern": "import re\nre.match('(a*)*b', 'a' * 60)",
    "time in a number": "9**9**9",
    "time in a sum": "sum(range(10**15))",
    "time, and no exception stops it": (
        "while True:\n  try:\n    while True: pass\n  except BaseException: pass"
    ),
    "time in a finaliser": "class A:\n  def __del__(self):\n    while True: pass\nA()",
}

BREAKING = {
    "recursion in C": "a = iter([1])\nfor _ in range(10**6): a = map(abs, a)\nlist(a)",
    "a lost library": (
        "import sys\nfor name in ('traceback', 'linecache', 'io', 'os', 'functools'):\n"
        "  vars(sys.modules[name]).clear()\n1 / 0"
    ),
    "lost sets of what runs blocks": (
        "import sys\nfor name in ('blocks', 'streams', 'databases'):\n"
        "  if name in sys.modules: vars(sys.modules[name]).clear()\n1 / 0"
    ),
    "an error that fights": (
        "class E(BaseException):\n"
        "  def __getattribute__(self, name): raise self\n"
        "  __str__ = __repr__ = lambda self: exit()\nraise E"
    ),
    "a forged end": (
        "import sys\nname = 'blocks' if 'blocks' in sys.modules else '_blocks'\n"
        "sys.modules[name].catch = print\n1 / 0"
    ),
    "a wild pointer": (
        "import types\ndef f(): pass\n"
        "f.__code__ = f.__code__.replace(co_code=bytes([83, 99, 83, 99] * 99), co_consts=())\nf()"
    ),
    "forged bytecode": "import marshal\nmarshal.loads(b'c' + b'\\xff' * 200)",
    "an end": "import os\nos._exit(0)",
    "an abort": "import os\nos.abort()",
    "a lost interpreter": "import sys\nsys.modules.clear()\nprint(1)",
    "lost built-in names": "import builtins\nvars(builtins).clear()\nprint(1)",
    "lost streams": "import sys\nsys.stdout.close(); sys.stderr.close()\nprint(1)",
    "a lost standard output": "import os, sys\nos.close(1)\nsys.stdout = None\nprint(1)",
    "its own hosts": (
        "import sys\nfor name in list(sys.modules):\n"
        "  if name in ('app', 'system', 'disk', 'stdlib'): vars(sys.modules[name]).clear()\n"
        "print(1)"
    ),
}
