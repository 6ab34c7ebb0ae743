"""What is admitted to the logs of a programme, and what comes next in the own one?

Admission looks at bytes: form, size, chain, signature by a key certified earlier in that log, and
that past, content line and blobs are held. Nothing is refused for its meaning.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from paraph.record.charter import Charter
from paraph.record.checkpoints import open_checkpoint, origin, sign_checkpoint
from paraph.record.entries import (
    PERSON,
    Entry,
    Head,
    blobs_of,
    content_line,
    line_of,
    person_name,
    person_signature,
    read_content,
    read_head,
    read_head_trusted,
    statement,
)
from paraph.record.errors import (
    BadChain,
    BadSignature,
    Inconsistent,
    Known,
    Malformed,
    NotHeld,
    RecordError,
    UnknownKey,
)
from paraph.record.keys import PublicKey, SecretKey
from paraph.record.merkle import Tree, leaf_hash
from paraph.record.notes import Note, counts, format_note, parse_note, signed

ROOT_ACTS = ("found", "join", "delegate", "revoke", "rotate")
EMPTY_PAST: Mapping[str, int] = MappingProxyType({})
Blobs = Callable[[str], bytes | None]


@dataclass(slots=True)
class KeyInfo:
    """A person's key as the log certified it."""

    public: PublicKey
    act: Mapping[str, Any]
    since: int
    revoked: int | None = None


@dataclass(slots=True)
class Log:
    """One party's log as held."""

    party: str
    origin: str
    node: PublicKey
    roots: dict[str, PublicKey]
    threshold: int
    tree: Tree = field(default_factory=Tree)
    head: str = ""  # hex leaf hash of the last entry
    past: Mapping[str, int] = field(default_factory=lambda: EMPTY_PAST)
    pasts: list[tuple[int, Mapping[str, int]]] = field(default_factory=list)  # (entry, past) at acks
    keys: dict[str, KeyInfo] = field(default_factory=dict)


