"""Compiles the guest to native code, once for each machine."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

from engine import make_engine  # type: ignore[import-not-found]
from wasmtime import component


def compile_guest(guest: str, target: str, narrow: bool) -> None:
    """Write the native code of the gzipped component `guest` to `target`, which must be new."""
    wasm = gzip.decompress(Path(guest).read_bytes())
    native = component.Component(make_engine(narrow), wasm).serialize()
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(native)
