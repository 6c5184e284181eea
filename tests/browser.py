"""A real browser on a real JupyterLab, and notebooks whose outputs are stored runs."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

import nbformat
from labserver import Server
from playwright.sync_api import (
    Browser,
    Locator,
    Page,
    Playwright,
    TimeoutError,
    expect,
    sync_playwright,
)

MIME = "application/vnd.gemini-magic.run+json"
AXE = Path(__file__).parent.parent / "labextension/node_modules/axe-core/axe.min.js"
RUNS = Path(__file__).parent / "data" / "runs"
SHOTS = Path(__file__).parent.parent / "build"
# Those that `scripts/browser` looks for.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A host that is this machine and, unlike the loopback address, no secure context over http:
# https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy
PLAIN_HOST = "plain.test"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
]
NOTEBOOK = (
    "const panel = [...window.jupyterapp.shell.widgets('main')]"
    ".findLast(w => w.content?.widgets && w.sessionContext && !w.isDisposed);"
)
# A notebook that is opened to be read has no kernel, and is asked for none.
OPEN = """async ([path, kernel]) => {
    const kernelPreference = kernel
        ? {name: 'python3', id: kernel === true ? undefined : kernel, shouldStart: true}
        : {shouldStart: false, canStart: true, autoStartDefault: false};
    const opened = await window.jupyterapp.commands.execute(
        'docmanager:open', {path, factory: 'Notebook', kernelPreference});
    await opened.context.ready;
    await opened.revealed;
    if (kernel) {
        await opened.sessionContext.ready;
    }
}"""
# Thrown without our extension, too: jupyterlab_widgets 3.0.17 on a notebook without a kernel,
# Notebook 7.6 while it loads its settings, or before its file browser is there, and JupyterLab 4.6
# if a page is left while it asks for the subshell of a comm; and anywidget 0.11, if a model is
# closed before it has begun, or begins later than after two seconds.
OTHERS_ERRORS = (
    "jupyterlab-manager",
    "(reading 'schema')",
    "'filebrowser:open-path' not reg",
    "create_subshell_request",
    "[anywidget] Failed to initialize model",
)
VIOLATIONS = """async () => {
    const shown = [...document.querySelectorAll('.gm-run')].filter(run => run.checkVisibility());
    const {violations} = await window.axe.run(shown);
    return violations.flatMap(({id, nodes}) =>
        nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`));
}"""
RUN_CELL = """async () => {
    window.cellEnded = false;
    window.jupyterapp.commands.execute('notebook:run-cell').then(() => window.cellEnded = true);
}"""


# A machine that does other things, too, takes its time.
expect.set_options(timeout=20_000)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium or Chrome, else Playwright's own."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = _launch(playwright, path)
        yield browser
        browser.close()


def _launch(playwright: Playwright, path: str | None) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def stored(name: str) -> dict[str, Any]:
    """Return one of the documents that pytest and vitest share."""
    return json.loads((RUNS / f"{name}.json").read_text())


def write_notebook(path: Path, *runs: dict[str, Any], facts: dict[str, Any] | None = None) -> None:
    """Write a notebook with one `%%gemini_exec` cell for each run, as it is saved."""
    cells = []
    for run in runs:
        cell = nbformat.v4.new_code_cell(f"%%gemini_exec\n{run['prompt'][:60]}")
        data = {MIME: run, "text/html": "<em>the saved HTML</em>", "text/plain": "the saved text"}
        metadata = {MIME: facts} if facts else {}
        cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, path)


DRAWN = """frames => new Promise(drawn => {
    const next = () => (frames-- ? requestAnimationFrame(next) : drawn());
    next();
})"""
# Closes all that is open, unsaved.
CLOSE_ALL = """async kernels => {
    const { serviceManager, shell } = window.jupyterapp;
    if (kernels) await serviceManager.sessions.shutdownAll();
    for (const widget of [...shell.widgets('main')]) {
        if (widget.context) widget.context.model.dirty = false;
        widget.dispose();
    }
}"""
# With the kernel that it has. JupyterLab keeps what is open a moment later: it may open again what
# was closed, or not what was opened since.
REOPEN = """async path => {
    const { commands, shell } = window.jupyterapp;
    const opened = await commands.execute('docmanager:open', { path, factory: 'Notebook' });
    await opened.context.ready;
    await opened.revealed;
    for (const widget of [...shell.widgets('main')]) {
        if (widget !== opened) widget.dispose();
    }
}"""
NOWHERE = "about:blank"
VIEWPORT = {"width": 1200, "height": 1000}
NO_HISTORY = "panel.content.model.sharedModel.undoManager.undoStack.length === 0"


class Lab:
    """One page of JupyterLab, and the notebook that was opened in it last."""

    def __init__(self, browser: Browser, server: Server, address: str = "") -> None:
        self.server = server
        self.page: Page = browser.new_page(viewport=VIEWPORT)
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", self._keep)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("dialog", self._dismiss)
        self._load(address or server.workspace(uuid4().hex))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.page.context.close()

    @contextmanager
    def lent(self, server: Server, *, anew: bool = False) -> Iterator[Self]:
        """Let the tests of a module have this page, with a folder of its server.

        They leave no notebook, size or finding behind; a theme or an open side bar they put back.
        What `anew` loads, and leaves at its end, keeps nothing at all.
        """
        self.server = server
        if anew or self.page.url == NOWHERE:
            self._load(server.workspace(uuid4().hex))
        yield self
        if anew:
            self.page.goto(NOWHERE)
        else:
            self.close_all()
        self.page.set_viewport_size(VIEWPORT)
        for seen in (self.errors, self.dialogs, self.requests):
            seen.clear()

    def _load(self, address: str) -> None:
        self._reloaded = False
        self.page.goto(address)
        self._wait()

    def _wait(self) -> None:
        self.page.wait_for_function("() => window.jupyterapp?.restored", timeout=60_000)
        self.page.evaluate("() => window.jupyterapp.restored")

    def _keep(self, error: Any) -> None:
        stack = error.stack or str(error)
        if not any(known in stack for known in OTHERS_ERRORS):
            self.errors.append(stack)

    def _dismiss(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":
            dialog.accept()
        else:
            self.dialogs.append(dialog.message)
            dialog.dismiss()

    @property
    def remote_requests(self) -> list[str]:
        """The addresses asked for that are not this server's, by whatever tag or script."""
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in ("data", "blob")
            and urlsplit(url).hostname != "127.0.0.1"
        ]

    def open(self, notebook: str, *, kernel: bool | str = False) -> None:
        """Open a notebook without a kernel, with one of its own, or with the one of this id."""
        self.page.evaluate(OPEN, [self.server.place + notebook, kernel])
        if not kernel:
            self.views().first.wait_for()
            # A moment after its file has come, JupyterLab empties the undo history, in which
            # reading the file is a step (`Context.initialize` of its docregistry).
            self.page.wait_for_function(f"() => {{ {NOTEBOOK} return {NO_HISTORY}; }}")

    def kernel_id(self) -> str:
        return str(self.run_js("return panel.sessionContext.session.kernel.id"))

    def start(self, index: int) -> None:
        """Run the cell at `index`; return at once."""
        self.select(index)
        self.page.evaluate(RUN_CELL)

    def wait(self) -> None:
        """Wait until the cell that was started has ended."""
        self.page.wait_for_function("() => window.cellEnded", timeout=60_000)

    def draw(self, frames: int = 2) -> None:
        """Wait until so many frames are drawn, and with them what was to come with the next one."""
        self.page.evaluate(DRAWN, frames)

    def run(self, index: int) -> None:
        self.start(index)
        self.wait()

    def reload(self) -> None:
        """Load the page again, whatever is unsaved in it, with the notebook that it had open."""
        path = self.run_js("return panel.context.path")
        self.page.reload()
        self._wait()
        self.page.evaluate(REOPEN, path)
        self._reloaded = True

    def save(self) -> None:
        self.run_js("await panel.context.save()")

    def close(self) -> None:
        """Close the opened notebook as it is, unsaved."""
        self.run_js("panel.context.model.dirty = false; panel.dispose();")

    def close_all(self, *, kernels: bool = True) -> None:
        """Close all that is open, unsaved; end the kernels, or leave them to other notebooks."""
        self.page.evaluate(CLOSE_ALL, kernels)
        # What JupyterLab opens again late would come into what is done next.
        if self._reloaded:
            self._load(self.server.workspace(uuid4().hex))

    def run_js(self, body: str, arg: Any = None) -> Any:
        """Run JavaScript with the opened notebook's `panel` and an argument `arg`."""
        return self.page.evaluate(f"async arg => {{ {NOTEBOOK} {body} }}", arg)

    def cells(self) -> list[dict[str, Any]]:
        """Return the cells of the opened notebook's model."""
        return self.run_js("return panel.content.model.sharedModel.toJSON().cells")

    def sources(self) -> list[str]:
        return [
            source if isinstance(source, str) else "".join(source)
            for source in (cell["source"] for cell in self.cells())
        ]

    def select(self, index: int) -> None:
        self.run_js("panel.content.activeCellIndex = arg; panel.content.deselectAll();", index)

    def command(self, name: str) -> None:
        self.run_js("await window.jupyterapp.commands.execute(arg)", name)

    def end_undo_step(self) -> None:
        """Let the next undo take back only what comes now: one takes back all of half a second."""
        self.run_js("panel.content.model.sharedModel.undoManager.stopCapturing()")

    def undo(self) -> None:
        self.run_js("panel.content.model.sharedModel.undo()")

    def views(self) -> Locator:
        return self.page.locator(".gm-run:visible")

    def choose(self, view: Locator, name: str) -> None:
        """Take a command of a view's menu, which closes when the page scrolls under it.

        The page does so by itself for a while after an output has come.
        """
        for left in (2, 1, 0):
            view.get_by_role("button", name="More").click()
            try:
                self.page.get_by_role("menuitem", name=name).click(timeout=5_000)
                return
            except TimeoutError:
                if not left:
                    raise

    def theme(self, name: str) -> None:
        change = "window.jupyterapp.commands.execute('apputils:change-theme', {theme: arg})"
        self.page.evaluate(f"async arg => {{ await {change} }}", name)
        light = str(name == "JupyterLab Light").lower()
        self.page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
        # JupyterLab takes away twice what it shows meanwhile if the next change begins before that.
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def violations(self) -> list[str]:
        """Return what axe finds wrong in the visible runs, contrast included."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.add_script_tag(path=AXE)
        return self.page.evaluate(VIOLATIONS)

    def shoot(self, name: str, what: Locator | None = None) -> None:
        """Keep a picture in `build/`."""
        SHOTS.mkdir(exist_ok=True)
        (what or self.page).screenshot(path=SHOTS / f"{name}.png")
