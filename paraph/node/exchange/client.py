"""Pull what a peer holds: in an order in which it can be admitted, in bounded portions, resumable.

What has been admitted stays, whatever happens next; the next pull goes on where this one ended.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from paraph.node.exchange.caller import Caller
from paraph.node.exchange.errors import BadAnswer, Cut, ExchangeError, Unreachable
from paraph.node.exchange.heads import NO_PROOF, OLD_DATABASE, compare, explained, signed_head
from paraph.node.exchange.limits import MAX_BLOBS, MAX_PENDING, MAX_PULLED
from paraph.node.exchange.order import named_blobs, put_back, take
from paraph.node.journal import Journal
from paraph.record.checkpoints import claimed_size
from paraph.record.errors import RecordError
from paraph.record.stores import Row
from paraph.sentences import Sentence, _

Heads = Mapping[str, int]  # log -> how many entries of it


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought."""

    theirs: Heads  # how many entries of each log the peer says it holds
    entries: int = 0  # how many were new here
    received: int = 0  # bytes of answers
    troubles: tuple[Sentence, ...] = ()  # what the peer holds that could not be taken over, and why
    more: bool = False  # it holds more than one pull takes
    complete: frozenset[str] = frozenset()  # logs of which all that it holds is held here

    @property
    def whole(self) -> bool:
        """Say whether all that the peer holds is now held here."""
        return not self.troubles and not self.more


def pull(journal: Journal, caller: Caller, *, seen: Heads | None = None, recovering: bool = False) -> Pulled:
    """
    Fetch, check and keep all that the peer holds and this node does not.

    Args:
        journal: checks and keeps.
        caller: asks the peer.
        seen: what the peer held when it was last pulled whole; while that is so, nothing is asked.
        recovering: take over entries of the own log too, which no node else can have written.

    Raises:
        ExchangeError: the peer does not answer as it should; what came before that is kept.
    """
    before = caller.received
    theirs = caller.heads()
    if theirs == seen:
        return Pulled(theirs, received=caller.received - before)
    portion = _Pull(journal, caller, theirs, seen or {}, "" if recovering else journal.me)
    portion.run()
    caller.done()
    return Pulled(
        theirs,
        portion.entries,
        caller.received - before,
        tuple(portion.troubles),
        portion.entries >= MAX_PULLED,
        portion.complete(),
    )


