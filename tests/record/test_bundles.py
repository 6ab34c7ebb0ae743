"""The courier's file."""

import io
import warnings
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paraph.record import bundles
from paraph.record.bundles import line_of, read_bundle, row_of, write_bundle
from paraph.record.errors import Malformed, NotHeld, RecordError, TooLarge
from paraph.record.ledger import Ledger
from paraph.record.stores import MemoryStore, Row
from tests.record.writing import Writer, blob, rows_of

Parts = dict[str, bytes]


def full() -> Writer:
    """A programme with contents, acks and a blob."""
    desk = Writer().begin()
    desk.remark("BY", "Секрет «в кавычках»")
    desk.ack("RU", "BY")
    named, held = blob("a long text " * 200)
    desk.write("RU", {"kind": "propose", "content": named}, [desk.person["RU"]], blobs=held)
    return desk


DESK = full()


def written(desk: Writer = DESK, **other: Any) -> bytes:
    """The courier's file to a party."""
    return write_bundle(desk.store, desk.charter.encode(), desk.heads(), **{"contents": True, **other})


def unpacked(data: bytes) -> Parts:
    """Names and bytes of a ZIP, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts: Parts) -> bytes:
    """A ZIP in the form of a courier's file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in parts.items():
            bundles._put(file, name, data)
    return out.getvalue()


def as_lines(parts: Parts) -> Parts:
    """The same parts as release 0.1.0 wrote them."""
    bundle = read_bundle(packed(parts))
    found = {"charter.json": bundle.charter}
    for log, head in bundle.checkpoints.items():
        rows = b"".join(line_of(row) for row in bundle.rows if row.log == log)
        found |= {f"{log}/checkpoint": head} | ({f"{log}/entries.jsonl": rows} if rows else {})
    return found | {f"blobs/{name}": data for name, data in bundle.blobs.items()}


def test_what_a_party_sends_another_party_can_admit() -> None:
    bundle = read_bundle(written())
    ledger = Ledger(DESK.charter)

    entries = ledger.admit_all(bundle.rows, bundle.blobs.get)

    assert len(entries) == 7
    assert bundle.charter == DESK.charter.encode()
    for log, head in bundle.checkpoints.items():
        assert ledger.confirm(log, head).root == DESK.ledger.root(log)
    assert set(bundle.blobs) == set(DESK.store.blob_names())


def test_reading_back_gives_the_same_rows_and_equal_input_gives_equal_bytes() -> None:
    assert list(read_bundle(written()).rows) == rows_of(DESK.store)
    assert written() == written(full())


def test_an_observer_gets_no_contents_and_no_blobs() -> None:
    data = written(contents=False)

    bundle = read_bundle(data)

    assert all(row.content is None for row in bundle.rows)
    assert not bundle.blobs
    assert not any("Секрет".encode() in part or b"salt" in part for part in _entries(data))
    watcher = Ledger(DESK.charter, reads_contents=False)
    watcher.admit_all(bundle.rows, bundle.blobs.get)
    assert watcher.root("BY") == DESK.ledger.root("BY")


def _entries(data: bytes) -> list[bytes]:
    return [part for name, part in unpacked(data).items() if name != "charter.json"]


def test_the_file_is_the_tree_of_resources_that_the_exchange_gives() -> None:
    names = list(unpacked(written()))

    assert [name for name in names if name.startswith("BY/")] == [
        "BY/checkpoint",
        "BY/tile/entries/000.p/3",
        "BY/tile/contents/000.p/3",
        "BY/tile/0/000.p/3",
    ]
    assert [name.partition("/")[0] for name in names if "/" not in name or "blob" in name] == [
        "charter.json",
        "blob",
    ]


