"""One HTTP connection to a peer, kept open, bounded in time and bytes.

No redirection is followed, nothing is unpacked, and no address but the one in this node's settings
is ever called.
"""

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paraph.node.exchange.errors import BadAnswer, Gone, Unreachable
from paraph.node.exchange.limits import ANSWER, CONNECT, MAX_HEAD, READ
from paraph.node.exchange.messages import RANGE, Peer, Request, Response
from paraph.sentences import _

_STEP = 65_536  # bytes read at once


class HttpTransport:
    """Carries requests to one peer, from one thread at a time."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._connection: http.client.HTTPConnection | None = None
        self._prefix = ""
        self._deadline = 0.0
        self._aborted = False

    def send(self, request: Request, limit: int) -> Response:
        """Carry one request and bring at most `limit` bytes of the answer back."""
        fresh = self._connection is None
        self._deadline = time.monotonic() + ANSWER
        try:
            connection = self._connection or self._connect()
            path = f"{self._prefix}/exchange/{request.target}"
            headers = {**request.headers, "Accept-Encoding": "identity"}
            connection.request(request.method, path, request.body or None, headers)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if isinstance(error, ConnectionError) and not fresh:
                raise Gone(_("%(peer)s closed the connection."), peer=self.peer.code) from None
            raise self._unreachable(error) from None
        found = self._read(answer, limit)
        asked = request.headers.get(RANGE, "").removeprefix("bytes=").partition("-")[0]
        if found.status == 206 and not (answer.getheader("Content-Range") or "").startswith(
            f"bytes {asked}-"
        ):
            raise BadAnswer(_("%(peer)s sends other bytes than those asked for."), peer=self.peer.code)
        return found

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def abort(self) -> None:
        """End a call that waits in another thread, and let no other begin."""
        self._aborted = True
        connection = self._connection
        if connection is not None and isinstance(connection.sock, socket.socket):
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> http.client.HTTPConnection:
        if self._aborted:
            raise Unreachable(_("The exchange of this node with %(peer)s has ended."), peer=self.peer.code)
        address = read_address(self.peer)
        self._prefix = address.prefix
        connection: http.client.HTTPConnection
        if address.secure:
            context = _trust(self.peer)
            connection = http.client.HTTPSConnection(
                address.host, address.port, timeout=CONNECT, context=context
            )
        else:
            connection = http.client.HTTPConnection(address.host, address.port, timeout=CONNECT)
        self._connection = connection
        connection.response_class = self._answer  # type: ignore[assignment]
        connection.auto_open = 0  # a new connection is made here and nowhere else
        connection.connect()
        _check_pinned(connection.sock, self.peer)
        connection.sock.settimeout(READ)
        return connection

    def _answer(self, connected: Any, *given: Any, **named: Any) -> http.client.HTTPResponse:
        """An answer whose every byte comes before the deadline, and its head within bounds."""
        return http.client.HTTPResponse(_Patience(connected, self._deadline), *given, **named)  # type: ignore[arg-type]

    def _read(self, answer: http.client.HTTPResponse, limit: int) -> Response:
        """Read up to the stated length, the limit or the end of patience, whichever comes first."""
        length = answer.length
        if 300 <= answer.status < 400:
            self.close()
            raise BadAnswer(_("%(peer)s answers with a redirection; none is followed."), peer=self.peer.code)
        if length is None or answer.getheader("Content-Encoding"):
            self.close()
            raise BadAnswer(_("%(peer)s answers without a length, or packed."), peer=self.peer.code)
        body = bytearray()
        wanted = min(length, limit)
        answer.fp.raw.room = wanted  # type: ignore[attr-defined]
        with contextlib.suppress(OSError, http.client.HTTPException):
            while len(body) < wanted and time.monotonic() < self._deadline:
                part = answer.read1(min(_STEP, wanted - len(body)))
                if not part:
                    break
                body += part
        complete = len(body) == length
        if complete and not answer.will_close:
            answer.close()
        else:
            self.close()
        return Response(answer.status, bytes(body), complete=complete)

    def _unreachable(self, error: Exception) -> Unreachable:
        code = self.peer.code
        if isinstance(error, ssl.SSLError):
            return Unreachable(_("%(peer)s shows a certificate that does not count here."), peer=code)
        if isinstance(error, TimeoutError):
            return Unreachable(_("%(peer)s does not answer in time."), peer=code)
        if isinstance(error, socket.gaierror):
            return Unreachable(_("The address of %(peer)s is not found."), peer=code)
        return Unreachable(_("%(peer)s cannot be reached."), peer=code)


class _Patience(io.RawIOBase):
    """A socket as an answer is read from it: until a deadline, and so many bytes, not one beyond."""

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self.room = MAX_HEAD
        self._socket = connected
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What the library reads from."""
        return io.BufferedReader(self, _STEP)

    def readable(self) -> bool:
        """It is read only."""
        return True

    def readinto(self, into: Any) -> int:
        """Bring the next bytes; TimeoutError after the deadline, HTTPException beyond the bound."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self.room <= 0:
            raise http.client.HTTPException("more than was wanted")
        self._socket.settimeout(min(READ, left))
        count = self._socket.recv_into(into)
        self.room -= count
        return count


@dataclass(frozen=True, slots=True)
class Address:
    """Where a peer is called."""

    host: str
    port: int
    secure: bool
    prefix: str


def read_address(peer: Peer) -> Address:
    """Read the address of a peer; Unreachable says what is wrong with it."""
    try:
        parts = urlsplit(peer.address)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
    except ValueError:
        host, port, secure = "", 0, False
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise Unreachable(
            _("%(peer)s has no address like https://node.example: %(address)s"),
            peer=peer.code,
            address=peer.address,
        )
    if not secure and not _on_this_machine(host):
        raise Unreachable(
            _("%(peer)s is not called without TLS: its address must begin with https."),
            peer=peer.code,
        )
    return Address(host, port, secure, parts.path.rstrip("/"))


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _trust(peer: Peer) -> ssl.SSLContext:
    """Whose certificates count: the system's, or the pinned one; a client's own comes here."""
    try:
        context = ssl.create_default_context(cafile=peer.certificate or None)
    except (OSError, ssl.SSLError):
        raise Unreachable(
            _("The certificate of %(peer)s, %(file)s, cannot be read."),
            peer=peer.code,
            file=peer.certificate,
        ) from None
    if peer.certificate:
        context.check_hostname = False  # this very certificate, whatever name it bears
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _check_pinned(connected: socket.socket, peer: Peer) -> None:
    if peer.certificate and isinstance(connected, ssl.SSLSocket):
        pinned = ssl.PEM_cert_to_DER_cert(Path(peer.certificate).read_text().strip())
        if connected.getpeercert(binary_form=True) != pinned:
            raise ssl.SSLCertVerificationError("another certificate than the pinned one")
