"""Does a file carried by hand bring the same as the exchange?"""

from pathlib import Path

import pytest

from paraph.node.exchange import courier
from paraph.record.bundles import read_bundle, write_bundle
from paraph.record.errors import RecordError
from paraph.record.stores import MemoryStore, Row
from tests.exchange.nodes import ABOUT, founded, remarks, sizes

WORDS = "Совершенно особые слова."


def test_a_file_carries_everything_there_and_back(tmp_path: Path) -> None:
    parties = founded()
    parties.words("BY", ABOUT, " ".join([WORDS] * 1_000))  # lies in a blob
    there, back = tmp_path / "there.zip", tmp_path / "back.zip"

    size = courier.write(parties.journals["BY"], "RU", there)
    brought = courier.read(parties.journals["RU"], there)
    parties.words("RU", ABOUT, "Ответ.")
    courier.write(parties.journals["RU"], "BY", back)
    courier.read(parties.journals["BY"], back.read_bytes())

    assert size == there.stat().st_size
    assert len(brought.new) == 1
    assert sizes(parties, "BY") == sizes(parties, "RU")
    assert parties.journals["RU"].ledger.past("RU")["BY"] == sizes(parties, "BY")["BY"]


def test_a_file_for_a_reader_who_holds_the_beginning_brings_the_rest(tmp_path: Path) -> None:
    parties = founded()
    since = sizes(parties, "RU")
    remarks(parties, "BY", 3)

    data = courier.pack(parties.journals["BY"], "RU", since)
    brought = courier.read(parties.journals["RU"], data)

    assert len(brought.new) == 3
    assert brought.known == sum(since.values()) - since["RU"]  # they lie in the same piece


def test_a_file_for_an_observer_holds_no_contents() -> None:
    parties = founded()
    parties.words("BY", ABOUT, WORDS)
    parties.words("BY", ABOUT, " ".join([WORDS] * 1_000))

    for_observer = read_bundle(courier.pack(parties.journals["BY"], "OBS"))
    for_party = read_bundle(courier.pack(parties.journals["BY"], "RU"))
    courier.read(parties.journals["OBS"], courier.pack(parties.journals["BY"], "OBS"))

    assert not for_observer.blobs
    assert not any(row.content for row in for_observer.rows)
    assert for_party.blobs
    assert any(WORDS.encode() in (row.content or b"") for row in for_party.rows)
    assert sizes(parties, "OBS") == sizes(parties, "BY")


def test_a_file_that_was_changed_on_the_way_is_refused_whole() -> None:
    parties = founded()
    remarks(parties, "BY", 3)
    held = sizes(parties, "RU")
    good = courier.pack(parties.journals["BY"], "RU")

    refused = 0
    for place in range(len(good)):
        bad = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        try:
            same = read_bundle(bad) == read_bundle(good)  # as in the date of a file
        except RecordError:
            same = False
        if not same:
            with pytest.raises(RecordError):
                courier.read(parties.journals["RU"], bad)
            refused += 1

    assert refused > 0.9 * len(good)
    assert sizes(parties, "RU") == held


def test_a_file_with_one_wrong_entry_is_refused_whole_with_the_place_and_the_reason() -> None:
    parties = founded()
    held = sizes(parties, "RU")
    remarks(parties, "BY", 3)
    bundle = read_bundle(courier.pack(parties.journals["BY"], "RU"))
    last = next(row for row in reversed(bundle.rows) if row.log == "BY")
    wrong = Row(last.log, last.n, last.note, (last.content or b"").replace(b'"ru"', b'"en"'))
    store = MemoryStore()
    for row in bundle.rows:
        store.append([wrong if row == last else row], {})
    bad = write_bundle(store, bundle.charter, bundle.checkpoints, contents=True)

    with pytest.raises(
        RecordError, match=f"BY/tile/entries/000.p/{last.n + 1}, BY entry {last.n}: the content"
    ):
        courier.read(parties.journals["RU"], bad)

    assert sizes(parties, "RU") == held


def test_a_file_of_another_programme_is_refused() -> None:
    parties, others = founded(), founded()

    with pytest.raises(RecordError, match="another programme"):
        courier.read(parties.journals["RU"], courier.pack(others.journals["BY"], "RU"))


def test_a_reader_whom_the_charter_does_not_name_gets_no_file() -> None:
    parties = founded()

    with pytest.raises(KeyError):
        courier.pack(parties.journals["BY"], "XX")
