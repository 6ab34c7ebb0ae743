"""What does a node ask, and what is it answered? Free of any framework."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import msgspec

SENDER = "Paraph-Sender"
RECEIVER = "Paraph-Receiver"
TIME = "Paraph-Time"
NONCE = "Paraph-Nonce"
SIGNATURE = "Paraph-Signature"
HEADERS = (SENDER, RECEIVER, TIME, NONCE, SIGNATURE)
RANGE = "Range"
UNCHANGED = "If-None-Match"
READ = (*HEADERS, RANGE, UNCHANGED)  # what is read of a request

JSON = "application/json"
JSON_LINES = "application/jsonl"
NOTE = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


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
    tag: str = ""  # equal tags, equal bytes
    span: str = ""  # which bytes of how many these are, where they are not all

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with it; what a node was given is for nobody else's cache."""
        keep = "private, immutable, max-age=31536000" if self.lasting else "no-store"
        found = {
            "Content-Type": self.kind,
            "Cache-Control": "private, no-cache" if self.tag and not self.lasting else keep,
            "X-Content-Type-Options": "nosniff",
        }
        if self.lasting:
            found["Accept-Ranges"] = "bytes"
        if self.tag:
            found["ETag"] = f'"{self.tag}"'
        if self.span:
            found["Content-Range"] = f"bytes {self.span}"
        return found


def asked_part(response: Response, request: Request) -> Response:
    """What the request wants of a resource: all, the bytes of a range, or nothing where it has them."""
    if response.status != 200:
        return response
    if response.tag and request.headers.get(UNCHANGED) == f'"{response.tag}"':
        return replace(response, status=304, body=b"")
    found = _RANGE.fullmatch(request.headers.get(RANGE, "")) if response.lasting else None
    if found is None:
        return response
    size = len(response.body)
    start, stop = int(found[1]), min(size, int(found[2] or size) + 1)
    if start >= size or stop <= start:
        return Response(416, b"The resource has %d bytes." % size, span=f"*/{size}")
    return replace(response, status=206, body=response.body[start:stop], span=f"{start}-{stop - 1}/{size}")


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
