import os

import pytest
from IPython.core.interactiveshell import InteractiveShell
from loopback import serving

CREDENTIALS = ("GEMINI_", "GOOGLE_", "CLOUDSDK_")


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


@pytest.fixture(scope="module")
def shell():
    """A real IPython shell with the extension loaded."""
    started = InteractiveShell.instance()
    started.run_line_magic("load_ext", "gemini_magic")
    yield started
    InteractiveShell.clear_instance()


@pytest.fixture
def mended(lab):
    """The page of a module's tests, with the notebook of a run that was mended."""
    lab.open("mended.ipynb")
    yield lab
    lab.close()
    assert lab.errors == []
