"""The child process: `python -I -S child <task as JSON>`. Nothing here imports gemini_magic.

Without the package on its path, and without the site's packages, start-up files or environment,
the child holds only what it needs.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Do what the task says: compile a guest, or run code in one."""
    task = json.loads(sys.argv[1])
    sys.path += task["packages"]
    if task["do"].startswith("compile"):
        from channel import end_with_parent  # type: ignore[import-not-found]

        end_with_parent()
    memory = [task["memory"]] if "memory" in task else []
    if task["do"] == "compile":
        from compile import compile_guest  # type: ignore[import-not-found]

        compile_guest(task["guest"], task["target"], task["narrow"])
    elif task["do"] in ("compile science", "science"):
        import science  # type: ignore[import-not-found]

        begin = science.serve if task["do"] == "science" else science.compile_guest
        begin(task["cache"], task["folder"], *memory)
    else:
        from worker import serve  # type: ignore[import-not-found]

        serve(task["module"], task["narrow"], *memory)


if __name__ == "__main__":
    main()
