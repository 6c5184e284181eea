import gc
import os
import re
import signal
import sys
from collections import Counter, defaultdict
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from asking import KEY
from hypothesis import HealthCheck, settings
from interrupts import Interrupt
from IPython.core.interactiveshell import InteractiveShell
from kernel import kernel
from loopback import serving
from torture import SEED, summary

from gemini_magic.sandbox import science

CREDENTIALS = ("GEMINI_", "GOOGLE_", "CLOUDSDK_", "OPENAI_")
# Hypothesis, too, holds no clock: how fast a machine makes examples is no fact of ours.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
# For `make quick` and `make test`: `make torture` tries as many examples as Hypothesis by itself.
for name, examples in {"quick": 10, "sample": 20}.items():
    settings.register_profile(name, settings.get_profile("any machine"), max_examples=examples)
# What a test needs, by the fixtures that start it.
STARTS = {"chromium": "browser", "live": "kernel"}
KINDS = {"browser", "kernel", "process", "compile", "science", "growth", "clock", "torture"}


# What jsonschema imports of it, where Jupyter has brought it, takes a second of each process; it is
# for formats of addresses, which nobody here asks for.
sys.modules.setdefault("rfc3987_syntax", None)


def pytest_configure(config):
    # Started with SIGINT ignored (`nohup`, `&` in a script), Python installs no handler and hands
    # that on to every process it starts: https://docs.python.org/3/library/signal.html
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # All that tests ask is on this machine and without TLS; to read the authorities of certifi for
    # each client would take half of their time.
    os.environ["SSL_CERT_FILE"] = str(Path(__file__).parent / "data/authority.pem")


def pytest_ignore_collect(collection_path, config):
    """Pass over a file of whose tests `-m` chooses none: its imports would take seconds."""
    if collection_path.name.startswith("test_") and not may_choose(
        config.option.markexpr or "True", mentioned(collection_path)
    ):
        return True
    return None


@cache
def may_choose(expression, kinds):
    """Return whether `-m` chooses a test that has some of these markers, whichever they are.

    What cannot be read chooses all: pytest says later what is wrong with it.
    """
    try:
        code = compile(expression.strip(), "-m", "eval")
        for has in product((False, True), repeat=len(kinds)):
            if eval(code, {}, defaultdict(bool, zip(kinds, has, strict=True))):
                return True
    except Exception:
        return True
    return False


@cache
def mentioned(path):
    """Return the markers that tests of a file may have."""
    words = set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return tuple(sorted(KINDS & (words | {STARTS[name] for name in STARTS.keys() & words})))


def pytest_collection_modifyitems(config, items):
    if "torture" not in config.option.markexpr:
        long = [item for item in items if not in_sample(item)]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if in_sample(item)]
    for item in items:
        for fixture in STARTS.keys() & set(item.fixturenames):
            item.add_marker(STARTS[fixture])
        # Else `-m` would pass over it.
        named = {marker.name for marker in item.iter_markers()} & KINDS
        assert named <= set(mentioned(item.path)), f"{item.nodeid} is {named}: name it in the file"
        if item.get_closest_marker("science") and not science.is_installed():
            item.add_marker(pytest.mark.skip(reason="gemini-magic[science] is missing"))
    browsers = Counter(item.path for item in items if item.get_closest_marker("browser"))
    # Files that start a browser come last, and of these the longest first: then no process waits
    # long for another. A browser stays, with a loop of asyncio that others would meet.
    items.sort(
        key=lambda item: (
            bool(item.get_closest_marker("clock")),
            browsers[item.path] > 0,
            bool(item.get_closest_marker("kernel")),
            -browsers[item.path],
        )
    )


def pytest_collection_finish():
    # What is imported by now stays: no later collection needs to look through it.
    gc.freeze()


def in_sample(item):
    """Return whether `item` runs with all tests: see `torture`."""
    marker = item.get_closest_marker("torture")
    return marker is None or marker.kwargs["sample"]


def pytest_terminal_summary(terminalreporter, config):
    """The figures that `docs/security.md` states."""
    if "torture" in config.option.markexpr:
        terminalreporter.section(f"torture, seed {SEED}")
        for line in summary(terminalreporter.stats.get("passed", ())):
            terminalreporter.line(line)


@pytest.fixture
def count(record_property):
    """Adds to a figure of a long suite: see `torture`."""
    return record_property


@pytest.fixture(scope="session", autouse=True)
def _data_of_nobody(tmp_path_factory):
    """No test records into the home of who runs it; processes that are started inherit this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(autouse=True)
def _environment_of_nobody(monkeypatch):
    """No test depends on the credentials and addresses of the machine that runs it."""
    for name in os.environ:
        if name.startswith(CREDENTIALS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server():
    """A server on this machine in Gemini's place: see `loopback`."""
    with serving() as running:
        yield running


@pytest.fixture
def there(server, monkeypatch):
    """That server, as the environment names it."""
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    return server


@pytest.fixture
def session():
    """A session whose code runs in the light sandbox, which starts in milliseconds."""
    from gemini_magic.engines.kept_sandboxes import KeptSandboxes
    from gemini_magic.views.session import Session

    session = Session()
    session.sandboxes = KeptSandboxes(science=False)
    yield session
    session.sandboxes.close()


@pytest.fixture
def local(server, session):
    """Asks that server by chat completions: see `local`."""
    from local import Asker

    return Asker(server, session)


@pytest.fixture
def interrupt():
    """What interrupts this process when it is called."""
    return Interrupt()


@pytest.fixture(scope="module")
def shell():
    """A real IPython shell with the extension loaded."""
    started = InteractiveShell.instance()
    started.run_line_magic("load_ext", "gemini_magic")
    yield started
    InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def live():
    """A real kernel with the extension loaded."""
    with kernel() as started:
        yield started


@pytest.fixture(scope="session")
def chromium():
    """The browser of all tests."""
    from browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """The JupyterLab of all tests."""
    from labserver import serve

    with serve(tmp_path_factory.mktemp("jupyter")) as started:
        yield started


@pytest.fixture(scope="module")
def site(jupyter, request):
    """That JupyterLab, with a folder for the notebooks of one module."""
    yield jupyter.inside(request.module.__name__)
    jupyter.end_kernels()


@pytest.fixture(scope="session")
def _page(chromium, jupyter):
    from browser import Lab

    with Lab(chromium, jupyter) as page:
        yield page


@pytest.fixture(scope="module")
def jupyterlab(_page, site):
    """A page of that JupyterLab, which takes seconds to load, for modules that leave it whole."""
    with _page.lent(site) as page:
        yield page


@pytest.fixture
def fresh(_page, site):
    """The same page loaded anew, for one test, which takes half of the time of another page."""
    with _page.lent(site, anew=True) as page:
        yield page


@pytest.fixture(scope="module")
def fresh_for_all(_page, site):
    """The same for the tests of a module."""
    with _page.lent(site, anew=True) as page:
        yield page


@pytest.fixture
def mended(lab):
    """The page of a module's tests, with the notebook of a run that was mended."""
    lab.open("mended.ipynb")
    yield lab
    lab.close()
    assert lab.errors == []
