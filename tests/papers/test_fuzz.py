"""A small part of the campaign of `make fuzz`: files changed at random are read, or refused by name."""

from pathlib import Path

import pytest

from paraph.papers.apart import ReadingRoom
from paraph.papers.limits import Limits
from tests.papers.fuzz import KINDS, Told, mutant, play, seeds


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_changed_at_random_is_read_or_refused(tmp_path: Path, kind: str) -> None:
    files, told, room = seeds(kind, tmp_path, corpus=False), Told(), ReadingRoom(Limits(seconds=10))

    play(kind, files, iter(range(60)), told, room, tmp_path / f"a.{kind}")
    room.close()

    assert told.broken == []
    assert told.done == sum(told.outcomes.values()) == 60
    assert 5 < told.outcomes["read"] < 55


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutant_follows_from_its_number(tmp_path: Path, kind: str) -> None:
    files = seeds(kind, tmp_path, corpus=False)[:1]

    assert mutant(kind, 7, files) == mutant(kind, 7, files) != mutant(kind, 8, files)
