"""Runs with their pictures in LaTeX, PDF and other formats into which nbconvert makes Markdown.

    jupyter nbconvert --to pdf --LatexExporter.preprocessors=gemini_magic.nbconvert.RunPictures …

The Markdown of a saved run holds its pictures, where LaTeX takes files only.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import ExtractOutputPreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Unicode

from .answer.excerpt import EXCERPT_MIME
from .answer.excerpt import read as read_excerpt
from .answer.shown import Picture, shown_alone
from .errors import RecordingError
from .runs.documents import run_of_output
from .runs.markdown import alt, apart, neutral_line, shown_apart
from .runs.run import Run
from .runs.text import where

MARKDOWN = "text/markdown"
# What every TeX of today includes; nbconvert extracts no other pictures that have pixels.
_TYPES = ("image/png", "image/jpeg")


class RunPictures(ExtractOutputPreprocessor):
    """Replaces the output of a run, or of attempts of one, by its words and its pictures, by turns.

    Only where the exporter would take the Markdown: an exporter to HTML has the pictures in that.
    The pictures are extracted here, as those of a notebook were before an exporter's own
    preprocessors are called.
    """

    output_filename_template = Unicode(
        "{unique_key}_{cell_index}_run_{index}{extension}",
        help="Names of the files, of which {index} counts those of a cell.",
    ).tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if not cell.get("outputs"):
            return cell, resources
        replaced = [self._pieces(output, resources) for output in cell.outputs]
        new = [piece for pieces in replaced for piece in pieces]
        super().preprocess_cell(NotebookNode(outputs=new), resources, index)  # type: ignore[no-untyped-call]
        pairs = zip(cell.outputs, replaced, strict=True)
        cell.outputs = [each for output, pieces in pairs for each in pieces or [output]]
        return cell, resources

    def _pieces(self, output: NotebookNode, resources: dict[str, Any]) -> list[NotebookNode]:
        """Return what stands for an output, nothing if it stays as it is."""
        pieces = list(self._apart(output, resources))
        if not any(isinstance(piece, Picture) for piece in pieces):
            return []
        # The first is a result with its number, if the output was one.
        first = NotebookNode(output, data=_data(pieces[0]), metadata=NotebookNode())
        return [first, *(new_output("display_data", data=_data(piece)) for piece in pieces[1:])]

    def _apart(self, output: NotebookNode, resources: dict[str, Any]) -> Iterable[str | Picture]:
        """Return the words and pictures of a run or of a part of one, nothing of anything else."""
        data = output.get("data", {})
        if next((kind for kind in self.display_data_priority if kind in data), "") != MARKDOWN:
            return ()
        name = resources.get("metadata", {}).get("name", "notebook")
        try:
            if EXCERPT_MIME in data:
                return shown_apart(shown_alone(read_excerpt(data[EXCERPT_MIME])), _TYPES)
            run = run_of_output(output, Path(f"{name}.ipynb"))
        except RecordingError as exc:
            self.log.warning("A run stays without its pictures: %s", exc)
            return ()
        return apart(run, _TYPES, stats=_has_stats(run, output)) if run else ()


def _has_stats(run: Run, output: NotebookNode) -> bool:
    """Return whether the saved Markdown tells seconds and tokens, as all but a static run does."""
    return str(output.data[MARKDOWN]).startswith(neutral_line(f"{run.state} · {where(run)}"))


def _data(piece: str | Picture) -> NotebookNode:
    if isinstance(piece, str):
        return NotebookNode({MARKDOWN: piece, "text/plain": piece})
    encoded = b64encode(piece.data).decode("ascii")
    return NotebookNode({piece.mime_type: encoded, "text/plain": alt(piece)})
