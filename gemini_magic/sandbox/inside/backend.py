"""Matplotlib's way out of the scientific guest: a backend whose `show` hands PNG to the host."""

from __future__ import annotations

import io
import os
from base64 import b64encode
from pathlib import Path
from typing import Any

from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends import backend_agg
from matplotlib.backends.backend_agg import FigureCanvasAgg

SAVED: list[Any] = []
PIECE = 2**19  # characters


class FigureCanvas(FigureCanvasAgg):  # type: ignore[misc]
    """Shows a PNG that is saved under a name: the reader has no access to the file."""

    def print_figure(self, filename: Any, *args: Any, **options: Any) -> Any:
        result = super().print_figure(filename, *args, **options)
        if isinstance(filename, str | os.PathLike) and str(filename).endswith(".png"):
            send(Path(filename).read_bytes())
            SAVED.append(self.figure)
        return result


FigureManager = FigureManagerBase


def show(*_: object, **__: object) -> None:
    """Hand out all open figures but those that were saved, and close them."""
    try:
        for manager in Gcf.get_all_fig_managers():
            if manager.canvas.figure not in SAVED:
                send(drawn(manager.canvas))
    finally:
        Gcf.destroy_all()
        SAVED.clear()


def drawn(canvas: FigureCanvasAgg) -> bytes:
    """Return the figure as PNG, with no more margin than it needs."""
    file = io.BytesIO()
    canvas.print_figure(file, format="png", bbox_inches="tight")
    return file.getvalue()


def send(picture: bytes) -> None:
    """Hand `picture` out, in pieces that the way out takes."""
    from host import tools

    data = b64encode(picture).decode("ascii")
    for start in range(0, len(data), PIECE):
        tools.show(data[start : start + PIECE], start + PIECE >= len(data))


# Code for machines without a screen says `matplotlib.use("Agg")`, and means this one.
backend_agg._BackendAgg.FigureCanvas = backend_agg.FigureCanvas = FigureCanvas
backend_agg.show = show
