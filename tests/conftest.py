import os

import pytest
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
