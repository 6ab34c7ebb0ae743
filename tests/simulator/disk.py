"""What of a node outlives a crash? A disk that keeps what was committed, and loses the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from paraph.record.stores import Row


class Crash(BaseException):
    """The process ends here; nothing in it may catch this."""


@dataclass
class Disk:
    """What is durable."""

    charter: bytes | None = None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    heads: dict[str, bytes] = field(default_factory=dict)  # signed heads, with the rows
    vouched: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    receipts: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict)
    second: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # the second copy, a file of its own

    def copy(self) -> "Disk":
        """The disk as it is now."""
        rows = {log: list(kept) for log, kept in self.rows.items()}
        return Disk(
            self.charter,
            rows,
            dict(self.blobs),
            dict(self.heads),
            dict(self.vouched),
            dict(self.receipts),
            dict(self.second),
        )


class DiskStore:
    """A carrier of logs on such a disk, by the protocol of every carrier."""

    def __init__(self, disk: Disk, point: Callable[[str], None]) -> None:
        """
        Open the disk.

        Args:
            disk: what is durable.
            point: called between all steps; may raise Crash.
        """
        self.disk = disk
        self._point = point
        self._held = 0
        self._new: Disk | None = None  # as it will be after the commit

    @property
    def _seen(self) -> Disk:
        return self._new or self.disk

    # ------------------------------------------------------------ reading

    def load_charter(self) -> bytes | None:
        """The charter."""
        return self._seen.charter

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are kept."""
        return {log: len(rows) for log, rows in self._seen.rows.items()}

    def rows(self, log: str, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """The entries of a log in order."""
        return iter(self._seen.rows.get(log, [])[start:stop])

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob."""
        return self._seen.blobs.get(name)

    def blob_names(self) -> Iterator[str]:
        """The names of all blobs."""
        return iter(list(self._seen.blobs))

    def signed_heads(self) -> dict[str, bytes]:
        """The signed heads kept with the rows."""
        return dict(self._seen.heads)

    def remembered_heads(self) -> dict[str, tuple[int, bytes]]:
        """The second copies."""
        return dict(self.disk.second)

    def vouched(self, log: str) -> tuple[int, bytes] | None:
        """The head that this node vouched for last."""
        return self._seen.vouched.get(log)

    def receipts(self, log: str) -> dict[str, bytes]:
        """Witness -> the checkpoint that it vouched for last."""
        found = self._seen.receipts.items()
        return {witness: raw for (name, witness), (_size, raw) in found if name == log}

    # ------------------------------------------------------------ writing

    def lock(self) -> AbstractContextManager[None]:
        """One transaction: durable at the end of the outermost one, or not at all."""
        return self._transaction()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._held == 0:
            self._new = self.disk.copy()
        self._held += 1
        try:
            yield
            if self._held == 1:
                self._point("before the commit")
                self.commit()
                self._point("after the commit")
        finally:
            self._held -= 1
            if self._held == 0:
                self._new = None

    def commit(self) -> None:
        """Make the transaction durable."""
        assert self._new is not None
        second = self.disk.second  # another file
        vars(self.disk).update(vars(self._new))
        self.disk.second = second

    def _writing(self) -> Disk:
        if self._new is None:
            raise ValueError("written outside a transaction")
        return self._new

    def save_charter(self, raw: bytes) -> None:
        """Keep the charter."""
        if self._seen.charter not in (None, raw):
            raise ValueError("another charter is kept")
        with self.lock():
            self._writing().charter = raw

    def append(self, rows: Sequence[Row], blobs: Mapping[str, bytes]) -> None:
        """Keep entries and blobs."""
        with self.lock():
            self._point("before entries are written")
            disk = self._writing()
            disk.blobs.update(blobs)
            for row in rows:
                kept = disk.rows.setdefault(row.log, [])
                if row.n != len(kept):
                    raise ValueError(f"{row.log} entry {row.n} comes after {len(kept)} entries")
                kept.append(row)
            self._point("after entries are written")

    def keep_head(self, log: str, raw: bytes) -> None:
        """Keep a signed head with the rows."""
        self._writing().heads[log] = raw

    def remember_head(self, log: str, size: int, root: bytes, *, anew: bool = False) -> None:
        """Keep a second copy, in its own file."""
        self._point("before the second copy")
        if anew or size >= self.disk.second.get(log, (0, b""))[0]:
            self.disk.second[log] = (size, root)
        self._point("after the second copy")

    def vouch(self, log: str, size: int, root: bytes) -> None:
        """Keep the head that this node vouches for."""
        self._point("before vouching")
        self._writing().vouched[log] = (size, root)

    def keep_receipt(self, log: str, witness: str, size: int, raw: bytes) -> None:
        """Keep such a checkpoint, unless a larger one is kept."""
        kept = self._writing().receipts
        if size >= kept.get((log, witness), (0, b""))[0]:
            kept[log, witness] = (size, raw)
