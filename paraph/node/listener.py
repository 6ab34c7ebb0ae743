"""How does the listener stay free for others when somebody is slow on purpose?

A connection takes a thread only once its first bytes are there; a request has to come, and an answer to
go, in bounded time; one address from outside holds at most half of the threads. Whoever stays longer is
cut off.
"""

import contextlib
import ipaddress
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

THREADS = 16
ASK = 10.0  # seconds from the first byte of a request to its last
SERVE = 60.0  # seconds from there to the last byte of the answer
IDLE = 15.0  # seconds for which a fresh connection may say nothing
_LOOK = 0.5  # seconds between two looks at who stays too long


class Turns:
    """Who holds a thread, until when, and how many each address holds."""

    def __init__(self, threads: int = THREADS) -> None:
        self._most = max(1, threads // 2)
        self._until: dict[Any, float] = {}
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def turn(self, conn: Any, address: str) -> Iterator[bool]:
        """Hold a thread for a connection; says whether this address may."""
        with self._lock:
            allowed = self._held[address] < self._most or _from_here(address)
            if allowed:
                self._held[address] += 1
                self._until[conn] = time.monotonic() + ASK
        try:
            yield allowed
        finally:
            with self._lock:
                if allowed:
                    self._until.pop(conn, None)
                    self._held[address] -= 1
                    self._held += Counter()  # forgets those who hold none

    def asked(self, conn: Any) -> None:
        """The request is there: from now on it is served."""
        with self._lock:
            if conn in self._until:
                self._until[conn] = time.monotonic() + SERVE

    def late(self) -> list[Any]:
        """Connections whose time is over."""
        now = time.monotonic()
        with self._lock:
            return [conn for conn, until in self._until.items() if until < now]


def _from_here(address: str) -> bool:
    """A terminator on this machine speaks for everybody, and keeps slow ones away itself."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True  # a socket of this machine has no address


class Listener(ThreadWorker):  # type: ignore[misc]
    """The worker of the server that keeps slow clients away."""

    def init_process(self) -> None:
        """Look after the threads from a thread of its own."""
        self.turns = Turns(self.cfg.threads)
        threading.Thread(target=self._cut, name="slow", daemon=True).start()
        super().init_process()

    def _cut(self) -> None:
        while self.alive:
            for conn in self.turns.late():
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
            time.sleep(_LOOK)

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its first bytes without holding a thread."""
        try:
            client, address = listener.accept()
        except OSError:
            return  # gone before it was taken
        self.nr_conns += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.timeout = time.monotonic() + IDLE
        self.pending_conns.append(conn)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:
        """Answer one request, in bounded time."""
        address = conn.client[0] if isinstance(conn.client, tuple) else ""
        with self.turns.turn(conn, address) as allowed:
            return super().handle(conn) if allowed else False

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head of the request is there."""
        self.turns.asked(conn)
        return super().handle_request(req, conn)
