"""What does one entry look like, in bytes?

A signed note whose text is one canonical line. The node signs the place (the whole line); a person,
or the root keys, sign the content line, which does not depend on the place.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from paraph.record.canonical import MAX_LINE, decode, encode
from paraph.record.checkpoints import origin
from paraph.record.errors import Malformed, TooLarge
from paraph.record.keys import PublicKey, Signer, Verifier
from paraph.record.notes import Signature, signed
from paraph.record.passkeys import Passkey, read_passkey

PERSON = b"\xffparaph/act-signature/ed25519/v1"  # C2SP: 0xff and a long name for types of one's own
PASSKEY = b"\xffparaph/act-signature/webauthn/v1"
VERSIONS = (1, 2)  # 2: signed by a passkey, or the node ends a term
MAX_BLOB = 8 * 2**20  # bytes; the charter's quota may be lower
MAX_BLOBS = 64  # of one act
_HEX32 = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[0-9a-f]{32}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Head(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """The fields of an entry's line; it carries an act, or the commitment to one."""

    v: int
    prog: str
    log: str
    n: int
    prev: str  # hex leaf hash of the entry before; of entry 0, `prog`
    by: str  # key id
    at: str  # when, as claimed
    act: dict[str, Any] | None = None
    closed: str | None = None  # hex SHA-256 of the content line


class Entry(Head, gc=False):
    """
    An admitted entry.

    `act` is None to those who may not read it, where its content counts for nothing (`void` says why),
    and in an entry loaded again whose act changes nothing for the ledger: `content` has it.
    """

    note: bytes = b""
    content: bytes | None = None  # the content line of a closed act
    leaf: bytes = b""
    past: Mapping[str, int] = {}  # other logs -> how many of their entries it knows
    void: str = ""  # why its act has no effect, whatever it means


