"""The one door to the record: for pages, the command line, the exchange and tests.

A journal checks an act, writes it as an entry of the own log, folds and stores it; it checks what
comes from others, stores and folds that. The logs in the store are the only truth: other processes
may write too, so every look first reads what came after the folded heads. Whoever reads a programme
while other threads write holds `journal.lock` meanwhile.
"""

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from paraph.acts import BY_NODE, PUBLIC, Ack, Act, Placed, Revoke, Rotate, open_act, pack, read
from paraph.node import heads as signed_heads
from paraph.node.errors import OldDatabase, Unsure
from paraph.node.heads import KnownElsewhere, size_of
from paraph.node.waiting import WaitingRoom
from paraph.record.charter import Charter
from paraph.record.checkpoints import Checkpoint, open_checkpoint
from paraph.record.entries import Entry, blobs_of, content_line, read_content, read_line, statement
from paraph.record.errors import BadSignature, Inconsistent, Known, Malformed, NotHeld, RecordError
from paraph.record.forks import Evidence, of_entries, of_heads
from paraph.record.keys import NodeSigner, PublicKey, Signer
from paraph.record.ledger import Ledger
from paraph.record.merkle import EMPTY_ROOT, leaf_hash
from paraph.record.stores import Row, Store
from paraph.sentences import _
from paraph.state import forks, publication, rules, terms
from paraph.state.errors import Refused
from paraph.state.fold import apply
from paraph.state.programme import Programme

