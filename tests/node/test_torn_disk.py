"""What SQLite leaves of acknowledged entries on disks that lose power, that fail, and that lie."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError
from pytest_django.plugin import DjangoDbBlocker

from paraph.acts import Delegate, Found, Propose
from paraph.node import stores
from paraph.node.errors import NodeError, OldDatabase
from paraph.node.journal import Journal
from paraph.node.stores import DatabaseStore
from paraph.record.errors import RecordError
from paraph.record.keys import SecretKey
from paraph.record.ledger import Ledger
from tests.conftest import POSTGRESQL
from tests.node.torn_disk import TornDatabase, TornDisk
from tests.parties import POWERS, Parties

pytestmark = pytest.mark.skipif(POSTGRESQL, reason="SQLite's own behaviour, whatever the other tests run on")
ROUNDS = int(os.environ.get("PARAPH_TEARS", "8"))  # of each kind; `make faults TEARS=…` takes more
Lie = Callable[[TornDisk], None]


class Ended(BaseException):
    """The process has ended itself."""


@pytest.fixture(autouse=True)
def _processes(monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    def end(error: BaseException) -> None:
        raise Ended(str(error))

    monkeypatch.setattr(stores, "_end", end)
    with django_db_blocker.unblock():
        yield


class Story:
    """One node that writes until its disk fails."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.picker = random.Random(seed)
        self.disk = TornDisk(self.picker)
        self.home = folder
        folder.mkdir()
        self.database = TornDatabase(folder / "node.sqlite3", self.disk, "torn")
        self.parties = Parties.meet()
        self.person = SecretKey.generate()
        self.acknowledged: list[bytes] = []
        self.journal = self.start()
        root = self.parties.roots["BY"]
        grant = Delegate(self.person.public.hex, {"en": "D"}, {"en": "D"}, POWERS)
        self.journal.record([Found(self.parties.charter.prog)], [root])
        self.journal.record([grant], [root])
        self.acknowledge()

    def start(self) -> Journal:
        """The process of the node starts."""
        store = DatabaseStore(self.home, ["BY", "RU"], "torn")
        store.save_charter(self.parties.charter.encode())
        return Journal(store, self.parties.charter, me="BY", node_key=self.parties.nodes["BY"])

    def write(self) -> None:
        """Write one act; acknowledged where this returns."""
        number = len(self.acknowledged)
        size = self.picker.choice((1, 1, 1, 3_000))
        content = {"number": number, "title": {"ru": "Газ " * size + f"{number}"}}
        self.journal.record([Propose("card:gas", content)], [self.person], at=self.parties.tick())

    def acknowledge(self) -> None:
        """All that is held now was said to be written."""
        rows = self.journal.store.rows("BY", len(self.acknowledged))
        self.acknowledged += [row.note for row in rows]

    def until_the_power_fails(self) -> None:
        """Write until the disk is dead."""
        self.disk.fuse = self.picker.randrange(200)
        while not self.disk.dead:
            try:
                self.write()
            except (Ended, DatabaseError):
                assert self.disk.dead
            else:
                self.acknowledge()
        self.database.close()

    def come_back(self) -> None:
        """The power returns, and the process starts."""
        self.disk.power_returns()
        self.database.open()
        self.journal = self.start()

    def lost(self) -> int:
        """How many acknowledged entries are not there, or are others."""
        found = [row.note for row in self.journal.store.rows("BY")][: len(self.acknowledged)]
        return sum(one != other for one, other in zip(found, self.acknowledged, strict=False)) + (
            len(self.acknowledged) - len(found)
        )


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Callable[[int], Story]]:
    made: list[Story] = []

    def make(seed: int) -> Story:
        if made:
            made.pop().database.end()
        made.append(Story(tmp_path / f"home{seed}", seed))
        return made[0]

    yield make
    for one in made:
        one.database.end()


def test_after_a_loss_of_power_every_acknowledged_entry_is_there_and_the_node_goes_on(
    story: Callable[[int], Story],
) -> None:
    torn = written = 0
    for seed in range(ROUNDS):
        one = story(seed)
        for _again in range(3):
            one.until_the_power_fails()
            torn += any(len(raw) % 4096 for raw in one.disk.picture.values())

            one.come_back()

            assert one.lost() == 0, seed
            one.write()
            one.acknowledge()
            written += len(one.acknowledged)
        checked = Ledger(one.parties.charter).load(one.journal.store, trusted=False)
        assert len(list(checked)) == len(one.acknowledged)
    assert torn
    assert written > ROUNDS * 10


def one_forgotten(disk: TornDisk) -> None:
    """The disk lied about what it had made durable last."""
    disk.forget_a_sync()


def cut_short(disk: TornDisk) -> None:
    """The end of a file is gone."""
    disk.cut()


def one_flipped(disk: TornDisk) -> None:
    """One bit changed."""
    disk.flip(1)


def many_flipped(disk: TornDisk) -> None:
    """Many bits changed."""
    disk.flip(40)


@pytest.mark.parametrize("lie", [one_forgotten, cut_short, one_flipped, many_flipped])
def test_a_disk_that_breaks_its_word_loses_no_acknowledged_entry_in_silence(
    story: Callable[[int], Story], lie: Lie
) -> None:
    whole = said = refused = 0
    for seed in range(ROUNDS * 2):
        one = story(seed)
        one.until_the_power_fails()
        lie(one.disk)

        try:
            one.come_back()
            one.journal.programme()
            lost = one.lost()
        except (RecordError, ValueError, NodeError, DatabaseError, Ended):
            said += 1  # the node does not start, and says why
            continue
        if not lost:
            whole += 1
            continue
        with pytest.raises((OldDatabase, RecordError, ValueError, DatabaseError, Ended)):
            one.write()
        refused += 1
    assert said + refused > 0
    assert whole + said + refused == ROUNDS * 2


def test_without_the_second_copy_of_the_head_a_lying_disk_would_lose_entries_in_silence(
    story: Callable[[int], Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = 0
    monkeypatch.setattr(Journal, "_check_own_log", lambda _journal: None)
    for seed in range(ROUNDS * 2):
        one = story(seed)
        one.until_the_power_fails()
        one.disk.forget_a_sync()
        one.come_back()
        if one.lost():
            one.write()
            silent += 1
    assert silent


def test_a_write_that_the_disk_refuses_ends_the_process_and_a_fresh_start_tells_what_is_there(
    story: Callable[[int], Story],
) -> None:
    ended = 0
    for seed in range(ROUNDS * 2):
        one = story(seed)
        one.disk.fails = one.picker.randrange(60)
        while one.disk.fails is not None:
            try:
                one.write()
            except Ended:
                ended += 1
                break
            one.acknowledge()
        one.disk.power_fails()
        one.database.close()

        one.come_back()

        assert one.lost() == 0, seed
        one.write()
    assert ended > ROUNDS


def test_a_disk_that_forgets_what_it_synced_would_be_found_by_the_first_of_these_tests(
    story: Callable[[int], Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first test can fail: with the setting that does not wait for the disk, entries are lost."""
    monkeypatch.setattr(TornDisk, "synced", lambda _disk, _path: None)
    lost = 0
    for seed in range(ROUNDS):
        one = story(seed)
        one.until_the_power_fails()
        try:
            one.come_back()
            lost += bool(one.lost())
        except (RecordError, ValueError, NodeError, DatabaseError, Ended):
            lost += 1
    assert lost
