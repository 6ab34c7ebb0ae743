"""A disk under SQLite that loses power, tears and drops writes, flips bits, fails, or lies about all this.

SQLite calls it through an own layer (VFS) of apsw, and Django through an own connection: the tables,
the statements and the store are those of a node. What is written reaches the real file at once; what
would be on the disk after a loss of power is counted beside it.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import apsw
from django.conf import settings
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from tests.carriers import TABLES

SECTOR = 512  # bytes that are written whole or not at all
_MARK = re.compile(r"(?<!%)%s")


@dataclass
class TornDisk:
    """What is durable of each file, and what was written since."""

    picker: Random
    fuse: int | None = None  # so many more writes, then the power fails
    fails: int | None = None  # so many more writes, then one is refused
    dead: bool = False
    durable: dict[str, bytes] = field(default_factory=dict)
    former: dict[str, bytes] = field(default_factory=dict)  # durable before the last time
    pending: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)
    picture: dict[str, bytes] = field(default_factory=dict)  # of all files, when the power failed

    def step(self, path: str, offset: int, data: bytes | None) -> None:
        """Something is about to be written to a file, or the file cut where there is no data."""
        if self.dead:
            raise apsw.IOError("no power")
        if self.fails is not None:
            self.fails -= 1
            if self.fails < 0:
                self.fails = None
                raise apsw.exceptionfor(self.picker.choice((apsw.SQLITE_FULL, apsw.SQLITE_IOERR_WRITE)))
        self.pending.setdefault(path, []).append((offset, data))
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.power_fails()
                raise apsw.IOError("no power")

    def synced(self, path: str) -> None:
        """A file is durable as it is now."""
        if self.dead:
            raise apsw.IOError("no power")
        self.former[path] = self.durable.get(path, b"")
        self.durable[path] = Path(path).read_bytes()
        self.pending.pop(path, None)

    def power_fails(self) -> None:
        """Keep what is durable, and of what came after something, torn."""
        self.dead = True
        for path in {*self.durable, *self.pending}:
            self.picture[path] = self._after(self.durable.get(path, b""), self.pending.get(path, ()))

    def _after(self, content: bytes, steps: Iterable[tuple[int, bytes | None]]) -> bytes:
        raw = bytearray(content)
        for offset, data in steps:
            if self.picker.random() < 0.4:
                continue  # dropped
            if data is None:
                del raw[offset:]
                continue
            if self.picker.random() < 0.3:
                data = data[: self.picker.randrange(0, len(data) + 1, SECTOR)]  # torn
            raw.extend(bytes(max(0, offset - len(raw))))
            raw[offset : offset + len(data)] = data
        return bytes(raw)

    # ------------------------------------------------------------ lies

    def forget_a_sync(self) -> None:
        """The disk had said that the last writes are durable, and they are not."""
        for path in self.picture:
            if path.endswith("-wal"):
                self.picture[path] = self.former.get(path, b"")

    def cut(self) -> None:
        """The end of a file is gone."""
        path = self.picker.choice([path for path, raw in self.picture.items() if raw])
        self.picture[path] = self.picture[path][: self.picker.randrange(len(self.picture[path]))]

    def flip(self, count: int) -> None:
        """Some bits change."""
        for _ in range(count):
            path = self.picker.choice([path for path, raw in self.picture.items() if raw])
            raw = bytearray(self.picture[path])
            raw[self.picker.randrange(len(raw))] ^= 1 << self.picker.randrange(8)
            self.picture[path] = bytes(raw)

    def power_returns(self) -> None:
        """The files are what was on the disk."""
        for path, raw in self.picture.items():
            Path(path).write_bytes(raw)
            Path(path.removesuffix("-wal") + "-shm").unlink(missing_ok=True)
        self.dead, self.fuse, self.fails = False, None, None
        self.durable, self.former = dict(self.picture), {}
        self.pending, self.picture = {}, {}


class _File(apsw.VFSFile):
    """One file of such a disk."""

    def __init__(self, disk: TornDisk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:
        self._disk.step(self._path, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._disk.step(self._path, newsize, None)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        if self._disk.dead:
            raise apsw.IOError("no power")
        super().xSync(flags)
        self._disk.synced(self._path)


class _Layer(apsw.VFS):
    """Opens the files of such a disk."""

    def __init__(self, name: str, disk: TornDisk) -> None:
        self._disk = disk
        self.name = name
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        if self._disk.dead:
            raise apsw.IOError("no power")
        super().xDelete(filename, syncdir)
        for kept in (self._disk.durable, self._disk.pending):
            kept.pop(filename, None)


# ---------------------------------------------------------------- Django on apsw


class _Cursor:
    """A cursor of apsw in the form that Django asks for."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.lastrowid = 0
        self.rowcount = -1

    def execute(self, query: str, params: Sequence[Any] | None = None) -> "_Cursor":
        asked = query if params is None else _MARK.sub("?", query).replace("%%", "%")
        given = [value.isoformat(" ") if hasattr(value, "isoformat") else value for value in params or ()]
        before = self._connection.total_changes()
        with translated():
            cursor = self._connection.cursor()
            cursor.execute(asked, given)
            with suppress(apsw.ExecutionCompleteError):
                self.description = [(name, *[None] * 6) for name, _kind in cursor.get_description()]
            self._rows = list(cursor)
        self.rowcount = self._connection.total_changes() - before
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def executemany(self, query: str, param_list: Iterable[Sequence[Any]]) -> "_Cursor":
        for params in param_list:
            self.execute(query, params)
        return self

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        found, self._rows = self._rows[:size], self._rows[size:]
        return found

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    def __iter__(self) -> Any:
        return iter(self.fetchall())

    def close(self) -> None:
        self._rows = []


