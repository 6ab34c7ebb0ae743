"""What is admitted to the logs of a programme, and what comes next in the own one?

Admission looks at bytes: form, size, chain, signature by a key certified earlier in that log, and
that past, content line and blobs are held. Nothing is refused for its meaning.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import msgspec

from paraph.record import forks
from paraph.record.authority import offered, successor
from paraph.record.canonical import MAX_LINE
from paraph.record.charter import Charter
from paraph.record.checkpoints import (
    Checkpoint,
    claimed_size,
    sign_checkpoint,
)
from paraph.record.entries import (
    MAX_BLOB,
    BlobRef,
    Entry,
    Head,
    blobs_of,
    content_line,
    encode_line,
    person_name,
    person_signature,
    read_content,
    read_content_trusted,
    read_line,
    read_line_trusted,
    statement,
    type_of,
)
from paraph.record.errors import (
    BadChain,
    BadSignature,
    Inconsistent,
    Known,
    Malformed,
    NotHeld,
    RecordError,
    TooLarge,
    UnknownKey,
)
from paraph.record.keys import NodeSigner, Signer, Verifier
from paraph.record.logs import FIRST_ACTS, NOTHING, ROOT_ACTS, KeyInfo, Log
from paraph.record.merkle import leaf_hash
from paraph.record.notes import (
    MAX_NOTE,
    Note,
    Verify,
    counts,
    format_note,
    parse_note,
    signed,
    verified,
)
from paraph.record.passkeys import Passkey
from paraph.record.stores import Row, Store

Blobs = Callable[[str], bytes | None]


class Ledger:
    """
    All logs of one programme as one node holds them. Not for several threads at once.

    Args:
        charter: whose programme it is.
        reads_contents: False for an observer.
        verify: checks the signatures of entries; at once, unless an audit lets others do it beside.
    """

    def __init__(self, charter: Charter, *, reads_contents: bool = True, verify: Verify = verified) -> None:
        self.charter = charter
        self.prog = charter.prog
        self.reads_contents = reads_contents
        self._verify = verify
        self.logs = {party.code: Log.of(self.prog, party) for party in charter.parties}
        self._most_entries = charter.quotas.get("entries", 2**53)
        self._most_blob = min(MAX_BLOB, charter.quotas.get("blob", MAX_BLOB))

    # ------------------------------------------------------------ what is held

    def size(self, log: str) -> int:
        """How many entries of the log are held."""
        return self.logs[log].tree.size

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are held."""
        return {party: log.tree.size for party, log in self.logs.items()}

    def head(self, log: str) -> bytes:
        """The leaf hash of the last entry; `prog` where there is none."""
        return bytes.fromhex(self.logs[log].head)

    def root(self, log: str, size: int | None = None) -> bytes:
        """The root of the first `size` entries of the log."""
        return self.logs[log].tree.root(size)

    def past(self, log: str) -> Mapping[str, int]:
        """What the last entry of the log knows of the other logs."""
        return self.logs[log].past

    def past_at(self, log: str, size: int) -> Mapping[str, int]:
        """What the first `size` entries of the log know of the other logs."""
        return self.logs[log].past_at(size)

    def key(self, log: str, key_id: str) -> KeyInfo | None:
        """A key of that log: its node's, a root key, or a person's that it has certified."""
        mine = self.logs[log]
        for since, keys in mine.authorities:
            if key_id == keys.node.id:
                return KeyInfo(keys.node, "node", since=since)
            if key_id in keys.roots:
                return KeyInfo(keys.roots[key_id], "root", since=since)
        return mine.keys.get(key_id)

    def signed(self, log: str) -> bytes | None:
        """The largest checkpoint of the log that was checked, from an ack or by `confirm`."""
        found = self.logs[log].signed
        return found[1].encode() if found else None

    # ------------------------------------------------------------ admission

    def admit(self, note: bytes, content: bytes | None, blob: Blobs, *, trusted: bool = False) -> Entry:
        """
        Check the next entry of a log and hold it.

        Args:
            note: the signed note.
            content: the content line of a closed act, for readers of contents.
            blob: gives the bytes of a blob by its name.
            trusted: the bytes were checked when they arrived; only hashes and chain are followed.

        Raises:
            NotHeld: it waits for something that has not come.
            Known: it is held already.
            RecordError: it is refused; `where` names the entry.
        """
        if trusted:
            entry = read_line_trusted(note[: note.index(b"\n")])
            if missing := self._ahead(sizes := _covered(entry)):
                raise NotHeld(missing, f"{entry.log} entry {entry.n}")
            log = self.logs[entry.log]
            self._readmit(log, entry, Row(entry.log, entry.n, note, content), sizes)
            return entry
        if len(note) > MAX_NOTE or (content is not None and len(content) > MAX_LINE):
            raise TooLarge(f"an entry has at most {MAX_NOTE} bytes, a content line {MAX_LINE}")
        parsed = parse_note(note)
        line = parsed.text[:-1]
        entry = read_line(line)
        where = f"{entry.log[:8]} entry {entry.n}"
        try:
            log = self._check_place(entry, parsed, note)
            opened = self._open(log, entry, content)
            self._check_form(log, entry, parsed)
            heads = self._heads(log, entry)
            self._check_evidence(entry)
            refs = dict.fromkeys(blobs_of(entry.act))
            self._check_signatures(log, entry, parsed, opened)
            checked = {party: other.checked(raw) for party, (other, raw) in heads.items()}
            for ref in refs:  # one at a time: together they may be large
                if not ref.fits(self._held(ref, blob)):
                    raise Malformed(f"the blob {ref.name[:12]} is not the one that is named")
            past = self._past(log, checked)
        except RecordError as error:
            raise error.at(where) from None
        if past is not None:
            log.know(entry.n, past)
        log.hold(entry, note, sha256(content).digest() if content is not None else None)
        return entry

    def admit_all(self, rows: Iterable[Row], blob: Blobs) -> list[Entry]:
        """
        Admit rows of several logs, in any order of logs; what is held already is passed over.

        All or none: an error leaves the ledger as it was. NotHeld says that something they rest on
        is missing from the rows and from what is held.
        """
        queues: dict[str, list[Row]] = {}
        for row in rows:
            queues.setdefault(row.log, []).append(row)
        with self.trial():
            return list(self._in_order({log: iter(queue) for log, queue in queues.items()}, blob))

    def load(self, store: Store, *, trusted: bool = True) -> Iterator[Entry]:
        """Admit what the store holds beyond this ledger, each entry after its past."""
        sizes = store.sizes()
        queues = {
            party: store.rows(party, log.tree.size, sizes[party])
            for party, log in self.logs.items()
            if sizes.get(party, 0) > log.tree.size
        }
        return self._reload(queues) if trusted else self._in_order(queues, store.blob)

    def confirm(self, log: str, raw: bytes) -> Checkpoint:
        """
        Check a head of a log against what is held, and keep it where it is the largest.

        The signature lines of persons lie outside the node's signature of an entry, so entries from
        a peer count only up to a head signed by the node of that log.
        """
        checkpoint = self.logs[log].checked(raw)
        self.logs[log].keep_signed(checkpoint.size, raw.decode())
        return checkpoint

    def _in_order(self, queues: Mapping[str, Iterator[Row]], blob: Blobs) -> Iterator[Entry]:
        waiting: dict[str, tuple[Row, NotHeld]] = {}
        unread = list(queues)
        while unread:
            moved = False
            for name in list(unread):
                held = waiting.pop(name, None)
                row = held[0] if held else next(queues[name], None)
                while row is not None:
                    try:
                        entry = self.admit(row.note, row.content, blob)
                    except Known:
                        moved = True
                    except NotHeld as error:
                        waiting[name] = (row, error)
                        break
                    else:
                        if entry.log != row.log or entry.n != row.n:
                            where = f"{row.log} entry {row.n}"
                            raise Malformed(f"it is {entry.log} entry {entry.n}", where)
                        moved = True
                        yield entry
                    row = next(queues[name], None)
                else:
                    unread.remove(name)
            if not moved and waiting:
                raise next(iter(waiting.values()))[1]

    def _reload(self, queues: Mapping[str, Iterator[Row]]) -> Iterator[Entry]:
        """The same for bytes that were checked when they arrived: hash, chain and decode."""
        waiting: dict[str, tuple[Row, Entry, Mapping[str, int]]] = {}
        unread, name = list(queues), ""
        try:
            while unread:
                moved = False
                for name in list(unread):
                    log = self.logs[name]
                    if name in waiting:
                        row, entry, sizes = waiting[name]
                        if self._ahead(sizes):
                            continue
                        del waiting[name]
                        self._readmit(log, entry, row, sizes)
                        yield entry
                    moved = True
                    for row in queues[name]:
                        note = row.note
                        entry = read_line_trusted(note[: note.index(b"\n")])
                        sizes = NOTHING
                        if row.content is None and self._ahead(sizes := _covered(entry)):
                            waiting[name] = row, entry, sizes
                            break
                        self._readmit(log, entry, row, sizes)
                        yield entry
                    else:
                        unread.remove(name)
                if not moved:
                    name, (_row, _entry, sizes) = next(iter(waiting.items()))
                    raise NotHeld(self._ahead(sizes), f"{name} entry {self.size(name)}")
        except (msgspec.MsgspecError, ValueError, KeyError, TypeError) as error:
            where = f"{name} entry {self.size(name)}"
            raise Malformed(f"not what was admitted: {error}", where) from None

    def _check_place(self, entry: Entry, parsed: Note, note: bytes) -> Log:
        if entry.prog != self.prog:
            raise Malformed("an entry of another programme")
        log = self.logs.get(entry.log)
        if log is None:
            raise Malformed("no party of the charter writes this log")
        size = log.tree.size
        if entry.n > size:
            raise BadChain(f"the entry before it has not come: {size} entries are held")
        if entry.n < size:
            if log.tree.leaf(entry.n) == leaf_hash(note):
                raise Known("held already")
            if not log.node_signed(entry.n, parsed):
                raise BadSignature(f"not signed by the node of {log.party}")
            raise Inconsistent(f"another entry is held there: two histories of {log.party}", "", note)
        if entry.prev != log.head:
            raise BadChain("it does not follow the entry before it")
        if size >= self._most_entries:
            raise TooLarge(f"the charter allows {self._most_entries} entries in a log")
        return log

    def _open(self, log: Log, entry: Entry, content: bytes | None) -> bytes | None:
        """Put the act of a closed entry in its place; return the content line where readable."""
        if entry.closed is None:
            if content is not None:
                raise Malformed("a public act has no content line beside it")
            return content_line(entry.log, entry.act or {}, None)
        if content is None:
            if self.reads_contents:
                raise NotHeld("its content line has not come")
            return None
        if not self.reads_contents:
            raise Malformed("a content line is not for an observer")
        digest = sha256(content).digest()
        if digest.hex() != entry.closed:
            raise Malformed("the content line is not the one that the entry is committed to")
        opened = read_content(content)
        entry.content, entry.void = content, log.uncounted(digest, content)
        entry.act = None if entry.void else opened.act
        return content

    def _check_form(self, log: Log, entry: Entry, parsed: Note) -> None:
        kind = (entry.act or {}).get("kind")
        anew = kind == "rotate" and (entry.act or {}).get("stands") == self.prog
        if entry.n == 0 and (entry.closed is not None or not (kind in FIRST_ACTS or anew)):
            raise Malformed("a log begins with `found` or `join`, or anew with `rotate`, in the open")
        if kind == "ack" and entry.closed is not None:
            raise Malformed("an ack stands in the open")
        others = parsed.signatures[1:]
        names = [line.name for line in others]
        expected = [] if entry.by == log.node.id else [person_name(self.prog, log.party, entry.by)]
        if names[:1] != expected or len(set(names)) != len(names):
            raise BadSignature("its signature lines are the node's and then those of `by` and other roots")
        if len(names) > 1 and entry.by not in log.root_keys:
            raise BadSignature("only root keys sign together")
        readable = entry.closed is None or self.reads_contents
        known = log.keys.get(entry.by)
        passkey = known is not None and isinstance(known.public, Passkey)
        ends_term = kind == "revoke" and not expected
        if readable and (passkey if entry.v == 1 else not passkey and not ends_term):
            raise Malformed("entries of version 2 are those that a passkey signs, and the end of a term")

    def _check_signatures(self, log: Log, entry: Entry, parsed: Note, content: bytes | None) -> None:
        place, *others = parsed.signatures
        act = entry.act or {}
        ends_term = entry.v == 2 and act.get("kind") == "revoke" and entry.by == log.node.id
        needs_roots = act.get("kind") in ROOT_ACTS and not ends_term
        ids = log.signers(parsed)
        entry.void = entry.void or log.verdict(entry, ids)
        if entry.n == 0 and entry.void and act.get("kind") == "rotate":
            raise BadSignature(f"a log begins anew by keys that follow: {entry.void}")
        rotates = act.get("kind") == "rotate" and entry.closed is None
        node = successor(log.authority, act).node if rotates and not entry.void else log.node
        if not counts(place, log.origin, node, parsed.text, verify=self._verify):
            raise BadSignature(f"not signed by the node of {log.party}")
        keys: Mapping[str, Verifier]
        if entry.by in log.root_keys:
            keys = {**offered(act), **log.root_keys} if rotates else log.root_keys
        elif needs_roots:
            raise BadSignature(f"not signed by the root keys of {log.party}")
        elif entry.by == log.node.id:
            return
        elif (known := log.keys.get(entry.by)) is not None:
            keys = {entry.by: known.public}
        elif self.reads_contents:
            raise UnknownKey(f"by a key that {log.party} had not certified before")
        else:
            return  # an observer does not see who was certified
        commitment = entry.closed or sha256(content or b"").hexdigest()
        message = statement(self.prog, log.party, commitment)
        for line, key_id in zip(others, ids, strict=True):
            key = keys.get(key_id)
            if key is None:
                raise UnknownKey(f"{line.name[-32:]} is no root key of {log.party}")
            name = person_name(self.prog, log.party, key.id)
            if not counts(line, name, key, message, type_of(key), self._verify):
                raise BadSignature("not signed by the key that it names")
        if needs_roots and not any(keys.agrees(ids) for _since, keys in log.authorities):
            raise BadSignature(f"{len(ids)} root keys signed, {log.authority.threshold} are needed")

    def _held(self, ref: BlobRef, blob: Blobs) -> bytes:
        if ref.size > self._most_blob:
            raise TooLarge(f"the charter allows {self._most_blob} bytes in a blob")
        data = blob(ref.name)
        if data is None:
            raise NotHeld(f"the blob {ref.name[:12]} has not come")
        return data

    # ------------------------------------------------------------ the past

    def _heads(self, log: Log, entry: Entry) -> dict[str, tuple[Log, bytes]]:
        """The heads in an ack, as far as they can be compared without looking at signatures."""
        if entry.act is None or entry.act.get("kind") != "ack":
            return {}
        heads = entry.act.get("heads")
        if not isinstance(heads, dict):
            raise Malformed("an ack carries the heads of other logs")
        found = {}
        for party, raw in heads.items():
            other = self.logs.get(party)
            if other is None or other is log or not isinstance(raw, str):
                raise Malformed("an ack carries the heads of other logs")
            other.check_reached(claimed_size(raw))
            found[party] = (other, raw.encode())
        return found

    def _check_evidence(self, entry: Entry) -> None:
        """What an ack tells of two histories of a log is proven by what it carries."""
        if entry.act is None or entry.act.get("kind") != "ack":
            return
        try:
            found = msgspec.convert(entry.act.get("forks", []), list[forks.Evidence])
        except msgspec.ValidationError as error:
            raise Malformed(f"not the evidence of two histories: {error}") from None
        for evidence in found:
            self.check_evidence(evidence)

    def check_evidence(self, evidence: forks.Evidence) -> None:
        """
        Check that evidence of two histories of a log proves them.

        Raises:
            NotHeld: it was signed by a key that is not known yet.
            RecordError: it proves nothing.
        """
        log = self.logs.get(evidence.log)
        if log is None:
            raise Malformed("evidence of the log of nobody")
        forks.check(evidence, log.origin, log.node_signed)

    def _past(self, log: Log, heads: Mapping[str, Checkpoint]) -> Mapping[str, int] | None:
        """What the log knows after an ack of these heads; None where it is no ack."""
        if not heads:
            return None
        for party, checkpoint in heads.items():
            self.logs[party].keep_signed(checkpoint.size, checkpoint.raw.decode())
        return self._joined(log, {party: checkpoint.size for party, checkpoint in heads.items()})

    def _joined(self, log: Log, sizes: Mapping[str, int]) -> Mapping[str, int]:
        """The past so far, these sizes, and all that the covered entries know."""
        past = dict(log.past)
        for party, size in sizes.items():
            if size > past.get(party, 0):
                past[party] = size
                for name, known in self.logs[party].past_at(size).items():
                    if known > past.get(name, 0) and name != log.party:
                        past[name] = known
        return MappingProxyType(past)

    # ------------------------------------------------------------ holding

    def _readmit(self, log: Log, entry: Entry, row: Row, sizes: Mapping[str, int]) -> None:
        if entry.prev != log.head or entry.n != log.tree.size or entry.log != log.party:
            raise BadChain("it does not follow the entry before it", f"{row.log} entry {row.n}")
        digest = None
        if (content := row.content) is not None:
            digest = sha256(content).digest()
            if digest.hex() != entry.closed:
                raise Malformed("not its content line", f"{row.log} entry {row.n}")
            entry.content, entry.void = content, log.uncounted(digest, content)
            if (entry.by in log.root_keys or entry.by == log.node.id) and not entry.void:
                entry.act = read_content_trusted(content).act  # others change nothing for admission
        elif sizes:
            for party, raw in (entry.act or {})["heads"].items():
                self.logs[party].keep_signed(sizes[party], raw)
            log.know(entry.n, self._joined(log, sizes))
        elif entry.act is None and self.reads_contents:
            raise NotHeld("its content line has not come", f"{row.log} entry {row.n}")
        if entry.act is not None and entry.act.get("kind") in ROOT_ACTS:
            entry.void = entry.void or log.verdict(entry, log.signers(parse_note(row.note)))
        log.hold(entry, row.note, digest)

    def _ahead(self, sizes: Mapping[str, int]) -> str:
        """What has not come of that which an ack covers, in words; "" where all has."""
        for party, size in sizes.items():
            if size > self.logs[party].tree.size:
                return f"it knows {party} up to entry {size - 1}, which has not come"
        return ""

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Undo all that is admitted inside where an error leaves the block."""
        marks = [(log, log.mark()) for log in self.logs.values()]
        try:
            yield
        except BaseException:
            for log, mark in marks:
                log.undo(mark)
            raise

    # ------------------------------------------------------------ the own log

    def compose(
        self,
        log: str,
        act: Mapping[str, Any],
        *,
        public: bool,
        at: str,
        node_key: NodeSigner,
        signers: Sequence[Signer] = (),
        content: bytes | None = None,
    ) -> tuple[bytes, bytes | None]:
        """
        Write the next entry of a log; it is not admitted yet.

        Args:
            log: the party whose log it is.
            act: the act in JSON.
            public: whether it stands in the note; else only its commitment does.
            at: the claimed time, 2021-02-23T06:00:00Z.
            node_key: signs the place.
            signers: sign the content; none where the act is the node's own.
            content: the content line of a closed act, where it was signed before; else one is made.

        Returns:
            The note, and the content line of a closed act.
        """
        mine = self.logs[log]
        content = content or content_line(log, act, None if public else secrets.token_bytes(32))
        newer = isinstance(signers[0].public, Passkey) if signers else act.get("kind") == "revoke"
        head = Head(
            v=2 if newer else 1,
            prog=self.prog,
            log=log,
            n=mine.tree.size,
            prev=mine.head,
            by=(signers[0] if signers else node_key).public.id,
            at=at,
            act=dict(act) if public else None,
            closed=None if public else sha256(content).hexdigest(),
        )
        text = encode_line(head) + b"\n"
        lines = [signed(mine.origin, node_key, text)]
        lines += [person_signature(self.prog, log, signer, content) for signer in signers]
        return format_note(Note(text, tuple(lines))), None if public else content

    def checkpoint(self, log: str, node_key: NodeSigner) -> bytes:
        """The signed head of the own log."""
        mine = self.logs[log]
        return sign_checkpoint(mine.origin, mine.tree.size, mine.tree.root(), node_key)


def _covered(entry: Entry) -> Mapping[str, int]:
    """How much of each other log an ack covers, as it states; nothing where it is no ack."""
    act = entry.act
    if act is None or act.get("kind") != "ack":
        return NOTHING
    return {party: claimed_size(raw) for party, raw in act["heads"].items()}
