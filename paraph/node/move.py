"""How does a node come to another database, with its people, keys, receipts and notes?

The new home is a copy beside the old one, which is kept and serves no more: two that write would make two
histories of one log.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from paraph.node.audit import Report, audit
from paraph.node.errors import HomeError
from paraph.node.homes import Home, open_home, write_private
from paraph.node.second_copy import SecondCopy
from paraph.node.startup import MOVED, prepare

_STAYS = ("node.sqlite3", "heads", "static", "exchange.lock", MOVED)  # by how their names begin
_APART = ("contenttypes", "sessions", "auth")  # made anew: people sign in again
_CHUNK = 500  # rows


def move(home: Home, folder: Path, database: str, owner: str = "") -> Report:
    """
    Copy a node into a new folder and another database; afterwards the old home serves no more.

    Args:
        home: the old one; it must not run.
        folder: must not exist, or be empty.
        database: "sqlite", or the address of an empty PostgreSQL database.
        owner: the address as the role that owns its tables, where another one serves.

    Returns:
        What an audit of the new home found; its roots are those of the old one.
    """
    if folder.exists() and any(folder.iterdir()):
        raise HomeError(f"{folder} is not empty; move into a new folder")
    if (home.path / MOVED).exists():
        raise HomeError(f"{home.path} has moved already")
    with _at_rest(home):
        before = audit(home, trusted=True)
        if not before.good:
            raise HomeError(f"the record of {home.path} does not hold: {before.lines[-1]}")
        try:
            _copy_files(home, folder, database)
            if owner:
                os.environ["PARAPH_DATABASE"] = owner
            prepare(folder)
            _copy_rows(home)
            if owner:
                _grant(database)
            after = audit(open_home(folder), trusted=True)
            if after.lines[:-1] != before.lines[:-1]:  # the last line says how long it took
                raise HomeError("the roots of the new home are other ones: nothing has moved")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _copy_head(home, folder)
        write_private(home.path / MOVED, f"{folder.resolve()}\n".encode())
    return after


@contextmanager
def _at_rest(home: Home) -> Iterator[None]:
    """Hold what the process that serves a home holds; HomeError where one runs."""
    file = os.open(home.path / "exchange.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise HomeError(f"the node of {home.path} runs: stop it first") from None
    finally:
        os.close(file)


def _copy_files(home: Home, folder: Path, database: str) -> None:
    for path in sorted(home.path.rglob("*")):
        name = path.relative_to(home.path)
        if path.is_file() and not name.parts[0].startswith(_STAYS):
            write_private(folder / name, path.read_bytes())
    made = open_home(folder)
    made.database = database
    made.write()


def _copy_rows(home: Home) -> None:
    """Copy every row of the old database, in one transaction, under its lock."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection, connections, transaction

    from paraph.node.databases import database_of
    from paraph.node.stores import DatabaseStore

    connections.settings["old"] = connections.configure_settings({"default": database_of(home)})["default"]
    models = [model for model in apps.get_models() if model._meta.app_label not in _APART]
    charter = home.charter()
    old = DatabaseStore(home.path, [party.code for party in charter.parties], "old")
    try:
        with old.lock(), transaction.atomic():
            for model in models:
                if model._meta.managed and not model._meta.proxy:
                    _copy_model(model)
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                with connection.cursor() as cursor:
                    cursor.execute(statement)
    finally:
        connections["old"].close()


def _copy_model(model: Any) -> None:
    dated = [field for field in model._meta.local_fields if getattr(field, "auto_now_add", False)]
    for field in dated:
        field.auto_now_add = False  # the date of the old row is kept
    try:
        model._base_manager.all().delete()
        rows = model._base_manager.using("old").order_by("pk").iterator(_CHUNK)
        while some := list(islice(rows, _CHUNK)):
            model._base_manager.using("default").bulk_create(some)
    finally:
        for field in dated:
            field.auto_now_add = True


def _grant(database: str) -> None:
    from psycopg.conninfo import conninfo_to_dict

    from paraph.node.grants import grant

    grant(str(conninfo_to_dict(database).get("user", "")))


def _copy_head(home: Home, folder: Path) -> None:
    """The second copy of the own head goes on to count; where it did not, the new node asks the parties."""
    for log, (size, root) in SecondCopy(home.path / "heads").heads().items():
        SecondCopy(folder / "heads").write(log, size, root)
