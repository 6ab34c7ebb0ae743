"""How does a node sign the head of a log? (C2SP tlog-checkpoint)

A receipt of another node (C2SP tlog-cosignature) is one more signature line on the same text, so a
reader lets lines that it does not know pass.
"""

import base64
import binascii
from dataclasses import dataclass

from paraph.record.errors import BadSignature, Malformed
from paraph.record.keys import NodeSigner, PublicKey
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


def sign_checkpoint(origin: str, size: int, root: bytes, node_key: NodeSigner) -> bytes:
    """The checkpoint of the log named `origin`, signed by its node."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
    return format_note(Note(text, (signed(origin, node_key, text),)))


def open_checkpoint(raw: bytes, origin: str, node_public: PublicKey) -> Checkpoint:
    """Read a checkpoint of the log named `origin` and check its node's signature."""
    note = parse_note(raw)
    checkpoint = read_checkpoint(raw, note, origin)
    if not any(counts(line, origin, node_public, note.text) for line in note.signatures):
        raise BadSignature(f"the checkpoint is not signed by the node of {origin}")
    return checkpoint


def read_checkpoint(raw: bytes, note: Note, origin: str) -> Checkpoint:
    """Read the three lines of a checkpoint; no signature is checked."""
    try:
        found, size, root = note.text.decode().removesuffix("\n").split("\n")
        digest = base64.b64decode(root, validate=True)
        number = int(size)
    except (ValueError, binascii.Error):
        raise Malformed(f"not a checkpoint of {origin}") from None
    written = base64.b64encode(digest).decode()
    if found != origin or str(number) != size or not 0 <= number < 2**53:
        raise Malformed(f"not a checkpoint of {origin}")
    if len(digest) != 32 or written != root:
        raise Malformed(f"not a checkpoint of {origin}")
    return Checkpoint(origin, number, digest, raw)


def claimed_size(raw: str) -> int:
    """The size that a checkpoint states; no signature is checked."""
    try:
        return int(raw.split("\n", 2)[1])
    except (IndexError, ValueError):
        raise Malformed("not a checkpoint") from None