@contextmanager
def translated() -> Iterator[None]:
    """Errors of apsw as those of the driver that a node has."""
    try:
        yield
    except apsw.Error as error:
        kind: type[sqlite3.DatabaseError] = sqlite3.OperationalError
        if isinstance(error, apsw.ConstraintError):
            kind = sqlite3.IntegrityError
        elif isinstance(error, apsw.CorruptError | apsw.NotADBError):
            kind = sqlite3.DatabaseError
        told = kind(str(error))
        told.sqlite_errorcode = getattr(error, "extendedresult", 0)
        raise told from None


class _Connection:
    """A connection of apsw in the form that Django asks for."""

    def __init__(self, path: str, layer: str, commands: Iterable[str]) -> None:
        self.isolation_level: str | None = None
        with translated():
            self._connection = apsw.Connection(path, vfs=layer)
            try:
                for command in commands:
                    list(self._connection.execute(command))
            except apsw.Error:
                self.close()
                raise

    def cursor(self) -> _Cursor:
        return _Cursor(self._connection)

    def commit(self) -> None:
        if not self._connection.getautocommit():
            self.cursor().execute("commit")

    def rollback(self) -> None:
        if not self._connection.getautocommit():
            self.cursor().execute("rollback")

    def close(self) -> None:
        with suppress(apsw.Error):  # without power it cannot put its files in order
            self._connection.close(True)


class _Wrapper(DatabaseWrapper):
    """Django's SQLite, by another driver."""

    layer = ""

    def get_new_connection(self, _params: Any) -> Any:
        commands = self.settings_dict["OPTIONS"]["init_command"].split(";")
        return _Connection(self.settings_dict["NAME"], self.layer, commands)

    def create_cursor(self, name: Any = None) -> Any:
        return self.connection.cursor()


class TornDatabase:
    """A database of a node, with the tables of its logs, on such a disk."""

    def __init__(self, path: Path, disk: TornDisk, alias: str) -> None:
        self.path, self.disk, self.alias = path, disk, alias
        self._layer = _Layer(f"torn-{id(disk)}", disk)
        given = dict(settings.DATABASES["default"])
        given = {**given, "NAME": str(path), "OPTIONS": dict(_OPTIONS)}
        connections.settings[alias] = connections.configure_settings({"default": given})["default"]
        self.open()
        with connections[alias].schema_editor() as editor:
            for table in TABLES:
                editor.create_model(table)

    def open(self) -> None:
        """Connect anew, as a process that starts does."""
        made = _Wrapper(connections.settings[self.alias], self.alias)
        made.layer = self._layer.name
        connections[self.alias] = made

    def close(self) -> None:
        """The process is gone."""
        wrapper = connections[self.alias]
        wrapper.in_atomic_block, wrapper.needs_rollback = False, False
        wrapper.savepoint_ids, wrapper.run_on_commit = [], []
        if wrapper.connection is not None:
            wrapper.connection.close()
        del connections[self.alias]

    def end(self) -> None:
        """Let everything go."""
        self.close()
        del connections.settings[self.alias]
        self._layer.unregister()


_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000",
}
