"""The exchange in one file, carried by hand: the same entries, by the same rules."""

from collections.abc import Mapping
from pathlib import Path

from paraph.node.exchange.audience import reads_contents
from paraph.node.journal import Admitted, Journal
from paraph.record.bundles import Bundle, read_bundle, write_bundle
from paraph.record.errors import Malformed, RecordError


def pack(journal: Journal, to: str, since: Mapping[str, int] | None = None) -> bytes:
    """
    The courier's file for a party or an observer.

    Args:
        journal: the record of this node.
        to: who will read it; a file for an observer holds no contents of closed acts.
        since: how many entries of each log the reader holds already; nothing by default.

    Raises:
        KeyError: the charter names no such party or observer.
    """
    journal.charter.node_of(to)
    checkpoints = {log: raw for log in journal.heads() if (raw := journal.checkpoint(log)) is not None}
    return write_bundle(
        journal.store,
        journal.charter.encode(),
        checkpoints,
        contents=reads_contents(journal.charter, to),
        since=since,
    )


def write(journal: Journal, to: str, path: Path, since: Mapping[str, int] | None = None) -> int:
    """Write the courier's file; return its size in bytes."""
    return path.write_bytes(pack(journal, to, since))


def read(journal: Journal, file: Path | bytes) -> Admitted:
    """
    Check and keep what a courier's file brings.

    Raises:
        RecordError: something in it is wrong; nothing of it was kept.
    """
    bundle = read_bundle(file if isinstance(file, bytes) else file.read_bytes())
    if bundle.charter != journal.charter.encode():
        raise Malformed("the courier's file belongs to another programme")
    try:
        return journal.admit(bundle.rows, bundle.blobs, bundle.checkpoints, source="the courier's file")
    except RecordError as error:
        raise error.at(_with_line(bundle, error.where)) from None


def _with_line(bundle: Bundle, where: str) -> str:
    """The place of an entry, and its line in the file."""
    log, _space, n = where.partition(" entry ")
    if not n.isdecimal() or (log, int(n)) not in {(row.log, row.n) for row in bundle.rows}:
        return where
    return f"{bundle.where(log, int(n))}, {where}"
