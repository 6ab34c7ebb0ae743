"""Where are logs kept? The protocol of a carrier, and the carrier in memory."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import msgspec


class Row(msgspec.Struct, frozen=True, gc=False):
    """One entry as it is kept: the note, and the content line of a closed act."""

    log: str
    n: int
    note: bytes
    content: bytes | None


class Store(Protocol):
    """What a carrier of one programme's logs can do."""

    def load_charter(self) -> bytes | None:
        """The charter, or None before the programme is founded or joined."""

    def save_charter(self, raw: bytes) -> None:
        """Keep the charter; ValueError where another one is kept."""

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are kept; logs without entries may be left out."""

    def rows(self, log: str, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """The entries of a log in order."""

    def append(self, rows: Sequence[Row], blobs: Mapping[str, bytes]) -> None:
        """
        Keep entries and blobs: durably, all or none.

        Rows of one log follow each other and what is kept; ValueError where they do not.
        """

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob."""

    def blob_names(self) -> Iterator[str]:
        """The names of all blobs kept."""

    def lock(self) -> AbstractContextManager[None]:
        """Held by the one who writes, in any thread and process; may be entered again within."""

    def remember_head(self, log: str, size: int, root: bytes, *, anew: bool = False) -> None:
        """Keep a second copy of a head, apart from the entries; a longer one stays, or `anew` forgets it."""

    def remembered_heads(self) -> dict[str, tuple[int, bytes]]:
        """The second copies: log -> size and root."""

    def vouched(self, log: str) -> tuple[int, bytes] | None:
        """Size and root of the head that this node vouched for last."""

    def vouch(self, log: str, size: int, root: bytes) -> None:
        """Keep the head that this node vouches for, durably at the end of the lock."""

    def receipts(self, log: str) -> dict[str, bytes]:
        """Witness -> the checkpoint of that log that it vouched for last, with its line below."""

    def keep_receipt(self, log: str, witness: str, size: int, raw: bytes) -> None:
        """Keep such a checkpoint, unless a larger one is kept."""


class MemoryStore:
    """The carrier of tests and simulations."""

    def __init__(self) -> None:
        self._charter: bytes | None = None
        self._rows: dict[str, list[Row]] = {}
        self.blobs: dict[str, bytes] = {}
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._vouched: dict[str, tuple[int, bytes]] = {}
        self._receipts: dict[tuple[str, str], tuple[int, bytes]] = {}
        self._lock = threading.RLock()

    def load_charter(self) -> bytes | None:
        """The charter, or None."""
        return self._charter

    def save_charter(self, raw: bytes) -> None:
        """Keep the charter."""
        if self._charter not in (None, raw):
            raise ValueError("another charter is kept")
        self._charter = raw

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are kept."""
        return {log: len(rows) for log, rows in self._rows.items()}

    def rows(self, log: str, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """The entries of a log in order."""
        return iter(self._rows.get(log, [])[start:stop])

    def append(self, rows: Sequence[Row], blobs: Mapping[str, bytes]) -> None:
        """Keep entries and blobs, all or none."""
        sizes = self.sizes()
        for row in rows:
            if row.n != sizes.get(row.log, 0):
                raise ValueError(f"{row.log} entry {row.n} comes after {sizes.get(row.log, 0)} entries")
            sizes[row.log] = row.n + 1
        self.blobs.update(blobs)
        for row in rows:
            self._rows.setdefault(row.log, []).append(row)

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob."""
        return self.blobs.get(name)

    def blob_names(self) -> Iterator[str]:
        """The names of all blobs kept."""
        return iter(list(self.blobs))

    def lock(self) -> AbstractContextManager[None]:
        """Held by the one who writes."""
        return self._held()

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._lock:
            yield

    def remember_head(self, log: str, size: int, root: bytes, *, anew: bool = False) -> None:
        """Keep a second copy of the head of a log."""
        if anew or size >= self._heads.get(log, (0, b""))[0]:
            self._heads[log] = (size, root)

    def remembered_heads(self) -> dict[str, tuple[int, bytes]]:
        """The second copies."""
        return dict(self._heads)

    def vouched(self, log: str) -> tuple[int, bytes] | None:
        """The head that this node vouched for last."""
        return self._vouched.get(log)

    def vouch(self, log: str, size: int, root: bytes) -> None:
        """Keep the head that this node vouches for."""
        self._vouched[log] = (size, root)

    def receipts(self, log: str) -> dict[str, bytes]:
        """Witness -> the checkpoint that it vouched for last."""
        return {witness: raw for (name, witness), (_size, raw) in self._receipts.items() if name == log}

    def keep_receipt(self, log: str, witness: str, size: int, raw: bytes) -> None:
        """Keep such a checkpoint, unless a larger one is kept."""
        if size >= self._receipts.get((log, witness), (0, b""))[0]:
            self._receipts[log, witness] = (size, raw)