Gate = Callable[[Programme, str, Act], None]  # raises Refused


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a batch from outside brought."""

    new: tuple[Placed, ...]
    known: int
    waiting: tuple[Row, ...]  # something that they rest on has not come yet


@dataclass(frozen=True, slots=True)
class Prepared:
    """An act as it will stand in the record, for somebody who signs it elsewhere first."""

    act: Act
    value: Mapping[str, Any]  # the act in JSON
    content: bytes  # the content line
    blobs: Mapping[str, bytes]
    message: bytes  # what is signed


class Journal:
    """The record of one programme at one node."""

    def __init__(
        self,
        store: Store,
        charter: Charter,
        *,
        me: str | None,
        node_key: NodeSigner,
        gates: Sequence[Gate] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        find_key: Callable[[PublicKey], NodeSigner | None] = lambda _public: None,
        kept_keys: Callable[[], Iterable[PublicKey]] = tuple,
        begins_anew: bool = False,
    ) -> None:
        self.store = store
        self.charter = charter
        self.me = me
        self._given = node_key
        self._node_keys = {node_key.public: node_key}
        self._find_key = find_key  # where another process has rotated the key
        self._kept_keys = kept_keys  # all whose files are there: an old database does not name them all
        self.begins_anew = begins_anew  # all that is written is a `rotate` onto what is held
        self.gates = tuple(gates)
        self.clock = clock
        self.lock = threading.RLock()
        self.listeners: list[Callable[[], None]] = []
        self._known_elsewhere: KnownElsewhere | None = None
        self._waiting = WaitingRoom()
        self._batching = False
        self._start_over()
        head = store.remembered_heads().get(me) if me is not None else None
        if head is not None:
            self._known_elsewhere = KnownElsewhere("the second copy of its head", *head)
        self._unsure = me is not None and head is None  # on a log with entries: nothing vouches for it
        self._bring_up_second_copy()
        self.code = self._check_named()

    def _check_named(self) -> str:
        """
        The code of this node; ValueError where the programme names no node with this key.

        A party whose node key is lost goes on with another one once root keys have handed over to it.
        """
        if self.me is None:
            for one in self.charter.observers:
                if one.node == self._given.public.hex:
                    return one.code
        elif self.node_key.public == self.ledger.logs[self.me].node:
            return self.me
        elif (known := self._known_elsewhere) and known.size > self.ledger.size(self.me):
            return self.me  # an old database: nothing is written before the rest is back
        elif self.begins_anew:
            return self.me
        raise ValueError("the programme names no node with this key")

    @property
    def node_key(self) -> NodeSigner:
        """The key of this node, as the log now has it."""
        if self.me is None:
            return self._given
        now = self.ledger.logs[self.me].node
        if now not in self._node_keys and (found := self._find_key(now)):
            self._node_keys[now] = found
        return self._node_keys.get(now, self._given)

    def asking_keys(self) -> list[NodeSigner]:
        """
        The keys by which others may know this node, the likeliest first.

        A peer that has not heard of a rotation yet knows the former key, and has to let this node in
        before it can hear of it.
        """
        logs = self.ledger.logs
        held = [keys.node for _since, keys in reversed(logs[self.me].authorities)] if self.me else []
        found = {key.public: key for key in (self.node_key, self._given)}
        for public in [*held, *(self._kept_keys() if self.me else ())]:
            if public not in found and (key := self._find_key(public)):
                found[public] = key
        return list(found.values())

    def own_head(self, raw: bytes) -> Checkpoint:
        """Read a head of the own log by any key of this node: an old database knows the former ones only."""
        mine = self.ledger.logs[self._own_log()]
        for key in self.asking_keys():
            with suppress(BadSignature):
                return open_checkpoint(raw, mine.origin, key.public)
        return mine.read_head(raw)

    def node_of(self, code: str) -> PublicKey | None:
        """The key of a node as the logs and the charter now say; None where they name no such node."""
        if code in self.ledger.logs:
            return self.ledger.logs[code].node
        found = next((one.node for one in self.charter.observers if one.code == code), None)
        return PublicKey(bytes.fromhex(found)) if found else None

    def _start_over(self) -> None:
        """Fold everything anew from the store."""
        self.ledger = Ledger(self.charter, reads_contents=self.me is not None)
        self._programme = Programme(self.charter)
        self._rows: list[Row] = []  # composed or admitted, not in the store yet
        self._blobs: dict[str, bytes] = {}
        self._stored = False  # handed to the store, perhaps not committed yet
        self.refresh()
        while True:
            try:
                return signed_heads.reload(self.ledger, self.store)
            except NotHeld:
                if not self.refresh():  # else another process wrote between the two looks
                    raise

    # ------------------------------------------------------------ reading

    def programme(self) -> Programme:
        """The programme as of all that the store holds."""
        self.refresh()
        return self._programme

    def refresh(self) -> bool:
        """Fold what lies in the store after the folded heads; say whether anything did."""
        with self.lock:
            kept = self.store.sizes()
            if all(kept.get(log, 0) <= size for log, size in self.ledger.sizes().items()):
                return False
            with self._all_or_none():
                for entry in self.ledger.load(self.store):
                    self._fold(entry)
            return True

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob that an act names."""
        return self._blobs.get(name) or self.store.blob(name)

    def raw(self, log: str, n: int) -> Row | None:
        """An entry as it is kept."""
        return next(self.store.rows(log, n, n + 1), None)

    def entry(self, log: str, n: int) -> Entry | None:
        """An entry as it was admitted."""
        row = self.raw(log, n)
        if row is None:
            return None
        entry = msgspec.json.decode(row.note[: row.note.index(b"\n")], type=Entry)
        entry.note, entry.leaf = row.note, leaf_hash(row.note)
        entry.past = self.programme().entry(log, n).past
        if row.content is not None:
            entry.content, entry.act = row.content, msgspec.json.decode(row.content)["act"]
        return entry

    def heads(self) -> dict[str, int]:
        """How many entries of each log are held."""
        self.refresh()
        return self.ledger.sizes()

    def checkpoint(self, log: str) -> bytes | None:
        """The signed head of a log: the own one fresh, another's as it last came."""
        with self.lock:
            self.refresh()
            if log != self.me or self.begins_anew:  # until root keys have spoken nothing is signed
                return self.ledger.signed(log)
            return self.ledger.checkpoint(log, self.node_key)

    # ------------------------------------------------------------ writing

    def record(
        self,
        acts: Sequence[Act],
        signers: Sequence[Signer],
        *,
        at: datetime | None = None,
        new_node: NodeSigner | None = None,
        prepared: Prepared | None = None,
    ) -> list[Placed]:
        """
        Write acts into the own log: all or none.

        Args:
            acts: in order; each is checked on the state that the ones before it left.
            signers: the delegate's key, or the root keys; none for acts of the node itself.
            at: the claimed time; the journal's clock by default.
            new_node: the node key that a `rotate` hands over to; it signs the place of that entry.
            prepared: the one act, where a passkey has signed its content line already.

        Raises:
            Refused: a rule or a gate stands in the way; nothing was written.
        """
        me = self._own_log()
        now = at or self.clock()
        if new_node is not None:
            self._node_keys[new_node.public] = new_node
        by = (signers[0] if signers else self.node_key).public.id
        if not all(isinstance(act, Revoke) for act in acts):
            self.end_terms(now)
        anew = self.begins_anew and len(acts) == 1 and isinstance(acts[0], Rotate) and bool(acts[0].stands)
        with self._writing():
            if self.begins_anew and not anew:
                raise Refused(_("This node goes on only once root keys have said that its history stands."))
            if not anew:
                self._check_own_log()
            before = self.ledger.size(me)
            heads = signed_heads.news(self.ledger, self._programme, me) if before else {}
            if not signers or all(isinstance(act, Rotate) for act in acts):
                heads = {}
            if acts:  # most refusals come here, before anything has to be undone
                self._check(acts[0], by, signed_heads.past_with(self.ledger, me, heads))
            with self._all_or_none():
                if heads:
                    self._write(signed_heads.ack(heads), (), now)
                for place, act in enumerate(acts):
                    if place:
                        self._check(act, by, self.ledger.past(me))
                    self._write(act, signers, now, new_node, prepared)
                self._publish(now)
                self._store()
            written = self._programme.logs[me].entries[before:]
        if anew:
            self._go_on()
        self._tell()
        return written

    def prepare(self, act: Act, by: str) -> Prepared:
        """
        Make the content line of an act that somebody signs elsewhere, and `record` then writes.

        Args:
            act: a closed act of a person.
            by: the id of the key that will sign.

        Raises:
            Refused: a rule or a gate stands in the way already.
        """
        me = self._own_log()
        with self.lock:
            self.refresh()
            past = signed_heads.past_with(
                self.ledger, me, signed_heads.news(self.ledger, self._programme, me)
            )
            self._check(act, by, past)
        value, blobs = pack(act)
        return self.prepared(content_line(me, value, secrets.token_bytes(32)), blobs)

    def prepared(self, content: bytes, blobs: Mapping[str, bytes]) -> Prepared:
        """What `prepare` made, from its bytes."""
        value = read_content(content).act
        message = statement(self.charter.prog, self._own_log(), sha256(content).hexdigest())
        return Prepared(open_act(value, blobs), value, content, blobs, message)

    def end_terms(self, now: datetime | None = None) -> list[Placed]:
        """Revoke the full powers whose last day is over; the node does it by itself."""
        if self.me is None or not self.ledger.size(self.me) or self._batching:
            return []
        now = now or self.clock()
        with self.lock:
            due = terms.over(self.programme(), self.me, now.astimezone(UTC).date())
            if not due or self.me in self._programme.shared:
                return []
            return self.record([Revoke(key, terms.REASON) for key in due], (), at=now)

    def _own_log(self) -> str:
        if self.me is None:
            raise ValueError("an observer has no log")
        return self.me

    def _check(self, act: Act, by: str, past: Mapping[str, int]) -> None:
        if type(act) in BY_NODE:
            return
        rules.check(self._programme, self._own_log(), by, act, past)
        for gate in self.gates:
            gate(self._programme, self._own_log(), act)

    def _write(
        self,
        act: Act,
        signers: Sequence[Signer],
        now: datetime,
        new_node: NodeSigner | None = None,
        prepared: Prepared | None = None,
    ) -> None:
        """Compose, admit and fold one act; it lies in the buffer until stored."""
        value, blobs = (prepared.value, prepared.blobs) if prepared else pack(act)
        self._blobs.update(blobs)
        note, content = self.ledger.compose(
            self._own_log(),
            value,
            public=isinstance(act, PUBLIC),
            at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            node_key=new_node if new_node and isinstance(act, Rotate) else self.node_key,
            signers=signers,
            content=prepared.content if prepared else None,
        )
        entry = self.ledger.admit(note, content, self.blob, trusted=self._batching)
        if entry.void:
            raise Refused(_("This would have no effect: %(reason)s."), reason=entry.void)
        self._rows.append(Row(entry.log, entry.n, note, content))
        self._fold(entry)

    def _fold(self, entry: Entry) -> Placed:
        placed = read(entry, self.blob)
        apply(self._programme, placed)
        return placed

    def _publish(self, now: datetime) -> None:
        """Write the stages that changed, where the charter makes them public."""
        today = now.date().isoformat()
        for told in publication.due(self._programme, self._own_log(), today):
            self._write(told, (), now)

    # ------------------------------------------------------------ from others

    def admit(
        self,
        rows: Sequence[Row],
        blobs: Mapping[str, bytes],
        checkpoints: Mapping[str, bytes],
        *,
        source: str = "",
        at: datetime | None = None,
    ) -> Admitted:
        """
        Check a batch from outside and keep it; refused whole where anything in it is wrong.

        Args:
            rows: entries of any logs, each log in order.
            blobs: the larger contents that they name.
            checkpoints: signed heads of logs; kept where they agree with what is then held.
            source: who gave it, in the words of a message.
            at: the claimed time of what the own node answers; the journal's clock by default.

        Raises:
            RecordError: with the entry and the reason; nothing of the batch was kept.
        """
        try:
            return self._admit(rows, blobs, checkpoints, source, at)
        except Inconsistent as error:
            self.tell_fork(error.evidence, at=at)
            raise

    def _admit(
        self,
        rows: Sequence[Row],
        blobs: Mapping[str, bytes],
        checkpoints: Mapping[str, bytes],
        source: str,
        at: datetime | None,
    ) -> Admitted:
        with self._writing():
            before = self.ledger.size(self.me) if self.me else 0
            with self._all_or_none():
                entries, known, left = self._take(rows, {**self._waiting.blobs, **blobs})
                new = [self._fold(entry) for entry in entries]
                self._remember(checkpoints, source)
                self._store()
            self._waiting.keep(left, blobs)
            new += self._take_waiting() if new else []
            self._answer(at or self.clock())
            wrote = self.me is not None and self.ledger.size(self.me) > before
        if new or wrote:
            self._tell()
        return Admitted(tuple(new), known, tuple(left))

    def tell_fork(self, other: bytes, *, at: datetime | None = None) -> Evidence | None:
        """
        Tell everybody of two histories of a log, in an acknowledgement, where that is news.

        Args:
            other: an entry, or a head, of a history that is not held.
            at: the claimed time; the journal's clock by default.
        """
        evidence = self._evidence(other)
        if evidence is None:
            return None
        with self.lock:
            self.refresh()
            try:
                self.ledger.check_evidence(evidence)
            except RecordError:
                return None  # it proves nothing here
            news = evidence.log != self.me and forks.is_news(self._programme, evidence)
            if news and self.me is not None and self.ledger.size(self.me) and not self._batching:
                with suppress(OldDatabase, Unsure):  # it will be told once the own log is whole again
                    self.record([Ack({}, forks=[evidence])], (), at=at)
        return evidence

    def _evidence(self, other: bytes) -> Evidence | None:
        """What is held and excludes that note, beside it; None where nothing is."""
        text = other.partition(b"\n\n")[0]
        for log, held in self.ledger.logs.items():
            if text.startswith(f"{held.origin}\n".encode()):
                return of_heads(log, held.tree, self.ledger.signed(log), other)
        try:
            entry = read_line(text)
        except RecordError:
            return None
        row = self.raw(entry.log, entry.n) if entry.log in self.ledger.logs else None
        return of_entries(entry.log, row.note, other) if row else None

    def accept_history(self, log: str, *, at: datetime | None = None) -> None:
        """Accept the history of a log that its root keys have named: it is the one held here."""
        with self.lock:
            entries = self.programme().logs[log].entries
            place = max(
                (one.n for one in entries if isinstance(one.act, Rotate) and one.act.stands), default=-1
            )
            head = self.ledger.signed(log)
            if place < 0 or (log, place) in self._programme.voids or size_of(head) <= place or head is None:
                raise Refused(_("The root keys of %(party)s have not said which history stands."), party=log)
            self.record([Ack({log: head.decode()}, accepts={log: place})], (), at=at)

    def _take(self, rows: Sequence[Row], blobs: Mapping[str, bytes]) -> tuple[list[Entry], int, list[Row]]:
        """Hold what can be held: the new entries, how many were known, and what has to wait."""
        queues: dict[str, deque[Row]] = {}
        for row in rows:
            queues.setdefault(row.log, deque()).append(row)
        entries: list[Entry] = []
        known, moved = 0, True
        while moved:
            moved = False
            for queue in queues.values():
                while queue:
                    try:
                        entries.append(self._hold(queue[0], blobs))
                    except Known:
                        known += 1
                    except NotHeld:
                        break
                    queue.popleft()
                    moved = True
        return entries, known, [row for queue in queues.values() for row in queue]

    def _hold(self, row: Row, blobs: Mapping[str, bytes]) -> Entry:
        """Admit one row, and put it with the blobs that it names into the buffer."""
        where = f"{row.log[:8]} entry {row.n}"
        if row.log in self.ledger.logs and row.n > self.ledger.size(row.log):
            raise NotHeld("the entries before it have not come", where)
        entry = self.ledger.admit(row.note, row.content, lambda name: blobs.get(name) or self.blob(name))
        if (entry.log, entry.n) != (row.log, row.n):
            raise Malformed(f"it is {entry.log} entry {entry.n}", where)
        self._rows.append(Row(row.log, row.n, row.note, entry.content))
        named = {ref.name for ref in blobs_of(entry.act)}
        self._blobs.update({name: blobs[name] for name in named if name in blobs})
        return entry

    def _take_waiting(self) -> list[Placed]:
        """Try what waited; what is wrong with it must not harm the batch that let it in."""
        rows = self._waiting.rows()
        try:
            with self._all_or_none():
                entries, _known, left = self._take(rows, self._waiting.blobs)
                new = [self._fold(entry) for entry in entries]
                self._store()
        except RecordError:
            self._waiting.clear()
            return []
        still = {(row.log, row.n) for row in left}
        self._waiting.leave(row for row in rows if (row.log, row.n) not in still)
        return new

    def _remember(self, checkpoints: Mapping[str, bytes], source: str) -> None:
        """Keep the signed heads that agree with the entries held."""
        for party, raw in checkpoints.items():
            if party not in self.ledger.logs:
                continue
            try:
                signed_heads.keep(self.ledger, self.store, party, raw)
            except NotHeld:
                known = self._known_elsewhere
                if party == self.me and (known is None or signed_heads.size_of(raw) > known.size):
                    head = self.own_head(raw)
                    self._known_elsewhere = KnownElsewhere(source or "another node", head.size, head.root)

    def _answer(self, now: datetime) -> None:
        """Acknowledge at once what makes a text final, and publish the stages that changed."""
        if self.me is None or not self.ledger.size(self.me) or self.begins_anew:
            return
        try:
            self._check_own_log()
        except (OldDatabase, Unsure):
            return
        with self._all_or_none():
            heads = signed_heads.to_make_final(self.ledger, self._programme, self.me)
            if heads:
                self._write(signed_heads.ack(heads), (), now)
            self._publish(now)
            self._store()

    # ------------------------------------------------------------ keeping

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Keep all that is written inside in one durable step at the end."""
        with self._writing():
            self._batching = True
            try:
                yield
            finally:
                self._batching = False
            self._store()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the only writer; afterwards everything inside is durable, or nothing."""
        with self.lock:
            if self._batching:
                yield
                return
            try:
                with self.store.lock():
                    self.refresh()
                    signed_heads.reload(self.ledger, self.store)
                    size = self.ledger.size(self.me) if self.me else 0
                    yield
            except BaseException:
                if self._stored or self._rows:
                    self._start_over()
                    self._bring_up_second_copy()
                raise
            self._stored = False
            if self.me is not None and not self._unsure and self.ledger.size(self.me) > size:
                self.store.remember_head(self.me, self.ledger.size(self.me), self.ledger.root(self.me))

    def _bring_up_second_copy(self) -> None:
        """Let the second copy know what was committed though something failed just after."""
        if self.me is None or self._unsure:
            return
        known, held = self.store.remembered_heads().get(self.me), self.ledger.size(self.me)
        if known is not None and known[0] < held and self.ledger.root(self.me, known[0]) == known[1]:
            self.store.remember_head(self.me, held, self.ledger.root(self.me))

    @contextmanager
    def _all_or_none(self) -> Iterator[None]:
        """On any error, forget what was composed, admitted and folded inside."""
        rows, blobs, folded = len(self._rows), dict(self._blobs), len(self._programme.applied)
        try:
            with self.ledger.trial():
                yield
        except BaseException:
            del self._rows[rows:]
            self._blobs = blobs
            if len(self._programme.applied) > folded:
                self._refold(folded)
            raise

    def _refold(self, count: int) -> None:
        """Fold the first `count` entries anew: registers have no way back."""
        kept = self._programme.applied[:count]
        self._programme = Programme(self.charter)
        for placed in kept:
            apply(self._programme, placed)

    def _store(self) -> None:
        """Hand what lies in the buffer to the store; the head goes with it in one transaction."""
        if self._batching or not self._rows:
            return
        self._stored = True
        self.store.append(self._rows, self._blobs)
        held = self.me is not None and self.ledger.logs[self.me].node == self.node_key.public
        if self.me is not None and held and any(row.log == self.me for row in self._rows):
            head = self.ledger.checkpoint(self.me, self.node_key)
            signed_heads.keep(self.ledger, self.store, self.me, head)
        self._rows, self._blobs = [], {}

    def _tell(self) -> None:
        if not self._batching:
            for listener in self.listeners:
                listener()

    def compared(self, *, give_up: bool = False) -> None:
        """
        Every party was asked for the own log: this node may write from here on.

        Args:
            give_up: go on without entries that were signed here once and are held by nobody who was asked.

        Raises:
            OldDatabase: some of it is still missing.
        """
        me = self._own_log()
        with self._writing():
            if give_up:
                self._known_elsewhere = None
            self._check_known()
            self.store.remember_head(me, self.ledger.size(me), self.ledger.root(me), anew=True)
            self._unsure = False

    def _go_on(self) -> None:
        """Root keys have said that the history held here stands: nothing that was lost counts any more."""
        me = self._own_log()
        self._known_elsewhere, self._unsure, self.begins_anew = None, False, False
        self.store.remember_head(me, self.ledger.size(me), self.ledger.root(me), anew=True)

    def _check_own_log(self) -> None:
        """Never write on an old database, nor on one of which nothing tells whether it is old."""
        self._check_known()
        if self._unsure:
            me = self._own_log()
            if not self.ledger.size(me):  # the first entry of all: founded or joined just now
                self.store.remember_head(me, 0, EMPTY_ROOT)
            elif me not in self.store.remembered_heads():  # else another process has compared meanwhile
                raise Unsure
            self._unsure = False

    def _check_known(self) -> None:
        """What is known of the own log lies within what is held."""
        if self._known_elsewhere is None:
            return
        known, held = self._known_elsewhere, self.ledger.size(self._own_log())
        if known.size > held or self.ledger.root(self._own_log(), known.size) != known.root:
            raise OldDatabase(known.where, known.size, held)
        self._known_elsewhere = None
