"""Where are logs kept? The protocol of a carrier, and the carrier in memory."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is kept: the note, and the content line of a closed act."""

    log: str
    n: int
    note: bytes
    content: bytes | None


class Store(Protocol):
    """What a carrier of logs can do."""

    def rows(self, log: str, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """The entries of a log in order."""

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are kept."""

    def append(self, rows: Sequence[Row], blobs: Mapping[str, bytes]) -> None:
        """Keep entries and blobs: durably, all or none."""

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob."""

    def lock(self) -> AbstractContextManager[None]:
        """Held by the one who writes, in any process."""

    def remember_head(self, log: str, raw: bytes) -> None:
        """Keep the last signed head of a log."""

    def head(self, log: str) -> bytes | None:
        """The last signed head of a log that was kept."""


class MemoryStore:
    """The carrier of tests and simulations."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._blobs: dict[str, bytes] = {}
        self._heads: dict[str, bytes] = {}
        self._lock = threading.RLock()

    def rows(self, log: str, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """The entries of a log in order."""
        return iter(self._rows.get(log, [])[start:stop])

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are kept."""
        return {log: len(rows) for log, rows in self._rows.items()}

    def append(self, rows: Sequence[Row], blobs: Mapping[str, bytes]) -> None:
        """Keep entries and blobs."""
        self._blobs.update(blobs)
        for row in rows:
            kept = self._rows.setdefault(row.log, [])
            if row.n != len(kept):
                raise ValueError(f"{row.log} entry {row.n} comes after {len(kept)} entries")
            kept.append(row)

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob."""
        return self._blobs.get(name)

    def lock(self) -> AbstractContextManager[None]:
        """Held by the one who writes."""
        return self._held()

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._lock:
            yield

    def remember_head(self, log: str, raw: bytes) -> None:
        """Keep the last signed head of a log."""
        self._heads[log] = raw

    def head(self, log: str) -> bytes | None:
        """The last signed head of a log that was kept."""
        return self._heads.get(log)
