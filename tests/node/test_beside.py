"""Do other processes find the same faults as the one that reads?"""

import os
import signal
import sqlite3

import pytest

from bench.audit import large_home
from paraph.node import beside
from paraph.node.audit import audit
from paraph.node.beside import Beside
from paraph.node.homes import Home
from paraph.record.keys import SecretKey

ENTRIES = 400  # with two signatures each, more than one group


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return large_home(tmp_path_factory.mktemp("large"), ENTRIES)


def groups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The signatures of each group that goes to another process, as they go."""
    found: list[int] = []
    ask = Beside._ask

    def counted(one: Beside) -> None:
        found.append(len(one._waiting))
        ask(one)

    monkeypatch.setattr(Beside, "_ask", counted)
    return found


def test_all_processors_check_and_all_holds(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = groups(monkeypatch)

    report = audit(home, trusted=False)

    assert report.good and "OK every signature holds" in report.lines[-1]
    assert asked == [beside._AT_ONCE] * 2


@pytest.mark.parametrize("line", [1, 2], ids=["of the node", "of the person"])
@pytest.mark.parametrize("last", [False, True], ids=["somewhere", "in the last entry"])
def test_the_first_signature_that_does_not_count_is_named(home: Home, line: int, last: bool) -> None:
    with sqlite3.connect(home.path / "node.sqlite3") as database:
        order = "n desc" if last else "n"
        row, n, note = database.execute(
            "select rowid, n, note from node_entryrow where log = 'BY' and n >= 90 and content is not null"
            f" order by {order}"
        ).fetchone()
        change(database, row, note, line)
    try:
        report = audit(home, trusted=False)
    finally:
        with sqlite3.connect(home.path / "node.sqlite3") as database:
            database.execute("update node_entryrow set note = ? where rowid = ?", (note, row))

    said = "not signed by the node of BY" if line == 1 else "not signed by the key"
    assert report.lines == [report.lines[0]] and f"FAULT BY entry {n}: {said}" in report.lines[0]


def change(database: sqlite3.Connection, row: int, note: bytes, line: int) -> None:
    """Change a letter of a signature: the first line is the node's."""
    text, _gap, signatures = note.partition(b"\n\n")
    lines = signatures.splitlines(keepends=True)
    before = lines[line - 1]
    lines[line - 1] = before[:-30] + (b"B" if before[-30:-29] == b"A" else b"A") + before[-29:]
    changed = text + b"\n\n" + b"".join(lines)
    database.execute("update node_entryrow set note = ? where rowid = ?", (changed, row))


@pytest.mark.parametrize("place", [0, 255, 256, 300])
def test_one_that_does_not_count_is_enough(place: int) -> None:
    key = SecretKey.generate()
    good = (key.public, b"words", key.sign(b"words"))
    one = Beside()
    try:
        for at in range(301):
            one(*(good if at != place else (key.public, b"other words", good[2])))
        assert not one.hold()
    finally:
        one.close()


def test_where_a_process_is_ended_nothing_is_believed() -> None:
    key = SecretKey.generate()
    claim = (key.public, b"words", key.sign(b"words"))
    one = Beside()
    try:
        for _signature in range(beside._AT_ONCE):
            assert one(*claim)
        assert one._pool is not None
        for process in one._pool._processes.values():
            os.kill(process.pid or 0, signal.SIGKILL)
        assert one._asked[0].exception() is not None
        for _signature in range(beside._AT_ONCE):
            one(*claim)
        assert not one.hold()
    finally:
        one.close()
