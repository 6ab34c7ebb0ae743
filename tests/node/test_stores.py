"""The logs in a database, on SQLite and on PostgreSQL."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from paraph.acts import Propose
from paraph.node.plain_store import PlainStore
from paraph.node.stores import DatabaseStore
from paraph.record.stores import Row
from tests.parties import Parties

ROWS = [Row("BY", 0, b"a", None), Row("RU", 0, b"b", b"c"), Row("BY", 1, b"d", b"")]


@pytest.fixture
def store(db: None, tmp_path: Path) -> DatabaseStore:
    return DatabaseStore(tmp_path, ["BY", "RU"])


def test_rows_come_back_as_they_were_kept(store: DatabaseStore) -> None:
    store.append(ROWS, {"f" * 64: b"blob"})

    assert list(store.rows("BY")) == [ROWS[0], ROWS[2]]
    assert list(store.rows("RU")) == [ROWS[1]]
    assert store.sizes() == {"BY": 2, "RU": 1}
    assert store.blob("f" * 64) == b"blob"
    assert list(store.blob_names()) == ["f" * 64]
    assert store.blob("e" * 64) is None


def test_a_part_of_a_log_is_read_by_places(store: DatabaseStore) -> None:
    rows = [Row("BY", n, str(n).encode(), None) for n in range(4_500)]
    store.append(rows, {})

    assert list(store.rows("BY", 4_498)) == rows[4_498:]
    assert list(store.rows("BY", 1, 3)) == rows[1:3]
    assert len(list(store.rows("BY"))) == 4_500


def test_signed_heads_and_their_second_copies_are_kept_apart(store: DatabaseStore) -> None:
    store.keep_head("BY", b"old")
    store.keep_head("BY", b"new")
    store.remember_head("BY", 1, b"\x01" * 32)
    store.remember_head("BY", 2, b"\x02" * 32)

    assert store.signed_heads() == {"BY": b"new"}
    assert store.remembered_heads() == {"BY": (2, b"\x02" * 32)}


def test_a_database_belongs_to_one_programme(store: DatabaseStore) -> None:
    store.save_charter(b"one")
    store.save_charter(b"one")

    with pytest.raises(ValueError, match="another programme"):
        store.save_charter(b"two")
    assert store.load_charter() == b"one"


@pytest.mark.django_db(transaction=True)
def test_what_breaks_off_under_the_lock_is_not_kept(tmp_path: Path) -> None:
    store = DatabaseStore(tmp_path, ["BY", "RU"])

    with pytest.raises(ZeroDivisionError), store.lock():
        store.append(ROWS, {})
        raise ZeroDivisionError

    assert store.sizes() == {}


@pytest.mark.django_db(transaction=True)
def test_two_writers_take_their_turns(tmp_path: Path) -> None:
    store = DatabaseStore(tmp_path, ["BY"])
    troubles: list[BaseException] = []

    def write() -> None:
        try:
            for _place in range(20):
                with store.lock():
                    n = store.sizes().get("BY", 0)
                    store.append([Row("BY", n, b"x", None)], {})
        except BaseException as error:
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not troubles
    assert store.sizes() == {"BY": 80}


@pytest.mark.django_db(transaction=True)
def test_sqlite_writes_through_to_the_disk_on_every_connection() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite")
    found: list[tuple[object, ...]] = []

    def look() -> None:
        with connection.cursor() as cursor:
            for name in ("synchronous", "journal_mode"):
                cursor.execute(f"pragma {name}")
                found.append(cursor.fetchone())
        connection.close()

    for _connection in range(2):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert found == [(2,), ("wal",)] * 2


@pytest.mark.django_db(transaction=True)
def test_a_look_for_news_is_one_query(parties: Parties) -> None:
    journal = parties.journals["BY"]
    journal.programme()
    asked: list[str] = []

    def watch(run: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(watch):
        journal.programme()

    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_signed_heads_of_peers_outlive_the_process(parties: Parties) -> None:
    from paraph.node import current

    parties.act("RU", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
    parties.deliver("RU", "BY")
    head = parties.journals["BY"].checkpoint("RU")

    current.forget()

    assert current.journal().checkpoint("RU") == head is not None


def test_the_carrier_without_the_server_reads_the_same(tmp_path: Path) -> None:
    home = settings.HOME.__class__(tmp_path, "BY")
    database = sqlite3.connect(tmp_path / "node.sqlite3")
    database.execute("create table node_entryrow (log text, n integer, note blob, content blob)")
    database.executemany(
        "insert into node_entryrow values (?, ?, ?, ?)",
        [(row.log, row.n, row.note, row.content) for row in ROWS],
    )
    database.commit()
    store = PlainStore(home)

    assert store.sizes() == {"BY": 2, "RU": 1}
    assert list(store.rows("BY", 1)) == [ROWS[2]]
    with pytest.raises(ValueError, match="reading only"):
        store.append(ROWS, {})
    store.close()
