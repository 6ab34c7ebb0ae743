"""Files are read in a child process: what ends it ends nothing else."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from paraph.papers.apart import ReadingRoom
from paraph.papers.documents import Document
from paraph.papers.errors import PaperRefused
from paraph.papers.files import as_json, read_file
from paraph.papers.limits import Limits
from tests.papers.word_files import ins, p, word_file


@pytest.fixture
def open_room() -> Iterator[Callable[..., ReadingRoom]]:
    """Rooms that are closed after the test."""
    made: list[ReadingRoom] = []

    def opened(**limits: int) -> ReadingRoom:
        made.append(ReadingRoom(Limits(**limits)))
        return made[-1]

    yield opened
    for one in made:
        one.close()


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A file that takes no time."""
    return word_file(tmp_path / "short.docx", p("Prices ", ins("rise"), "."))


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A lawful file of many pages, which takes some seconds."""
    return word_file(tmp_path / "long.docx", p("Prices rise from 2022. ") * 100_000)


def kill(room: ReadingRoom, already: set[int]) -> int:
    """Kill the child that reads, once there is one that was not killed before."""
    until = time.monotonic() + 60
    while not (fresh := set(room.children()) - already):
        assert time.monotonic() < until
        time.sleep(0.005)
    (pid,) = fresh
    os.kill(pid, signal.SIGKILL)
    return pid


def test_a_child_reads_what_the_own_process_reads(open_room: Callable[..., ReadingRoom], short: Path) -> None:
    found = open_room().read(Document, "document", short, reading="marked")

    assert as_json(found) == as_json(read_file(short, "marked"))


def test_a_child_that_was_killed_between_two_files_is_replaced(
    open_room: Callable[..., ReadingRoom], short: Path
) -> None:
    room = open_room()
    room.read(Document, "document", short)
    killed = kill(room, set())

    assert room.read(Document, "document", short).paragraphs

    assert killed not in room.children()


@pytest.mark.parametrize("times", [1, 2])
def test_a_child_killed_while_it_reads_is_replaced_once(
    open_room: Callable[..., ReadingRoom], long: Path, short: Path, times: int
) -> None:
    room, said = open_room(), []

    def read() -> None:
        try:
            said.append(str(len(room.read(Document, "document", long).paragraphs)))
        except PaperRefused as refused:
            said.append(refused.kind)

    thread = threading.Thread(target=read)
    thread.start()
    killed: set[int] = set()
    for _time in range(times):
        killed.add(kill(room, killed))
    thread.join()

    assert said == (["100000"] if times == 1 else ["broken"])
    assert room.read(Document, "document", short).paragraphs


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_read(
    open_room: Callable[..., ReadingRoom], long: Path, short: Path
) -> None:
    room = open_room(seconds=1)

    with pytest.raises(PaperRefused) as refused:
        room.read(Document, "document", long)

    assert refused.value.kind == "time"
    assert room.read(Document, "document", short).paragraphs


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_read(
    open_room: Callable[..., ReadingRoom], long: Path, short: Path
) -> None:
    room = open_room(memory=70 << 20)

    with pytest.raises(PaperRefused) as refused:
        room.read(Document, "document", long)

    assert refused.value.kind == "memory"
    assert room.memory < 75 << 20
    assert room.read(Document, "document", short).paragraphs


def test_a_child_is_replaced_after_so_many_files(open_room: Callable[..., ReadingRoom], short: Path) -> None:
    room, seen = open_room(files=3), []

    for _file in range(7):
        room.read(Document, "document", short)
        seen.append(tuple(room.children()))

    assert seen[0] == seen[1] and seen[3] == seen[4]
    assert seen[2] == seen[5] == ()
    assert len({seen[0], seen[3], seen[6]}) == 3


def test_a_child_may_write_no_file_and_hold_no_more_memory_than_it_was_given(
    open_room: Callable[..., ReadingRoom], short: Path
) -> None:
    room = open_room()
    room.read(Document, "document", short)

    said = Path(f"/proc/{room.children()[0]}/limits").read_text()

    assert re.search(r"Max file size +0 +0 ", said)
    assert re.search(rf"Max address space +{512 << 20} +{512 << 20} ", said)


def test_children_end_with_their_room(open_room: Callable[..., ReadingRoom], short: Path) -> None:
    room = open_room()
    room.read(Document, "document", short)
    (child,) = room.children()

    room.close()

    assert not Path(f"/proc/{child}").exists()


@pytest.mark.parametrize(("reason", "limits"), [("time", "seconds=1"), ("memory", "memory=10 << 20")])
def test_a_command_that_reads_one_file_is_bounded_alike(long: Path, reason: str, limits: str) -> None:
    run = f"""
import sys
from pathlib import Path
from paraph.papers.limits import Limits, bounded
from paraph.papers.errors import PaperRefused
from paraph.papers.files import read_file
try:
    with bounded(Limits({limits})):
        read_file(Path(sys.argv[1]))
except PaperRefused as refused:
    print(refused.kind)
"""

    done = subprocess.run([sys.executable, "-c", run, str(long)], capture_output=True, text=True, check=True)

    assert done.stdout == f"{reason}\n"
