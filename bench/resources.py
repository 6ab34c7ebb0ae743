"""How many bytes does a pull move beyond what is new, and what does a proof file cost?"""

import importlib
import socket
import sys
import threading
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.measuring import WORDS, Row, large_charter, median
from paraph.acts import Act, Delegate, Found, Initial, Join, Propose, Remark
from paraph.node import proofs
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import pull
from paraph.node.exchange.messages import READ, Peer, Request
from paraph.node.exchange.receipts import ask
from paraph.node.exchange.server import Server
from paraph.node.exchange.transport import HttpTransport
from paraph.node.journal import Journal
from paraph.record.canonical import encode
from paraph.record.charter import Charter
from paraph.record.keys import SecretKey
from paraph.record.stores import MemoryStore
from paraph.state import closing

POWERS = ["negotiate", "initial", "seal", "sign"]


class Two:
    """BY writes, RU pulls over HTTP through a line that counts every byte both ways."""

    def __init__(self) -> None:
        self.charter: Charter
        self.charter, nodes, roots = large_charter()
        self.person = SecretKey.generate()
        self.by = Journal(MemoryStore(), self.charter, me="BY", node_key=nodes[0])
        self.ru = Journal(MemoryStore(), self.charter, me="RU", node_key=nodes[1])
        grant = Delegate(self.person.public.hex, {"en": "Head"}, {"en": "Head"}, POWERS)
        self.by.record([Found(self.charter.prog), grant], [roots[0]])
        self.ru.record([Join(self.charter.prog)], [roots[1]])
        self.write(Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
        self.moved = 0

    def write(self, *acts: Act) -> None:
        """Record acts of BY's delegate, in one durable step."""
        with self.by.batch():
            for act in acts:
                self.by.record([act], [self.person])

    def exchange(self) -> int:
        """Let RU pull, and BY ask for a receipt; return how many bytes went over the line."""
        self.moved = 0
        with _served(Server(self.by).answer) as port, _counted(port, self) as counting:
            peer = Peer("BY", f"http://127.0.0.1:{counting}")
            transport = HttpTransport(peer)
            pull(self.ru, Caller(self.ru, peer, transport))
            transport.close()
        return self.moved

    def receipt(self) -> None:
        """Let RU vouch for all of BY's log."""
        with _served(Server(self.ru).answer) as port:
            peer = Peer("RU", f"http://127.0.0.1:{port}")
            transport = HttpTransport(peer)
            ask(self.by, Caller(self.by, peer, transport), self.by.heads()["BY"])
            transport.close()


class _served:
    """The answers of a node over HTTP on loopback."""

    def __init__(self, answer: Callable[[Request], Any]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                given = {name: self.headers.get(name, "") for name in READ}
                found = answer(Request(self.command, self.path.removeprefix("/exchange/"), given, body))
                self.send_response(found.status)
                for name, value in {**found.headers, "Content-Length": str(len(found.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(found.body)

            do_GET = do_POST = _answer

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True

    def __enter__(self) -> int:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return int(self._http.server_address[1])

    def __exit__(self, *_error: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _counted:
    """A line to a port that counts what goes through it, both ways."""

    def __init__(self, port: int, two: Two) -> None:
        self._port, self._two = port, two
        self._listening = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        threading.Thread(target=self._run, daemon=True).start()
        return int(self._listening.getsockname()[1])

    def __exit__(self, *_error: object) -> None:
        self._listening.close()

    def _run(self) -> None:
        try:
            caller, _address = self._listening.accept()
        except OSError:
            return
        node = socket.create_connection(("127.0.0.1", self._port))
        for one, other in ((caller, node), (node, caller)):
            threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        while data := one.recv(65_536):
            self._two.moved += len(data)
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


def measure_exchange() -> list[Row]:
    """Bytes over the line, with all headers and both ways, for each byte that was new."""
    two = Two()
    words = " ".join(WORDS * 3)
    found: list[Row] = []
    two.exchange()
    for new in (1, 10, 100, 1_000, 3_000):
        before = two.by.heads()["BY"]
        two.write(*(Remark("card:gas", {"ru": f"{number} {words}"}) for number in range(new)))
        rows = list(two.by.store.rows("BY", before))
        wanted = sum(len(row.note) + len(row.content or b"") for row in rows)
        moved = two.exchange()
        assert two.ru.heads()["BY"] == two.by.heads()["BY"]
        what = f"pull of {new} new entries, bytes moved to bytes new (goal 1.12)"
        found.append((what, f"{moved / wanted:.3f} ({moved} to {wanted})"))
    return found


def measure_proofs() -> list[Row]:
    """The size of a proof of initials in a log of 3,000 entries with a receipt, and the time to check it."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    verifier = importlib.import_module("verify_paraph")
    two, about = Two(), "provision:gas/one"
    content = {"words": {"ru": " ".join(WORDS * 3)}}
    two.write(*(Remark("card:gas", {"ru": str(number)}) for number in range(3_000)))
    two.write(Propose(about, content))
    two.exchange()
    line = f"{about} 1 ru={sha256(encode(['', content['words']['ru']])).hexdigest()}"
    lines = [f"provision:gas/p{number} 2.{number} ru={'0' * 64}" for number in range(99)]
    lines.insert(50, line)
    two.by._check = lambda *_given: None  # type: ignore[method-assign]
    two.write(Initial("road_map:gas", "", two.charter.prog, closing.root_of(lines), lines))
    two.exchange()
    two.receipt()
    proof = proofs.of_initials(two.by, about, ["BY"])
    charter = two.charter.encode()
    seconds = median(lambda: verifier.check(charter, proof), 50)
    size = len(proof) - len(encode(content))
    return [
        ("proof of one party's initials, bytes beside the words (goal 4,096)", str(size)),
        ("proof checked by verify_paraph.py beyond start-up (goal 5 ms)", f"{seconds * 1000:.1f} ms"),
    ]