def test_pieces_that_the_receiver_holds_stay_behind() -> None:
    desk = large()

    bundle = read_bundle(written(desk, since={"BY": 3, "RU": 300}))

    assert [row.n for row in bundle.rows if row.log == "BY"] == [0, 1, 2, 3]
    assert [row.n for row in bundle.rows if row.log == "RU"] == list(range(256, 304))
    assert set(bundle.checkpoints) == {"BY", "RU"}
    assert set(unpacked(written(since={"BY": 3, "RU": 4}))) == {
        "charter.json",
        "BY/checkpoint",
        "RU/checkpoint",
    }


def test_a_log_of_several_pieces_reads_back() -> None:
    desk = large()
    names = unpacked(written(desk)).keys()

    assert list(read_bundle(written(desk)).rows) == rows_of(desk.store)
    assert {"RU/tile/entries/000", "RU/tile/contents/001.p/48", "RU/tile/1/000.p/1"} <= names


@cache
def large() -> Writer:
    """A log of more than one piece."""
    desk = full()
    desk.remark("BY")
    for n in range(300):
        desk.remark("RU", f"Слово {n}")
    return desk


def test_a_file_of_release_0_1_0_is_read() -> None:
    assert read_bundle(packed(as_lines(unpacked(written())))).rows == read_bundle(written()).rows
    assert read_bundle(packed(as_lines(unpacked(written())))).blobs == read_bundle(written()).blobs


def test_entries_beyond_the_signed_head_stay_behind() -> None:
    desk = full()
    heads = desk.heads()
    desk.remark("BY")

    bundle = read_bundle(write_bundle(desk.store, desk.charter.encode(), heads, contents=True))

    assert max(row.n for row in bundle.rows if row.log == "BY") == 2


def test_a_log_without_a_signed_head_stays_behind() -> None:
    heads = {"BY": DESK.head("BY")}

    bundle = read_bundle(write_bundle(DESK.store, DESK.charter.encode(), heads, contents=True))

    assert {row.log for row in bundle.rows} == {"BY"}


def test_a_missing_blob_is_not_passed_over() -> None:
    store = MemoryStore()
    store.append(rows_of(DESK.store), {})

    with pytest.raises(NotHeld, match="blob"):
        write_bundle(store, DESK.charter.encode(), DESK.heads(), contents=True)


def test_where_names_the_place_of_an_entry_in_the_file() -> None:
    bundle, older = read_bundle(written(large())), read_bundle(packed(as_lines(unpacked(written()))))

    assert bundle.where("RU", 3) == "RU/tile/entries/000"
    assert bundle.where("RU", 256) == "RU/tile/entries/001.p/48"
    assert older.where("RU", 3) == "RU/entries.jsonl line 4"


@given(st.text(), st.none() | st.text(), st.integers(0, 2**53))
def test_a_line_reads_back_as_its_row(note: str, content: str | None, n: int) -> None:
    try:
        row = Row("BY", n, note.encode(), None if content is None else content.encode())
    except UnicodeEncodeError:
        return

    assert row_of("BY", line_of(row)) == row
    assert row_of("BY", line_of(row).removesuffix(b"\n")) == row


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'{"n":0}',
        b'{"n":"0","note":""}',
        b'{"n":0.0,"note":""}',
        b'{"n":0,"note":7}',
        b'{"n":0,"note":"","more":1}',
        b'{"note":"","n":0}',
        b'{"n":0,"note":"","content":null}',
        b'{"n":0, "note":""}',
        b'{"n":0,"note":"\xff"}',
        b'{"n":0,"n":0,"note":""}',
    ],
)
def test_a_line_written_in_another_way_is_refused(line: bytes) -> None:
    with pytest.raises(Malformed):
        row_of("BY", line)


def test_a_line_over_its_limit_is_refused() -> None:
    with pytest.raises(TooLarge):
        row_of("BY", b" " * 200_000)


# ---------------------------------------------------------------- bad files


