"""The stored bytes keep their outcome."""

import json
from typing import Any

import pytest

from paraph.record import errors
from paraph.record.charter import read_charter
from paraph.record.ledger import Ledger
from tests.record.make_vectors import FILE, build

VECTORS: dict[str, Any] = json.loads(FILE.read_text())
BLOBS = {name: bytes.fromhex(data) for name, data in VECTORS["blobs"].items()}


def admitted() -> Ledger:
    """A ledger that holds the good entries."""
    ledger = Ledger(read_charter(VECTORS["charter"].encode()))
    for one in VECTORS["good"]:
        entry = ledger.admit(one["note"].encode(), raw(one["content"]), BLOBS.get)

        assert (entry.log, entry.n, entry.leaf.hex()) == (one["log"], one["n"], one["leaf"])
        assert dict(entry.past) == one["past"]
        assert entry.act == one["act"]
    return ledger


def raw(written: Any) -> bytes | None:
    """Bytes from text or hex."""
    if isinstance(written, dict):
        return bytes.fromhex(written["hex"]) if "hex" in written else written["text"].encode()
    return None if written is None else written.encode()


LEDGER = admitted()


def test_good_entries_are_admitted_and_give_the_stored_roots() -> None:
    ledger = admitted()

    assert ledger.prog == VECTORS["prog"]
    for log, root in VECTORS["roots"].items():
        assert ledger.root(log).hex() == root
        assert ledger.confirm(log, VECTORS["checkpoints"][log].encode()).size == ledger.size(log)


@pytest.mark.parametrize("bad", VECTORS["bad"], ids=[one["name"] for one in VECTORS["bad"]])
def test_a_bad_entry_is_refused_for_its_reason_and_changes_nothing(bad: dict[str, Any]) -> None:
    before = [LEDGER.root(log) for log in LEDGER.logs]

    with pytest.raises(errors.RecordError) as found:
        LEDGER.admit(raw(bad["note"]) or b"", raw(bad["content"]), BLOBS.get)

    assert type(found.value).__name__ == bad["error"], found.value
    assert found.value.message
    assert [LEDGER.root(log) for log in LEDGER.logs] == before


def test_bytes_once_signed_are_made_again_bit_for_bit() -> None:
    assert build() == VECTORS


def test_bad_entries_are_named_once() -> None:
    names = [one["name"] for one in VECTORS["bad"]]

    assert len(set(names)) == len(names) >= 20
