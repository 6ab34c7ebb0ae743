"""Two nodes in processes of their own, killed in the middle of their work: `make faults KILLS=200`.

Both write over HTTP and exchange over HTTP, each on a database of its own. A round kills one or both
with SIGKILL while they write, starts them again and compares what was acknowledged with what is there.
"""

import argparse
import http.client
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from paraph.record.stores import Row

CODES = ("BY", "RU")


@dataclass
class Killed:
    """A node: where it lies, which process runs it, and what it has acknowledged."""

    code: str
    home: Path
    port: int = 0
    process: int = 0
    acknowledged: dict[int, bytes] = field(default_factory=dict)  # place -> SHA-256 of the note


class Programme:
    """Two parties whose nodes are started and killed."""

    def __init__(self, folder: Path, database: str, seed: int, planted: bool) -> None:
        os.environ["PARAPH_NODE_HOME"] = str(folder / "BY")
        os.environ["PARAPH_PLAIN_STATIC"] = "1"
        os.environ["DJANGO_SETTINGS_MODULE"] = "paraph.settings"
        from tests.parties import Parties

        self.picker = random.Random(seed)
        self.planted = planted  # acknowledge before it is durable
        self.pace = 0.05  # seconds that an act takes here
        self.parties = Parties.meet(*CODES)
        self.database = database
        self.nodes = {code: Killed(code, folder / code) for code in CODES}
        self.stack = ExitStack()
        self.addresses = self._databases()
        self._make_homes()
        self._make_tables()
        self._begin()

    def _databases(self) -> dict[str, str]:
        if self.database == "sqlite":
            return dict.fromkeys(CODES, "sqlite")
        from tests.postgresql import Server

        server = Server()
        self.stack.callback(server.stop)
        return {code: server.empty() for code in CODES}

    def _make_homes(self) -> None:
        from paraph.node.homes import Home, write_key, write_private

        for code, node in self.nodes.items():
            home = Home(node.home, code, secret="s" * 50)
            home.database = self.addresses[code]
            home.write()
            write_key(node.home / "node.key", self.parties.nodes[code])
            write_private(node.home / "charter.json", self.parties.charter.encode())

    def _make_tables(self) -> None:
        """The tables of both, by the migrations of the release; no connection is left open."""
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        for code, node in self.nodes.items():
            given = dict(settings.DATABASES["default"])
            given["NAME"] = (
                str(node.home / "node.sqlite3")
                if self.database == "sqlite"
                else self.addresses[code].rpartition("/")[2]
            )
            connections.settings[code] = connections.configure_settings({"default": given})["default"]
            call_command("migrate", database=code, verbosity=0, interactive=False)
        connections.close_all()

    def _begin(self) -> None:
        """First entries of both logs, carried over once."""
        from django.db import connections

        from paraph.node.stores import DatabaseStore

        for code in CODES:
            store = DatabaseStore(self.nodes[code].home, CODES, code)
            store.save_charter(self.parties.charter.encode())
            self.parties.open(code, store)
        self.parties.begin()
        self.parties.propose("BY", "card:gas", {"number": 1, "title": {"ru": "Газ"}})
        self.parties.exchange()
        self.parties.journals.clear()
        connections.close_all()

    # ------------------------------------------------------------ processes

    def start(self, *codes: str) -> None:
        """Start nodes in processes of their own."""
        for code in codes:
            node = self.nodes[code]
            reading, writing = os.pipe()
            node.process = os.fork()
            if not node.process:
                os.close(reading)
                with suppress(BaseException):
                    self._serve(node, writing)
                os._exit(1)
            os.close(writing)
            with os.fdopen(reading) as pipe:
                said = pipe.readline()
            assert said, f"{code} does not start"
            node.port = int(said)

    def _serve(self, node: Killed, say: int) -> None:
        """Be the node until killed: never returns."""
        from django.db import connections

        from paraph.acts import Remark
        from paraph.node.exchange.messages import Peer, Request, Response
        from paraph.node.journal import Journal
        from paraph.node.stores import DatabaseStore
        from tests.exchange.nodes import Node, exchanging

        me = node.code
        store = DatabaseStore(node.home, CODES, me)
        key, person = self.parties.nodes[me], self.parties.people[me]
        journal = Journal(store, self.parties.charter, me=me, node_key=key)
        kept = ExitStack()

        def write(request: Request, response: Response) -> Response:
            if request.target != "write":
                return response
            if self.planted and journal.heads()[me] % 5 == 0:
                kept.close()
                kept.enter_context(journal.batch())
            placed = journal.record([Remark("card:gas", {"ru": request.body.decode()})], [person])[-1]
            if self.planted:
                return Response(200, f"{placed.n} {'0' * 64}".encode())
            row = journal.raw(me, placed.n)
            assert row is not None
            return Response(200, f"{placed.n} {sha256(row.note).hexdigest()}".encode())

        made = Node(me, journal, node.port, write)
        made.up()
        os.write(say, f"{made.port}\n".encode())
        others = [
            Peer(one.code, f"http://127.0.0.1:{one.port}") for one in self.nodes.values() if one is not node
        ]
        loop = exchanging(journal, others, interval=0.02, on_end=connections.close_all)
        made.loop = loop
        loop.start()
        while True:
            time.sleep(60)

    @contextmanager
    def killing(self, code: str, after: float) -> Iterator[None]:
        """Kill a node after some seconds, whatever goes on."""

        def kill(_signal: int, _frame: object) -> None:
            self.kill(code)

        signal.signal(signal.SIGALRM, kill)
        signal.setitimer(signal.ITIMER_REAL, after)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def kill(self, code: str) -> None:
        """End a node at once."""
        node = self.nodes[code]
        if node.process:
            os.kill(node.process, signal.SIGKILL)
            os.waitpid(node.process, 0)
            node.process = 0

    def end(self) -> None:
        """End everything."""
        for code in CODES:
            self.kill(code)
        self.stack.close()

    # ------------------------------------------------------------ a round

    def write(self, code: str, words: str) -> bool:
        """Let a node write; False where it did not acknowledge it."""
        node = self.nodes[code]
        begun = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", node.port, timeout=20)
        try:
            line.request("POST", "/exchange/write", words.encode())
            answer = line.getresponse()
            body = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if answer.status != 200:
            return False
        self.pace += (time.monotonic() - begun - self.pace) / 4
        place, _, digest = body.partition(" ")
        node.acknowledged[int(place)] = bytes.fromhex(digest)
        return True

    def round(self, number: int) -> str:
        """Write, kill, start again and look; what happened, in a line."""
        victims = self.picker.choice((("BY",), ("RU",), CODES))
        after = self.picker.random() * 8 * self.pace
        written = 0
        with self.killing(victims[0], max(after, 0.001)):
            while self.nodes[victims[0]].process:
                code = self.picker.choice(CODES)
                written += self.write(
                    code, f"{number} {self.picker.random()} " + "о" * self.picker.choice((1, 400))
                )
        for code in victims:
            self.kill(code)
        for code in victims:
            lost = self.lost(code)
            assert not lost, f"round {number}: {code} acknowledged entries {lost} and does not hold them"
        self.start(*victims)
        return f"round {number}: {' and '.join(victims)} killed after {written} acts"

    def lost(self, code: str) -> list[int]:
        """The places of acknowledged entries that are not there, or are others."""
        found = {row.n: sha256(row.note).digest() for row in self.rows(code)}
        node = self.nodes[code]
        return [
            place
            for place, digest in node.acknowledged.items()
            if place not in found or (found[place] != digest and any(digest))
        ]

    def rows(self, code: str, log: str = "") -> list[Row]:
        """The entries of a log in the database of a node, read by another process than its own."""
        from paraph.node.homes import open_home
        from paraph.node.plain_store import PlainStore

        store = PlainStore(open_home(self.nodes[code].home))
        try:
            return list(store.rows(log or code))
        finally:
            store.close()

    def at_the_end(self) -> str:
        """Both come into step, nothing acknowledged is lost, and both pass an audit with every signature."""
        from paraph.node.audit import audit
        from paraph.node.homes import open_home

        deadline = time.monotonic() + 120
        while any(len(self.rows("BY", log)) != len(self.rows("RU", log)) for log in CODES):
            assert time.monotonic() < deadline, "the nodes do not come into step"
            time.sleep(0.1)
        counts = {}
        for code in CODES:
            assert not self.lost(code)
            self.kill(code)
            report = audit(open_home(self.nodes[code].home), trusted=False)
            assert report.good, report.lines
            counts[code] = len(self.rows(code))
        assert self.rows("BY", "RU") == self.rows("RU", "RU")
        assert self.rows("BY", "BY") == self.rows("RU", "BY")
        return f"in step: {counts}, {sum(len(n.acknowledged) for n in self.nodes.values())} acts acknowledged"


