"""What does a node ask, and what is it answered? Free of any framework."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

SENDER = "Paraph-Sender"
RECEIVER = "Paraph-Receiver"
TIME = "Paraph-Time"
NONCE = "Paraph-Nonce"
SIGNATURE = "Paraph-Signature"
HEADERS = (SENDER, RECEIVER, TIME, NONCE, SIGNATURE)

JSON = "application/json"
JSON_LINES = "application/jsonl"
NOTE = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """A question to a node; `target` follows the address of its exchange, with any query."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; `complete` is false where it was cut, `lasting` where it may be kept for ever."""

    status: int
    body: bytes
    kind: str = NOTE
    lasting: bool = False
    complete: bool = True

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with it; what a node was given is for nobody else's cache."""
        keep = "private, immutable, max-age=31536000" if self.lasting else "no-store"
        return {
            "Content-Type": self.kind,
            "Cache-Control": keep,
            "X-Content-Type-Options": "nosniff",
        }


class Transport(Protocol):
    """Carries requests to one peer; HTTP in earnest, anything else in a simulation."""

    def send(self, request: Request, limit: int) -> Response:
        """
        Carry one request and bring at most `limit` bytes of the answer back.

        Raises:
            Unreachable: there is no answer at all.
        """

    def close(self) -> None:
        """Let the connection go."""

    def abort(self) -> None:
        """End a call that waits in another thread, and let no other begin."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A node of the charter as this node's settings say how to reach it."""

    code: str
    address: str  # https://host[:port][/path]; http only on this machine
    certificate: str = ""  # a PEM file: the one certificate that counts, instead of the system's CAs


class Heads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many entries of each log a node holds, as it says."""

    heads: dict[str, int]


_heads = msgspec.json.Decoder(Heads)


def write_heads(sizes: Mapping[str, int]) -> bytes:
    """The heads as they travel."""
    return msgspec.json.encode(Heads(dict(sorted(sizes.items()))))


def read_heads(raw: bytes, logs: Collection[str]) -> dict[str, int]:
    """Read heads of those logs; ValueError where they are none."""
    try:
        heads = _heads.decode(raw).heads
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
    if not all(log in logs and 0 <= size < 2**53 for log, size in heads.items()):
        raise ValueError("heads of logs that the charter does not name")
    return heads
