"""Who sent a request? The node key that holds in the sender's log signs each one.

So any TLS terminator may stand in front. Mutual TLS with pinned keys would be another way to say who
asks; it would end in the same question, `Doorkeeper.sender`, and nothing behind it would change.
"""

import base64
import binascii
import hashlib
import re
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from paraph.node.exchange.errors import Refusal
from paraph.node.exchange.limits import MAX_NONCES, SKEW, Pace
from paraph.node.exchange.messages import (
    HEADERS,
    NONCE,
    RECEIVER,
    SENDER,
    SIGNATURE,
    TIME,
    Request,
)
from paraph.node.journal import Journal
from paraph.record.charter import members
from paraph.record.keys import NodeSigner, PublicKey

Clock = Callable[[], datetime]
First = Callable[[str, int, str], bool]  # sender, date in ms and nonce: whether no other worker has seen it
_FORMS = {
    SENDER: re.compile(r"[A-Z]{2,8}"),
    RECEIVER: re.compile(r"[A-Z]{2,8}"),
    TIME: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    NONCE: re.compile(r"[0-9a-f]{32}"),
    SIGNATURE: re.compile(r"[A-Za-z0-9+/]{86}=="),
}


def anyone(_sender: str, _at: int, _nonce: str) -> bool:
    """Where there is one worker, no other has seen a request."""
    return True


def system_clock() -> datetime:
    """Now, by the clock of the machine: requests are never dated by a programme's clock."""
    return datetime.now(UTC)


def statement(prog: str, request: Request, at: str, nonce: str, sender: str, receiver: str) -> bytes:
    """What a node signs for one request; each part stands on a line of its own."""
    body = hashlib.sha256(request.body).hexdigest()
    parts = (prog, request.method, request.target, body, at, nonce, sender, receiver)
    return ("paraph request v1\n" + "".join(f"{part}\n" for part in parts)).encode()


def sign(
    request: Request, key: NodeSigner, prog: str, sender: str, receiver: str, clock: Clock = system_clock
) -> Request:
    """The request with the headers that say who sends it, to whom, when."""
    at = clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    nonce = secrets.token_hex(16)
    raw = key.sign(statement(prog, request, at, nonce, sender, receiver))
    values = (sender, receiver, at, nonce, base64.b64encode(raw).decode())
    headers = {**request.headers, **dict(zip(HEADERS, values, strict=True))}
    return Request(request.method, request.target, headers, request.body)


class Doorkeeper:
    """Says who sent a request; each request counts once."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock = system_clock,
        first: First = anyone,
        since: datetime | None = None,
    ) -> None:
        self._journal = journal
        self._first = first
        self._prog = journal.charter.prog
        self._me = journal.code
        self._clock = clock
        start = _milliseconds(since or clock())  # what is older may have been answered before
        self._looks = Pace(2, 10)  # at what other processes have kept
        self._seen = {one.code: Nonces(start) for one in members(journal.charter)}

    def sender(self, request: Request) -> str:
        """The code of the party or observer that signed; Refusal (401) says why none counts."""
        given = {name: request.headers.get(name, "") for name in HEADERS}
        if not all(form.fullmatch(given[name]) for name, form in _FORMS.items()):
            raise Refusal(401, "The request is not signed: it comes from no node of this programme.")
        sender, at, nonce = given[SENDER], given[TIME], given[NONCE]
        key = self._journal.node_of(sender)
        if key is None:
            raise Refusal(401, f"The charter names no node {sender}.")
        if given[RECEIVER] != self._me:
            raise Refusal(401, f"The request is meant for {given[RECEIVER]}; this is {self._me}.")
        when = self._time(at)
        try:
            raw = base64.b64decode(given[SIGNATURE], validate=True)
        except binascii.Error:
            raw = b""
        said = statement(self._prog, request, at, nonce, sender, self._me)
        if not key.verify(said, raw) and not self._rotated(sender, key, said, raw):
            raise Refusal(401, f"The request is not signed by the node of {sender}.")
        at_ms = _milliseconds(when)
        if not (self._seen[sender].first(at_ms, nonce) and self._first(sender, at_ms, nonce)):
            raise Refusal(401, "The request came before: it counts once.")
        return sender

    def _rotated(self, sender: str, former: PublicKey, said: bytes, raw: bytes) -> bool:
        """Say whether the signature is of a key that another process here has learnt of meanwhile."""
        if not self._looks.allows():
            return False
        self._journal.refresh()
        key = self._journal.node_of(sender)
        return key is not None and key != former and key.verify(said, raw)

    def _time(self, at: str) -> datetime:
        now = self._clock()
        try:
            when = datetime.fromisoformat(at)
        except ValueError:
            when = now + timedelta(days=1)
        if abs((when - now).total_seconds()) > SKEW:
            raise Refusal(
                401,
                f"The request is dated {at}, more than five minutes from the clock of {self._me},"
                f" which says {now.astimezone(UTC):%Y-%m-%d %H:%M:%S}.",
            )
        return when


class Nonces:
    """
    The nonces of one sender, as long as its requests could come again.

    What is dated before the start, or before the oldest that had to be forgotten, counts as seen:
    so memory is bounded, and nothing counts twice, not even after a restart.
    """

    def __init__(self, start: int, most: int = MAX_NONCES) -> None:
        self._floor = start  # milliseconds; what is older counts as seen
        self._most = most
        self._count = 0
        self._minutes: dict[int, set[bytes]] = {}
        self._lock = threading.Lock()

    def first(self, at: int, nonce: str) -> bool:
        """Remember a nonce; say whether it comes for the first time. `at` is in milliseconds."""
        raw, minute = bytes.fromhex(nonce), at // 60_000
        with self._lock:
            if at < self._floor or raw in self._minutes.get(minute, ()):
                return False
            self._minutes.setdefault(minute, set()).add(raw)
            self._count += 1
            self._forget(minute)
            return True

    def _forget(self, newest: int) -> None:
        old = newest - 2 * int(SKEW) // 60 - 1  # even the fastest clock refuses that minute by now
        for minute in sorted(self._minutes):
            if minute >= old and self._count <= self._most:
                break
            self._count -= len(self._minutes.pop(minute))
            self._floor = max(self._floor, (minute + 1) * 60_000)


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)
