"""What does an authority for time say of a head, and does it count? (RFC 3161)

A token counts if it is signed under the certificates that node.toml names, and answers the question
where one has just been asked.
"""

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

PATIENCE = 20.0  # seconds for an answer
MAX_ANSWER = 65_536  # bytes
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
