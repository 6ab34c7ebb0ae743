"""How is one entry proven to somebody who holds nothing but the charter? (C2SP tlog-proof)

A tlog-proof leads from an entry to the signed head of its log. A proof file holds some entries with
what stands beside them, each with its tlog-proof: enough to lead every signature back to the charter.
`verify_paraph.py` checks it and shares no code with this.
"""

import base64
import binascii
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paraph.record.canonical import encode
from paraph.record.errors import Malformed
from paraph.record.merkle import Tree, verify_inclusion
from paraph.record.stores import Row

FORM = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63  # hashes


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The way from an entry to a head of its log; `extra` proves nothing."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def leads(self, leaf: bytes, size: int, root: bytes) -> bool:
        """Say whether the entry of that leaf hash stands in the log of that head."""
        return verify_inclusion(leaf, self.index, size, self.path, root)


def write_proof(proof: TlogProof) -> bytes:
    """The bytes of a tlog-proof."""
    extra = [] if proof.extra is None else [f"extra {base64.b64encode(proof.extra).decode()}"]
    path = [base64.b64encode(one).decode() for one in proof.path]
    return "\n".join([FORM, *extra, f"index {proof.index}", *path, "\n"]).encode() + proof.checkpoint


def read_proof(raw: bytes) -> TlogProof:
    """Read a tlog-proof; Malformed where it is none. Neither head nor path is checked."""
    above, parted, checkpoint = raw.partition(b"\n\n")
    try:
        form, *lines = above.decode("ascii").split("\n")
        extra = _unbase(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        word, number = lines[0].split(" ")
        path = tuple(_unbase(line) for line in lines[1:])
        index = int(number)
    except (ValueError, IndexError, binascii.Error):
        raise Malformed("not a tlog-proof") from None
    strict = form == FORM and word == "index" and str(index) == number and 0 <= index < 2**53
    if not (parted and strict and len(path) <= MAX_PATH and all(len(one) == 32 for one in path)):
        raise Malformed("not a tlog-proof")
    return TlogProof(index, path, checkpoint, extra)


def _unbase(line: str) -> bytes:
    raw = base64.b64decode(line, validate=True)
    if base64.b64encode(raw).decode() != line:
        raise ValueError("not in its one form")
    return raw


# ---------------------------------------------------------------- the file


@dataclass(frozen=True, slots=True)
class Shown:
    """Entries of one log that a proof file shows, under one head of it."""

    rows: Sequence[Row]
    tree: Tree
    size: int  # of the head
    checkpoint: bytes

    def entries(self) -> list[dict[str, Any]]:
        """As they stand in the file."""
        return [
            {"note": row.note.decode(), "proof": self._proof(row.n)}
            | ({} if row.content is None else {"content": row.content.decode()})
            for row in self.rows
        ]

    def _proof(self, n: int) -> str:
        return write_proof(TlogProof(n, tuple(self.tree.inclusion(n, self.size)), self.checkpoint)).decode()


def write_file(claim: Mapping[str, Any], shown: Sequence[Shown]) -> bytes:
    """
    The bytes of a proof file: one line of JSON, packed.

    Args:
        claim: `kind`, and what a claim of this kind names.
        shown: the entries that prove it, log after log.
    """
    entries = [entry for one in shown for entry in one.entries()]
    value = {"v": 1, **claim, "entries": entries}
    return gzip.compress(encode(value), 9, mtime=0)


def path_in(lines: Sequence[bytes], n: int) -> list[str]:
    """The way from one line of a text to the root of all: each hash with its side."""
    tree = Tree()
    tree.extend(lines)
    place, last = n, len(lines) - 1
    found: list[str] = []
    for sibling in tree.inclusion(n):
        left = place % 2 == 1 or place == last
        while left and place % 2 == 0:
            place, last = place // 2, last // 2
        found.append(f"{'left' if left else 'right'} {base64.b64encode(sibling).decode()}")
        place, last = place // 2, last // 2
    return found
