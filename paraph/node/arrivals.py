"""In which order can stored entries be read, so that each comes after all that it acknowledges?"""

from collections.abc import Iterator, Mapping

import msgspec

from paraph.record.checkpoints import claimed_size
from paraph.record.stores import Row, Store


def in_order(store: Store, held: Mapping[str, int], sizes: Mapping[str, int]) -> Iterator[Row]:
    """
    The stored entries after the held ones, in a causally closed order.

    Args:
        store: keeps the logs; what it keeps has been admitted once.
        held: how many entries of each log have been read already.
        sizes: how many entries of each log to read up to.
    """
    reached = dict(held)
    streams = {
        log: store.rows(log, start, sizes[log])
        for log, start in held.items()
        if sizes.get(log, 0) > start
    }
    waiting: dict[str, Row] = {}
    while streams:
        before = sum(reached.values())
        for log in list(streams):
            row = waiting.pop(log, None) or next(streams[log], None)
            while row is not None and row.n == reached[log] and not _ahead(row, reached):
                yield row
                reached[log] += 1
                row = next(streams[log], None)
            if row is None:
                del streams[log]
            else:
                waiting[log] = row
        if streams and sum(reached.values()) == before:
            log, row = next(iter(waiting.items()))
            raise ValueError(f"the store lacks what {log} entry {row.n} rests on")


def _ahead(row: Row, reached: Mapping[str, int]) -> bool:
    """Say whether the entry acknowledges something that has not been read yet."""
    if b'"kind":"ack"' not in row.note:
        return False
    act = msgspec.json.decode(row.note[: row.note.index(b"\n")]).get("act") or {}
    if act.get("kind") != "ack":
        return False
    return any(claimed_size(raw) > reached.get(log, 0) for log, raw in act["heads"].items())
