"""In which order can fetched entries be admitted: each after all that it acknowledges?"""

from collections import deque
from collections.abc import Mapping

import msgspec

from paraph.record.checkpoints import claimed_size
from paraph.record.entries import BlobRef, blobs_of
from paraph.record.errors import RecordError
from paraph.record.stores import Row

Queues = Mapping[str, deque[Row]]


def take(queues: Queues, held: Mapping[str, int]) -> list[Row]:
    """
    Take from the queues what can be admitted, in order; the rest waits there for other logs.

    Args:
        queues: fetched entries of each log, in order.
        held: how many entries of each log are held.
    """
    reached = dict(held)
    taken: list[Row] = []
    moved = True
    while moved:
        moved = False
        for log, queue in queues.items():
            while queue and all(reached.get(to, 0) >= size for to, size in acknowledged(queue[0])):
                taken.append(queue.popleft())
                reached[log] = max(reached.get(log, 0), taken[-1].n + 1)
                moved = True
    return taken


def put_back(queues: Queues, rows: list[Row]) -> None:
    """Return rows to the front of their queues."""
    for row in reversed(rows):
        queues[row.log].appendleft(row)


def acknowledged(row: Row) -> list[tuple[str, int]]:
    """The heads in an entry, where it is an ack; what is malformed, admission refuses."""
    if b'"kind":"ack"' not in row.note:
        return []
    try:
        act = msgspec.json.decode(row.note.partition(b"\n")[0])["act"]
        return [(log, claimed_size(raw)) for log, raw in act["heads"].items()]
    except (
        msgspec.DecodeError,
        RecordError,
        UnicodeDecodeError,
        AttributeError,
        KeyError,
        TypeError,
    ):
        return []


def named_blobs(row: Row) -> list[BlobRef]:
    """The blobs that the content of an entry names; what is malformed, admission refuses."""
    if row.content is None or b'"blob"' not in row.content:
        return []
    try:
        return blobs_of(msgspec.json.decode(row.content))
    except (msgspec.DecodeError, RecordError, UnicodeDecodeError):
        return []
