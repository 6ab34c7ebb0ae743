"""How are the logs of a home read without the server? For audits and exports; it never writes."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import chain, starmap
from typing import Any, NoReturn

from paraph.node.errors import HomeError
from paraph.node.homes import Home
from paraph.node.second_copy import SecondCopy
from paraph.record.stores import Row

_CHUNK = 1_000


class PlainStore:
    """The carrier of a home, opened for reading only, by SQL alone."""

    def __init__(self, home: Home) -> None:
        self._mark = "?" if home.database == "sqlite" else "%s"
        self._connection: Any = _sqlite(home) if home.database == "sqlite" else _postgresql(home)
        self._second_copy = SecondCopy(home.path / "heads")

    def _all(self, query: str, *values: object) -> list[Any]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(query.replace("?", self._mark), values)
            found: list[Any] = cursor.fetchall()
        except self._connection.Error as error:
            raise HomeError(f"the database cannot be read: {error}") from error
        finally:
            cursor.close()
        return found

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are kept."""
        return dict(self._all("select log, count(*) from node_entryrow group by log"))

    def rows(self, log: str, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """The entries of a log in order."""
        return chain.from_iterable(self._parts(log, start, 2**53 if stop is None else stop))

    def _parts(self, log: str, start: int, end: int) -> Iterator[Iterator[Row]]:
        query = (
            "select log, n, note, content from node_entryrow where log = ? and n >= ? and n < ? order by n"
        )
        while start < end:
            found = self._all(query, log, start, min(end, start + _CHUNK))
            yield starmap(Row, found)
            if len(found) < _CHUNK:
                return
            start += _CHUNK

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob."""
        found = self._all("select data from node_blobrow where name = ?", name)
        return bytes(found[0][0]) if found else None

    def blob_names(self) -> Iterator[str]:
        """The names of all blobs kept."""
        return (name for (name,) in self._all("select name from node_blobrow order by name"))

    def load_charter(self) -> bytes | None:
        """The charter that the database belongs to."""
        found = self._all("select raw from node_charterrow")
        return bytes(found[0][0]) if found else None

    def signed_heads(self) -> dict[str, bytes]:
        """The last signed head of each log that was kept."""
        return {log: bytes(raw) for log, raw in self._all("select log, raw from node_headrow")}

    def remembered_heads(self) -> dict[str, tuple[int, bytes]]:
        """The second copies, from their own file."""
        return self._second_copy.heads()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def vouched(self, log: str) -> tuple[int, bytes] | None:
        """The head of that log that this node vouched for last."""
        found = self._all("select size, root from node_vouchedrow where log = ?", log)
        return (found[0][0], bytes(found[0][1])) if found else None

    def receipts(self, log: str) -> dict[str, bytes]:
        """Witness -> the checkpoint of that log that it vouched for last."""
        query = "select witness, raw from node_receiptrow where log = ?"
        return {witness: bytes(raw) for witness, raw in self._all(query, log)}

    def stamps(self, log: str) -> Iterator[tuple[int, str, bytes, bytes]]:
        """Size, source, checkpoint and token of each time at which a head of that log was seen, by size."""
        try:
            found = self._all(
                "select size, source, raw, token from node_stamprow where log = ? order by size", log
            )
        except HomeError as error:
            if "node_stamprow" not in str(error):
                raise
            found = []  # a home of release 0.1.0 that has not been served since
        return ((size, source, bytes(raw), bytes(token)) for size, source, raw, token in found)

    # ------------------------------------------------------------ what it does not do

    def append(self, rows: Sequence[Row], blobs: Mapping[str, bytes]) -> NoReturn:
        """Refused."""
        raise ValueError("this carrier is for reading only")

    def vouch(self, log: str, size: int, root: bytes) -> NoReturn:
        """Refused."""
        raise ValueError("this carrier is for reading only")

    def keep_receipt(self, log: str, witness: str, size: int, raw: bytes) -> NoReturn:
        """Refused."""
        raise ValueError("this carrier is for reading only")

    def save_charter(self, raw: bytes) -> NoReturn:
        """Refused."""
        raise ValueError("this carrier is for reading only")

    def lock(self) -> AbstractContextManager[None]:
        """Refused."""
        raise ValueError("this carrier is for reading only")

    def remember_head(self, log: str, size: int, root: bytes, *, anew: bool = False) -> NoReturn:
        """Refused."""
        raise ValueError("this carrier is for reading only")


def _sqlite(home: Home) -> sqlite3.Connection:
    path = home.path / "node.sqlite3"
    if not path.exists():
        raise HomeError(f"there is no database in {home.path} yet; `paraph serve` makes it")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.execute("pragma mmap_size = 1073741824")  # pages are read where they lie
    return connection


def _postgresql(home: Home) -> Any:
    import psycopg

    try:
        return psycopg.connect(home.database, autocommit=True)
    except psycopg.OperationalError as error:
        raise HomeError(f"the database cannot be reached: {error}") from None