class _Pull:
    """One pull under way."""

    def __init__(self, journal: Journal, caller: Caller, theirs: Heads, seen: Heads, own: str | None) -> None:
        self.entries = 0
        self.troubles: list[Sentence] = []
        self._journal = journal
        self._caller = caller
        self._peer = caller.peer.code
        self._failure: ExchangeError | None = None
        self._refused: set[str] = set()  # logs of which the peer gave something wrong
        self._checkpoints: dict[str, bytes] = {}
        held = journal.heads()
        self._covered = {log: _covered(journal, log, held[log]) for log in theirs}
        self._own = own  # the log of which nothing is taken over
        self._next = {log: held[log] for log in theirs if log != own}
        self._ends = {log: theirs[log] for log in self._next}
        self._queues: dict[str, deque[Row]] = {log: deque() for log in self._next}
        for log, size in theirs.items():
            if size != seen.get(log):
                self._look_at_head(log, size, held[log])

    def run(self) -> None:
        """Fetch and admit in turn until nothing moves."""
        rows: list[Row] = []
        while self.entries < MAX_PULLED:
            self._fetch()
            logs = len(self._queues)
            rows, blobs = self._with_blobs(take(self._queues, self._journal.heads()))
            if rows:
                self._admit(rows, blobs)
            if self._failure or (not rows and logs == len(self._queues)):
                break
        if not rows and self._checkpoints:
            self._admit([], {})
        if self._failure:
            raise self._failure
        if self.entries >= MAX_PULLED:
            return
        for log, queue in self._queues.items():
            if queue:
                self._trouble(
                    _("%(peer)s does not give what %(log)s entry %(n)s rests on."),
                    log=log,
                    n=queue[0].n,
                )
        self._compare_the_rest()

    def _compare_the_rest(self) -> None:
        """
        Where entries of a log wait for something, look whether the peer holds another history of it.

        Nothing of theirs was admitted, so nothing has told; what they rest on may be withheld for good.
        """
        held = self._journal.heads()
        for log, end in self._ends.items():
            if log not in self._refused and 0 < held[log] < end:
                try:
                    compare(self._journal, self._caller, log, held[log])
                except RecordError as error:
                    self._wrong(log, error)

    def complete(self) -> frozenset[str]:
        """The logs without trouble of which nothing is missing here."""
        held = self._journal.heads()
        return frozenset(log for log in self._queues if self._ends[log] <= held[log])

    # ------------------------------------------------------------ heads

    def _look_at_head(self, log: str, size: int, held: int) -> None:
        """Fetch the signed head of a log of which the peer has news, and compare it."""
        try:
            head = signed_head(self._journal, self._caller, log)
            both = min(size, held)
            if log != self._own and both > (head.size if head else 0):
                compare(self._journal, self._caller, log, both)
        except RecordError as error:
            self._wrong(log, error)
            self._queues.pop(log, None)
            return
        if head is not None and head.size > self._covered.get(log, 0):
            self._checkpoints[log] = head.raw
        if log != self._own:
            self._ends[log] = max(size, head.size if head else 0)
        elif size > held:
            proven = head.size if head else 0
            sentence = OLD_DATABASE if proven > held else NO_PROOF
            self._trouble(sentence, theirs=max(proven, size), held=held)

    # ------------------------------------------------------------ entries and blobs

    def _fetch(self) -> None:
        """Bring the next entries of every log of which none waits here."""
        room = MAX_PENDING // max(1, len(self._queues))
        try:
            for log, queue in self._queues.items():
                start, end = self._next[log], self._ends[log]
                if queue or start >= end:
                    continue
                rows, cut = self._caller.entries(log, start, end, room)
                queue.extend(rows)
                self._next[log] = start + len(rows)
                if cut:
                    raise Cut(_("The answer of %(peer)s was cut off."), peer=self._peer)
        except ExchangeError as failure:
            self._failure = failure  # what came before is admitted first

    def _with_blobs(self, rows: list[Row]) -> tuple[list[Row], dict[str, bytes]]:
        """As many of the rows as have their blobs within bounds; the rest goes back."""
        blobs: dict[str, bytes] = {}
        room = MAX_BLOBS
        for place, row in enumerate(rows):
            named = {ref.name: ref for ref in named_blobs(row)}
            room -= sum(ref.size for ref in named.values())  # those held are read and hashed again
            if named and room < 0 and place:
                put_back(self._queues, rows[place:])
                return rows[:place], blobs
            missing = {
                name: ref
                for name, ref in named.items()
                if name not in blobs and self._journal.blob(name) is None
            }
            try:
                if sum(ref.size for ref in missing.values()) > MAX_BLOBS:
                    raise BadAnswer(
                        _("%(log)s entry %(n)s names more than one exchange carries."),
                        log=row.log,
                        n=row.n,
                    )
                for name, ref in missing.items():
                    blobs[name] = self._caller.blob(ref)
            except (Unreachable, Cut) as failure:
                put_back(self._queues, rows[place:])
                self._failure = failure
                return rows[:place], blobs
            except ExchangeError as error:  # the peer withholds it: take no more of that log from it
                put_back(self._queues, rows[place:])
                del self._queues[row.log]
                self.troubles.append(error.sentence)
                return rows[:place], blobs
        return rows, blobs

    # ------------------------------------------------------------ admission

    def _admit(self, rows: list[Row], blobs: Mapping[str, bytes]) -> None:
        """Admit a portion; where something in it is wrong, find out what and keep the rest."""
        try:
            admitted = self._journal.admit(rows, blobs, self._checkpoints, source=self._peer)
        except RecordError:
            self._admit_singly(rows, blobs)
        else:
            self.entries += len(admitted.new)
            for row in admitted.waiting:
                self._leave_waiting(row)

    def _admit_singly(self, rows: list[Row], blobs: Mapping[str, bytes]) -> None:
        for row in rows:
            if row.log not in self._queues:
                continue
            mine = {ref.name: blobs[ref.name] for ref in named_blobs(row) if ref.name in blobs}
            try:
                admitted = self._journal.admit([row], mine, {}, source=self._peer)
            except RecordError as error:
                self._wrong(
                    f"{row.log} entry {row.n}",
                    explained(self._caller, self._journal, row, error),
                )
                del self._queues[row.log]
            else:
                self.entries += len(admitted.new)
                for waits in admitted.waiting:
                    self._leave_waiting(waits)
        for log, raw in list(self._checkpoints.items()):
            try:
                self._journal.admit([], {}, {log: raw}, source=self._peer)
            except RecordError as error:
                self._wrong(log, error)
                del self._checkpoints[log]

    def _leave_waiting(self, row: Row) -> None:
        """Take no more of a log of which the peer does not give everything."""
        if self._queues.pop(row.log, None) is not None:
            self._trouble(
                _("%(peer)s does not give all that %(log)s entry %(n)s needs."),
                log=row.log,
                n=row.n,
            )

    def _wrong(self, where: str, error: RecordError) -> None:
        self._refused.add(where.split(" ")[0])
        reason = str(error if error.where else error.at(where))
        self._trouble(_("What %(peer)s gave was refused. %(reason)s."), reason=reason.rstrip("."))

    def _trouble(self, template: str, **params: object) -> None:
        self.troubles.append(Sentence(template, {"peer": self._peer, **params}))


def _covered(journal: Journal, log: str, held: int) -> int:
    """How many entries of a log lie under the signed head that is kept of it."""
    if log == journal.me:
        return held
    raw = journal.checkpoint(log)
    return claimed_size(raw.decode()) if raw else 0
