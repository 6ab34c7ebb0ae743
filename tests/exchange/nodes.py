"""Nodes for tests: the real handlers behind a plain HTTP server on loopback, stopped by itself."""

import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

from django.db import connections

from paraph.acts import Remark
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import Pulled, pull
from paraph.node.exchange.loop import Loop
from paraph.node.exchange.messages import READ, Peer, Request, Response
from paraph.node.exchange.server import Server
from paraph.node.exchange.transport import HttpTransport
from paraph.node.journal import Journal
from tests.parties import Parties

ABOUT = "provision:gas/one"
Change = Callable[[Request, Response], Response]


def as_it_is(_request: Request, response: Response) -> Response:
    """Answer honestly."""
    return response


@dataclass
class Node:
    """One node: its journal, its server, its loop where it was started."""

    code: str
    journal: Journal
    port: int = 0
    change: Change = as_it_is  # what it answers instead: for peers that are not honest
    asked: list[str] = field(default_factory=list)  # targets that it was asked for
    given: list[bytes] = field(default_factory=list)  # all bytes that it answered
    loop: Loop | None = None
    tls: ssl.SSLContext | None = None
    server: Server = field(init=False)
    _http: ThreadingHTTPServer | None = None

    def __post_init__(self) -> None:
        self.server = Server(self.journal, on_poke=self._poked)

    def _poked(self, sender: str, heads: Any) -> None:
        if self.loop is not None:
            self.loop.poked(sender, heads)

    @property
    def peer(self) -> Peer:
        """How others call it."""
        return Peer(self.code, f"http://127.0.0.1:{self.port}")

    def up(self) -> None:
        """Listen, at the same port as before."""
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                target = self.path.removeprefix("/exchange/")
                given = {name: self.headers.get(name, "") for name in READ}
                request = Request(self.command, target, given, self.rfile.read(length))
                node.asked.append(target)
                response = node.change(request, node.server.answer(request))
                node.given.append(response.body)
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                cut = 0 if response.complete else 1_000
                self.send_header("Content-Length", str(len(response.body) + cut))
                self.end_headers()
                self.wfile.write(response.body)
                self.close_connection = not response.complete

            do_GET = do_POST = answer

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        class Http(ThreadingHTTPServer):
            daemon_threads = True

            def process_request_thread(self, *given: Any) -> None:
                super().process_request_thread(*given)
                connections.close_all()

            def handle_error(self, *_args: Any) -> None:
                """A client that went away is no event."""

        self._http = Http(("127.0.0.1", self.port), Handler)
        if self.tls is not None:
            self._http.socket = self.tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._http.server_address[1]
        Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def down(self) -> None:
        """Stop listening."""
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
            self._http = None


class Nodes:
    """All nodes of a programme, listening; ends them all."""

    def __init__(self, parties: Parties) -> None:
        self.parties = parties
        self._nodes = {code: Node(code, journal) for code, journal in parties.journals.items()}

    def __enter__(self) -> Self:
        for node in self._nodes.values():
            node.up()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        for node in self._nodes.values():
            if node.loop is not None:
                node.loop.stop()
            node.down()

    def __getitem__(self, code: str) -> Node:
        return self._nodes[code]

    def caller(self, code: str, peer: str) -> Caller:
        """Questions of one node to another."""
        to = self._nodes[peer].peer
        return Caller(self._nodes[code].journal, to, HttpTransport(to))

    def pull(self, code: str, peer: str) -> Pulled:
        """Let one node pull from another, once."""
        caller = self.caller(code, peer)
        try:
            return pull(self._nodes[code].journal, caller)
        finally:
            caller.transport.close()

    def start(self, *codes: str, interval: float = 0.5) -> None:
        """Start the loops of nodes; an observer calls the parties only."""
        for code in codes:
            others = [node.peer for node in self._nodes.values() if node.code != code]
            if code not in self.parties.roots:
                others = [peer for peer in others if peer.code in self.parties.roots]
            node = self._nodes[code]
            node.loop = exchanging(node.journal, others, interval=interval).start()


def exchanging(journal: Journal, peers: Iterable[Peer], **options: Any) -> Loop:
    """A loop whose threads let their connections to the database go when they end."""
    return Loop(journal, peers, **{"on_end": connections.close_all, **options})


def until(holds: Callable[[], bool], seconds: float = 5.0) -> float:
    """Wait until something holds; return how long it took."""
    start = time.monotonic()
    while not holds():
        if time.monotonic() - start > seconds:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.005)
    return time.monotonic() - start


def founded(*codes: str) -> Parties:
    """Parties with words proposed on one provision, held everywhere."""
    parties = Parties.make(*codes)
    parties.propose("BY", "card:gas", {"number": 1, "title": {"ru": "Карта"}})
    parties.words("BY", ABOUT, "Слова.")
    parties.exchange()
    return parties


def remarks(parties: Parties, code: str, count: int, size: int = 10) -> None:
    """Let a party write that many acts."""
    for number in range(count):
        parties.act(code, Remark(ABOUT, {"ru": f"{number} " + "о" * size}))


def sizes(parties: Parties, code: str) -> dict[str, int]:
    """How many entries of each log that node holds."""
    return parties.journals[code].heads()
