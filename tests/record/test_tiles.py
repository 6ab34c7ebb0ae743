"""A log in pieces: the examples of C2SP tlog-tiles, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.record.errors import Malformed, TooLarge
from paraph.record.merkle import Tree, leaf_hash
from paraph.record.tiles import (
    CONTENTS,
    ENTRIES,
    MAX_PART,
    WIDTH,
    Piece,
    hash_pieces,
    joined,
    parted,
    read_name,
    read_parts,
    row_pieces,
)


def tree(size: int) -> Tree:
    """A tree of numbered entries."""
    made = Tree()
    made.extend(leaf_hash(b"%d" % n) for n in range(size))
    return made


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("tile/0/x001/x234/067", Piece("0", 1_234_067)),  # the example of the specification
        ("tile/0/000", Piece("0", 0)),
        ("tile/63/999.p/255", Piece("63", 999, 255)),
        ("tile/1/x001/000.p/1", Piece("1", 1_000, 1)),
        ("tile/entries/x001/x234/067", Piece(ENTRIES, 1_234_067)),
        ("tile/contents/017.p/5", Piece(CONTENTS, 17, 5)),
    ],
)
def test_a_piece_is_named_as_c2sp_names_it(name: str, piece: Piece) -> None:
    assert piece.name == name
    assert read_name(name) == piece


@pytest.mark.parametrize(
    "name",
    [
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000/",
        "tile/0/٠٠٠",
        "tile/others/000",
        "tile/0/000\n",
        "/tile/0/000",
    ],
)
def test_another_name_is_the_name_of_none(name: str) -> None:
    with pytest.raises(Malformed):
        read_name(name)


@given(st.integers(0, 2**53), st.integers(1, WIDTH))
def test_every_name_reads_back(n: int, width: int) -> None:
    assert read_name(Piece(ENTRIES, n, width).name) == Piece(ENTRIES, n, width)


def test_a_tree_of_70_000_has_the_tiles_of_the_example() -> None:
    pieces = list(hash_pieces(70_000))

    full = [(piece.level, piece.n) for piece in pieces if piece.width == WIDTH]
    partial = [(piece.level, piece.n, piece.width) for piece in pieces if piece.width < WIDTH]
    assert full == [(0, n) for n in range(273)] + [(1, 0)]
    assert partial == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above() -> None:
    assert list(hash_pieces(256)) == [Piece("0", 0), Piece("1", 0, 1)]
    assert list(hash_pieces(0)) == []


def test_a_hash_in_a_tile_stands_for_the_full_tile_below() -> None:
    made = tree(70_000)

    first, above = made.tile(0, 0, WIDTH), made.tile(1, 0, WIDTH)

    assert first[:32] == leaf_hash(b"0") and first[-32:] == leaf_hash(b"255")
    assert above[32 * 3 : 32 * 4] == _root(made.tile(0, 3, WIDTH))
    assert made.tile(2, 0, 1) == _root(above)
    for wrong in ((0, 274, 1), (0, 273, 113), (1, 1, 18), (2, 0, 2), (3, 0, 1)):
        with pytest.raises(ValueError):
            made.tile(*wrong)


def _root(hashes: bytes) -> bytes:
    made = Tree()
    made.extend(hashes[at : at + 32] for at in range(0, len(hashes), 32))
    return made.root()


@given(st.integers(0, 2_000), st.integers(1, 900))
def test_pieces_cover_what_is_wanted_and_end_where_it_ends(start: int, count: int) -> None:
    pieces = list(row_pieces(ENTRIES, start, start + count))

    held = [n for piece in pieces for n in range(piece.n * WIDTH, piece.stop)]
    assert held == list(range(start - start % WIDTH, start + count))
    assert list(row_pieces(ENTRIES, start, start)) == []


def test_an_entry_stands_behind_its_length() -> None:
    assert joined([b"", b"ab", b"x" * 258]) == b"\0\0" + b"\0\x02ab" + b"\x01\x02" + b"x" * 258


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20), st.data())
def test_whole_parts_are_read_and_what_is_cut_is_left(parts: list[bytes], data: st.DataObject) -> None:
    raw = joined(parts)
    cut = data.draw(st.integers(0, len(raw) - 1))

    found, used = parted(raw[:cut])

    assert read_parts(raw, len(parts)) == parts
    assert found == parts[: len(found)] and len(found) < len(parts)
    assert joined(found) == raw[:used] and used <= cut
    for wrong in (raw[:cut], raw + b"\0"):
        with pytest.raises(Malformed):
            read_parts(wrong, len(parts))


def test_what_a_length_of_two_bytes_cannot_say_is_refused() -> None:
    assert len(joined([bytes(MAX_PART)])) == MAX_PART + 2
    with pytest.raises(TooLarge):
        joined([bytes(MAX_PART + 1)])
