"""The rules that every carrier keeps: the one in memory, the simulated disk, and databases."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from paraph.record.stores import MemoryStore, Row, Store
from tests.simulator.disk import Disk, DiskStore


def row(n: int, log: str = "BY") -> Row:
    """A row of any bytes."""
    return Row(log, n, f"note {n}".encode(), None)


@pytest.fixture(params=["memory", "simulated", "database"])
def store(request: pytest.FixtureRequest, carriers: Callable[..., Store]) -> Store:
    """An empty carrier."""
    if request.param == "memory":
        return MemoryStore()
    return (
        DiskStore(Disk(), lambda _where: None) if request.param == "simulated" else carriers("BY", "RU", "KZ")
    )


def test_the_longest_second_copy_of_a_head_stays_until_it_is_forgotten(store: Store) -> None:
    store.remember_head("BY", 7, b"seven")
    store.remember_head("BY", 5, b"five")
    store.remember_head("RU", 1, b"one")
    assert store.remembered_heads() == {"BY": (7, b"seven"), "RU": (1, b"one")}

    store.remember_head("BY", 5, b"five", anew=True)

    assert store.remembered_heads() == {"BY": (5, b"five"), "RU": (1, b"one")}


def test_rows_come_back_in_order_from_any_place(store: Store) -> None:
    store.append([row(0), row(0, "RU"), row(1), row(2)], {})

    assert store.sizes() == {"BY": 3, "RU": 1}
    assert [one.n for one in store.rows("BY", 1)] == [1, 2]
    assert [one.n for one in store.rows("BY", 0, 2)] == [0, 1]
    assert list(store.rows("KZ")) == []


def test_a_gap_is_refused_and_nothing_of_the_batch_kept(store: Store) -> None:
    with pytest.raises(ValueError, match="BY entry 2 comes after 1"):
        store.append([row(0), row(2)], {"name": b"data"})

    assert store.sizes() == {}
    assert list(store.blob_names()) == []


def test_an_entry_cannot_be_written_over(store: Store) -> None:
    store.append([row(0)], {})

    with pytest.raises(ValueError):
        store.append([row(0)], {})


def test_blobs_heads_and_charter_are_kept(store: Store) -> None:
    assert store.load_charter() is None

    store.append([], {"name": b"data"})
    store.remember_head("BY", 7, b"root")
    store.save_charter(b"charter")
    store.save_charter(b"charter")

    assert store.blob("name") == b"data"
    assert store.blob("other") is None
    assert store.remembered_heads() == {"BY": (7, b"root")}
    assert store.load_charter() == b"charter"
    with pytest.raises(ValueError):
        store.save_charter(b"another")


def test_one_writer_holds_the_lock_and_may_enter_again(store: Store) -> None:
    if isinstance(store, DiskStore):
        return  # a story has one thread
    order: list[str] = []

    def other() -> None:
        with store.lock():
            order.append("other")
        connections.close_all()

    thread = threading.Thread(target=other)
    with store.lock(), store.lock():
        thread.start()
        thread.join(0.05)
        order.append("first")
    thread.join()

    assert order == ["first", "other"]
