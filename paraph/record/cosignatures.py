"""When does a node vouch for another's log, and with which bytes? (C2SP tlog-cosignature, tlog-witness)

A receipt is one more signature line on a checkpoint. It says two things: the node has seen no other
history of this log, and it holds the entries with their contents. A node signs the head of a log
only where the one before is a prefix of it, and keeps what it signed before it answers.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from paraph.record.checkpoints import Checkpoint, read_checkpoint
from paraph.record.errors import BadSignature, Malformed
from paraph.record.keys import NodeSigner, PublicKey
from paraph.record.merkle import verify_consistency
from paraph.record.notes import Note, Signature, format_note, key_hash, parse_note, signature_line

COSIGNATURE = b"\x04"  # the type of a witness's key in a signature line
MAX_PROOF = 63  # hashes


@dataclass(frozen=True, slots=True)
class Receipt:
    """A node has seen, checked and kept so many entries of a log."""

    witness: str  # the name of its key
    time: int  # when it says so, in seconds since 1970
    head: Checkpoint


# ---------------------------------------------------------------- the line


def statement(time: int, text: bytes) -> bytes:
    """What a witness signs: the time and the three lines of the checkpoint."""
    return b"cosignature/v1\ntime %d\n" % time + text


def cosign(text: bytes, name: str, secret: NodeSigner, time: int) -> Signature:
    """The line by which the node of that name vouches for the checkpoint of that text."""
    stamp = time.to_bytes(8, "big")
    return signature_line(name, secret.public, COSIGNATURE, stamp + secret.sign(statement(time, text)))


def time_of(line: Signature, text: bytes, name: str, public: PublicKey) -> int | None:
    """When that node vouched for the text by this line; None where the line does not count."""
    if line.name != name or line.key_hash != key_hash(name, public, COSIGNATURE) or len(line.raw) != 72:
        return None
    time = int.from_bytes(line.raw[:8], "big")
    return time if time < 2**63 and public.verify(statement(time, text), line.raw[8:]) else None


def line_of(line: Signature) -> bytes:
    """The line as it travels alone."""
    return format_note(Note(b"", (line,)))[1:]


def with_line(raw: bytes, line: bytes) -> bytes:
    """The checkpoint with one more line below; Malformed where it is none."""
    joined = raw + line
    if len(parse_note(joined).signatures) != len(parse_note(raw).signatures) + 1:
        raise Malformed("not one line")
    return joined


def read_receipt(raw: bytes, log_name: str, witness: str, key: PublicKey) -> Receipt:
    """
    The receipt that a witness's line on a checkpoint is.

    Raises:
        BadSignature: no line of that witness counts.
    """
    note = parse_note(raw)
    for line in note.signatures:
        time = time_of(line, note.text, witness, key)
        if time is not None:
            return Receipt(witness, time, read_checkpoint(raw, note, log_name))
    raise BadSignature(f"{witness} has not vouched for this head")


# ---------------------------------------------------------------- the request and the rule


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to vouch for a head, which follows the one vouched for before."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


def write_request(old: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The body of the request, as C2SP tlog-witness has it."""
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), ""]
    return "\n".join(lines).encode() + b"\n" + checkpoint


def read_request(body: bytes) -> Asked:
    """Read the body of a request; Malformed where it is none."""
    head, parted, checkpoint = body.partition(b"\n\n")
    first, *hashes = head.split(b"\n")
    try:
        word, number = first.decode().split(" ")
        old = int(number)
        proof = tuple(base64.b64decode(one, validate=True) for one in hashes)
    except (ValueError, binascii.Error):
        raise Malformed("not a request for a receipt") from None
    strict = word == "old" and str(old) == number and old >= 0
    if not (parted and strict and len(proof) <= MAX_PROOF and all(len(one) == 32 for one in proof)):
        raise Malformed("not a request for a receipt")
    return Asked(old, proof, checkpoint)


def follows(asked: Asked, head: Checkpoint, before: tuple[int, bytes]) -> bool:
    """Say whether the proof leads from the head vouched for before to the one asked about."""
    size, root = before
    return verify_consistency(size, head.size, asked.proof, root, head.root)
