"""The compiled guest: made once, trusted only if nobody touched it, made again otherwise."""

from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from gemini_magic.answer.parts import OK, Result
from gemini_magic.errors import SandboxError
from gemini_magic.sandbox import Sandbox, cache, compiled, prepare


@pytest.fixture(scope="module")
def good() -> Path:
    """A compiled guest, in the user's own cache."""
    return Path(str(compiled.task(print)["module"]))


@pytest.fixture
def copy(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compiled guest that may be spoiled, in the cache that is now in use."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = cache.folder() / "made"
    shutil.copy(good, made)
    cache.keep(made, cache.folder() / good.name)
    return cache.folder() / good.name


def preparations() -> list[str]:
    """Return what the user is told when the sandbox is needed now."""
    told: list[str] = []
    prepare(told.append)
    return told


def test_a_compiled_guest_is_used_again(copy: Path) -> None:
    assert preparations() == []


def test_the_cache_is_the_users_alone(copy: Path) -> None:
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_guest_that_was_changed_is_not_trusted(copy: Path) -> None:
    old = copy.stat()
    with copy.open("r+b") as file:
        file.seek(old.st_size // 2)
        file.write(b"changed")
    os.utime(copy, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert not cache.is_good(copy)


@pytest.mark.compile
@pytest.mark.torture(sample=False)
def test_a_guest_that_does_not_load_is_compiled_again(copy: Path) -> None:
    made = copy.with_name("made")
    made.write_bytes(b"native code for another processor")
    cache.keep(made, copy)
    told: list[str] = []
    with Sandbox(progress=told.append) as sandbox:
        assert list(sandbox.run("print(1)")) == [Result(OK, "1\n")]
    assert told == ["preparing the sandbox (once)…"]
    assert preparations() == []


@pytest.mark.parametrize("spoil", ["mode", "link", "no seal", "forged seal", "folder"])
def test_a_guest_that_looks_odd_is_not_trusted(copy: Path, tmp_path: Path, spoil: str) -> None:
    if spoil == "mode":
        copy.chmod(0o666)
    elif spoil == "link":
        copy.rename(tmp_path / "elsewhere")
        copy.symlink_to(tmp_path / "elsewhere")
    elif spoil == "no seal":
        cache.seal(copy).unlink()
    elif spoil == "forged seal":
        cache.seal(copy).write_text("{")
    else:
        copy.unlink()
        copy.mkdir()
    assert not cache.is_good(copy)


def test_a_cache_that_is_a_link_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "gemini-magic").mkdir()
    (tmp_path / "gemini-magic" / "sandbox").symlink_to(tmp_path)
    with pytest.raises(SandboxError, match="must be a folder of yours and no link"):
        prepare()


def test_a_cache_that_cannot_be_written_is_an_error_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(SandboxError, match=r"cannot keep its compiled code.*XDG_CACHE_HOME"):
        list(Sandbox().run("print(1)"))


HOMES = {
    "none": {},
    "an empty one": {"HOME": ""},
    "a relative one": {"HOME": "home"},
    "one that is no folder": {"HOME": os.devnull},
    "one that cannot be made": {"HOME": "/proc/none"},
}


@pytest.mark.skipif(sys.platform != "linux", reason="HOME")
@pytest.mark.parametrize("name", HOMES)
@pytest.mark.parametrize("known", [True, False], ids=["a user", "a user that nobody knows"])
def test_without_a_home_there_is_a_folder_all_the_same(
    name: str, known: bool, tmp_path: Path
) -> None:
    """The user's own by the system's list of users, or one below the temporary folder."""
    program = (
        "import os, pwd\n"
        f"if not {known}: pwd.getpwuid = pwd.struct_passwd  # it knows nobody\n"
        "from gemini_magic.sandbox import cache\nprint(cache.folder())"
    )
    if not known:
        program = program.replace("pwd.struct_passwd", "lambda uid: {}[uid]")
    environment = {**HOMES[name], "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment,
        cwd=tmp_path,
    )  # fmt: skip
    assert done.stderr == ""
    folder = Path(done.stdout.strip())
    if name != "none" or not known:
        assert folder.parts[: len(tmp_path.parts)] == tmp_path.parts
    assert folder.is_absolute()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not (tmp_path / "home").exists()


def test_the_folder_below_the_temporary_one_must_be_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The temporary folder is everybody's: another user may have been there first."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"gemini-magic-{os.getuid()}").symlink_to("/")
    with pytest.raises(SandboxError, match="must be a folder of yours and no link"):
        cache.folder()


def test_too_little_memory_to_compile_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 999999 kB\nMemAvailable:  102400 kB\n")
    with pytest.raises(SandboxError, match="takes 450 MiB of memory and 100 are free"):
        cache.require_memory(450 * 2**20, [tmp_path / "meminfo"])


def test_a_container_s_limit_counts_as_memory(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(f"{512 * 2**20}\n")
    (tmp_path / "memory.current").write_text(f"{300 * 2**20}\n")
    with pytest.raises(SandboxError, match="212 are free"):
        cache.require_memory(450 * 2**20, [tmp_path / "memory.max", tmp_path / "none"])


def test_a_guest_that_is_not_what_was_built_is_refused(tmp_path: Path) -> None:
    guest = tmp_path / "guest.wasm.gz"
    guest.write_bytes(b"another")
    guest.with_name("guest.wasm.gz.sha256").write_text("0" * 64)
    with pytest.raises(SandboxError, match="is damaged; reinstall"):
        compiled.verify(guest)


def test_a_missing_guest_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="not installed; reinstall gemini-magic"):
        cache.verified_digest(tmp_path / "guest.wasm.gz")


@pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v")
@pytest.mark.compile
def test_it_runs_where_the_address_space_is_limited() -> None:
    """Some clusters set `ulimit -v`; wasmtime would reserve 4 GiB for a memory."""
    program = (
        "from gemini_magic.sandbox import Sandbox\n"
        "with Sandbox() as s: print([r.output for r in s.run('print(1)')])"
    )
    limit = 4 * 2**30
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert (done.stdout, done.stderr) == ("['1\\n']\n", "")
