"""What one party's log holds, and what its next entry would be worth."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Literal

from paraph.record.authority import Authority, first, successor
from paraph.record.charter import Party
from paraph.record.checkpoints import Checkpoint, claimed_size, open_checkpoint, origin
from paraph.record.entries import (
    Entry,
    certified,
    content_line,
    person_name,
    public_id,
    read_line,
    statement,
    type_of,
)
from paraph.record.errors import Inconsistent, Malformed, NotHeld
from paraph.record.keys import PublicKey
from paraph.record.merkle import Tree
from paraph.record.notes import Note, counts
from paraph.record.passkeys import Passkey

FIRST_ACTS = ("found", "join")
ROOT_ACTS = (*FIRST_ACTS, "delegate", "revoke", "rotate")
CHANGING = ("delegate", "revoke", "rotate")  # the keys that hold for what follows
COPIED = "its content was written for the log of another party"
REPEATED = "its content stands in an earlier entry already"
NOTHING: Mapping[str, int] = MappingProxyType({})
Mark = tuple[int, str, tuple[int, str] | None, int, Mapping[str, int], int, int, int, int, int]


@dataclass(slots=True)
class KeyInfo:
    """A key that may sign in a log, by places of that log."""

    public: PublicKey | Passkey
    role: Literal["node", "root", "person"]
    act: Mapping[str, Any] | None = None  # the `delegate` that certified a person's key
    since: int = 0
    revoked: int | None = None

    @property
    def name(self) -> Mapping[str, str]:
        """Language -> name, as certified."""
        found = (self.act or {}).get("name")
        return found if isinstance(found, dict) else {}


@dataclass(slots=True)
class Log:
    """One party's log as held."""

    prog: str
    party: str
    origin: str
    authorities: list[tuple[int, Authority]]  # from which place on; the charter's first
    root_keys: dict[str, PublicKey]  # all that the log ever had, by key id
    tree: Tree = field(default_factory=Tree)
    head: str = ""  # hex leaf hash of the last entry; of an empty log, `prog`
    signed: tuple[int, str] | None = None  # the largest checked head: its size and checkpoint
    ack_places: list[int] = field(default_factory=list)
    ack_pasts: list[Mapping[str, int]] = field(default_factory=list)
    past: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    commitments: dict[bytes, None] = field(default_factory=dict)
    keys: dict[str, KeyInfo] = field(default_factory=dict)  # of persons, by key id
    revocations: list[KeyInfo] = field(default_factory=list)
    salted: bytes = field(init=False)  # what stands before the salt in a content line for this log
    salted_from: int = field(init=False)  # where it stands, counted from the end of the line

    def __post_init__(self) -> None:
        self.salted = b',"log":"%b","salt":"' % self.party.encode()
        self.salted_from = -len(self.salted) - 66  # the salt, a quote and a brace follow

    @classmethod
    def of(cls, prog: str, party: Party) -> "Log":
        """The log of a party before its first entry."""
        keys = first(party)
        return cls(prog, party.code, origin(prog, party.code), [(0, keys)], dict(keys.roots), head=prog)

    @property
    def authority(self) -> Authority:
        """The keys that hold for the next entry."""
        return self.authorities[-1][1]

    @property
    def node(self) -> PublicKey:
        """The key of the node, as of the last entry."""
        return self.authorities[-1][1].node

    def authority_at(self, place: int) -> Authority:
        """The keys that hold for the entry of that place."""
        return next(keys for since, keys in reversed(self.authorities) if since < place or not keys.version)

    def node_at(self, place: int) -> PublicKey:
        """The node key that signs the entry of that place, and a head of which it is the last."""
        held = reversed(self.authorities)
        return next(keys.node for since, keys in held if since <= place or not keys.version)

    def read_head(self, raw: bytes) -> Checkpoint:
        """Read a head of entries that are held, and check the signature of the node of that time."""
        size = claimed_size(raw.decode(errors="replace"))
        return open_checkpoint(raw, self.origin, self.node_at(size - 1))

    def past_at(self, size: int) -> Mapping[str, int]:
        """What the first `size` entries know of the other logs."""
        found = bisect_left(self.ack_places, size)
        return self.ack_pasts[found - 1] if found else NOTHING

    # ------------------------------------------------------------ what it is read for

    def checked(self, raw: bytes) -> Checkpoint:
        """Read a head that is given by others, and compare it with the entries that are held."""
        self.check_reached(claimed_size(raw.decode(errors="replace")))
        checkpoint = self.read_head(raw)
        if self.tree.root(checkpoint.size) != checkpoint.root:
            raise Inconsistent(f"a head of another history of {self.party}", "", raw)
        return checkpoint

    def check_reached(self, size: int) -> None:
        """Raise NotHeld where fewer entries are held."""
        if size > self.tree.size:
            raise NotHeld(f"it knows {self.party} up to entry {size - 1}, which has not come")

    def node_signed(self, place: int, note: Note) -> bool:
        """Say whether the node signed an entry of that place, or a head that ends there."""
        keys = {self.node_at(place), self.node_at(place - 1)}
        if any(counts(line, self.origin, key, note.text) for line in note.signatures for key in keys):
            return True
        if self._handed_over(place, note):
            return True
        if place > self.tree.size:
            raise NotHeld(f"the keys of {self.party} at entry {place} are not known yet")
        return False

    def _handed_over(self, place: int, note: Note) -> bool:
        """Say whether it is a rotation in a history that is not held, signed as it has to be."""
        if not note.text.startswith(b"{"):
            return False
        entry, before, ids = read_line(note.text[:-1]), self.authority_at(place), self.signers(note)
        act = entry.act or {}
        try:
            after = successor(before, act)
        except Malformed:
            return False
        if act.get("kind") != "rotate" or not (before.agrees(ids) and after.agrees(ids)):
            return False
        roots = {**after.roots, **before.roots}
        message = statement(self.prog, self.party, sha256(content_line(self.party, act, None)).hexdigest())
        return counts(note.signatures[0], self.origin, after.node, note.text) and all(
            key_id in roots
            and counts(
                line,
                person_name(self.prog, self.party, key_id),
                roots[key_id],
                message,
                type_of(roots[key_id]),
            )
            for line, key_id in zip(note.signatures[1:], ids, strict=True)
        )

    # ------------------------------------------------------------ what comes next

    def signers(self, parsed: Note) -> list[str]:
        """The key ids in the signature lines after the node's."""
        return [line.name[len(self.origin) + 1 :] for line in parsed.signatures[1:]]

    def verdict(self, entry: Entry, signers: Sequence[str]) -> str:
        """Why an act of root keys has no effect though all its signatures count; "" where it has."""
        act = entry.act or {}
        if act.get("kind") == "revoke" and entry.by == self.node.id:
            known = self.keys.get(str(act.get("key")))
            term = known is not None and bool((known.act or {}).get("until"))
            return "" if term else "only root keys end full powers that were not given for a term"
        if act.get("kind") in ROOT_ACTS and not self.authority.agrees(signers):
            return "it is signed by root keys that have been replaced"
        if act.get("kind") != "rotate":
            return ""
        try:
            keys = successor(self.authority, act)
        except Malformed as error:
            return error.message
        if entry.closed is not None:
            return "a rotation stands in the open"
        if not keys.agrees(signers):
            return "it is not signed by enough of the new root keys"
        if act.get("stands", "") not in ("", self.head):
            return "it stands on another entry than the one before it"
        return ""

    def uncounted(self, digest: bytes, content: bytes) -> str:
        """Why a content line counts for nothing: it is copied or repeated; "" where it counts."""
        if not content.startswith(self.salted, self.salted_from):
            return COPIED
        return REPEATED if digest in self.commitments else ""

    def hold(self, entry: Entry, note: bytes, commitment: bytes | None) -> None:
        """Let it be the next entry."""
        if commitment is not None:
            self.commitments[commitment] = None
        entry.note, entry.past = note, self.past
        entry.leaf = leaf = self.tree.append(note)
        self.head = leaf.hex()
        if (act := entry.act) is not None and act.get("kind") in CHANGING and not entry.void:
            if act["kind"] == "rotate":
                keys = successor(self.authority, act)
                self.authorities.append((entry.n, keys))
                for name, key in keys.roots.items():
                    self.root_keys.setdefault(name, key)
            else:
                self._certify(entry.n, act)

    def _certify(self, n: int, act: Mapping[str, Any]) -> None:
        """
        Read a `delegate` or `revoke` as far as admission needs it.

        A key once certified is known for ever: what it signs after its revocation is void above, and a
        second `delegate` does not bring it back. A malformed act is void above and certifies nothing.
        """
        if act["kind"] == "delegate":
            try:
                public = certified(act)
            except Malformed:
                return
            if public.id not in self.keys:
                self.keys[public.id] = KeyInfo(public, "person", act, n)
            return
        key = act.get("key")
        if not isinstance(key, str):
            return
        try:
            known = self.keys.get(key if len(key) == 32 else public_id(key))
        except Malformed:
            return
        if known is not None and known.revoked is None:
            known.revoked = n
            self.revocations.append(known)

    def know(self, n: int, past: Mapping[str, int]) -> None:
        """Let the log know that past from its entry n on."""
        self.past = past
        self.ack_places.append(n)
        self.ack_pasts.append(past)

    def keep_signed(self, size: int, raw: str) -> None:
        """Keep a checked head of that size where it is the largest."""
        if self.signed is None or size > self.signed[0]:
            self.signed = (size, raw)

    # ------------------------------------------------------------ a trial

    def mark(self) -> Mark:
        """How far the log has come, to come back to."""
        return (
            self.tree.size,
            self.head,
            self.signed,
            len(self.ack_places),
            self.past,
            len(self.commitments),
            len(self.keys),
            len(self.revocations),
            len(self.authorities),
            len(self.root_keys),
        )

    def undo(self, mark: Mark) -> None:
        """Forget all that came after that mark."""
        size, self.head, self.signed, acks, self.past, commitments, keys, revocations, authorities, roots = (
            mark
        )
        self.tree.truncate(size)
        del self.ack_places[acks:], self.ack_pasts[acks:], self.authorities[authorities:]
        while len(self.root_keys) > roots:
            self.root_keys.popitem()
        while len(self.commitments) > commitments:
            self.commitments.popitem()
        while len(self.keys) > keys:
            self.keys.popitem()
        while len(self.revocations) > revocations:
            self.revocations.pop().revoked = None
