"""How is a node kept in one file, and set up from it again?

The file holds keys and everything internal: it belongs where the node's own disk would. The second
copy of the head stays out of it, so that a restored node asks the parties before it writes.
"""

import io
import os
import shutil
import sqlite3
import subprocess
import tarfile
from pathlib import Path

from paraph.node.errors import HomeError
from paraph.node.homes import Home, open_home, write_private

_SQLITE, _DUMP = "node.sqlite3", "postgresql.dump"
_FILES = ("node.toml", "charter.json", "card.json", "node.key")


def backup(home: Home, file: Path) -> int:
    """Write the backup, while the node runs or not; return its size in bytes."""
    found = [home.path / name for name in _FILES]
    found += [*(home.path / "root").glob("*.key"), *(home.path / name for name in home.certificates.values())]
    database = file.with_name(file.name + ".database")
    fresh = file.with_name(file.name + ".new")
    try:
        _copy_database(home, database)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
                for path in found:
                    if path.is_file():
                        archive.add(path, str(path.relative_to(home.path)), recursive=False)
                archive.add(database, _SQLITE if home.database == "sqlite" else _DUMP, recursive=False)
            raw.flush()
            os.fsync(raw.fileno())
        fresh.replace(file)
    finally:
        database.unlink(missing_ok=True)
        fresh.unlink(missing_ok=True)
    return file.stat().st_size


def restore(file: Path, folder: Path, database: str | None = None) -> Home:
    """
    Set a node up from its backup, in a new folder.

    Args:
        file: the backup.
        folder: must not exist, or be empty.
        database: the address of an empty PostgreSQL database, where it is another than before.
    """
    if folder.exists() and any(folder.iterdir()):
        raise HomeError(f"{folder} is not empty; restore into a new folder")
    try:
        _unpack(file, folder)
    except (tarfile.TarError, EOFError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise HomeError(f"{file} is no backup, or a damaged one: {error}") from None
    home = open_home(folder)
    if database is not None and (home.database == "sqlite") != (database == "sqlite"):
        raise HomeError("a backup goes back into the kind of database that it came from")
    if database is not None:
        home.database = database
        home.write()
    if home.database != "sqlite":
        dump = folder / _DUMP
        _run(["pg_restore", "--no-owner", "--exit-on-error", "--dbname", home.database, str(dump)])
        dump.unlink()
    return home


def _copy_database(home: Home, to: Path) -> None:
    to.unlink(missing_ok=True)
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if home.database != "sqlite":
        _run(["pg_dump", "--format=custom", "--no-owner", "--file", str(to), home.database])
        return
    path = home.path / _SQLITE
    if not path.exists():
        raise HomeError(f"there is no database in {home.path} yet; `paraph serve` makes it")
    with sqlite3.connect(path) as source, sqlite3.connect(to) as copy:
        source.backup(copy)
    source.close()
    copy.close()


def _unpack(file: Path, folder: Path) -> None:
    with tarfile.open(file) as archive:
        for member in archive:
            name = Path(member.name)
            if not member.isfile() or name.is_absolute() or ".." in name.parts:
                raise tarfile.TarError(f"{member.name} does not belong into it")
            source = archive.extractfile(member) or io.BytesIO()
            if member.name in (_SQLITE, _DUMP):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with os.fdopen(
                    os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
                ) as to:
                    shutil.copyfileobj(source, to)
            else:
                write_private(folder / name, source.read())


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise HomeError(f"{command[0]} is missing: install Debian's package postgresql-client") from None
    except subprocess.CalledProcessError as error:
        raise HomeError(f"{command[0]} failed: {error.stderr.strip()}") from None
