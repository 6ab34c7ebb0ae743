"""Which signed heads are held of the logs, and what has the own log to acknowledge, and when?

An acknowledgement comes before an act of a person when others have written more than
acknowledgements and publications, and at once when it makes a closing final; never in answer to an
acknowledgement alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from paraph.acts import BY_NODE, Ack
from paraph.record.checkpoints import Checkpoint, open_checkpoint
from paraph.record.errors import Inconsistent, NotHeld
from paraph.record.ledger import Ledger
from paraph.record.stores import Store
from paraph.state import closing
from paraph.state.programme import Programme


@runtime_checkable
class KeepsHeads(Protocol):
    """A carrier that outlives the process keeps signed heads too: a later ack needs them."""

    def signed_heads(self) -> dict[str, bytes]:
        """The last signed head of each log that was kept."""

    def keep_head(self, log: str, raw: bytes) -> None:
        """Keep a signed head, in one transaction with what is appended under the same lock."""


@dataclass(frozen=True, slots=True)
class KnownElsewhere:
    """How long the own log is, as another place says."""

    where: str
    size: int
    root: bytes


class Heads:
    """The largest signed head held of each log, all checked against the entries."""

    def __init__(self, ledger: Ledger, store: Store) -> None:
        self._ledger = ledger
        self._store = store
        self._held: dict[str, Checkpoint] = {}
        self.reload()

    def reload(self) -> None:
        """Read what other processes have kept."""
        if isinstance(self._store, KeepsHeads):
            for log, raw in self._store.signed_heads().items():
                known = self._held.get(log)
                if log in self._ledger.logs and (known is None or known.raw != raw):
                    self._held[log] = self._checked(log, raw)

    def raw(self, log: str) -> bytes | None:
        """The signed head of a log."""
        held = self._held.get(log)
        return held.raw if held else None

    def keep(self, log: str, raw: bytes) -> None:
        """
        Keep a signed head that goes beyond the one held.

        Raises:
            NotHeld: it covers entries that have not come.
            Inconsistent: it does not fit the entries held.
        """
        head = self._checked(log, raw)
        if log not in self._held or head.size > self._held[log].size:
            self._held[log] = head
            if isinstance(self._store, KeepsHeads):
                self._store.keep_head(log, raw)

    def _checked(self, log: str, raw: bytes) -> Checkpoint:
        held = self._ledger.logs[log]
        head = open_checkpoint(raw, held.origin, held.node)
        if head.size > held.tree.size:
            raise NotHeld(f"entries up to {head.size - 1} have not come", log)
        if held.tree.root(head.size) != head.root:
            raise Inconsistent("the signed head does not fit the entries: two histories", log)
        return head

    # ------------------------------------------------------------ acknowledgements

    def news(self, programme: Programme, me: str) -> list[Checkpoint]:
        """The heads that go beyond what the own log knows; none where nobody else acted."""
        past = self._ledger.past(me)
        found = {
            log: head
            for log, head in self._held.items()
            if log != me and head.size > past.get(log, 0)
        }
        for log, head in found.items():
            for placed in programme.by[log].entries[past.get(log, 0) : head.size]:
                if not isinstance(placed.act, BY_NODE):
                    return [found[name] for name in sorted(found)]
        return []

    def past_with(self, me: str, heads: Iterable[Checkpoint]) -> Mapping[str, int]:
        """What the own log would know after an acknowledgement of those heads."""
        past = dict(self._ledger.past(me))
        for head in heads:
            log = log_of(head)
            past[log] = max(past.get(log, 0), head.size)
            for name, known in self._ledger.past_at(log, head.size).items():
                if name != me:
                    past[name] = max(past.get(name, 0), known)
        return past

    def to_make_final(self, programme: Programme, me: str) -> list[Checkpoint]:
        """The heads to acknowledge so that a bound text becomes final at this node."""
        for about in {about for about, _after in programme.by[me].seals}:
            if closing.closed(programme, about) and not closing.final(programme, me, about):
                return self.news(programme, me)
        return []


def ack(heads: Iterable[Checkpoint]) -> Ack:
    """The acknowledgement of those heads."""
    return Ack({log_of(head): head.raw.decode() for head in heads})


def log_of(head: Checkpoint) -> str:
    """Whose log the head is of."""
    return head.origin.rsplit("/", 1)[1]
