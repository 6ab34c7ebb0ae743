"""Who is given contents of closed acts, and who is not? It is decided here and nowhere else."""

from collections.abc import Iterator

from paraph.record.charter import Charter
from paraph.record.stores import Row, Store


def reads_contents(charter: Charter, code: str) -> bool:
    """Say whether that node may read what is closed: parties may, observers may not."""
    return any(party.code == code for party in charter.parties)


class Shelf:
    """The record as one reader may have it; whatever the exchange gives comes from here."""

    def __init__(self, store: Store, charter: Charter, reader: str) -> None:
        self._store = store
        self.contents = reads_contents(charter, reader)

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are kept durably."""
        return self._store.sizes()

    def rows(self, log: str, start: int, stop: int) -> Iterator[Row]:
        """Entries in order, with their contents only for those who may read them."""
        for row in self._store.rows(log, start, stop):
            yield row if self.contents else Row(row.log, row.n, row.note, None)

    def blob(self, name: str) -> bytes | None:
        """A larger content; none for those who read no act that names it."""
        return self._store.blob(name) if self.contents else None
