"""Where do entries wait whose past, content or blobs have not come yet?

In memory and within bounds: what is lost here comes again with the next exchange.
"""

from collections.abc import Iterable, Mapping

from paraph.record.stores import Row

MAX_ROWS = 10_000
MAX_BYTES = 16 * 2**20


class WaitingRoom:
    """Entries and blobs that may be admitted later."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, int], Row] = {}
        self.blobs: dict[str, bytes] = {}

    def keep(self, rows: Iterable[Row], blobs: Mapping[str, bytes]) -> None:
        """Let rows wait, with the blobs that came beside them."""
        for row in rows:
            self._rows[row.log, row.n] = row
        if self._rows:
            self.blobs.update(blobs)
        if len(self._rows) > MAX_ROWS or self._bytes() > MAX_BYTES:
            self.clear()

    def rows(self) -> list[Row]:
        """All that waits, each log in order."""
        return [self._rows[place] for place in sorted(self._rows)]

    def leave(self, rows: Iterable[Row]) -> None:
        """Let rows go: they have been admitted, or were wrong."""
        for row in rows:
            self._rows.pop((row.log, row.n), None)
        if not self._rows:
            self.blobs.clear()

    def clear(self) -> None:
        """Let everything go."""
        self._rows.clear()
        self.blobs.clear()

    def _bytes(self) -> int:
        return sum(len(row.note) + len(row.content or b"") for row in self._rows.values()) + sum(
            map(len, self.blobs.values())
        )
