"""Which notes prove two histories of a log, and how an ack carries them."""

import json
from typing import Any

import msgspec
import pytest

from paraph.record.charter import read_charter
from paraph.record.errors import Malformed, NotHeld
from paraph.record.forks import ROOM, Evidence, of_entries, of_heads
from paraph.record.ledger import Ledger
from tests.record.make_forks import FILE, build, head, held, judged, note_of, other
from tests.record.make_rotations import FRESH
from tests.record.writing import Writer, key

VECTORS: dict[str, Any] = json.loads(FILE.read_text())


def nothing(_name: str) -> bytes | None:
    """No blob is held."""
    return None


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
@pytest.mark.parametrize("reads_contents", [True, False])
def test_evidence_proves_what_is_written(case: dict[str, Any], reads_contents: bool) -> None:
    ledger = Ledger(read_charter(VECTORS["charter"].encode()), reads_contents=reads_contents)
    for note, content in VECTORS["rows"]:
        ledger.admit(note.encode(), content.encode() or None if reads_contents else None, nothing)
    evidence = msgspec.convert(case["evidence"], Evidence)

    outcome = judged(ledger, evidence)

    assert outcome == {name: case[name] for name in ("error", "shared", "latest") if name in case}


def test_the_written_evidence_is_made_again_bit_for_bit() -> None:
    assert build() == VECTORS


def test_six_kinds_prove_and_the_others_do_not() -> None:
    assert ["error" in case for case in VECTORS["cases"]] == [False] * 6 + [True] * 23


def test_an_ack_carries_evidence_and_a_false_one_is_refused() -> None:
    desk = Writer().begin()
    desk.remark("BY", "one")
    twin = Writer().begin()
    twin.remark("BY", "another")
    good = of_entries("BY", note_of(desk, 2), note_of(twin, 2))
    assert good is not None

    for notes in (good.notes[:1], [good.notes[0]] * 2, ["x", "y"]):
        bad = msgspec.to_builtins(Evidence("BY", notes))
        note, _ = desk.make("RU", {"kind": "ack", "heads": {}, "forks": [bad]}, public=True)
        with pytest.raises(Malformed):
            desk.ledger.admit(note, None, nothing)
    for odd in (7, [7], [{"log": "XX", "notes": good.notes}], {"log": "BY"}):
        note, _ = desk.make("RU", {"kind": "ack", "heads": {}, "forks": odd}, public=True)
        with pytest.raises(Malformed):
            desk.ledger.admit(note, None, nothing)

    entry = desk.write("RU", {"kind": "ack", "heads": {}, "forks": [msgspec.to_builtins(good)]}, public=True)
    assert entry.n == 2
    assert desk.ledger.past("RU") == {}


def test_a_head_held_that_is_smaller_proves_nothing_yet() -> None:
    desk = held()

    assert of_heads("BY", desk.ledger.logs["BY"].tree, head(desk, 3), head(other(), 4)) is None
    assert of_heads("BY", desk.ledger.logs["BY"].tree, None, head(other(), 4)) is None


def test_entries_too_long_for_an_ack_are_proven_by_heads_instead() -> None:
    desk, twin = Writer().begin(), Writer().begin()
    for one, letter in ((desk, "a"), (twin, "b")):
        one.write("BY", {"kind": "x", "words": letter * 20_000}, public=True)

    assert of_entries("BY", note_of(desk, 2), note_of(twin, 2)) is None
    heads = of_heads("BY", desk.ledger.logs["BY"].tree, desk.head("BY"), twin.head("BY"))
    assert heads is not None
    desk.ledger.check_evidence(heads)
    assert len(msgspec.json.encode(heads)) < 2_000 < ROOM


def test_heads_of_every_two_sizes_prove_what_they_exclude() -> None:
    desk, twin = Writer().begin(), Writer().begin()
    for n in range(9):
        desk.remark("BY", f"mine {n}")
        twin.remark("BY", f"yours {n}" if n > 2 else f"mine {n}")
    tree = desk.ledger.logs["BY"].tree
    for large in range(1, 12):
        for small in range(1, large + 1):
            one, two = head(desk, large), head(twin, small)

            evidence = of_heads("BY", tree, one, two)

            assert evidence is not None
            if small > 5:
                desk.ledger.check_evidence(evidence)
                assert (evidence.shared, evidence.latest) == (0, small - 1)
            else:
                with pytest.raises(Malformed, match="could stand in one history"):
                    desk.ledger.check_evidence(evidence)


def test_evidence_under_keys_that_are_not_known_yet_waits() -> None:
    desk = held()
    behind = Ledger(desk.charter)
    for n in range(3):
        row = next(desk.store.rows("BY", n))
        behind.admit(row.note, row.content, nothing)
    late = Evidence("BY", sorted([head(desk, 6, FRESH).decode()] * 2))
    forged = [desk.make("BY", {"kind": kind}, public=True, node=FRESH)[0].decode() for kind in "ab"]

    with pytest.raises(NotHeld, match="not known yet"):
        behind.check_evidence(Evidence("BY", forged))
    with pytest.raises(Malformed):
        behind.check_evidence(late)
    desk.ledger.check_evidence(Evidence("BY", forged))
    assert key("BY node").public != FRESH.public
