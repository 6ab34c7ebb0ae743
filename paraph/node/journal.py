"""The one door to the record: for pages, the command line, the exchange and tests.

A journal checks an act, writes it as an entry of the own log, stores it and folds it; it checks what
comes from others, stores and folds that. The logs in the store are the only truth: other processes
may write too, so every look first reads what came after the folded heads.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from paraph.acts import BY_NODE, PUBLIC, Ack, Act, Placed, Publish, Seal, pack, read
from paraph.record.charter import Charter
from paraph.record.checkpoints import open_checkpoint
from paraph.record.entries import Entry
from paraph.record.errors import Inconsistent, Known, NotHeld, RecordError
from paraph.record.keys import SecretKey
from paraph.record.ledger import Ledger
from paraph.record.stores import Row, Store
from paraph.state import closing, publication, rules
from paraph.state.fold import apply
from paraph.state.programme import Programme

Gate = Callable[[Programme, str, Act], None]  # raises Refused


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a batch from outside brought."""

    new: tuple[Placed, ...]
    known: int
    waiting: tuple[Row, ...]  # something that they rest on has not come yet


class Journal:
    """The record of one programme at one node."""

    def __init__(
        self,
        store: Store,
        charter: Charter,
        *,
        me: str | None,
        node_key: SecretKey,
        gates: Sequence[Gate] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.store = store
        self.charter = charter
        self.me = me
        self.node_key = node_key
        self.gates = tuple(gates)
        self.clock = clock
        self.lock = threading.RLock()
        self.listeners: list[Callable[[], None]] = []
        self._rows: list[Row] = []  # composed or admitted, not in the store yet
        self._blobs: dict[str, bytes] = {}
        self._batching = False
        self._begin()
        self.refresh()
        self._check_second_copy()

    def _begin(self) -> None:
        self.ledger = Ledger(self.charter, reads_contents=self.me is not None)
        self._programme = Programme(self.charter)

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
            waiting = {
                log: self.store.rows(log, size)
                for log, size in self.ledger.sizes().items()
                if kept.get(log, 0) > size
            }
            for entry in self._admit_all(waiting, trusted=True):
                self._fold(entry)
            return True

    def _admit_all(self, waiting: Mapping[str, Iterator[Row]], *, trusted: bool) -> Iterator[Entry]:
        """Admit rows of several logs in an order in which the past of each comes first."""
        heads = {log: next(rows, None) for log, rows in waiting.items()}
        moved = True
        while moved:
            moved = False
            for log in heads:
                while (row := heads[log]) is not None:
                    try:
                        entry = self.ledger.admit(row.note, row.content, self.blob, trusted=trusted)
                    except NotHeld:
                        break
                    heads[log] = next(waiting[log], None)
                    moved = True
                    yield entry
        stuck = [row for row in heads.values() if row is not None]
        if stuck:
            raise NotHeld("what it rests on is missing in the store", f"{stuck[0].log} entry {stuck[0].n}")

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob that an act names."""
        return self._blobs.get(name) or self.store.blob(name)

    def raw(self, log: str, n: int) -> Row | None:
        """An entry as it is kept."""
        return next(self.store.rows(log, n, n + 1), None)

    def heads(self) -> dict[str, int]:
        """How many entries of each log are held."""
        self.refresh()
        return self.ledger.sizes()

    def checkpoint(self, log: str) -> bytes | None:
        """The signed head of a log: the own one fresh, another's as it last came."""
        if log == self.me:
            self.refresh()
            return self.ledger.checkpoint(log, self.node_key)
        return self.store.head(log)

    # ------------------------------------------------------------ writing

    def record(
        self, acts: Sequence[Act], signers: Sequence[SecretKey], *, at: datetime | None = None
    ) -> list[Placed]:
        """
        Write acts into the own log: all or none.

        Args:
            acts: in order; each is checked on the state that the ones before it left.
            signers: the delegate's key, or the root keys; none for acts of the node itself.
            at: the claimed time; the journal's clock by default.

        Raises:
            Refused: a rule or a gate stands in the way; nothing was written.
        """
        if self.me is None:
            raise ValueError("an observer has no log")
        now = at or self.clock()
        with self.lock, self._writing():
            before = len(self._programme.by[self.me].entries)
            by = signers[0].public.id if signers else self.node_key.public.id
            if acts and not isinstance(acts[0], BY_NODE):
                rules.check(self._programme, self.me, by, acts[0], self._all_held())
            with self._all_or_none():
                if self._has_news() and not isinstance(acts[0], BY_NODE):
                    self._write(self._ack(), (), now)
                for act in acts:
                    self._check(act, by)
                    self._write(act, signers, now)
                self._publish(now)
                self._store()
            written = self._programme.by[self.me].entries[before:]
        self._tell()
        return written

    def _check(self, act: Act, by: str) -> None:
        assert self.me is not None
        if isinstance(act, BY_NODE):
            return
        rules.check(self._programme, self.me, by, act, self.ledger.past(self.me))
        for gate in self.gates:
            gate(self._programme, self.me, act)

    def _write(self, act: Act, signers: Sequence[SecretKey], now: datetime) -> None:
        """Compose, admit and fold one act; it lies in the buffer until stored."""
        assert self.me is not None
        value, blobs = pack(act)
        self._blobs.update(blobs)
        note, content = self.ledger.compose(
            self.me,
            value,
            public=isinstance(act, PUBLIC),
            at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            node_key=self.node_key,
            signers=signers,
        )
        entry = self.ledger.admit(note, content, self.blob, trusted=True)
        self._rows.append(Row(entry.log, entry.n, note, content))
        self._fold(entry)

    def _fold(self, entry: Entry) -> None:
        apply(self._programme, read(entry, self.blob))

    def _has_news(self) -> bool:
        """Say whether others wrote anything but acks and publications since the own last ack."""
        assert self.me is not None
        past = self.ledger.past(self.me)
        return any(
            not isinstance(placed.act, BY_NODE)
            for party, registers in self._programme.by.items()
            if party != self.me and self.store.head(party) is not None
            for placed in registers.entries[past.get(party, 0) : self._acknowledgeable(party)]
        )

    def _acknowledgeable(self, party: str) -> int:
        raw = self.store.head(party)
        return int(raw.split(b"\n", 2)[1]) if raw else 0

    def _ack(self) -> Ack:
        """The newest checked heads of the others that go beyond what the own log knows."""
        assert self.me is not None
        past = self.ledger.past(self.me)
        heads = {
            party: raw.decode()
            for party in self._programme.parties
            if party != self.me
            and (raw := self.store.head(party)) is not None
            and self._acknowledgeable(party) > past.get(party, 0)
        }
        return Ack(heads)

    def _all_held(self) -> Mapping[str, int]:
        """What an act written now would know: an ack of all heads comes before it."""
        assert self.me is not None
        past = self.ledger.past(self.me)
        return {
            party: max(past.get(party, 0), self._acknowledgeable(party))
            for party in self._programme.parties
            if party != self.me
        }

    def _publish(self, now: datetime) -> None:
        assert self.me is not None
        for statement in publication.due(self._programme, self.me, now.date().isoformat()):
            self._write(statement, (), now)

    # ------------------------------------------------------------ from others

    def admit(
        self,
        rows: Sequence[Row],
        blobs: Mapping[str, bytes],
        checkpoints: Mapping[str, bytes],
        *,
        at: datetime | None = None,
    ) -> Admitted:
        """
        Check a batch from outside and keep it; refused whole where anything in it is wrong.

        Args:
            rows: entries of any logs, each log in order.
            blobs: the larger contents that they name.
            checkpoints: signed heads of logs; kept where they agree with what is then held.

        Raises:
            RecordError: with the entry and the reason; nothing of the batch was kept.
        """
        with self.lock, self._writing():
            new: list[Placed] = []
            known, waiting = 0, list(rows)
            with self._all_or_none():
                self._blobs.update(blobs)
                entries: list[Entry] = []
                moved = True
                while moved and waiting:
                    moved, left = False, []
                    for row in waiting:
                        try:
                            entry = self.ledger.admit(row.note, row.content, self.blob)
                        except Known:
                            known, moved = known + 1, True
                        except NotHeld:
                            left.append(row)
                        else:
                            entries.append(entry)
                            self._rows.append(Row(entry.log, entry.n, row.note, row.content))
                            moved = True
                    waiting = left
                for entry in entries:
                    self._fold(entry)
                    new.append(self._programme.by[entry.log].entries[-1])
                heads = self._checked(checkpoints)
                self._store()
                for log, raw in heads.items():
                    self.store.remember_head(log, raw)
            self._answer(new, at or self.clock())
        if new:
            self._tell()
        return Admitted(tuple(new), known, tuple(waiting))

    def _checked(self, checkpoints: Mapping[str, bytes]) -> dict[str, bytes]:
        """The signed heads that go beyond those kept and agree with the entries held."""
        found: dict[str, bytes] = {}
        for party, raw in checkpoints.items():
            if party == self.me or party not in self.ledger.logs:
                continue
            log = self.ledger.logs[party]
            checkpoint = open_checkpoint(raw, log.origin, log.node)
            if checkpoint.size > log.tree.size or checkpoint.size <= self._acknowledgeable(party):
                continue
            if log.tree.root(checkpoint.size) != checkpoint.root:
                raise Inconsistent("the signed head does not fit the entries: two histories", party)
            found[party] = raw
        return found

    def _answer(self, new: Sequence[Placed], now: datetime) -> None:
        """Acknowledge at once what makes a text final, and publish the stages that changed."""
        if self.me is None or not self._programme.by[self.me].entries:
            return
        sealed = {placed.act.object for placed in new if isinstance(placed.act, Seal)}
        final = [
            about
            for about in sealed
            if closing.closed(self._programme, about) is not None
            and not closing.final(self._programme, self.me, about)
        ]
        stages = publication.due(self._programme, self.me, now.date().isoformat())
        if not final and not stages:
            return
        with self._all_or_none():
            if self._has_news():
                self._write(self._ack(), (), now)
            for statement in publication.due(self._programme, self.me, now.date().isoformat()):
                self._write(statement, (), now)
            self._store()

    # ------------------------------------------------------------ keeping

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Keep all that is written inside in one durable step at the end."""
        with self.lock, self.store.lock():
            self.refresh()
            self._batching = True
            try:
                yield
            finally:
                self._batching = False
            self._store()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self._batching:
            yield
            return
        with self.store.lock():
            self.refresh()
            yield

    @contextmanager
    def _all_or_none(self) -> Iterator[None]:
        """On any error, forget what was composed or admitted inside and fold anew."""
        rows, blobs = len(self._rows), dict(self._blobs)
        try:
            with self.ledger.trial():
                yield
        except BaseException:
            touched = len(self._rows) > rows
            del self._rows[rows:]
            self._blobs = blobs
            if touched:
                self._refold()
            raise

    def _refold(self) -> None:
        self._begin()
        kept, self._rows = self._rows, []
        self.refresh()
        for row in kept:  # of a batch that is still open
            self._fold(self.ledger.admit(row.note, row.content, self.blob, trusted=True))
        self._rows = kept

    def _store(self) -> None:
        """Commit durably, then sign the head, then tell others."""
        if self._batching or not self._rows:
            return
        self.store.append(self._rows, self._blobs)
        own = any(row.log == self.me for row in self._rows)
        self._rows, self._blobs = [], {}
        if own and self.me is not None:
            self.store.remember_head(self.me, self.ledger.checkpoint(self.me, self.node_key))

    def _tell(self) -> None:
        if not self._batching:
            for listener in self.listeners:
                listener()

    def _check_second_copy(self) -> None:
        """Never write on an old database: the second copy of the head must lie within the log."""
        if self.me is None:
            return
        raw = self.store.head(self.me)
        if raw is None:
            return
        log = self.ledger.logs[self.me]
        head = open_checkpoint(raw, log.origin, log.node)
        if head.size > log.tree.size or log.tree.root(head.size) != head.root:
            raise RecordError(
                f"the database holds {log.tree.size} entries of {self.me}, but {head.size} were signed;"
                " it is an older copy. Restore the newest backup before you start this node"
            )


__all__ = ["Admitted", "Gate", "Journal", "Publish"]
