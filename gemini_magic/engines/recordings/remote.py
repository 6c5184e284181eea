"""Is a folder on another machine? There several may write to it, which share no memory."""

from __future__ import annotations

from pathlib import Path

# As Linux names them; elsewhere nobody tells.
_MOUNTS = Path("/proc/self/mounts")
_REMOTE = frozenset(
    "9p afs beegfs ceph cifs fuse.glusterfs fuse.sshfs gpfs lustre nfs nfs4 smb3 smbfs".split()
)


def is_remote(path: Path, mounts: Path = _MOUNTS) -> bool:
    """Return whether `path` is known to be on another machine."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    place = path.resolve()
    # What is mounted last over a folder is what is there.
    found = [
        (len(where.parts), nth, kind)
        for nth, (where, kind) in enumerate(map(_mount, lines))
        if place.is_relative_to(where)
    ]
    return bool(found) and max(found)[-1] in _REMOTE


def _mount(line: str) -> tuple[Path, str]:
    _, where, kind = [*line.split(" "), "", "", ""][:3]
    for sign in " \t\n\\":
        where = where.replace(f"\\{ord(sign):03o}", sign)
    return Path(where or "-"), kind
