"""The one wasmtime configuration that the guest is compiled with and run by."""

from __future__ import annotations

import wasmtime

# Wasmtime's default of 512 KiB to 2 MiB, by version, is either too little for `fib(300)` or more
# than needed; Python's own limit of recursion should come first.
STACK = 2**20


def make_engine(narrow: bool) -> wasmtime.Engine:
    """Return an engine; `narrow` where the address space is limited, as by `ulimit -v`.

    Otherwise wasmtime reserves 4 GiB of addresses for a memory, which makes checks of bounds free.
    """
    config = wasmtime.Config()
    config.epoch_interruption = True
    config.max_wasm_stack = STACK
    if narrow:
        config.memory_reservation = 0
        config.memory_guard_size = 0
        config.memory_reservation_for_growth = 2**24
    return wasmtime.Engine(config)
