"""The store is one file, its owner's alone, which keeps what it was given."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from recorded import PNG, recording
from torture import either, random_of

from gemini_magic.engines.recordings.database import VERSION
from gemini_magic.engines.recordings.remote import is_remote
from gemini_magic.engines.recordings.store import Store
from gemini_magic.errors import RecordingError


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "data" / "recordings.sqlite3")
    yield made
    made.close()


def anew(store, **more):
    """The same file as another process sees it."""
    store.close()
    return Store(store.path, **more)


def refusal(do):
    with pytest.raises(RecordingError) as caught:
        do()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_was_kept_is_found_again_in_another_session(store):
    kept = recording(picture=PNG)
    store.add(kept)
    again = anew(store)
    assert again.find(kept.fingerprint) == kept
    assert again.find_question(kept.question) == kept
    assert again.find(recording("other").fingerprint) is None
    assert list(again) == [kept]
    again.close()


def test_of_several_the_newest_answers(store):
    newer = recording(text="2", minutes=5)
    for each in (newer, recording(text="1")):
        store.add(each)
    assert store.find(newer.fingerprint) == newer
    assert len(store) == 2


def test_one_may_take_the_place_of_those_before(store):
    store.add(recording(picture=PNG))
    store.add(recording("other"))
    store.add(newer := recording(text="2", minutes=5), instead=True)
    assert [each.parts for each in store if each.prompt == "add"] == [newer.parts]
    assert len(store) == 2
    assert pictures(store) == 0


def pictures(store):
    with sqlite3.connect(store.path) as held:
        (count,) = held.execute("SELECT count(*) FROM data").fetchone()
    held.close()
    return count


def test_a_picture_is_there_once_by_its_content(store):
    for number in range(5):
        store.add(recording(f"draw {number}", picture=PNG))
    assert pictures(store) == 1
    assert all(each.parts[-1].data == PNG for each in store)
    for row in store.rows():
        assert pictures(store) == 1
        store.remove(row.number)
    assert pictures(store) == 0


def test_looking_makes_no_file(store):
    assert store.find("0") is None
    assert [*store, *store.rows(), *store.asked("0", 5)] == []
    assert len(store) == store.size == 0
    assert not store.path.parent.exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights of this kind are POSIX's")
def test_the_file_is_its_owners_alone(store):
    store.path.parent.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        store.add(recording())
    finally:
        os.umask(before)
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    files = list(store.path.parent.iterdir())
    assert len(files) == 3  # the file, its log, and the index of that
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_page_of_the_list_is_newest_first(store):
    for number in range(7):
        store.add(recording(f"prompt {number}", minutes=number))
    assert [row.prompt for row in store.rows(0, 3)] == ["prompt 6", "prompt 5", "prompt 4"]
    assert [row.prompt for row in store.rows(6, 3)] == ["prompt 0"]
    row = store.rows()[0]
    assert (row.engine, row.model, row.tokens) == ("gemini", "m", 30)
    assert store.get(row.number).prompt == "prompt 6"
    assert store.get(99) is None


def test_it_stays_below_its_bound_and_the_least_used_go(tmp_path):
    store = Store(tmp_path / "r.sqlite3", bound=60_000)
    first = recording("first", text="x" * 5000)
    store.add(first)
    for number in range(30):
        store.add(recording(f"{number}", text="x" * 5000, picture=PNG + bytes([number])))
        assert store.size <= 60_000
        assert store.find(first.fingerprint), "it is used again and again"
    left = {each.prompt for each in store}
    assert "29" in left
    assert "0" not in left
    assert 5 < len(left) < 12
    store.close()
    assert store.path.stat().st_size < 200_000


def test_a_run_that_is_larger_than_all_may_be_is_not_kept(tmp_path):
    store = Store(tmp_path / "r.sqlite3", bound=2000)
    assert "bytes" in refusal(lambda: store.add(recording(text="x" * 5000)))
    assert len(store) == 0


def test_a_key_is_never_kept(store, monkeypatch):
    key = "AIza-a-key-that-nobody-must-see-00001"
    monkeypatch.setenv("GEMINI_API_KEY", key)
    said = refusal(lambda: store.add(recording(text=f"it is {key}")))
    assert "GEMINI_API_KEY" in said
    assert key not in said
    store.add(recording("fine"))
    store.close()
    held = b"".join(file.read_bytes() for file in store.path.parent.iterdir())
    assert key.encode() not in held


def test_a_damaged_file_is_one_line_and_can_be_cleared(store):
    store.path.parent.mkdir()
    store.path.write_bytes(b"no such thing" * 1000)
    for do in (lambda: store.add(recording()), lambda: store.find("0"), lambda: store.rows()):
        assert "%gemini recordings clear" in refusal(do)
    store.clear()
    store.add(recording())
    assert len(store) == 1


def test_a_page_that_is_overwritten_is_one_line(store):
    for number in range(50):
        store.add(recording(f"{number}", text="x" * 3000))
    store.close()
    with store.path.open("rb+") as file:
        file.seek(8192)
        file.write(b"\xff" * 100_000)
    refusal(lambda: list(store))


def test_a_file_of_a_newer_version_is_left_alone(store):
    store.add(recording())
    store.close()
    with sqlite3.connect(store.path) as held:
        held.execute(f"PRAGMA user_version = {VERSION + 1}")
    held.close()
    assert "update gemini-magic" in refusal(lambda: store.add(recording()))
    assert "update gemini-magic" in refusal(lambda: store.find("0"))


def test_a_file_that_was_deleted_meanwhile_is_begun_anew(store):
    store.add(recording())
    other = Store(store.path)
    other._delete()
    store.add(recording("other"))
    assert [each.prompt for each in anew(store)] == ["other"]


def test_clearing_leaves_the_others_at_work(store):
    store.add(recording(picture=PNG))
    other = Store(store.path)
    other.clear()
    assert len(store) == 0
    store.add(recording())
    assert len(other) == 1
    other.close()


def held(store, patience):
    """Return a store on a file that another process writes, and what lets go of it."""
    store.add(recording())
    holds = sqlite3.connect(store.path, isolation_level=None)
    holds.execute("BEGIN IMMEDIATE")
    return Store(store.path, patience=patience), holds.close


def test_a_file_that_another_holds_is_one_line(store):
    store, let_go = held(store, patience=0.05)
    assert "another process" in refusal(lambda: store.add(recording("other")))
    assert store.find(recording().fingerprint), "it can still be read"
    let_go()
    store.add(recording("other"))


def test_who_has_waited_in_vain_waits_hardly_at_all_until_it_has_written(store):
    store, let_go = held(store, patience=0.2)
    assert "GeminiMagic.recordings" in refusal(lambda: store.add(recording("other")))
    assert store.find(recording().fingerprint)
    assert store._opened.patience < 0.1
    assert timeout(store) < 100
    let_go()
    store.add(recording("other"))
    assert timeout(store) == 200
    store.close()


def timeout(store):
    return store._opened.connection().execute("PRAGMA busy_timeout").fetchone()[0]


def test_where_processes_share_no_memory_runs_are_kept_too(store):
    kept = [recording(text) for text in "ab"]
    store.path.parent.mkdir()
    store.path.with_name(f"{store.path.name}-shm").mkdir()
    other = Store(store.path)
    for each, place in zip(kept, (store, other), strict=True):
        place.add(each)
    assert [store.find(each.fingerprint) for each in kept] == kept
    assert len(other) == 2
    other.close()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
filer:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
filer:/two /with\\040a\\134sign nfs rw 0 0
/dev/sdc1 /twice ext4 rw 0 0
filer:/three /twice nfs rw 0 0
a line of something else
"""


