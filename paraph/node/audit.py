"""Does the record hold? Every signature, every chain, and the replay."""

import time
from dataclasses import dataclass, field

from paraph.acts import read
from paraph.node.homes import Home
from paraph.record.checkpoints import open_checkpoint
from paraph.record.errors import NotHeld, RecordError
from paraph.record.ledger import Ledger
from paraph.record.stores import Store
from paraph.state.fold import apply
from paraph.state.programme import Programme
from paraph.state.roadmaps import counted, road_maps


@dataclass
class Report:
    """What an audit found, in lines for people."""

    good: bool = True
    lines: list[str] = field(default_factory=list)


def audit(store: Store, home: Home, *, trusted: bool) -> Report:
    """Read every entry anew from the store; a fault ends it with the place and the reason."""
    charter = home.charter()
    ledger = Ledger(charter, reads_contents=not home.observer)
    programme = Programme(charter)
    report = Report()
    begun = time.process_time()
    rows = {log: store.rows(log) for log in store.sizes()}
    heads = {log: next(found, None) for log, found in rows.items()}
    try:
        moved = True
        while moved:
            moved = False
            for log in heads:
                while (row := heads[log]) is not None:
                    try:
                        entry = ledger.admit(row.note, row.content, store.blob, trusted=trusted)
                    except NotHeld:
                        break
                    apply(programme, read(entry, store.blob))
                    heads[log] = next(rows[log], None)
                    moved = True
        for row in heads.values():
            if row is not None:
                raise NotHeld("what it rests on is missing", f"{row.log} entry {row.n}")
        _check_heads(store, ledger)
    except RecordError as error:
        return Report(False, [f"FAULT {error}"])
    for log, size in ledger.sizes().items():
        report.lines.append(f"{log}: {size} entries, root {ledger.root(log).hex()}")
    if programme.voids:
        report.lines.append(
            f"{len(programme.voids)} entries have no effect (kept, shown with the reason)"
        )
    if not home.observer:
        counts = counted(road_maps(programme))
        report.lines.append(
            f"agreed {counts['agreed']}, in substance {counts['in_substance']}, open {counts['open']}"
        )
    way = "signed heads trusted" if trusted else "every signature checked"
    report.lines.append(f"GOOD {way}, {time.process_time() - begun:.2f} s of processor time")
    return report


def _check_heads(store: Store, ledger: Ledger) -> None:
    """The signed heads that were kept fit the entries."""
    for name, log in ledger.logs.items():
        raw = store.head(name)
        if raw is None:
            continue
        head = open_checkpoint(raw, log.origin, log.node)
        if head.size > log.tree.size or log.tree.root(head.size) != head.root:
            raise RecordError("the signed head does not fit the entries that are held", name)