class Ledger:
    """All logs of one programme as one node holds them."""

    def __init__(self, charter: Charter, *, reads_contents: bool = True) -> None:
        self.charter = charter
        self.prog = charter.prog
        self.reads_contents = reads_contents
        self.logs = {
            party.code: Log(
                party.code,
                origin(self.prog, party.code),
                PublicKey(bytes.fromhex(party.node)),
                {key.id: key for key in (PublicKey(bytes.fromhex(raw)) for raw in party.roots)},
                party.threshold,
            )
            for party in charter.parties
        }
        self._commitments: dict[str, tuple[str, int]] = {}  # commitment -> where it stands first

    # ------------------------------------------------------------ what is held

    def size(self, log: str) -> int:
        """How many entries of the log are held."""
        return self.logs[log].tree.size

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are held."""
        return {party: log.tree.size for party, log in self.logs.items()}

    def root(self, log: str, size: int | None = None) -> bytes:
        """The root of the first `size` entries of the log."""
        return self.logs[log].tree.root(size)

    def past(self, log: str) -> Mapping[str, int]:
        """What the log has acknowledged of the others so far."""
        return self.logs[log].past

    def key(self, log: str, key_id: str) -> KeyInfo | None:
        """A person's key certified in that log."""
        return self.logs[log].keys.get(key_id)

    # ------------------------------------------------------------ admission

    def admit(
        self,
        note: bytes,
        content: bytes | None,
        blob: Blobs,
        *,
        trusted: bool = False,
    ) -> Entry:
        """
        Check the next entry of a log and hold it.

        Args:
            note: the signed note.
            content: the content line of a closed act, for readers of contents.
            blob: gives the bytes of a blob by its name.
            trusted: the bytes were checked when they arrived; only the chain is followed.
        """
        head = self._open(note, trusted=trusted)
        log = self.logs[head.log]
        where = f"{head.log} entry {head.n}"
        leaf = leaf_hash(note)
        self._check_place(log, head, leaf, where)
        try:
            act = self._act(head, content)
            if head.closed in self._commitments and act is not None:
                act = {"kind": "repeated"}  # void, shown with the reason
            if not trusted:
                self._check_signatures(log, head, parse_note(note), act, content)
                self._check_blobs(act, blob)
            past = self._past(log, head, act, trusted=trusted)
        except RecordError as error:
            raise type(error)(error.message, where) from None
        self._hold(log, head, leaf, act, past)
        return Entry(head, act, note, content, leaf, past)

    def _open(self, note: bytes, *, trusted: bool) -> Head:
        line = note[: note.find(b"\n")]
        head = read_head_trusted(line) if trusted else read_head(line)
        if head.prog != self.prog:
            raise Malformed("an entry of another programme")
        if head.log not in self.logs:
            raise Malformed(f"no party of the charter is called {head.log[:20]!r}")
        return head

    def _check_place(self, log: Log, head: Head, leaf: bytes, where: str) -> None:
        size = log.tree.size
        if head.n < size:
            if log.tree.leaf(head.n) == leaf:
                raise Known("held already", where)
            raise Inconsistent("another entry is held at this place: the log has two histories", where)
        if head.n > size:
            raise NotHeld(f"entries {size} to {head.n - 1} of the log have not come", where)
        if head.prev != (log.head or self.prog):
            raise BadChain("it does not follow the entry before it", where)

    def _act(self, head: Head, content: bytes | None) -> Mapping[str, Any] | None:
        """The act, opened; None where it is closed to this reader."""
        if head.act is not None:
            return head.act
        if content is None:
            if self.reads_contents:
                raise NotHeld("its content line has not come")
            return None
        value = read_content(content, head)
        if value["log"] != head.log:
            return {"kind": "foreign"}  # a copied commitment: void, shown with the reason
        act: Mapping[str, Any] = value["act"]
        return act

    def _check_signatures(
        self, log: Log, head: Head, note: Note, act: Mapping[str, Any] | None, content: bytes | None
    ) -> None:
        if not any(counts(line, log.origin, log.node, note.text) for line in note.signatures):
            raise BadSignature(f"not signed by the node of {log.party}")
        if act is None or head.by == log.node.id:
            return
        signed_line = content if content is not None else content_line(head.log, head.act or {}, None)
        message = statement(self.prog, head.log, signed_line)
        if act.get("kind") in ROOT_ACTS:
            if head.by not in log.roots:
                raise UnknownKey(f"not by a root key of {log.party}")
            good = sum(self._counts(note, log, key, message) for key in log.roots.values())
            if good < log.threshold:
                raise BadSignature(f"{good} root keys signed, {log.threshold} are needed")
            return
        known = log.keys.get(head.by)
        if known is None:
            raise UnknownKey(f"by a key that {log.party} had not certified before")
        if not self._counts(note, log, known.public, message):
            raise BadSignature("not signed by the key that it names")

    def _counts(self, note: Note, log: Log, key: PublicKey, message: bytes) -> bool:
        name = person_name(self.prog, log.party, key)
        return any(counts(line, name, key, message, PERSON) for line in note.signatures)

    def _check_blobs(self, act: Mapping[str, Any] | None, blob: Blobs) -> None:
        for ref in blobs_of(act):
            data = blob(ref.name)
            if data is None:
                raise NotHeld(f"the blob {ref.name[:12]} has not come")
            if not ref.fits(data):
                raise Malformed(f"the blob {ref.name[:12]} is not the one that is named")

    def _past(
        self, log: Log, head: Head, act: Mapping[str, Any] | None, *, trusted: bool
    ) -> Mapping[str, int]:
        """What the log knows from this entry on: an ack covers all that the covered entries cover."""
        if act is None or act.get("kind") != "ack":
            return log.past
        covered = dict(log.past)
        heads = act.get("heads")
        if not isinstance(heads, dict) or head.closed is not None:
            raise Malformed("an ack is public and carries the heads of other logs")
        for party, raw in heads.items():
            other = self.logs.get(party)
            if other is None or party == log.party or not isinstance(raw, str):
                raise Malformed("an ack carries the heads of other logs")
            size = self._covered(other, raw, trusted=trusted)
            covered[party] = max(covered.get(party, 0), size)
            for name, known in self.past_at(party, covered[party]).items():
                if name != log.party:
                    covered[name] = max(covered.get(name, 0), known)
        return MappingProxyType(covered)

    def _covered(self, other: Log, raw: str, *, trusted: bool) -> int:
        if trusted:
            return int(raw.split("\n", 2)[1])
        checkpoint = open_checkpoint(raw.encode(), other.origin, other.node)
        if checkpoint.size > other.tree.size:
            raise NotHeld(f"{other.party} entries up to {checkpoint.size - 1}, which it knows, have not come")
        if other.tree.root(checkpoint.size) != checkpoint.root:
            raise Inconsistent(f"it knows another history of {other.party}")
        return checkpoint.size

    def past_at(self, log: str, size: int) -> Mapping[str, int]:
        """What the first `size` entries of a log acknowledge."""
        found = EMPTY_PAST
        for n, past in reversed(self.logs[log].pasts):
            if n < size:
                found = past
                break
        return found

    def _hold(
        self, log: Log, head: Head, leaf: bytes, act: Mapping[str, Any] | None, past: Mapping[str, int]
    ) -> None:
        log.tree.append(leaf)
        log.head = leaf.hex()
        if head.closed is not None:
            self._commitments.setdefault(head.closed, (head.log, head.n))
        if past is not log.past:
            log.past = past
            log.pasts.append((head.n, past))
        if act is not None and act.get("kind") in ("delegate", "revoke"):
            self._certify(log, head.n, act)

    def _certify(self, log: Log, n: int, act: Mapping[str, Any]) -> None:
        """Keep a certified key for ever: a revoked one still admits bytes, above they are void."""
        try:
            if act["kind"] == "delegate":
                public = PublicKey(bytes.fromhex(act["key"]))
                log.keys.setdefault(public.id, KeyInfo(public, act, n))
            else:
                known = log.keys.get(act["key"])
                if known is not None and known.revoked is None:
                    known.revoked = n
        except (KeyError, TypeError, ValueError):
            return  # malformed: void above

    # ------------------------------------------------------------ the own log

    def compose(
        self,
        log: str,
        act: Mapping[str, Any],
        *,
        public: bool,
        at: str,
        node_key: SecretKey,
        signers: Sequence[SecretKey] = (),
    ) -> tuple[bytes, bytes | None]:
        """
        Write the next entry of a log, not admitted yet.

        Args:
            log: the party whose log it is.
            act: the act in JSON.
            public: whether it stands in the note; else only its commitment does.
            at: the claimed time, 2021-02-23T06:00:00Z.
            node_key: signs the place.
            signers: sign the content; none where the act is the node's own.

        Returns:
            The note, and the content line of a closed act.
        """
        mine = self.logs[log]
        content = content_line(log, act, None if public else secrets.token_bytes(32))
        line = line_of(
            Head(
                v=1,
                prog=self.prog,
                log=log,
                n=mine.tree.size,
                prev=mine.head or self.prog,
                by=(signers[0] if signers else node_key).public.id,
                at=at,
                act=dict(act) if public else None,
                closed=None if public else hashlib.sha256(content).hexdigest(),
            )
        )
        text = line + b"\n"
        lines = [signed(mine.origin, node_key, text)]
        lines += [person_signature(self.prog, log, signer, content) for signer in signers]
        return format_note(Note(text, tuple(lines))), None if public else content

    def checkpoint(self, log: str, node_key: SecretKey) -> bytes:
        """The signed head of the own log."""
        mine = self.logs[log]
        return sign_checkpoint(mine.origin, mine.tree.size, mine.tree.root(), node_key)

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Undo all that is admitted inside where an error leaves the block."""
        before = {
            party: (log.tree.size, log.head, log.past, len(log.pasts)) for party, log in self.logs.items()
        }
        keys = {party: {k: info.revoked for k, info in log.keys.items()} for party, log in self.logs.items()}
        held = len(self._commitments)
        try:
            yield
        except BaseException:
            for party, (size, head, past, acks) in before.items():
                log = self.logs[party]
                log.tree.truncate(size)
                log.head, log.past = head, past
                del log.pasts[acks:]
                log.keys = {k: info for k, info in log.keys.items() if k in keys[party]}
                for k, info in log.keys.items():
                    info.revoked = keys[party][k]
            for commitment in list(self._commitments)[held:]:
                del self._commitments[commitment]
            raise
