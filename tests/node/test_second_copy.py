"""The head of the own log, apart from the database."""

from pathlib import Path

from paraph.node import second_copy
from paraph.node.second_copy import SecondCopy

ROOT = b"\x07" * 32


def test_the_longest_head_counts(tmp_path: Path) -> None:
    copy = SecondCopy(tmp_path / "heads")
    copy.write("BY", 5, ROOT)
    copy.write("BY", 4, b"\x08" * 32)

    assert copy.heads() == {"BY": (5, ROOT)}


def test_a_line_cut_off_by_a_power_failure_is_passed_over(tmp_path: Path) -> None:
    copy = SecondCopy(tmp_path / "heads")
    copy.write("BY", 5, ROOT)
    with copy.path.open("ab") as file:
        file.write(b'{"log": "BY", "size": 6, "ro')

    assert copy.heads() == {"BY": (5, ROOT)}
    copy.write("BY", 7, ROOT)
    copy.write("BY", 8, ROOT)
    assert copy.heads() == {"BY": (8, ROOT)}


def test_a_long_file_is_cut_and_keeps_its_heads(tmp_path: Path, monkeypatch: object) -> None:
    copy = SecondCopy(tmp_path / "heads")
    long, second_copy._LONG = second_copy._LONG, 200
    for size in range(1, 9):
        copy.write("BY", size, ROOT)

    assert copy.heads() == {"BY": (8, ROOT)}
    assert len(copy.path.read_text().splitlines()) == 1
    assert copy.heads() == {"BY": (8, ROOT)}
    second_copy._LONG = long


def test_nothing_written_is_nothing_known(tmp_path: Path) -> None:
    assert SecondCopy(tmp_path / "heads").heads() == {}
