"""What does one entry look like, in bytes?

A signed note whose text is one canonical line. The node signs the place (the whole line); a person,
or the root keys, sign the content line, which does not depend on the place.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from paraph.record.canonical import MAX_LINE, decode, encode
from paraph.record.checkpoints import origin
from paraph.record.errors import Malformed, TooLarge
from paraph.record.keys import PublicKey, SecretKey
from paraph.record.notes import Signature, signed

PERSON = b"\xffparaph act v1"  # the type of a person's signature line (C2SP: 0xff and a name)
MAX_BLOB = 4 * 2**20
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_HEX32 = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[0-9a-f]{32}")


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of an entry's line."""

    v: int
    prog: str
    log: str
    n: int
    prev: str
    by: str
    at: str
    act: dict[str, Any] | None = None
    closed: str | None = None


_head = msgspec.json.Decoder(Head)


@dataclass(slots=True)
class Entry:
    """An admitted entry."""

    head: Head
    act: Mapping[str, Any] | None  # None: closed to this reader
    note: bytes
    content: bytes | None
    leaf: bytes
    past: Mapping[str, int]

    @property
    def log(self) -> str:
        """Whose log."""
        return self.head.log

    @property
    def n(self) -> int:
        """The place in the log."""
        return self.head.n

    @property
    def by(self) -> str:
        """The id of the key."""
        return self.head.by

    @property
    def at(self) -> str:
        """When, as claimed."""
        return self.head.at


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A larger content that an act names."""

    name: str
    salt: bytes
    size: int

    def fits(self, data: bytes) -> bool:
        """Say whether these are the bytes."""
        return len(data) == self.size and blob_name(self.salt, data) == self.name


def read_head(line: bytes) -> Head:
    """Read the line of an entry, strictly."""
    try:
        head = msgspec.convert(decode(line), Head)
    except msgspec.ValidationError as error:
        raise Malformed(f"not an entry: {error}") from None
    if head.v != 1:
        raise Malformed(f"version {head.v} of entries is not known")
    if (head.act is None) == (head.closed is None):
        raise Malformed("an entry carries an act or a commitment, one of the two")
    if not (_HEX32.fullmatch(head.prog) and _HEX32.fullmatch(head.prev) and _KEY_ID.fullmatch(head.by)):
        raise Malformed("a hash or a key id that is not written as hex")
    if head.closed is not None and not _HEX32.fullmatch(head.closed):
        raise Malformed("a commitment that is not written as hex")
    if not _AT.fullmatch(head.at) or head.n < 0:
        raise Malformed("a claimed time is written 2021-02-23T06:00:00Z, a place counts from 0")
    return head


def read_head_trusted(line: bytes) -> Head:
    """Read a line whose form was checked when it arrived."""
    return _head.decode(line)


def line_of(head: Head) -> bytes:
    """The canonical line of an entry, without its line feed."""
    value = {name: field for name, field in msgspec.structs.asdict(head).items() if field is not None}
    line = encode(value)
    if len(line) > MAX_LINE:
        raise TooLarge(f"the act has {len(line)} bytes, at most {MAX_LINE} are allowed")
    return line


def content_line(log: str, act: Mapping[str, Any], salt: bytes | None) -> bytes:
    """The content line: of a closed act with 32 fresh random bytes, of a public one without."""
    value: dict[str, Any] = {"act": act, "log": log}
    if salt is not None:
        value["salt"] = salt.hex()
    line = encode(value)
    if len(line) > MAX_LINE:
        raise TooLarge(f"the act has {len(line)} bytes, at most {MAX_LINE} are allowed")
    return line


def read_content(line: bytes, head: Head) -> Mapping[str, Any]:
    """Open a closed entry: the act of the content line to which it is committed."""
    if hashlib.sha256(line).hexdigest() != head.closed:
        raise Malformed("the content line is not the one that the entry is committed to")
    value = decode(line)
    if not isinstance(value, dict) or set(value) != {"act", "log", "salt"}:
        raise Malformed("a content line carries an act, its log and a salt")
    if not isinstance(value["salt"], str) or not _HEX32.fullmatch(value["salt"]):
        raise Malformed("the salt of a content line has 32 bytes, in hex")
    if not isinstance(value["act"], dict):
        raise Malformed("the act of a content line is an object")
    return value


def statement(prog: str, log: str, content: bytes) -> bytes:
    """What a person or a root key signs: the content, whatever its place."""
    return f"paraph act v1\n{prog}\n{log}\n{hashlib.sha256(content).hexdigest()}\n".encode()


def person_name(prog: str, log: str, public: PublicKey) -> str:
    """The name in a person's signature line."""
    return f"{origin(prog, log)}/{public.id}"


def person_signature(prog: str, log: str, secret: SecretKey, content: bytes) -> Signature:
    """A person's signature line over a content line."""
    return signed(person_name(prog, log, secret.public), secret, statement(prog, log, content), PERSON)


def blob_name(salt: bytes, data: bytes) -> str:
    """The name of a larger content: it hides what could be guessed."""
    return hashlib.sha256(salt + data).hexdigest()


def blobs_of(value: Any) -> list[BlobRef]:
    """The larger contents that an act names, wherever they stand in it."""
    if isinstance(value, dict):
        if set(value) == {"blob", "salt", "size"}:
            return [_blob_ref(value)]
        return [ref for item in value.values() for ref in blobs_of(item)]
    if isinstance(value, list):
        return [ref for item in value for ref in blobs_of(item)]
    return []


def _blob_ref(value: Mapping[str, Any]) -> BlobRef:
    name, salt, size = value["blob"], value["salt"], value["size"]
    if not (isinstance(name, str) and isinstance(salt, str) and isinstance(size, int)):
        raise Malformed("a blob is named by its hash, its salt and its size")
    if not (_HEX32.fullmatch(name) and _HEX32.fullmatch(salt) and 0 < size <= MAX_BLOB):
        raise Malformed(f"a blob is named in hex and has at most {MAX_BLOB} bytes")
    return BlobRef(name, bytes.fromhex(salt), size)
