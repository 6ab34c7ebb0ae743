"""What tests of papers share."""

from collections.abc import Iterator

import pytest

from paraph.papers.apart import ReadingRoom
from paraph.papers.limits import Limits


@pytest.fixture(scope="module")
def room() -> Iterator[ReadingRoom]:
    """One child that reads all files of a module, with a few seconds for each."""
    made = ReadingRoom(Limits(seconds=3), places=1)
    yield made
    made.close()
