"""The one wasmtime configuration that the guest is compiled with and run by."""

from __future__ import annotations

import wasmtime
from wasmtime import _ffi

# A call of WebAssembly takes more of the real stack than of the one in the guest's memory, 1 MiB,
# by which CPython judges whether a recursion in C is too deep. With this much, its own
# RecursionError comes first, which code can catch; wasmtime's end the interpreter. Freeing a chain
# of objects takes none of the one in memory, so that nothing guards it: there are 200 to 500 bytes
# for each of a million. It is taken from the system page by page, as far as a program gets.
STACK = 512 * 2**20


def make_engine(narrow: bool) -> wasmtime.Engine:
    """Return an engine; `narrow` where the address space is limited, as by `ulimit -v`.

    Otherwise wasmtime reserves 4 GiB of addresses for a memory, which makes checks of bounds free.
    """
    config = wasmtime.Config()
    config.epoch_interruption = True
    # Not used here, but it may not be the smaller one; wasmtime's Python has no name for it.
    _ffi.wasmtime_config_async_stack_size_set(config.ptr(), STACK)
    config.max_wasm_stack = STACK
    if narrow:
        config.memory_reservation = 0
        config.memory_guard_size = 0
        config.memory_reservation_for_growth = 2**24
    return wasmtime.Engine(config)
