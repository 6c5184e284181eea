"""A real JupyterLab on loopback, with folders of its own: nothing of the user's is read."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

TOKEN = "loopback"
BOOT_SECONDS = 60
Settings = dict[str, dict[str, dict[str, Any]]]
# Keeps the first page from asking whether to fetch news from the network.
SETTINGS: Settings = {"@jupyterlab/apputils-extension": {"notification": {"fetchNews": "false"}}}
# Else each page starts node twice, to ask whether JupyterLab is to be built.
PAGE = {"buildAvailable": False, "buildCheck": False}
# Those of jupyter-collaboration, which change how each page gets its notebooks.
SHARING = ("@jupyter/collaboration-extension", "@jupyter/docprovider-extension")
ALONE = "--ServerApp.jpserver_extensions={'jupyter_server_ydoc': False}"
FLAGS = (
    "--no-browser",
    "--allow-root",
    "--port-retries=0",
    "--ServerApp.local_hostnames=['localhost', 'plain.test']",
    f"--IdentityProvider.token={TOKEN}",
    "--LabApp.expose_app_in_browser=True",
    "--JupyterNotebookApp.expose_app_in_browser=True",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=None",
)


@dataclass(frozen=True)
class Server:
    """`folder` is where its notebooks are, and `place` the way to it from the server's root."""

    url: str
    folder: Path
    home: Path
    place: str = ""

    def inside(self, name: str) -> "Server":
        """Return the same server with a new folder for notebooks."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)  # its tests that hold a clock come later
        return replace(self, folder=folder, place=f"{self.place}{name}/")

    @contextmanager
    def configured(self, settings: Settings) -> Iterator[None]:
        """Let a page that is loaded in the block find these settings: package, plugin, name, value.

        They are those a user would have made.
        """
        made = _write_settings(self.home, settings)
        yield
        for path in made:
            path.unlink()

    def end_kernels(self) -> None:
        """Shut down all kernels of the server, of whatever folder."""
        for session in json.loads(self._ask("GET", "sessions")):
            self._ask("DELETE", f"sessions/{session['id']}")

    def _ask(self, method: str, what: str) -> bytes:
        with urlopen(Request(f"{self.url}/api/{what}?token={TOKEN}", method=method)) as answer:
            return bytes(answer.read())

    def workspace(self, name: str) -> str:
        """Return the address of JupyterLab with a workspace of its own.

        In one that another page has used, JupyterLab opens that page's notebooks and starts their
        kernels: https://jupyterlab.readthedocs.io/en/stable/user/urls.html#managing-workspaces-ui
        """
        return f"{self.url}/lab/workspaces/{name}?token={TOKEN}"

    def notebook(self, name: str) -> str:
        """Return the address of a notebook: in Notebook 7 each has a page of its own."""
        return f"{self.url}/notebooks/{self.place}{name}?token={TOKEN}"


@contextmanager
def serve(folder: Path, *, shares: bool = False) -> Iterator[Server]:
    """Run JupyterLab and Notebook 7 over `folder` until the block ends.

    With `shares` the pages on one notebook share it, as jupyter-collaboration lets them.
    """
    port = _free_port()
    own = (f"--port={port}", f"--ServerApp.root_dir={folder}")
    with TemporaryDirectory() as home:
        _write_settings(Path(home), SETTINGS)
        _configure_pages(Path(home), disabled=() if shares else SHARING)
        if not shares:
            own = (*own, ALONE)
        log = Path(home, "server.log")
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *FLAGS, *own],
                env=_environment(Path(home)),
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=folder,
            )
        try:
            _wait(process, f"http://127.0.0.1:{port}", log)
            yield Server(f"http://127.0.0.1:{port}", folder, Path(home))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                # Seen where a kernel had only begun to start when the server was told to end.
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: Path) -> dict[str, str]:
    folders = {
        "HOME": home,
        # The compiled sandbox is the one thing worth sharing: it takes seconds to make.
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache",
        "PYTHONPATH": Path(__file__).parents[1],
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GEMINI_", "GOOGLE_"))}
    return {**kept, **{name: str(path) for name, path in folders.items()}}


def _configure_pages(home: Path, disabled: tuple[str, ...]) -> None:
    path = home / "config" / "labconfig" / "page_config.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**PAGE, "disabledExtensions": dict.fromkeys(disabled, True)}))


def _write_settings(home: Path, settings: Settings) -> list[Path]:
    made = []
    for package, plugins in settings.items():
        for plugin, values in plugins.items():
            path = home / "settings" / package / f"{plugin}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))
            made.append(path)
    return made


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    started = monotonic()
    while True:
        try:
            with urlopen(f"{url}/api/status?token={TOKEN}", timeout=1):
                return
        except (URLError, OSError):
            if process.poll() is not None or monotonic() - started > BOOT_SECONDS:
                raise RuntimeError(log.read_text()[-3000:]) from None
            sleep(0.1)
