"""How fast is an entry kept durably, and vouched for? Against the bare disk, in one run."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measuring import Row, large_charter
from paraph.acts import Delegate, Found, Join, Propose
from paraph.node.homes import Home
from paraph.record.keys import SecretKey
from paraph.record.stores import MemoryStore
from paraph.record.stores import Row as Entry

ROUNDS = 300
GROUP = 100
_NOTE = b"x" * 600
_CONTENT = b"y" * 240
_TIME = 1_614_060_000  # of receipts


def measure_appending() -> list[Row]:
    """Entries kept a second, one at a time and in groups; the way of one of a peer; beside the bare disk."""
    raw, one, many = _apart("keep")
    whole, writes, one_write = _apart("vouch")
    return [
        ("bare fdatasync", f"{raw:,.0f} a second"),
        ("one entry kept durably", f"{one:,.0f} a second"),
        ("ratio (goal at least 0.35)", f"{one / raw:.2f}"),
        (f"entries kept in groups of {GROUP}", f"{many:,.0f} a second"),
        ("ratio to the bare fdatasync (goal at least 10)", f"{many / raw:.1f}"),
        ("one entry of a peer admitted, folded, kept and vouched for, p99", f"{whole * 1000:.2f} ms"),
        ("beyond one bare durable write, p99 (goal 5 ms)", f"{(whole - one_write) * 1000:.2f} ms"),
        ("beyond two, for the entry and the receipt, p99", f"{(whole - writes) * 1000:.2f} ms"),
    ]


def _apart(what: str) -> list[float]:
    """The figures of one measurement, in a home and a process of its own."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        words = [sys.executable, "-m", "bench.appending", folder, what]
        return [float(one) for one in subprocess.check_output(words, text=True).split()]


def main(folder: Path, what: str) -> None:
    """Measure in a home, and print the figures."""
    Home(folder, "RU", secret="x" * 50).write()
    os.environ |= {"PARAPH_NODE_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "paraph.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    file = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(file, _NOTE + _CONTENT)
    print(*(_kept(folder, file) if what == "keep" else _vouched(folder, file)))
    os.close(file)


def _bare(file: int) -> float:
    """Seconds of a write that is durable."""
    begun = time.perf_counter()
    os.write(file, _NOTE + _CONTENT)
    os.fdatasync(file)
    return time.perf_counter() - begun


def _kept(folder: Path, file: int) -> tuple[float, ...]:
    """A second: bare writes, entries kept one at a time, and in groups; in turn, on the same disk."""
    from paraph.node.stores import DatabaseStore

    store = DatabaseStore(folder, ["BY"])
    store.append([Entry("BY", 0, _NOTE, _CONTENT)], {})
    size, bare, one, many = 1, 0.0, 0.0, 0.0
    for place in range(ROUNDS):
        bare += _bare(file)
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
    return ROUNDS / bare, ROUNDS / one, ROUNDS / 10 * GROUP / many


def _vouched(folder: Path, file: int) -> tuple[float, ...]:
    """99th percentiles in seconds: one entry of a peer until it is vouched for; two bare writes, and one."""
    from paraph.node.exchange.receipts import vouch_again
    from paraph.node.journal import Journal
    from paraph.node.stores import DatabaseStore

    charter, nodes, roots = large_charter()
    theirs = Journal(MemoryStore(), charter, me="BY", node_key=nodes[0])
    mine = Journal(DatabaseStore(folder, ["BY", "RU"]), charter, me="RU", node_key=nodes[1])
    person = SecretKey.generate()
    theirs.record([Found(charter.prog)], [roots[0]])
    theirs.record([Delegate(person.public.hex, {"en": "d"}, {"en": "d"}, ["negotiate"])], [roots[0]])
    theirs.record([Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}})], [person])
    mine.admit(list(theirs.store.rows("BY")), {}, {})
    mine.record([Join(charter.prog)], [roots[1]])
    taken, two, one = [], [], []
    for place in range(ROUNDS):
        words = {"words": {"ru": f"Слова {place}."}}
        theirs.record([Propose(f"provision:gas/p{place}", words)], [person])
        rows, head = list(theirs.store.rows("BY", mine.heads()["BY"])), theirs.checkpoint("BY")
        assert len(rows) == 1 and head
        begun = time.perf_counter()
        mine.admit(rows, {}, {"BY": head})
        line = vouch_again(mine, "BY", head, _TIME)
        taken.append(time.perf_counter() - begun)
        assert line
        one.append(_bare(file))
        two.append(one[-1] + _bare(file))
    return tuple(sorted(times)[ROUNDS * 99 // 100] for times in (taken, two, one))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