class Content(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The content line of a closed act."""

    act: dict[str, Any]
    log: str
    salt: str


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A larger content that an act names."""

    name: str
    salt: bytes
    size: int

    def fits(self, data: bytes) -> bool:
        """Say whether these are the bytes."""
        return len(data) == self.size and blob_name(self.salt, data) == self.name


# Read a line whose form was checked when it arrived; `note`, `leaf` and `past` are still empty.
read_line_trusted: Callable[[bytes], Entry] = msgspec.json.Decoder(Entry).decode
read_content_trusted: Callable[[bytes], Content] = msgspec.json.Decoder(Content).decode


# ---------------------------------------------------------------- the line of the note


def read_line(line: bytes) -> Entry:
    """Read the line of an entry, strictly; `note`, `leaf` and `past` are still empty."""
    value = decode(line)
    try:
        head = msgspec.convert(value, Head)
    except msgspec.ValidationError as error:
        raise Malformed(f"not an entry: {error}") from None
    if head.v not in VERSIONS:
        raise Malformed(f"version {head.v} of entries is not known")
    if (head.act is None) == (head.closed is None) or len(value) != 8:
        raise Malformed("an entry carries an act or a commitment, one of the two")
    if not (_HEX32.fullmatch(head.prog) and _HEX32.fullmatch(head.prev) and _KEY_ID.fullmatch(head.by)):
        raise Malformed("a hash or a key id that is not written in hex")
    if head.closed is not None and not _HEX32.fullmatch(head.closed):
        raise Malformed("a commitment that is not written in hex")
    if not is_time(head.at) or head.n < 0:
        raise Malformed("a claimed time is written 2021-02-23T06:00:00Z, a place counts from 0")
    return Entry(head.v, head.prog, head.log, head.n, head.prev, head.by, head.at, head.act, head.closed)


def encode_line(head: Head) -> bytes:
    """The canonical line of an entry, without its line feed."""
    return _bounded(encode(msgspec.to_builtins(head)))


def is_time(at: str) -> bool:
    """Say whether a time is written 2021-02-23T06:00:00Z and exists."""
    if not _AT.fullmatch(at):
        return False
    try:
        datetime.fromisoformat(at[:-1])
    except ValueError:
        return False
    return True


# ---------------------------------------------------------------- the content line


def content_line(log: str, act: Mapping[str, Any], salt: bytes | None) -> bytes:
    """The content line: of a closed act with 32 fresh random bytes, of a public one without."""
    value: dict[str, Any] = {"act": act, "log": log}
    if salt is not None:
        value["salt"] = salt.hex()
    return _bounded(encode(value))


def read_content(line: bytes) -> Content:
    """Read the content line of a closed act, strictly."""
    try:
        content = msgspec.convert(decode(line), Content)
    except msgspec.ValidationError as error:
        raise Malformed(f"not a content line: {error}") from None
    if not _HEX32.fullmatch(content.salt):
        raise Malformed("the salt of a content line has 32 bytes, in hex")
    return content


def _bounded(line: bytes) -> bytes:
    if len(line) > MAX_LINE:
        raise TooLarge(f"the act has {len(line)} bytes, at most {MAX_LINE} are allowed")
    return line


# ---------------------------------------------------------------- who says so


def statement(prog: str, log: str, commitment: str) -> bytes:
    """What a person or a root key signs: the hash of the content line, whatever its place."""
    return f"paraph act v1\n{prog}\n{log}\n{commitment}\n".encode()


def person_name(prog: str, log: str, key_id: str) -> str:
    """The name in the signature line of a person or a root key."""
    return f"{origin(prog, log)}/{key_id}"


def person_signature(prog: str, log: str, signer: Signer, content: bytes) -> Signature:
    """The signature line of a person or a root key over a content line."""
    message = statement(prog, log, sha256(content).hexdigest())
    return signed(person_name(prog, log, signer.public.id), signer, message, type_of(signer.public))


def type_of(key: Verifier) -> bytes:
    """The type of a signature line of that key over a content line."""
    return PASSKEY if isinstance(key, Passkey) else PERSON


def certified(act: Mapping[str, Any]) -> PublicKey | Passkey:
    """The key to which a `delegate` gives full powers; Malformed where it is none."""
    if "passkey" in act:
        return read_passkey(act.get("key"), act["passkey"])
    key = act.get("key")
    if not isinstance(key, str) or not _HEX32.fullmatch(key):
        raise Malformed("a public key has 32 bytes, in hex")
    return PublicKey(bytes.fromhex(key))


# ---------------------------------------------------------------- larger contents


def blob_name(salt: bytes, data: bytes) -> str:
    """The name of a larger content; the salt hides what could be guessed."""
    return sha256(salt + data).hexdigest()


def blobs_of(act: Any) -> list[BlobRef]:
    """The larger contents that an act names, wherever they stand in it."""
    found: list[BlobRef] = []
    _collect(act, found)
    if len(found) > MAX_BLOBS:
        raise TooLarge(f"an act names at most {MAX_BLOBS} blobs")
    return found


def _collect(value: Any, found: list[BlobRef]) -> None:
    if isinstance(value, dict):
        if value.keys() == {"blob", "salt", "size"}:
            found.append(_blob_ref(value))
        else:
            for item in value.values():
                _collect(item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)


def _blob_ref(value: Mapping[str, Any]) -> BlobRef:
    name, salt, size = value["blob"], value["salt"], value["size"]
    if not (isinstance(name, str) and isinstance(salt, str) and type(size) is int):
        raise Malformed("a blob is named by its hash, its salt and its size")
    if not (_HEX32.fullmatch(name) and _HEX32.fullmatch(salt) and 0 < size <= MAX_BLOB):
        raise Malformed(f"a blob is named in hex and has 1 to {MAX_BLOB} bytes")
    return BlobRef(name, bytes.fromhex(salt), size)


def public_id(key: str) -> str:
    """The key id of a public key in hex; Malformed where it is none."""
    if not _HEX32.fullmatch(key):
        raise Malformed("a public key has 32 bytes, in hex")
    return PublicKey(bytes.fromhex(key)).id
