"""How long does it take to check a large record again? Against reading and hashing it, in one run."""

import gc
import hashlib
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import WORDS, Row, large_charter, median, seconds
from bench.records import measure_peers
from paraph.acts import (
    Ack,
    Act,
    Delegate,
    Found,
    Join,
    Lift,
    Propose,
    Publish,
    Reserve,
    TakeStance,
    pack,
    proposal_id,
)
from paraph.node.audit import audit
from paraph.node.homes import Home, write_private
from paraph.record.charter import Charter
from paraph.record.keys import SecretKey
from paraph.record.ledger import Ledger

AT = "2021-02-23T06:00:00Z"
_INSERT = "insert into node_entryrow (log, n, note, content, received_at) values (?, ?, ?, ?, '2021-02-23')"


def measure_audit(count: int) -> list[Row]:
    """`paraph audit --trusted` of so many entries, `paraph audit` of a tenth, and what others take."""
    with tempfile.TemporaryDirectory() as folder:
        home = large_home(Path(folder), count)
        gc.collect()
        size, low = 0, []
        for _ in range(3):
            size, spent = read_and_hash(home)
            low.append(spent)
        high = []
        for _ in range(3):
            spent, report = seconds(lambda: audit(home, trusted=True))
            assert report.good, report.lines
            high.append(spent)
        floor, whole = sorted(low)[1], sorted(high)[1]
    return [
        *_every_signature(count // 10),
        (f"{count} entries, {size / 2**20:.0f} MiB: read and hash", f"{floor:.2f} CPU s"),
        ("audit --trusted of them, with the replay", f"{whole:.2f} CPU s"),
        ("ratio (goal at most 6)", f"{whole / floor:.1f}"),
        ("CPU s a million entries (goal at most 6)", f"{whole * 1_000_000 / count:.1f}"),
        *measure_peers(min(count, 20_000), whole / count),
    ]


def _every_signature(count: int) -> list[Row]:
    """`paraph audit`, beside the rate at which the library verifies."""
    with tempfile.TemporaryDirectory() as folder:
        home = large_home(Path(folder), count)
        begun = time.perf_counter()
        report = audit(home, trusted=False)
        took = time.perf_counter() - begun
        assert report.good, report.lines
    key, message = SecretKey.generate(), b"x" * 600
    signature, public = key.sign(message), key.public
    one = median(lambda: [public.verify(message, signature) for _ in range(200)], 5) / 200
    cores = len(os.sched_getaffinity(0))
    goal = 1.15 * count * one / cores + 6
    return [
        (f"audit with every signature of {count} entries", f"{took:.1f} s, {took / count * 1e6:.0f} µs each"),
        (f"goal, {1 / one:.0f} verified a second and core, {cores} cores", f"{goal:.1f} s"),
        ("times the checks of one signature an entry, on one core", f"{took / count / one:.1f}"),
    ]


def read_and_hash(home: Home) -> tuple[int, float]:
    """Bytes read and hashed, and the processor time of doing nothing else."""

    def run() -> int:
        connection = sqlite3.connect(home.path / "node.sqlite3")
        size = 0
        for note, content in connection.execute("select note, content from node_entryrow order by log, n"):
            hashlib.sha256(note).digest()
            size += len(note)
            if content is not None:
                hashlib.sha256(content).digest()
                size += len(content)
        connection.close()
        return size

    spent, size = seconds(run)
    return size, spent


def large_home(folder: Path, count: int) -> Home:
    """A home with two logs of so many entries together, in the mix of acts that the demo's logs have."""
    home = Home(folder, "BY", secret="x" * 50)
    home.write()
    charter, nodes, roots = large_charter()
    write_private(folder / "charter.json", charter.encode())
    environment = os.environ | {"PARAPH_NODE_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "paraph.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
    ledger = Ledger(charter)
    connection = sqlite3.connect(folder / "node.sqlite3")
    connection.executemany(_INSERT, _entries(ledger, charter, nodes, roots, count))
    for i, log in enumerate(("BY", "RU")):
        head = ledger.checkpoint(log, nodes[i])
        connection.execute("insert into node_headrow (log, raw) values (?, ?)", (log, head))
    connection.commit()
    connection.close()
    return home


def _entries(
    ledger: Ledger, charter: Charter, nodes: list[SecretKey], roots: list[SecretKey], count: int
) -> Iterator[tuple[str, int, bytes, bytes | None]]:
    """
    Rows of both logs: of twelve entries one ack, three proposals, six stances, a publication, a reserve.

    In the demo's logs of 2019 to 2021 of twelve entries 1.0 are acks, 3.0 proposals, 5.8 stances,
    1.2 publications, 0.9 closings.
    """
    people = [SecretKey.generate() for _ in nodes]
    picker = random.Random(2)

    def write(side: int, act: Act, signer: SecretKey | None) -> tuple[str, int, bytes, bytes | None]:
        log = ("BY", "RU")[side]
        public = isinstance(act, Found | Join | Ack | Publish)
        note, content = ledger.compose(
            log,
            pack(act)[0],
            public=public,
            at=AT,
            node_key=nodes[side],
            signers=[signer] if signer else [],
        )
        entry = ledger.admit(note, content, lambda _name: None, trusted=True)
        return log, entry.n, note, content

    for side in (0, 1):
        yield write(side, (Found, Join)[side](charter.prog), roots[side])
        grant = Delegate(people[side].public.hex, {"en": "d"}, {"en": "d"}, ["negotiate"])
        yield write(side, grant, roots[side])
    yield write(0, Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}), people[0])
    theirs: list[str] = []
    done, side, held = 5, 0, [False, False]
    while done < count:
        other = ("BY", "RU")[1 - side]
        acts: list[Act] = [Ack({other: ledger.checkpoint(other, nodes[1 - side]).decode()})]
        mine = []
        for _ in range(3):
            about = f"provision:gas/p{picker.randrange(3_000)}"
            content = {"words": {"ru": " ".join(picker.choice(WORDS) for _ in range(25))}}
            mine.append(proposal_id(about, content))
            acts.append(Propose(about, content))
        acts += [TakeStance(name, "accepts") for name in (*mine, *theirs)]
        acts.append(Publish("gas", 1, {"ru": "Газ"}, "coordination", "2021-02-23", {}))
        acts.append((Lift if held[side] else Reserve)("card:gas", "scrutiny"))
        held[side] = not held[side]
        for act in acts[: count - done]:
            yield write(side, act, None if isinstance(act, Ack | Publish) else people[side])
            done += 1
        theirs, side = mine, 1 - side
