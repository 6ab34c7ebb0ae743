"""How does a node sign the head of a log? (C2SP tlog-checkpoint)"""

import base64
import binascii
from dataclasses import dataclass

from paraph.record.errors import BadSignature, Malformed
from paraph.record.keys import PublicKey, SecretKey
from paraph.record.notes import Note, counts, format_note, parse_note, signed


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The signed head of a log: so many entries under that root."""

    origin: str
    size: int
    root: bytes
    raw: bytes


def origin(prog: str, party: str) -> str:
    """The name of a party's log, and of its node's key."""
    return f"paraph/{prog[:16]}/{party}"


def sign_checkpoint(name: str, size: int, root: bytes, node_key: SecretKey) -> bytes:
    """The checkpoint of the log `name`, signed by its node."""
    text = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
    return format_note(Note(text, (signed(name, node_key, text),)))


def open_checkpoint(raw: bytes, name: str, node: PublicKey) -> Checkpoint:
    """Read a checkpoint of the log `name` and check its node's signature."""
    note = parse_note(raw)
    try:
        found, size, root = note.text.decode().removesuffix("\n").split("\n")
        digest = base64.b64decode(root, validate=True)
        number = int(size)
    except (ValueError, binascii.Error):
        raise Malformed("a malformed checkpoint") from None
    if found != name or str(number) != size or number < 0 or len(digest) != 32:
        raise Malformed(f"a malformed checkpoint of {name}")
    if not any(counts(line, name, node, note.text) for line in note.signatures):
        raise BadSignature(f"the checkpoint is not signed by the node of {name}")
    return Checkpoint(name, number, digest, raw)
