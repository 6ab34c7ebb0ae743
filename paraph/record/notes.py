"""What does a signed text look like? (C2SP signed-note)"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from paraph.record.errors import Malformed, TooLarge
from paraph.record.keys import Signer, Verifier

MAX_NOTE = 65_536  # bytes
MAX_SIGNATURES = 64
ED25519 = b"\x01"  # the type of a node's signature over the text itself
_LINE = re.compile(r"— ([^+\s]{1,200}) ([A-Za-z0-9+/]{1,8192}={0,2})")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")


Verify: TypeAlias = Callable[[Verifier, bytes, bytes], bool]  # key, message, signature: whether it counts


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who, which key, and the signature itself."""

    name: str
    key_hash: bytes  # 4 bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a line feed, and its signatures."""

    text: bytes
    signatures: tuple[Signature, ...]


@lru_cache(maxsize=4096)
def key_hash(name: str, public: Verifier, type: bytes = ED25519) -> bytes:
    """The four bytes that name a key in a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + type + public.raw).digest()[:4]


def signature_line(name: str, public: Verifier, type: bytes, signature: bytes) -> Signature:
    """The line that carries a signature made elsewhere."""
    return Signature(name, key_hash(name, public, type), signature)


def signed(name: str, secret: Signer, message: bytes, type: bytes = ED25519) -> Signature:
    """A signature line over a message by a key under a name."""
    return signature_line(name, secret.public, type, secret.sign(message))


def verified(public: Verifier, message: bytes, signature: bytes) -> bool:
    """Say whether the signature is that key's over the message."""
    return public.verify(message, signature)


def counts(
    line: Signature,
    name: str,
    public: Verifier,
    message: bytes,
    type: bytes = ED25519,
    verify: Verify = verified,
) -> bool:
    """Say whether the line is that key's valid signature over the message."""
    return (
        line.name == name
        and line.key_hash == key_hash(name, public, type)
        and verify(public, message, line.raw)
    )


def format_note(note: Note) -> bytes:
    """The bytes of a note."""
    lines = [
        f"— {line.name} {base64.b64encode(line.key_hash + line.raw).decode()}\n" for line in note.signatures
    ]
    return note.text + b"\n" + "".join(lines).encode()


def parse_note(raw: bytes) -> Note:
    """Read a note; Malformed where it is none, or is not written in the one way."""
    if len(raw) > MAX_NOTE:
        raise TooLarge(f"the note has {len(raw)} bytes, at most {MAX_NOTE} are allowed")
    cut = raw.rfind(b"\n\n")
    if cut < 0 or not raw.endswith(b"\n"):
        raise Malformed("a note without signatures")
    text = raw[: cut + 1]
    if _CONTROL.search(text):
        raise Malformed("a note with a control character")
    try:
        text.decode()
        lines = raw[cut + 2 : -1].decode().split("\n")
    except UnicodeDecodeError:
        raise Malformed("a note that is not UTF-8") from None
    if len(lines) > MAX_SIGNATURES:
        raise TooLarge(f"more than {MAX_SIGNATURES} signatures")
    return Note(text, tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Malformed("a malformed signature line")
    try:
        data = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        raise Malformed("a malformed signature line") from None
    if len(data) < 5 or base64.b64encode(data).decode() != found[2]:
        raise Malformed("a malformed signature line")
    return Signature(found[1], data[:4], data[4:])
