"""Which code of an answer goes into cells, so that it runs there.

An answer's attempts share names, files and figures: one block taken alone seldom runs. What a block
needs is found by reading the code (`ast`), never by running it.
"""

from .cells import CHOICES, cells_of, choose, joined
from .needed import Piece, needed

__all__ = ["CHOICES", "Piece", "cells_of", "choose", "joined", "needed"]
