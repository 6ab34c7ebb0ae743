"""How the keys of a log pass to new ones, and what the former ones still say."""

import json
from typing import Any

import pytest

from paraph.record.authority import first, successor
from paraph.record.charter import read_charter
from paraph.record.checkpoints import sign_checkpoint
from paraph.record.errors import BadSignature, Malformed, RecordError
from paraph.record.ledger import Ledger
from paraph.record.stores import MemoryStore, Row
from tests.record.make_rotations import FILE, FRESH, NEW, NODE, OLD, Case, build, rotate
from tests.record.writing import Writer, key

VECTORS: dict[str, Any] = json.loads(FILE.read_text())
CHARTER = read_charter(VECTORS["charter"].encode())
EXPECTED = {"holds": 14, "BadSignature": 12, "UnknownKey": 4, "void": 28}


def nothing(_name: str) -> bytes | None:
    """No blob is held."""
    return None


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_a_rotation_leads_to_what_is_written(case: dict[str, Any]) -> None:
    ledger, store = Ledger(CHARTER), MemoryStore()
    rows = [
        Row("BY", n, note.encode(), content.encode() or None)
        for n, (note, content) in enumerate(case["rows"])
    ]
    for row in rows[:-1]:
        ledger.admit(row.note, row.content, nothing)
        store.append([row], {})

    try:
        entry = ledger.admit(rows[-1].note, rows[-1].content, nothing)
    except RecordError as error:
        outcome = type(error).__name__
    else:
        outcome = f"void: {entry.void}" if entry.void else "holds"
        store.append(rows[-1:], {})

    assert outcome == case["outcome"]
    reloaded, watcher = Ledger(CHARTER), Ledger(CHARTER, reads_contents=False)
    list(reloaded.load(store))
    watcher.admit_all([Row(row.log, row.n, row.note, None) for row in store.rows("BY")], nothing)
    for held in (ledger, reloaded, watcher):
        keys = held.logs["BY"].authority
        assert (keys.version, keys.threshold, keys.node.hex) == (
            case["version"],
            case["threshold"],
            case["node"],
        )
        assert sorted(one.hex for one in keys.roots.values()) == case["roots"]


def test_the_written_cases_are_made_again_bit_for_bit() -> None:
    assert build() == VECTORS


def test_every_outcome_is_among_the_cases() -> None:
    outcomes = [case["outcome"].partition(":")[0] for case in VECTORS["cases"]]

    assert {name: outcomes.count(name) for name in sorted(set(outcomes))} == dict(sorted(EXPECTED.items()))


def test_what_the_former_keys_signed_stands() -> None:
    case = Case()
    early = case.desk.head("BY")
    case.give(rotate())
    ledger = case.desk.ledger

    late = sign_checkpoint(ledger.logs["BY"].origin, 3, ledger.root("BY"), FRESH)

    assert ledger.confirm("BY", early).size == 2
    assert ledger.confirm("BY", late).size == 3


@pytest.mark.parametrize(("size", "signer"), [(3, NODE), (2, FRESH), (0, FRESH)])
def test_a_head_is_signed_by_the_node_key_of_its_last_entry(size: int, signer: Any) -> None:
    ledger = Case().give(rotate()).desk.ledger
    head = sign_checkpoint(ledger.logs["BY"].origin, size, ledger.root("BY", size), signer)

    with pytest.raises(BadSignature):
        ledger.confirm("BY", head)


def test_an_undone_rotation_leaves_the_former_keys() -> None:
    case = Case()
    ledger = case.desk.ledger

    with pytest.raises(RuntimeError), ledger.trial():
        case.give(rotate())
        raise RuntimeError

    assert ledger.logs["BY"].authority.version == 0
    assert set(ledger.logs["BY"].root_keys) == {one.public.id for one in OLD}


def test_keys_are_told_by_their_role_before_and_after() -> None:
    ledger = Case().give(rotate()).desk.ledger

    found = [ledger.key("BY", one.public.id) for one in (NODE, FRESH, OLD[0], NEW[0])]

    assert [(info.role, info.since) if info else None for info in found] == [
        ("node", 0),
        ("node", 2),
        ("root", 0),
        ("root", 2),
    ]


@pytest.mark.parametrize(
    "change", [{"roots": None}, {"roots": ["x"] * 17}, {"stands": 7}, {"node": None}, {"threshold": "2"}]
)
def test_a_rotation_of_another_form_hands_over_nothing(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        successor(first(CHARTER.party("BY")), rotate(**change))


def test_another_log_keeps_its_keys() -> None:
    desk: Writer = Case().give(rotate()).desk

    assert desk.ledger.logs["RU"].node == key("RU node").public
