"""What does a hostile peer cost a real node, and an honest peer beside it?

    python -m tests.node.hostile --seconds 20

A node of BY runs in a process of its own. RU is a party that answers and asks in every bad way below, over
real HTTP; KZ is honest and asks the node all the while. The command prints memory, processor time and the
time that an answer to KZ took, for each way and for peace.
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paraph.settings")

from paraph.acts import Propose, Remark
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.limits import KIB, MIB
from paraph.node.exchange.messages import HEADERS, Peer, Request, write_heads
from paraph.node.exchange.server import Server
from paraph.node.exchange.transport import HttpTransport
from paraph.node.homes import Home, write_key, write_private
from paraph.record.checkpoints import sign_checkpoint
from tests.node.test_cli import free_ports, serving
from tests.parties import Parties

ENTRIES = 3_000  # that RU has written and the node has never seen
BLOB = 4 * MIB


class Way(BaseHTTPRequestHandler):
    """How RU answers; each way below takes the place of `say`."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    house: "House"

    def answer(self) -> None:
        """Read the request and answer it in the way of the hour."""
        length = int(self.headers.get("Content-Length") or 0)
        given = {name: self.headers.get(name, "") for name in HEADERS}
        request = Request(self.command, self.path.removeprefix("/exchange/"), given, self.rfile.read(length))
        self.house.asked += 1
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.house.way(self, request)

    do_GET = do_POST = answer

    def put(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer with these bytes."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def honest(self, request: Request) -> None:
        """Answer as a node does."""
        response = self.house.server.answer(request)
        self.put(response.body, response.status, **response.headers)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@dataclass
class House:
    """What RU has: its journal, its server, its way, and a decoy that nobody may call."""

    parties: Parties
    server: Server
    way: Callable[[Way, Request], None]
    asked: int = 0
    lured: int = 0
    address: str = ""
    decoy: str = ""
    stop: threading.Event = field(default_factory=threading.Event)


# ---------------------------------------------------------------- the ways


def endless(peer: Way, _request: Request) -> None:
    """A body without end."""
    peer.send_response(200)
    peer.send_header("Content-Length", str(10**12))
    peer.end_headers()
    while not peer.house.stop.is_set():
        peer.wfile.write(b"x" * MIB)


def drip(peer: Way, _request: Request) -> None:
    """The head of an answer, a byte at a time."""
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
        peer.wfile.write(bytes([byte]))
        if peer.house.stop.wait(0.05):
            return


def heads(peer: Way, _request: Request) -> None:
    """Interim answers and headers without end."""
    while not peer.house.stop.is_set():
        peer.wfile.write(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" * 1_000)


def counts(peer: Way, request: Request) -> None:
    """Sizes that nobody can have, and entries that are none."""
    if request.target in ("heads", "poke"):
        return peer.put(write_heads({"RU": 2**53 - 1, "BY": 2**53 - 1}))
    if "/entries/" in request.target:
        return peer.put(b'{"n":0,"note":""}\n' * 200_000)
    return peer.put(b"9" * 60_000)


def nested(peer: Way, request: Request) -> None:
    """JSON nested without end."""
    if request.target in ("heads", "poke"):
        return peer.put(write_heads({"RU": ENTRIES}))
    return peer.put(b"[" * 250 * KIB + b"\n")


def packed(peer: Way, _request: Request) -> None:
    """An answer that would grow when it is unpacked."""
    peer.put(b"\x1f\x8b" + b"\0" * 60_000, Content_Encoding="gzip")


def lengths(peer: Way, request: Request) -> None:
    """A length that is not the one of the body."""
    said = ("-1", "1", "99999999999999999999", "0x10", "", "5, 7")[peer.house.asked % 6]
    peer.send_response(200)
    peer.send_header("Content-Length", said)
    peer.end_headers()
    peer.wfile.write(write_heads({"RU": ENTRIES}))


def redirected(peer: Way, request: Request) -> None:
    """Elsewhere, in every way that a client could follow."""
    decoy = peer.house.decoy
    peer.put(
        f'{{"heads":{{}},"next":"{decoy}"}}'.encode(),
        (301, 302, 307, 308, 200, 401)[peer.house.asked % 6],
        Location=decoy,
        Refresh=f"0; url={decoy}",
        Link=f"<{decoy}>; rel=next",
        Alt_Svc=f'http="{decoy.removeprefix("http://")}"',
    )


def withheld(peer: Way, request: Request) -> None:
    """Real entries of which the contents never come: all of them wait."""
    if "/contents/" in request.target:
        return peer.put(b"Not here.", 404)
    return peer.honest(request)


def forks(peer: Way, request: Request) -> None:
    """Heads of ever other histories, signed as they have to be."""
    if not request.target.endswith("/checkpoint") or request.method == "POST":
        return peer.honest(request)
    parties = peer.house.parties
    name = parties.journals["RU"].ledger.logs["RU"].origin
    size = 1 + peer.house.asked % ENTRIES
    return peer.put(sign_checkpoint(name, size, os.urandom(32), parties.nodes["RU"]))


def blobs(peer: Way, request: Request) -> None:
    """Larger contents that are not those that were named."""
    if not request.target.startswith("blob/"):
        return peer.honest(request)
    return peer.put(os.urandom(BLOB))


def true(peer: Way, request: Request) -> None:
    """As it should be: the entries and their blobs come, as fast as they can."""
    peer.honest(request)


WAYS = (endless, drip, heads, counts, nested, packed, lengths, redirected, withheld, forks, blobs, true)


# ---------------------------------------------------------------- what RU asks


def poke(parties: Parties, address: str, stop: threading.Event) -> None:
    """Say that there is news, so that the node asks again at once."""
    caller = Caller(parties.journals["RU"], Peer("BY", address), HttpTransport(Peer("BY", address)))
    while not stop.wait(0.05):
        with contextlib.suppress(Exception):
            caller.poke({"RU": 2**40})
    caller.transport.close()


def knock(parties: Parties, address: str, stop: threading.Event) -> None:
    """Ask the node as often as it lets: garbage signatures, largest answers, slow readers."""
    host, _colon, port = address.removeprefix("http://").partition(":")
    where = (host, int(port))
    slow: list[socket.socket] = []
    with contextlib.suppress(OSError):
        for _line in range(6):
            line = socket.create_connection(where, 5)
            line.sendall(b"GET /exchange/heads HTTP/1.1\r\nHost: x\r\nX: ")  # and never the end
            slow.append(line)
    caller = Caller(parties.journals["RU"], Peer("BY", address), HttpTransport(Peer("BY", address)))
    while not stop.is_set():
        with contextlib.suppress(Exception):
            caller._known_by = parties.roots["RU"] if time.monotonic() % 2 < 1 else parties.nodes["RU"]
            caller.entries("BY", 0, 4, MIB)
    caller.transport.close()
    for line in slow:
        line.close()


# ---------------------------------------------------------------- the node


@dataclass
class Cost:
    """What a way cost the node, and an honest peer."""

    way: str
    memory: int  # MiB, the peak beside what there was in peace
    cores: float
    answer: float  # ms, the median of an honest request
    worst: float  # ms, of a hundred the slowest
    lured: int
    answered: int
    asked: int  # how often the node asked RU


class Field:
    """The node of BY in its process, RU hostile, KZ honest."""

    def __init__(self, folder: Path, port: int, house: House) -> None:
        self.folder, self.port, self.house = folder, port, house
        self.address = f"http://127.0.0.1:{port}"
        self.pid = 0
        self.calm = 0

    def ask(self, seconds: float) -> list[float]:
        """Let KZ ask for that long; how long each answer took, in ms."""
        parties, peer = self.house.parties, Peer("BY", self.address)
        caller = Caller(parties.journals["KZ"], peer, HttpTransport(peer))
        end, took = time.monotonic() + seconds, []
        while time.monotonic() < end:
            begun = time.perf_counter()
            caller.heads()
            caller.entries("BY", 0, 4, MIB)
            took.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.01)
        caller.transport.close()
        return took

    def ask_apart(self, seconds: float) -> list[float]:
        """The same from a process of its own: who knocks in this one would keep it waiting."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.write(writing, json.dumps(self.ask(seconds)).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with open(reading, "rb") as answer:
            took: list[float] = json.loads(answer.read())
        os.waitpid(child, 0)
        return took

    def suffer(
        self,
        way: Callable[[Way, Request], None],
        seconds: float,
        *,
        knocking: bool = False,
        apart: bool = False,
    ) -> Cost:
        """Let RU be hostile in one way for that long; `apart`: the honest ask from a process of their own."""
        self.house.stop.clear()
        self.house.way, self.house.asked = way, 0
        asking = [poke, knock] if knocking else [poke]
        given = (self.house.parties, self.address, self.house.stop)
        askers = [threading.Thread(target=ask, args=given, daemon=True) for ask in asking]
        for asker in askers:
            asker.start()
        spent, begun = self.processor(), time.monotonic()
        self.forget_peak()
        took = self.ask_apart(seconds) if apart else self.ask(seconds)
        cores = (self.processor() - spent) / (time.monotonic() - begun)
        self.house.stop.set()
        for asker in askers:
            asker.join()
        slowest = sorted(took)[int(len(took) * 0.99)]
        name = "knocking" if knocking else way.__name__
        memory = self.peak() - self.calm
        middle = statistics.median(took)
        return Cost(name, memory, cores, middle, slowest, self.house.lured, len(took), self.house.asked)

    def rest(self) -> None:
        """Ask until the node has prepared what it prepares after its start: that is no cost of a peer."""
        while self.peak() > self.calm:
            self.calm = self.peak()
            self.ask(3.0)

    def peak(self) -> int:
        """The largest memory of the node since `forget_peak`, MiB."""
        return int(_status(self.pid, "VmHWM")) // 1024

    def forget_peak(self) -> None:
        """Measure the peak anew."""
        with contextlib.suppress(OSError):
            Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def processor(self) -> float:
        """Processor seconds of the node so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int, name: str) -> str:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return line.split()[1]
    raise ValueError(name)