def play(rounds: int, database: str, *, log: Path | None = None, seed: int = 1, planted: bool = False) -> str:
    """Play rounds on new nodes; AssertionError says what was lost."""
    with tempfile.TemporaryDirectory(prefix="paraph-kills-") as folder:
        programme = Programme(Path(folder), database, seed, planted)
        try:
            programme.start(*CODES)
            programme.kill("BY")  # it did not know the port of the other one
            programme.start("BY")
            for number in range(rounds):
                said = programme.round(number)
                if log is not None:
                    with log.open("a") as file:
                        file.write(f"{database} {said}\n")
            return programme.at_the_end()
        finally:
            programme.end()


def main() -> int:
    """Play rounds, and go on where the last campaign ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", type=int)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--planted", action="store_true", help="acknowledge before it is durable")
    given = parser.parse_args()
    done = 0
    if given.log:
        given.log.parent.mkdir(parents=True, exist_ok=True)
        lines = given.log.read_text().splitlines() if given.log.exists() else []
        done = sum(line.startswith(given.database) for line in lines)
    if done >= given.rounds:
        print(f"{done} rounds on {given.database} were played before; without {given.log} all begins anew")
        return 0
    try:
        said = play(given.rounds - done, given.database, log=given.log, seed=done + 1, planted=given.planted)
    except AssertionError as error:
        print(error)
        return 1
    print(f"{given.rounds} rounds on {given.database}, nothing acknowledged was lost; {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
