"""When, at the latest, was a head of the own log signed, as an authority for time says? (RFC 3161)

Where node.toml names an authority, the node asks it for a token over its signed head, from time to
time while the log grows. A token is kept only if it answers this question and is signed under the
certificates that node.toml names; it lies beside the head, outside the record.
"""

import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from paraph.node.errors import NodeError
from paraph.node.homes import Home
from paraph.node.journal import Journal
from paraph.node.models import StampRow
from paraph.record.errors import RecordError

PATIENCE = 20.0  # seconds for an answer
MAX_ANSWER = 65_536  # bytes
EVERY = 3_600.0  # seconds between two tokens, where node.toml does not say
AUTHORITY = "authority"  # the source of a token, as receipts have the code of a party


@dataclass(frozen=True, slots=True)
class Token:
    """An authority says that this head existed at that time."""

    size: int
    time: datetime
    head: bytes  # the signed checkpoint
    answer: bytes  # DER, a TimeStampResp


class _NoOtherPlace(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_about: object) -> None:
        """No redirection is followed."""


_opener = urllib.request.build_opener(_NoOtherPlace, urllib.request.ProxyHandler({}))


def stamp(home: Home, journal: Journal) -> Token | None:
    """
    Ask the authority for a token over the own head, and keep it; None where the log has not grown.

    Raises:
        NodeError: no authority is named, or its answer does not count.
    """
    if journal.me is None:
        raise NodeError("an observer has no log of its own")
    size = journal.heads()[journal.me]
    last = StampRow.objects.filter(log=journal.me, source=AUTHORITY).order_by("-size").first()
    if not size or (last is not None and last.size >= size):
        return None
    head = journal.checkpoint(journal.me)
    if head is None:
        return None
    size = journal.own_head(head).size
    token = ask(home, head, size)
    StampRow.objects.get_or_create(
        log=journal.me,
        size=size,
        source=AUTHORITY,
        defaults={"time": token.time, "raw": head, "token": token.answer},
    )
    return token


def ask(home: Home, head: bytes, size: int) -> Token:
    """A token over a signed head, from the authority that node.toml names."""
    address = home.timestamps.get("authority", "")
    if not address.startswith(("https://", "http://")):
        raise NodeError('node.toml names no authority: [timestamps] authority = "https://…"')
    request = TimestampRequestBuilder().data(head).hash_algorithm(HashAlgorithm.SHA256).build()
    question = urllib.request.Request(
        address, request.as_bytes(), {"Content-Type": "application/timestamp-query"}, method="POST"
    )
    try:
        with _opener.open(question, timeout=PATIENCE) as found:
            answer = found.read(MAX_ANSWER + 1)
    except (OSError, ValueError) as error:
        raise NodeError(f"{address} does not answer: {error}") from None
    if len(answer) > MAX_ANSWER:
        raise NodeError(f"{address} answers with more than {MAX_ANSWER} bytes")
    return Token(size, verify(answer, head, roots(home), request), head, answer)


def verify(
    answer: bytes, head: bytes, roots: list[x509.Certificate], request: TimeStampRequest | None = None
) -> datetime:
    """
    The time that a token gives a head.

    Args:
        answer: DER, a TimeStampResp.
        head: the signed checkpoint.
        roots: the certificates under which tokens count.
        request: the question, where it has just been asked.

    Raises:
        NodeError: the token does not count.
    """
    try:
        token: TimeStampResponse = decode_timestamp_response(answer)
        builder = VerifierBuilder.from_request(request) if request else VerifierBuilder()
        for root in roots:
            builder = builder.add_root_certificate(root)
        builder.build().verify_message(token, head)
        time = token.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise NodeError(f"the token does not count: {error}") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def roots(home: Home) -> list[x509.Certificate]:
    """The certificates under which tokens count, as node.toml names their file."""
    name = home.timestamps.get("certificates", "")
    if not name:
        raise NodeError('node.toml names no certificates for tokens: [timestamps] certificates = "tsa.pem"')
    try:
        return x509.load_pem_x509_certificates(Path(home.path, name).read_bytes())
    except (OSError, ValueError) as error:
        raise NodeError(f"{name} holds no certificates: {error}") from None


class Keeper:
    """Asks for tokens from time to time, in a thread of its own."""

    def __init__(self, home: Home, journal: Journal) -> None:
        self._home, self._journal = home, journal
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timestamps", daemon=True)
        self.trouble = ""

    def start(self) -> None:
        """Start the thread, where node.toml names an authority."""
        if self._home.timestamps.get("authority") and self._journal.me:
            self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._ending.set()

    def _run(self) -> None:
        from django.db import close_old_connections, connections

        every = float(self._home.timestamps.get("every", EVERY))
        while not self._ending.is_set():
            close_old_connections()
            try:
                stamp(self._home, self._journal)
                self.trouble = ""
            except (NodeError, RecordError, urllib.error.URLError) as error:
                self.trouble = str(error)
            self._ending.wait(every)
        connections.close_all()
