"""A kernel under fire: interrupts at any moment, hundreds of runs, and its sudden end."""

import json
import subprocess
from signal import SIGKILL
from threading import Event, Timer

import pytest
from kernel import kernel
from loopback import GENERATE, event, said, serving, stream
from test_sandbox_process import POSIX, ends
from torture import either, random_of

from gemini_magic.answer.document import MIME
from gemini_magic.sandbox import scratch

pytestmark = [pytest.mark.kernel, POSIX]
KEY = "AIza-a-key-that-nobody-must-see-00003"
GEMINI = "%%gemini_exec --engine gemini\nadd 1 and 1"
BLOCK = "```python\nimport time\nprint({0}, flush=True)\ntime.sleep({1})\n```"
OFFLINE = "%%gemini_exec --engine offline\nRun all.\n\n" + "\n\n".join(
    BLOCK.format(number, 0.1) for number in range(10)
)
QUICK = "%%gemini_exec --engine offline\nRun it.\n\n" + BLOCK.format(42, 0)
CODE = {"executableCode": {"language": "PYTHON", "code": "print(1)"}}
RESULT = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}}


def words(text, **candidate):
    return event(said({"text": text}, **candidate))


QUICKLY = stream(
    words("I add."), event(said(CODE)), event(said(RESULT)), words("2", finishReason="STOP")
)
SLOWLY = stream(
    *[words("x "), 0.03] * 8,
    event(said(CODE)),
    0.05,
    event(said(RESULT)),
    *[words("y "), 0.03] * 16,
    words("2", finishReason="STOP"),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The temporary folder of the kernel alone."""
    return tmp_path_factory.mktemp("kernel")


@pytest.fixture(scope="module")
def gemini(place):
    with serving() as running:
        env = {
            "GEMINI_API_KEY": KEY,
            "GOOGLE_GEMINI_BASE_URL": running.url,
            "TMPDIR": str(place),
        }
        with kernel(env) as live:
            running.on(GENERATE, QUICKLY)
            live.run(GEMINI)
            live.run(QUICK)
            yield running, live


@pytest.mark.parametrize("times", either(6, 200))
def test_a_run_that_is_interrupted_at_any_moment_is_settled_and_the_kernel_soon_idle(
    gemini, count, times
):
    """From when it is seen until before it ends: an interrupt outside of a cell loses its reply.

    That is ipykernel's ("KeyboardInterrupt caught in kernel").
    """
    running, live = gemini
    running.on(GENERATE, SLOWLY)
    draw = random_of("interrupts")
    for number in range(times):
        timer = Timer(draw.uniform(0, 0.7), live.interrupt)
        request = live.start((GEMINI, OFFLINE)[number % 2])
        published = live.collect(request, seconds=10, at=MIME, then=timer.start)
        timer.join()
        assert live.run("print(6 * 7)").text == "42\n"
        reply = published.reply
        assert reply["status"] == "ok" or reply["ename"] in ("Stopped", "KeyboardInterrupt")
        assert len(reply.get("traceback", [""])) == 1
        assert KEY not in json.dumps([content for _, content in published.messages], default=str)
        if published.of("display_data"):
            run = published.last_data[MIME]
            assert run["state"] == ("done" if reply["status"] == "ok" else "stopped")
            assert live.run("print(_run.state, len(_run.parts))").text == (
                f"{run['state']} {len(run['parts'])}\n"
            )
        count("interrupts", 1)
        count("runs stopped", reply["status"] == "error")


# What a kernel holds: all that could grow from run to run.
HELD = """
import gc, json, os, re, resource, threading, warnings
from comm import get_comm_manager
from ipywidgets import Widget
gc.collect()
def opened(fd):
    try:
        return os.readlink("/proc/self/fd/" + fd)
    except OSError:  # that of the listing itself
        return "history"
names = [opened(fd) for fd in os.listdir("/proc/self/fd")]
own = (os.path.realpath(get_ipython().profile_dir.location), "history", "anon_inode:[eventfd]")
print(json.dumps({
    "memory": int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize(),
    "threads": threading.active_count(),
    # IPython writes its history now and then, and opens its folder for that; ipykernel keeps an
    # eventfd for a thread that has shown something, up to ten seconds.
    "descriptors": sorted(re.sub(r"\\d+", "N", name) for name in names if not name.startswith(own)),
    "events": sum("eventfd" in name for name in names),
    "comms": len(get_comm_manager().comms),
    "filters": len(warnings.filters),
}))
"""
EVENTS = 50
# A session remembers its runs: of these, so many bytes each.
REMEMBERED = 40_000


@pytest.mark.parametrize("times", either(20, 540))
def test_runs_leave_nothing_in_a_kernel(gemini, place, count, times):
    running, live = gemini
    running.on(GENERATE, QUICKLY)

    def ask(number):
        reply = live.run((GEMINI, QUICK)[number % 2]).reply
        assert reply["status"] == "ok", reply
        count("runs in one kernel", 1)

    def held():
        """What stays: after the ten seconds of ipykernel's."""
        for _ in range(120):
            found = json.loads(live.run(HELD).text)
            if found.pop("events") <= EVENTS:
                break
            Event().wait(0.1)
        else:
            raise AssertionError("descriptors of threads that have ended stay open")
        return found.pop("memory"), {**found, "files": sorted_kinds(place)}

    for number in range(max(10, times // 9)):
        ask(number)
    memory, first = held()
    for number in range(times):
        ask(number)
    grown, last = held()
    assert last == first
    assert grown - memory < 2**23 + times * REMEMBERED
    count("bytes more a run", max(0, grown - memory) // times)


def sorted_kinds(place):
    """The files in the temporary folder, by what comes before a name made up."""
    return sorted(path.name.rpartition("-")[0] for path in place.iterdir())


def children(pid):
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True
    )
    return [int(word) for word in listed.stdout.split()]


@pytest.mark.parametrize("times", either(1, 20))
def test_a_kernel_that_is_killed_at_any_moment_leaves_no_worker_and_no_file(tmp_path, count, times):
    draw = random_of("kills")
    for _ in range(times):
        with kernel({"TMPDIR": str(tmp_path)}) as live:
            live.run(QUICK)
            pid = live.manager.provisioner.pid
            busy = draw.choice(("while 1: pass", "9**9**8", "time.sleep(60)"))
            live.start(OFFLINE.replace("time.sleep(0.1)", busy))
            Event().wait(draw.uniform(0, 0.6))
            workers = children(pid)
            live.manager.provisioner.process.send_signal(SIGKILL)
            assert all(ends(worker, 2.0) for worker in workers)
            count("kernels killed", 1)
            count("workers gone", len(workers))
    scratch.sweep(tmp_path)  # as the next start does
    assert [path.name for path in tmp_path.glob(scratch.PREFIX + "*")] == []