def _serving_pid(port: int) -> int:
    """The process that answers: the child of the one that was started for this home."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if b"serve" in words and f"127.0.0.1:{port}".encode() in words:
                pid = int(path.parent.name)
                if children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                    return int(children[0])
    raise AssertionError("the node does not run")


def programme(entries: int = ENTRIES) -> Parties:
    """BY, RU and KZ; RU has written much that the node of BY has never seen."""
    parties = Parties.make("BY", "RU", "KZ")
    parties.propose("BY", "card:gas", {"number": 1, "title": {"ru": "Газ"}})
    parties.words("BY", "provision:gas/one", "Слова.")
    parties.exchange()
    return parties


def write_much(parties: Parties, entries: int) -> None:
    """Let RU write: remarks, and contents that are larger."""
    with parties.journals["RU"].batch():
        large = {"words": {"ru": " ".join(["Слово"] * 4_000)}}
        parties.act("RU", *(Remark("provision:gas/one", {"ru": f"{n}"}) for n in range(entries)))
        parties.act("RU", *(Propose(f"provision:gas/p{n}", large) for n in range(20)))


@contextlib.contextmanager
def field_of(folder: Path, entries: int = ENTRIES) -> Iterator[Field]:
    """The node of BY with a hostile RU beside it."""
    parties = programme()
    house = House(parties, Server(parties.journals["RU"]), true)

    class Decoy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            house.lured += 1

        do_POST = do_HEAD = do_GET

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    servers = [
        ThreadingHTTPServer(("127.0.0.1", 0), type("Its", (Way,), {"house": house})),
        ThreadingHTTPServer(("127.0.0.1", 0), Decoy),
    ]
    for server in servers:
        server.daemon_threads = True
        server.handle_error = lambda *_args: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    house.address, house.decoy = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    (port,) = free_ports(1)
    home = Home(folder / "by", "BY", secret="s" * 50, listen=f"127.0.0.1:{port}")
    home.peers = {"RU": house.address}
    home.write()
    write_key(home.path / "node.key", parties.nodes["BY"])
    write_private(home.path / "charter.json", parties.charter.encode())
    _fill(folder, parties)
    write_much(parties, entries)
    try:
        with serving(folder, "by", f"--listen 127.0.0.1:{port}"):
            made = Field(folder, port, house)
            made.pid = _serving_pid(port)
            house.way = packed  # nothing comes over yet
            made.rest()
            yield made
    finally:
        house.stop.set()
        for server in servers:
            server.shutdown()
            server.server_close()


def _fill(folder: Path, parties: Parties) -> None:
    """Give the home what BY holds."""
    from paraph.node.exchange.courier import pack
    from tests.node.test_cli import paraph

    (folder / "by.zip").write_bytes(pack(parties.journals["KZ"], "BY"))
    paraph(folder, "bundle read --home by by.zip")
    (folder / "by" / "heads").unlink(missing_ok=True)


def main() -> int:
    """Print what each way costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, field_of(Path(folder)) as field:
        peace = sorted(field.ask(given.seconds))
        median = statistics.median(peace)
        print(
            f"in peace: {field.calm} MiB, an honest answer in {median:.1f} ms,"
            f" the slowest of a hundred {peace[int(len(peace) * 0.99)]:.1f} ms"
        )
        for way in WAYS:
            show(field.suffer(way, given.seconds, apart=True), median)
        show(field.suffer(packed, given.seconds, knocking=True, apart=True), median)
    return 0


def show(cost: Cost, peace: float) -> None:
    """One line of the table."""
    print(
        f"{cost.way:12} {cost.memory:>4} MiB more  {cost.cores:5.2f} cores  honest {cost.answer:6.1f} ms"
        f" ({cost.answer / peace:.1f} times, slowest of a hundred {cost.worst:.0f} ms)"
        f"  asked {cost.asked} times, lured {cost.lured}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