def change(name: str, act: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    """Change one part."""
    return lambda parts: {**parts, name: act(parts[name])}


def drop(name: str) -> Callable[[Parts], Parts]:
    """Leave one part out."""
    return lambda parts: {one: data for one, data in parts.items() if one != name}


def add(name: str, data: bytes = b"") -> Callable[[Parts], Parts]:
    """Add a part."""
    return lambda parts: {**parts, name: data}


def lines(act: Callable[[list[bytes]], list[bytes]]) -> Callable[[Parts], Parts]:
    """Change the lines of BY's entries."""
    return change(
        "BY/entries.jsonl",
        lambda raw: b"".join(line + b"\n" for line in act(raw.split(b"\n")[:-1])),
    )


ENTRIES, CONTENTS = "BY/tile/entries/000.p/3", "BY/tile/contents/000.p/3"


@pytest.mark.parametrize(
    ("spoil", "because"),
    [
        (drop("charter.json"), "no charter"),
        (drop("BY/checkpoint"), "BY entry 2: its signed head does not cover it"),
        (change("BY/checkpoint", lambda raw: DESK.head("RU").replace(b"4", b"1")), "does not cover"),
        (change("BY/checkpoint", lambda raw: b"\xff\n\xff\n"), "not a courier's file"),
        (add("readme.txt"), "unknown name"),
        (add("../BY/checkpoint"), "unknown name"),
        (add("/charter.json"), "unknown name"),
        (add("BY/"), "unknown name"),
        (add("by/checkpoint"), "unknown name"),
        (add("blob/00"), "unknown name"),
        (add("BY/tile/entries/0"), "unknown name"),
        (add("BY/tile/others/000"), "unknown name"),
        (add("charter.json\n"), "unknown name"),
        (add("blob/" + "00" * 32, b"x"), "no entry of the courier's file names"),
        (add("BY/tile/entries/002", b"x"), "BY/tile/entries/000.p/3: it does not follow the piece before it"),
        (add("BY/tile/entries/001", b"x"), "BY/tile/entries/000.p/3: it does not follow"),
        (add("BY/tile/contents/001", b"x"), "contents without the entries"),
        (add("BY/entries.jsonl", b"x\n"), "line 1: not an entry"),
        (add("BY/entries.jsonl", line_of(Row("BY", 0, b"", None))), "in pieces and as lines"),
        (add("BY/tile/1/000.p/1", bytes(32)), "hashes of other entries"),
        (change("BY/tile/0/000.p/3", lambda raw: raw[:-1] + b"x"), "hashes of other entries"),
        (change(ENTRIES, lambda raw: raw[:-1]), "000.p/3: not 3 whole parts"),
        (change(ENTRIES, lambda raw: raw + b"\0\0"), "000.p/3: not 3 whole parts"),
        (change(ENTRIES, lambda raw: b""), "000.p/3: not 3 whole parts"),
        (
            change(CONTENTS, lambda raw: raw[:-1]),
            "contents/000.p/3: not 3 whole parts|entries/000.p/3: not 3",
        ),
        (drop("RU/tile/contents/000.p/4"), "no entry of the courier's file names"),
        (change("charter.json", lambda raw: raw * 400), "charter.json: it has more than"),
        (change("BY/checkpoint", lambda raw: raw * 500), "BY/checkpoint: it has more than"),
    ],
)
def test_a_bad_file_is_refused_with_place_and_reason(spoil: Callable[[Parts], Parts], because: str) -> None:
    with pytest.raises(Malformed, match=because):
        read_bundle(packed(spoil(unpacked(written()))))


@pytest.mark.parametrize(
    ("spoil", "because"),
    [
        (lines(lambda all: [all[0], b"x", *all[1:]]), "BY/entries.jsonl line 2: not an entry"),
        (lines(lambda all: [all[0], *all[2:]]), "BY/entries.jsonl line 2: entry 2 does not follow"),
        (lines(lambda all: [all[1], all[0]]), "BY/entries.jsonl line 2: entry 0 does not follow"),
        (lines(lambda all: [all[0], b"", *all[1:]]), "line 2: not an entry"),
        (lines(lambda all: [line.replace(b":", b": ", 1) for line in all]), "line 1: not written"),
        (lines(lambda all: [b'{"n":-1,"note":""}']), "does not follow"),
        (change("BY/entries.jsonl", lambda raw: raw[:-1]), "the last line is cut"),
        (change("BY/entries.jsonl", lambda raw: b""), "the last line is cut"),
        (change("RU/entries.jsonl", lambda raw: raw.replace(b"size", b"soze")), "no entry"),
        (add("blobs/00"), "unknown name"),
    ],
)
def test_a_bad_file_of_release_0_1_0_is_refused_with_line_and_reason(
    spoil: Callable[[Parts], Parts], because: str
) -> None:
    with pytest.raises(Malformed, match=because):
        read_bundle(packed(spoil(as_lines(unpacked(written())))))


def raw_zip(**how: Any) -> bytes:
    """The parts of a good file in a ZIP written in another way."""
    out = io.BytesIO(how.pop("before", b""))
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a" if out.tell() else "w") as file:
        for name, data in unpacked(written()).items():
            info = zipfile.ZipInfo(name)
            for field, value in how.get("info", {}).items():
                setattr(info, field, value)
            file.writestr(info, data, how.get("compress", zipfile.ZIP_DEFLATED))
            if how.get("twice"):
                with warnings.catch_warnings(action="ignore"):
                    file.writestr(info, data)
        file.comment = how.get("comment", b"")
    after: bytes = how.get("after", b"")
    return out.getvalue() + after


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        written()[:-1],
        written() + b"\x00",
        b"\x00" + written(),
        raw_zip(comment=b"a word"),
        raw_zip(after=b"more"),
        raw_zip(before=b"#!/bin/sh\n"),
        raw_zip(twice=True),
        raw_zip(compress=zipfile.ZIP_BZIP2),
        raw_zip(compress=zipfile.ZIP_LZMA),
        raw_zip(info={"extra": b"\x01\x00\x01\x00x"}),
        raw_zip(info={"comment": b"a word"}),
    ],
)
def test_a_zip_that_holds_more_than_it_says_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_bundle(data)


