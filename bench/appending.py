"""How fast are entries kept durably? Against the bare disk, in one run: a write and fdatasync for each."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measuring import Row

ROUNDS = 300
GROUP = 100
_NOTE = b"x" * 600
_CONTENT = b"y" * 240


def measure_appending() -> list[Row]:
    """Entries a second: one at a time, and in groups; beside the bare disk on the same file system."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench.appending", folder], capture_output=True, text=True, check=True
        )
    raw, one, many = map(float, done.stdout.split())
    return [
        ("bare fdatasync", f"{raw:,.0f} a second"),
        ("one entry kept durably", f"{one:,.0f} a second"),
        ("ratio (goal at least 0.35)", f"{one / raw:.2f}"),
        (f"entries kept in groups of {GROUP}", f"{many:,.0f} a second"),
        ("ratio to the bare fdatasync (goal at least 10)", f"{many / raw:.1f}"),
    ]


def main(folder: Path) -> None:
    """Measure in a home of its own, and print the three rates."""
    from paraph.node.homes import Home
    from paraph.record.stores import Row as Entry

    Home(folder, "BY", secret="x" * 50).write()
    os.environ |= {"PARAPH_NODE_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "paraph.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    from paraph.node.stores import DatabaseStore

    call_command("migrate", verbosity=0)
    store = DatabaseStore(folder, ["BY"])
    store.append([Entry("BY", 0, _NOTE, _CONTENT)], {})
    file = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(file, _NOTE + _CONTENT)
    size, bare, one, many = 1, 0.0, 0.0, 0.0
    for place in range(ROUNDS):  # in turn, so that all three have the same disk
        begun = time.perf_counter()
        os.write(file, _NOTE + _CONTENT)
        os.fdatasync(file)
        bare += time.perf_counter() - begun
        begun = time.perf_counter()
        store.append([Entry("BY", size, _NOTE, _CONTENT)], {})
        one += time.perf_counter() - begun
        size += 1
        if place % 10 == 0:
            rows = [Entry("BY", size + n, _NOTE, _CONTENT) for n in range(GROUP)]
            begun = time.perf_counter()
            store.append(rows, {})
            many += time.perf_counter() - begun
            size += GROUP
    os.close(file)
    print(ROUNDS / bare, ROUNDS / one, ROUNDS / 10 * GROUP / many)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
