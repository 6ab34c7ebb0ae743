"""A database for each node of a test, on SQLite or on PostgreSQL, as PARAPH_TEST_DATABASE says.

Journals of several nodes live in one process here; in earnest each has a process and a database of its own.
"""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from paraph.node.models import BlobRow, CharterRow, EntryRow, HeadRow, ReceiptRow, StampRow, VouchedRow
from paraph.node.stores import DatabaseStore

TABLES = (BlobRow, CharterRow, EntryRow, HeadRow, ReceiptRow, StampRow, VouchedRow)


class Carriers:
    """Gives databases, made once for a process and emptied before each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self.names: list[str] = []  # of those given to the test that runs

    def __call__(self, *logs: str) -> DatabaseStore:
        """An empty carrier of those logs."""
        name = f"node{len(self.names)}"
        self.names.append(name)
        if len(self.names) > self._made:
            self._make(name)
            self._made += 1
        with connections[name].cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"delete from {table._meta.db_table}")
        home = self._folder / name
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        return DatabaseStore(home, logs, name)

    def start_over(self) -> None:
        """Let the next test have them all."""
        self.names.clear()

    def _make(self, name: str) -> None:
        given: dict[str, Any] = dict(settings.DATABASES["default"])
        if connection.vendor == "sqlite":
            given["NAME"] = str(self._folder / f"{name}.sqlite3")
            fast = " PRAGMA synchronous=OFF;"  # no power is lost here; what is lost then is tested apart
            given["OPTIONS"] = {
                **given["OPTIONS"],
                "init_command": given["OPTIONS"]["init_command"] + ";" + fast,
            }
        else:
            given["NAME"] = name
            with connection.cursor() as cursor:
                cursor.execute(f"create database {name}")
        connections.settings[name] = connections.configure_settings({"default": given})["default"]
        with connections[name].schema_editor() as editor:
            for table in TABLES:
                editor.create_model(table)