def test_a_zip_written_plainly_is_read() -> None:
    assert read_bundle(raw_zip()).rows == read_bundle(written()).rows
    assert read_bundle(raw_zip(compress=zipfile.ZIP_STORED)).rows


def test_a_file_that_unpacks_to_more_than_allowed_is_refused_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = written()
    for limit, value in (("MAX_UNPACKED", 1000), ("MAX_FILES", 3)):
        with monkeypatch.context() as patch:
            patch.setattr(bundles, limit, value)
            with pytest.raises(TooLarge):
                read_bundle(data)
            with pytest.raises(TooLarge):
                written()


def test_a_size_that_lies_is_refused() -> None:
    data = bytearray(packed({"charter.json": b"a" * 100_000}))
    size = (100_000).to_bytes(4, "little")
    assert data.count(size) == 2

    data = bytearray(data.replace(size, (100).to_bytes(4, "little")))

    with pytest.raises(Malformed):
        read_bundle(bytes(data))


@given(st.integers(0, 8 * len(written()) - 1))
@settings(max_examples=300, deadline=None)
def test_a_file_with_any_bit_flipped_never_brings_anything_else(bit: int) -> None:
    raw = bytearray(written())
    raw[bit // 8] ^= 1 << bit % 8
    ledger = Ledger(DESK.charter)

    try:
        bundle = read_bundle(bytes(raw))
        ledger.admit_all(bundle.rows, bundle.blobs.get)
    except RecordError:
        assert ledger.sizes() == {"BY": 0, "RU": 0}
        return

    assert [ledger.root(log) for log in ledger.logs] == [DESK.ledger.root(log) for log in ledger.logs]
