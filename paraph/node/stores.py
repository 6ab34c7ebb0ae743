"""How do logs lie in a database? The same tables on SQLite and PostgreSQL, one writer at a time."""

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from paraph.node.models import BlobRow, CharterRow, HeadRow, ReceiptRow, StampRow, VouchedRow
from paraph.node.second_copy import SecondCopy
from paraph.record.notes import parse_note
from paraph.record.stores import Row

_LOCK = 7_024_133_002_911_005_121  # the advisory lock of the one writer on PostgreSQL
_CHUNK = 2_000  # rows read at once
_SELECT = "select n, note, content from node_entryrow where log = %s and n >= %s and n < %s order by n"
_INSERT = "insert into node_entryrow (log, n, note, content, received_at) values (%s, %s, %s, %s, %s)"
_DAMAGE = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_FAILED = ("58030", "53100")  # the same of PostgreSQL: its disk failed or is full


class DatabaseStore:
    """The carrier of a node: a database of Django's, and a file beside it for the own head."""

    def __init__(self, home: Path, logs: Sequence[str], using: str = DEFAULT_DB_ALIAS) -> None:
        self._logs = tuple(logs)
        self._using = using
        self._second_copy = SecondCopy(home / "heads")
        self._mine = threading.local()  # whether this thread holds the lock

    @property
    def _connection(self) -> BaseDatabaseWrapper:
        """The connection of this thread."""
        return connections[self._using]

    # ------------------------------------------------------------ reading

    def sizes(self) -> dict[str, int]:
        """How many entries of each log are kept; one look at the end of the index for each log."""
        one = "select %s, coalesce(max(n), -1) + 1 from node_entryrow where log = %s"
        query = " union all ".join([one] * len(self._logs))
        with self._connection.cursor() as cursor:
            cursor.execute(query, [log for code in self._logs for log in (code, code)])
            return {log: size for log, size in cursor.fetchall() if size}

    def rows(self, log: str, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """The entries of a log in order, by one indexed query for every two thousand."""
        end = 2**53 if stop is None else stop
        while start < end:
            with self._connection.cursor() as cursor:
                cursor.execute(_SELECT, [log, start, min(end, start + _CHUNK)])
                found = cursor.fetchall()
            for n, note, content in found:
                yield Row(log, n, bytes(note), None if content is None else bytes(content))
            if len(found) < _CHUNK:
                return
            start += _CHUNK

    def blob(self, name: str) -> bytes | None:
        """The bytes of a blob."""
        found = BlobRow.objects.using(self._using).filter(name=name).values_list("data", flat=True).first()
        return None if found is None else bytes(found)

    def blob_names(self) -> Iterator[str]:
        """The names of all blobs kept."""
        return BlobRow.objects.using(self._using).order_by("name").values_list("name", flat=True).iterator()

    def load_charter(self) -> bytes | None:
        """The charter that this database belongs to."""
        found = CharterRow.objects.using(self._using).values_list("raw", flat=True).first()
        return None if found is None else bytes(found)

    def signed_heads(self) -> dict[str, bytes]:
        """The last signed head of each log that was kept."""
        return {log: bytes(raw) for log, raw in self._read("select log, raw from node_headrow")}

    def remembered_heads(self) -> dict[str, tuple[int, bytes]]:
        """The second copies, from their own file."""
        return self._second_copy.heads()

    # ------------------------------------------------------------ writing

    def lock(self) -> AbstractContextManager[None]:
        """Held by the one who writes, in any process; all inside is one transaction."""
        return self._held()

    @contextmanager
    def _held(self) -> Iterator[None]:
        if getattr(self._mine, "held", False):
            yield  # in the transaction of the outermost
            return
        self._mine.held = True
        try:
            with transaction.atomic(using=self._using):  # on SQLite this begins IMMEDIATE: one writer
                if self._connection.vendor == "postgresql":
                    with self._connection.cursor() as cursor:
                        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
                yield
        except DatabaseError as error:
            if _is_damage(error.__cause__):
                _end(error)
            raise
        finally:
            self._mine.held = False

    def append(self, rows: Sequence[Row], blobs: Mapping[str, bytes]) -> None:
        """Keep entries and blobs, all or none; durable at the end of the outermost lock."""
        with self._held():
            if blobs:
                BlobRow.objects.using(self._using).bulk_create(
                    [BlobRow(name=name, data=data) for name, data in blobs.items()],
                    ignore_conflicts=True,
                )
            self._check_places(rows)
            now = self._connection.ops.adapt_datetimefield_value(timezone.now())
            with self._connection.cursor() as cursor:
                cursor.executemany(_INSERT, [(row.log, row.n, row.note, row.content, now) for row in rows])

    def _check_places(self, rows: Sequence[Row]) -> None:
        sizes = self.sizes()
        for row in rows:
            if row.n != sizes.get(row.log, 0):
                raise ValueError(f"{row.log} entry {row.n} comes after {sizes.get(row.log, 0)} entries")
            sizes[row.log] = row.n + 1

    def save_charter(self, raw: bytes) -> None:
        """Keep the charter; ValueError where another one is kept."""
        with self._held():
            kept = self.load_charter()
            if kept is not None and kept != raw:
                raise ValueError("the database belongs to another programme")
            if kept is None:
                CharterRow.objects.using(self._using).create(prog=hashlib.sha256(raw).hexdigest(), raw=raw)

    def keep_head(self, log: str, raw: bytes) -> None:
        """Keep the last signed head of a log."""
        self._put(HeadRow, ("log",), log=log, raw=raw)

    def remember_head(self, log: str, size: int, root: bytes, *, anew: bool = False) -> None:
        """Keep a second copy of a head in its own file; `anew` forgets a longer one."""
        self._second_copy.write(log, size, root, anew=anew)

    def vouched(self, log: str) -> tuple[int, bytes] | None:
        """The head of that log that this node vouched for last."""
        found = self._read("select size, root from node_vouchedrow where log = %s", log)
        return (found[0][0], bytes(found[0][1])) if found else None

    def vouch(self, log: str, size: int, root: bytes) -> None:
        """Keep the head that this node vouches for; durable at the end of the outermost lock."""
        self._put(VouchedRow, ("log",), log=log, size=size, root=root)

    def receipts(self, log: str) -> dict[str, bytes]:
        """Witness -> the checkpoint of that log that it vouched for last, with its line below."""
        found = ReceiptRow.objects.using(self._using).filter(log=log).values_list("witness", "raw")
        return {witness: bytes(raw) for witness, raw in found}

    def keep_receipt(self, log: str, witness: str, size: int, raw: bytes) -> None:
        """Keep such a checkpoint, unless a larger one is kept; its time stays for the entries it covers."""
        stamp = datetime.fromtimestamp(int.from_bytes(parse_note(raw).signatures[-1].raw[:8], "big"), UTC)
        StampRow.objects.using(self._using).bulk_create(
            [StampRow(log=log, size=size, source=witness, time=stamp, raw=raw)], ignore_conflicts=True
        )
        if not ReceiptRow.objects.using(self._using).filter(log=log, witness=witness, size__gt=size).exists():
            self._put(ReceiptRow, ("log", "witness"), log=log, witness=witness, size=size, raw=raw)

    def _read(self, query: str, *values: str) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(query, values)
            found: list[Any] = cursor.fetchall()
        return found

    def _put(self, table: type[models.Model], names: Sequence[str], **values: str | int | bytes) -> None:
        """Let a row stand in the place of the one that has the same of these names, in one statement."""
        marks = ", ".join(["%s"] * len(values))
        others = ", ".join(f"{name} = excluded.{name}" for name in values if name not in names)
        query = (
            f"insert into {table._meta.db_table} ({', '.join(values)}) values ({marks})"  # noqa: S608 - our names
            f" on conflict ({', '.join(names)}) do update set {others}"
        )
        with self._connection.cursor() as cursor:
            cursor.execute(query, list(values.values()))


def _is_damage(error: BaseException | None) -> bool:
    """Say whether it is no longer known what lies on the disk."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) or 0
        return code & 0xFF in _DAMAGE
    return getattr(error, "sqlstate", "") in _FAILED


def _end(error: BaseException) -> NoReturn:
    """End the process: after a failed write only a fresh start tells what is on the disk."""
    os.write(2, f"paraph: the disk failed while writing, so this node stops: {error}\n".encode())
    os._exit(70)
