"""What tests of papers share."""

from collections.abc import Iterator

import pytest

from paraph.papers.apart import ReadingRoom
from paraph.papers.limits import Limits
from paraph.state.programme import Programme
from tests.demo.test_union_state import DAY, fresh


@pytest.fixture(scope="module")
def room() -> Iterator[ReadingRoom]:
    """One child that reads all files of a module, with a few seconds for each."""
    made = ReadingRoom(Limits(seconds=3), places=1)
    yield made
    made.close()


@pytest.fixture(scope="session")
def demo() -> Programme:
    """The demo on its day."""
    history = fresh()
    history.play(DAY)
    found: Programme = history.programme("BY")
    return found
