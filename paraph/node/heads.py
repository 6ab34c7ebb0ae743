"""Which signed heads are held of the logs, and what has the own log to acknowledge, and when?

An acknowledgement comes before an act of a person when others have written more than
acknowledgements and publications, and at once when it makes a closing final; never in answer to an
acknowledgement alone. A log of which two histories are known is acknowledged no further.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from paraph.acts import BY_NODE, Ack
from paraph.record.checkpoints import claimed_size
from paraph.record.ledger import Ledger
from paraph.record.stores import Store
from paraph.state import closing
from paraph.state.programme import Programme

SignedHeads = Mapping[str, bytes]  # log -> checkpoint


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


def keep(ledger: Ledger, store: Store, log: str, raw: bytes) -> None:
    """
    Check a signed head against the entries held, and keep it where it goes beyond the one kept.

    Raises:
        NotHeld: it covers entries that have not come.
        Inconsistent: it does not fit the entries held.
    """
    before = ledger.signed(log)
    ledger.confirm(log, raw)
    if ledger.signed(log) == raw != before and isinstance(store, KeepsHeads):
        store.keep_head(log, raw)


def reload(ledger: Ledger, store: Store) -> None:
    """Read the signed heads that this or another process has kept."""
    if isinstance(store, KeepsHeads):
        for log, raw in store.signed_heads().items():
            if log in ledger.logs and size_of(raw) > size_of(ledger.signed(log)):
                ledger.confirm(log, raw)


def news(ledger: Ledger, programme: Programme, me: str) -> SignedHeads:
    """The signed heads that go beyond what the own log knows; none where nobody else acted."""
    past = ledger.past(me)
    found: dict[str, bytes] = {}
    acted = False
    for log in programme.parties:
        raw, known = ledger.signed(log), past.get(log, 0)
        if log == me or log in programme.shared or raw is None or size_of(raw) <= known:
            continue
        found[log] = raw
        entries = programme.by[log].entries[known : size_of(raw)]
        acted = acted or any(type(placed.act) not in BY_NODE for placed in entries)
    return found if acted else {}


def past_with(ledger: Ledger, me: str, heads: SignedHeads) -> Mapping[str, int]:
    """What the own log would know after an acknowledgement of those heads."""
    past = dict(ledger.past(me))
    for log, raw in heads.items():
        past[log] = max(past.get(log, 0), size_of(raw))
        for name, known in ledger.past_at(log, size_of(raw)).items():
            if name != me:
                past[name] = max(past.get(name, 0), known)
    return past


def to_make_final(ledger: Ledger, programme: Programme, me: str) -> SignedHeads:
    """The heads to acknowledge so that a bound text becomes final at this node."""
    for about in {about for about, _after in programme.by[me].seals}:
        if closing.closed(programme, about) and not closing.final(programme, me, about):
            return news(ledger, programme, me)
    return {}


def ack(heads: SignedHeads) -> Ack:
    """The acknowledgement of those heads."""
    return Ack({log: raw.decode() for log, raw in heads.items()})


def size_of(raw: bytes | None) -> int:
    """How many entries a signed head covers."""
    return claimed_size(raw.decode()) if raw else 0
