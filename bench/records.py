"""How long do others take to read a record of the same size again? In the same run as our audit."""

import subprocess
import tempfile
from pathlib import Path

from bench.measuring import TEXT, Row
from bench.redlines import PEERS, spend

_REPLAY = """
import sys, time
from uuid import NAMESPACE_URL, uuid5
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

class Provision(Aggregate):
    @event("Opened")
    def __init__(self, name):
        self.name, self.proposals, self.stances = name, {}, {}

    @staticmethod
    def create_id(name):
        return uuid5(NAMESPACE_URL, name)

    @event("Proposed")
    def propose(self, proposal, words):
        self.proposals[proposal] = words

    @event("Said")
    def take_stance(self, party, proposal, position):
        self.stances[party, proposal] = position

count, words = int(sys.argv[1]), sys.argv[2]
names = [f"gas/p{n}" for n in range(max(1, count // 33))]
class Talks(Application):
    pass
talks = Talks(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": sys.argv[3]})
for at, name in enumerate(names):
    one = Provision(name)
    for n in range(count // len(names) - 1):
        if n % 3:
            one.take_stance("BY", f"{n:064x}", "accepts")
        else:
            one.propose(f"{n:064x}", words)
    talks.save(one)
begun = time.process_time()
found = sum(talks.repository.get(Provision.create_id(name)).version for name in names)
print(time.process_time() - begun, found)
"""


def measure_peers(count: int, ours: float) -> list[Row]:
    """
    A replay by eventsourcing, and git fsck of a chain of commits, beside ours.

    Args:
        count: entries that they read; the cost of an entry is compared.
        ours: processor seconds of one entry in `audit --trusted`.
    """
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if PEERS.exists():
            command = [str(PEERS), "-c", _REPLAY, str(count), TEXT * 2, str(folder / "events.sqlite")]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            theirs = float(said[0]) / int(said[1])
            rows.append(
                (f"eventsourcing replays {said[1]} events, times ours (goal 4)", f"{theirs / ours:.1f}")
            )
        else:
            rows.append(("eventsourcing", "not installed: tools/prepare.sh bench"))
        _commits(folder / "git", count)
        spent = spend(["git", "-C", str(folder / "git"), "fsck", "--full", "--no-progress"])
        rows.append((f"git fsck of {count} commits, times ours (goal 8)", f"{spent.cpu / count / ours:.1f}"))
    return rows


def _commits(folder: Path, count: int) -> None:
    """A chain of so many commits, each of which writes one of 33 files, in the size of an entry."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    with subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE
    ) as importing:
        assert importing.stdin is not None
        for n in range(count):
            entry = f"{n:064x} {TEXT} {TEXT} {TEXT}\n".encode()
            head = b"commit refs/heads/main\ncommitter BY <by@example> %d +0000\n" % (1_614_000_000 + n)
            file = b"data 2\nn\nM 644 inline p%d\ndata %d\n" % (n % 33, len(entry))
            importing.stdin.write(head + file + entry + b"\n")
        importing.stdin.close()
        assert importing.wait() == 0
