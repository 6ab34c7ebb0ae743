"""What has the own log to acknowledge, and when?

An acknowledgement comes before an act of a person when others have written more than
acknowledgements and publications, and at once when it makes a closing final; never in answer to an
acknowledgement alone.
"""

from collections.abc import Mapping

from paraph.acts import BY_NODE, Ack
from paraph.record.ledger import Ledger
from paraph.record.stores import Store
from paraph.state import closing
from paraph.state.programme import Programme


def covered(store: Store, party: str) -> int:
    """How many entries of another party's log lie under the signed head that is kept of it."""
    raw = store.head(party)
    return int(raw.split(b"\n", 2)[1]) if raw else 0


def news(store: Store, ledger: Ledger, programme: Programme, me: str) -> dict[str, str]:
    """The signed heads that go beyond what the own log knows; none where nobody else acted."""
    past = ledger.past(me)
    heads: dict[str, str] = {}
    acted = False
    for party in programme.parties:
        known = past.get(party, 0)
        if party == me or ledger.size(party) <= known:
            continue
        raw = store.head(party)
        size = int(raw.split(b"\n", 2)[1]) if raw else 0
        if raw is None or size <= known:
            continue
        heads[party] = raw.decode()
        entries = programme.by[party].entries[known:size]
        acted = acted or any(not isinstance(placed.act, BY_NODE) for placed in entries)
    return heads if acted else {}


def past_with(ledger: Ledger, me: str, heads: Mapping[str, str]) -> dict[str, int]:
    """What the own log would know after an acknowledgement of those heads."""
    past = dict(ledger.past(me))
    for party, raw in heads.items():
        size = max(past.get(party, 0), int(raw.split("\n", 2)[1]))
        past[party] = size
        for name, known in ledger.past_at(party, size).items():
            if name != me:
                past[name] = max(past.get(name, 0), known)
    return past


def to_make_final(store: Store, ledger: Ledger, programme: Programme, me: str) -> Ack | None:
    """The acknowledgement that makes a bound text final at this node, where one is missing."""
    for about in {about for about, _after in programme.by[me].seals}:
        if closing.closed(programme, about) and not closing.final(programme, me, about):
            heads = news(store, ledger, programme, me)
            return Ack(heads) if heads else None
    return None