def test_a_folder_on_another_machine_is_known(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    remote = ["/home/ada/r.sqlite3", "/home", "/with a\\sign/r", "/twice/r"]
    here = ["/", "/homes/r", "/home/local/r", "/tmp/r"]
    assert [path for path in remote + here if is_remote(Path(path), mounts)] == remote
    assert not is_remote(Path("/home"), tmp_path / "no such file")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "data").write_text("a file in its place")
    store = Store(tmp_path / "data" / "r.sqlite3")
    refusal(lambda: store.add(recording()))
    refusal(lambda: store.find("0"))


def test_a_link_or_a_folder_in_its_place_is_one_line(store):
    store.path.mkdir(parents=True)
    refusal(lambda: store.add(recording()))


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write all")
def test_a_file_that_may_only_be_read_answers(store):
    store.add(recording())
    store.close()
    store.path.chmod(0o400)
    store.path.parent.chmod(0o500)
    assert store.find(recording().fingerprint)
    refusal(lambda: store.add(recording("other")))
    store.path.parent.chmod(0o700)


def test_a_full_disk_is_one_line_and_what_was_there_stays(store):
    store.add(recording("kept"))
    held = store._held[os.getpid()].connection()
    (pages,) = held.execute("PRAGMA page_count").fetchone()
    held.execute(f"PRAGMA max_page_count = {pages}")
    assert "full" in refusal(lambda: store.add(recording("large", text="x" * 100_000)))
    assert [each.prompt for each in anew(store)] == ["kept"]


def test_a_child_of_a_fork_writes_beside_its_parent(store):
    store.add(recording("parent"))
    child = os.fork() if hasattr(os, "fork") else pytest.skip("no fork here")
    if child == 0:
        try:
            store.add(recording("child"))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    store.add(recording("parent again"))
    assert {each.prompt for each in store} == {"parent", "child", "parent again"}


def test_threads_write_at_once(store):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.add(recording(f"{n}")), range(100)))
    assert len(store) == 100


WRITER = """
import sys
from pathlib import Path
from recorded import PNG, recording
from gemini_magic.engines.recordings.remote import is_remote
from gemini_magic.engines.recordings.store import Store
store, name, count = Store(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
for number in range(count):
    store.add(recording(f"{name} {number}", picture=PNG if number % 3 == 0 else b""))
    print(number, flush=True)
"""


def writer(store, name, count):
    path = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    command = [sys.executable, "-c", WRITER, str(store.path), name, str(count)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


@pytest.mark.process
@pytest.mark.parametrize("count", either(50, 1000))
def test_two_processes_write_at_once_and_nothing_is_lost(store, count):
    both = [writer(store, name, count) for name in "ab"]
    for process in both:
        assert len(process.communicate()[0].split()) == count + 1
    assert {each.prompt for each in store} == {f"{n} {i}" for n in "ab" for i in range(count)}


@pytest.mark.process
@pytest.mark.parametrize("kills", either(2, 200))
def test_a_process_that_is_killed_loses_the_run_in_flight_at_most(store, kills):
    random = random_of("kill -9")
    told = set()
    for number in range(kills):
        process = writer(store, f"p{number}", 10_000)
        assert process.stdout.readline() == "ready\n"
        for _ in range(random.randrange(1, 30)):
            told.add(f"p{number} {process.stdout.readline().strip()}")
        process.kill()
        # What was said and not read was kept as well.
        told |= {f"p{number} {line}" for line in process.stdout.read().split("\n")[:-1]}
        process.wait()
        process.stdout.close()
        again = anew(store)
        again.add(recording("after"), instead=True)
        found = {row.prompt for row in again.rows(0, 10**6)}
        assert told <= found
        assert len(found - told) <= number + 2
        again.close()
    with sqlite3.connect(store.path) as held:
        assert held.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    held.close()
    assert all(each.parts for each in anew(store))
