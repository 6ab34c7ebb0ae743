"""What proves that a log has two histories?

Two notes that the node of the log signed and that cannot stand in one history: two entries at one
place, or two heads. Anyone who holds the keys can check them; they say nothing about who is right.
"""

from collections.abc import Callable, Sequence

import msgspec

from paraph.record.canonical import MAX_LINE
from paraph.record.checkpoints import Checkpoint, claimed_size, read_checkpoint
from paraph.record.entries import Entry, read_line
from paraph.record.errors import BadSignature, Malformed
from paraph.record.merkle import Tree, verify_consistency
from paraph.record.notes import Note, parse_note

ROOM = MAX_LINE - 8_192  # bytes of two notes that still fit into an ack
Signed = Callable[[int, Note], bool]  # whether the node of that place signed the note


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Two notes of one log that exclude each other."""

    log: str
    notes: list[str]  # two entries of one place, or two heads, the smaller one first
    path: list[str] = []
    """For heads of two sizes, hex: the root of the larger history at the smaller size, and the proof
    that the larger one goes on from it (RFC 9162, 2.1.4)."""

    @property
    def latest(self) -> int:
        """The two histories differ in the entry of this place, at the latest."""
        if self.notes[0].startswith("{"):
            return read_line(_line(self.notes[0])).n
        return claimed_size(self.notes[0]) - 1

    @property
    def shared(self) -> int:
        """How many entries the two histories are proven to share."""
        if not self.notes[0].startswith("{"):
            return 0
        one, two = (read_line(_line(note)) for note in self.notes)
        return one.n if one.prev == two.prev else 0


def of_entries(log: str, held: bytes, other: bytes) -> Evidence | None:
    """The evidence of two entries at one place; None where they are too long for an ack."""
    return _fitting(Evidence(log, sorted([held.decode(), other.decode()])))


def of_heads(log: str, tree: Tree, held: bytes | None, other: bytes) -> Evidence | None:
    """
    The evidence of two heads; None where the head that is held is smaller and proves nothing yet.

    Args:
        log: whose log it is.
        tree: its entries as they are held.
        held: the signed head of them.
        other: the head of another history.
    """
    if held is None:
        return None
    small, large = (_head(parse_note(raw), raw) for raw in (other, held))
    if small.size > large.size:
        return None
    path: Sequence[bytes] = ()
    if 0 < small.size < large.size:
        path = (tree.root(small.size), *tree.consistency(small.size, large.size))
    return _fitting(Evidence(log, [other.decode(), held.decode()], [one.hex() for one in path]))


def check(evidence: Evidence, origin: str, signed: Signed) -> None:
    """
    Check that the two notes are the node's and exclude each other.

    Raises:
        Malformed: they are no such notes, or could stand in one history.
        BadSignature: the node of that place did not sign one of them.
    """
    if len(evidence.notes) != 2:
        raise Malformed("evidence of two histories is two notes")
    notes = [parse_note(raw.encode()) for raw in evidence.notes]
    if notes[0].text.startswith(b"{"):
        places = _check_entries(evidence, origin, notes)
    else:
        places = _check_heads(evidence, origin, notes)
    for place, note in zip(places, notes, strict=True):
        if not signed(place, note):
            raise BadSignature(f"evidence against {evidence.log} that its node did not sign")


def _check_entries(evidence: Evidence, origin: str, notes: Sequence[Note]) -> list[int]:
    one, two = (_entry(note) for note in notes)
    named = {entry.prog[:16] + "/" + entry.log for entry in (one, two)}
    if named != {origin.removeprefix("paraph/")} or one.prog != two.prog or evidence.path:
        raise Malformed("evidence of another log")
    if one.n != two.n or notes[0].text == notes[1].text:
        raise Malformed("two entries that could stand in one history")
    return [one.n, two.n]


def _check_heads(evidence: Evidence, origin: str, notes: Sequence[Note]) -> list[int]:
    small, large = (_head(note, raw.encode()) for note, raw in zip(notes, evidence.notes, strict=True))
    if {small.origin, large.origin} != {origin}:
        raise Malformed("evidence of another log")
    try:
        path = [bytes.fromhex(one) for one in evidence.path]
    except ValueError:
        raise Malformed("a proof is written in hex") from None
    before = large.root if small.size == large.size else path[0] if path else b""
    proven = small.size == large.size or verify_consistency(
        small.size, large.size, path[1:], before, large.root
    )
    if not proven or before == small.root or not small.size or any(len(one) != 32 for one in path):
        raise Malformed("two heads that could stand in one history")
    return [small.size - 1, large.size - 1]


def _entry(note: Note) -> Entry:
    return read_line(note.text[:-1])


def _line(note: str) -> bytes:
    return note[: note.index("\n")].encode()


def _head(note: Note, raw: bytes) -> Checkpoint:
    return read_checkpoint(raw, note, note.text.split(b"\n", 1)[0].decode())


def _fitting(evidence: Evidence) -> Evidence | None:
    return evidence if len(msgspec.json.encode(evidence)) <= ROOM else None
