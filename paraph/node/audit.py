"""Does the record hold? Every signature, every chain, the signed heads, and the replay."""

import gc
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from paraph.acts import read
from paraph.node.beside import Beside
from paraph.node.errors import NodeError
from paraph.node.heads import size_of
from paraph.node.homes import Home
from paraph.node.plain_store import PlainStore
from paraph.node.time_tokens import AUTHORITY, roots, verify
from paraph.record.charter import Charter
from paraph.record.checkpoints import origin
from paraph.record.cosignatures import read_receipt
from paraph.record.errors import BadSignature, Inconsistent, RecordError
from paraph.record.ledger import Ledger
from paraph.record.logs import Log
from paraph.record.notes import Verify, verified
from paraph.record.stores import Store
from paraph.state import forks
from paraph.state.fold import apply
from paraph.state.programme import Programme
from paraph.state.roadmaps import counted, road_maps

_AT_ONCE = 500  # entries
_SHOWN = 20  # entries without effect that are named


@dataclass
class Report:
    """What an audit found, in lines for people."""

    good: bool = True
    lines: list[str] = field(default_factory=list)


def audit(home: Home, *, trusted: bool) -> Report:
    """
    Read every entry of a home anew; the first fault ends it, with the place and the reason.

    Args:
        home: whose record is checked.
        trusted: check the signatures of the heads only, and that the entries lead to them.
    """
    begun = sum(os.times()[:4])
    charter = home.charter()
    store = PlainStore(home)
    seen: list[str] = []
    try:
        _check_charter(store, charter)
        ledger, programme = _read(home, store, trusted=trusted)
        _check_heads(home, store, ledger, trusted=trusted)
        if not (trusted or home.observer):
            seen = _check_stamps(home, store, ledger)
    except (RecordError, NodeError, ValueError) as error:
        return Report(False, [f"FAULT {error}"])
    finally:
        store.close()
    report = Report()
    report.lines.append(f"{charter.prog}  charter")
    for log, size in ledger.sizes().items():
        report.lines.append(f"{ledger.root(log).hex()}  {log}, {size} entries")
    report.lines += seen
    report.lines += _effect(home, programme)
    way = "the signed heads hold" if trusted else "every signature holds"
    report.lines.append(f"OK {way}, {sum(os.times()[:4]) - begun:.1f} s of processor time")
    return report


def _read(home: Home, store: PlainStore, *, trusted: bool) -> tuple[Ledger, Programme]:
    """
    All that the store holds, admitted and folded.

    All processors check the signatures; where something does not hold, one alone reads again, to name the
    first fault.
    """
    if trusted:
        return folded(home, store)
    beside = Beside()
    try:
        with suppress(RecordError):
            found = folded(home, store, trusted=False, verify=beside)
            if beside.hold():
                return found
    finally:
        beside.close()
    return folded(home, store, trusted=False)


def _effect(home: Home, programme: Programme) -> list[str]:
    """What the replay led to."""
    if not programme.understood:
        return ["The charter names newer rules than this version knows: no state is shown."]
    lines = [str(sentence) for sentence in forks.told(programme)]
    lines += [
        f"{log} entry {n} has no effect: {reason}"
        for (log, n), reason in list(programme.voids.items())[:_SHOWN]
    ]
    if len(programme.voids) > _SHOWN:
        lines.append(f"… and {len(programme.voids) - _SHOWN} more entries without effect")
    if not home.observer:
        counts = counted(road_maps(programme))
        lines.append(
            f"Road maps: agreed {counts['agreed']}, in substance {counts['in_substance']},"
            f" open {counts['open']}"
        )
    return lines


def _check_charter(store: PlainStore, charter: Charter) -> None:
    kept = store.load_charter()
    if kept is not None and kept != charter.encode():
        raise Inconsistent("the database belongs to another programme", "charter.json")


def _check_heads(home: Home, store: PlainStore, ledger: Ledger, *, trusted: bool) -> None:
    """The signed heads and the second copy of the own one fit the entries."""
    for log, raw in store.signed_heads().items():
        ledger.confirm(log, raw)
    for log, (size, root) in store.remembered_heads().items():
        if size > ledger.size(log) or ledger.root(log, size) != root:
            raise Inconsistent(
                f"the second copy of its head knows {size} entries, the database holds"
                f" {ledger.size(log)}: it is an old copy, or damaged",
                log,
            )
    for log, size in ledger.sizes().items():
        beyond = size - size_of(ledger.signed(log))
        if trusted and beyond:
            raise Inconsistent(f"{beyond} entries lie beyond the signed head; audit without --trusted", log)


def _check_stamps(home: Home, store: PlainStore, ledger: Ledger) -> list[str]:
    """The receipts and tokens that say when heads of the own log were seen; how many hold, in words."""
    log, certificates = ledger.logs[home.code], home.timestamps.get("certificates")
    under = roots(home) if certificates else []
    held: Counter[str] = Counter()
    for size, source, raw, token in store.stamps(home.code):
        where = f"{home.code}, {size} entries, seen by {source}"
        try:
            if log.read_head(raw).root != log.tree.root(size):
                raise Inconsistent("it is the head of another history", where)
            if source != AUTHORITY:
                _check_receipt(ledger, log, source, raw)
            elif under:
                verify(token, raw, under)
        except NodeError as error:
            raise NodeError(f"{where}: {error}") from None
        except RecordError as error:
            raise error.at(where) from None
        held[source] += 1
    tokens = held.pop(AUTHORITY, 0)
    found = [f"{party} has vouched for {count} heads of {home.code}" for party, count in sorted(held.items())]
    if tokens and under:
        found.append(f"{tokens} tokens of an authority for time hold")
    elif tokens:
        found.append(
            f"{tokens} tokens of an authority for time were not checked: node.toml names no certificates"
        )
    return found


def _check_receipt(ledger: Ledger, log: Log, witness: str, raw: bytes) -> None:
    """Some node key that the witness has had vouched for the head."""
    keys = [keys.node for _since, keys in ledger.logs[witness].authorities] if witness in ledger.logs else []
    name = origin(ledger.prog, witness)
    for key in keys:
        with suppress(BadSignature):
            read_receipt(raw, log.origin, name, key)
            return
    raise BadSignature("no key of its node vouches for this head")


def folded(
    home: Home, store: Store, *, trusted: bool = True, verify: Verify = verified
) -> tuple[Ledger, Programme]:
    """
    Admit and fold all that the store of a home holds.

    Some hundred entries at a time are admitted and then folded, which keeps the processor's caches
    warm; the collector of cycles, which there are none of here, waits meanwhile.
    """
    charter = home.charter()
    ledger = Ledger(charter, reads_contents=not home.observer, verify=verify)
    programme = Programme(charter)
    collecting = gc.isenabled()
    gc.disable()
    try:
        entries = ledger.load(store, trusted=trusted)
        while some := [read(entry, store.blob) for entry in islice(entries, _AT_ONCE)]:
            for placed in some:
                apply(programme, placed)
    finally:
        if collecting:
            gc.enable()
    return ledger, programme


def replay(home: Home) -> Programme:
    """The programme of a home as its own logs make it, without the server."""
    store = PlainStore(home)
    try:
        return folded(home, store)[1]
    finally:
        store.close()
