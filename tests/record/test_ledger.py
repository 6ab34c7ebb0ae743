"""What is admitted, and what it then knows."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paraph.record.canonical import encode
from paraph.record.checkpoints import sign_checkpoint
from paraph.record.entries import Entry, blob_name, blobs_of
from paraph.record.errors import (
    BadChain,
    BadSignature,
    Inconsistent,
    Known,
    Malformed,
    NotHeld,
    RecordError,
    TooLarge,
    UnknownKey,
)
from paraph.record.ledger import Ledger
from paraph.record.logs import COPIED, REPEATED
from paraph.record.merkle import leaf_hash
from paraph.record.notes import Note, format_note, parse_note
from paraph.record.stores import Row
from tests.record.writing import Writer, blob, charter, key, roots, rows_of


@pytest.fixture
def desk() -> Writer:
    """A programme founded and joined, one delegate each."""
    return Writer().begin()


def nothing(name: str) -> bytes | None:
    """No blob is held."""
    return None


def same(one: Ledger, other: Ledger) -> bool:
    """Say whether two ledgers hold the same and know the same."""
    return all(
        (one.size(log), one.root(log), one.head(log), one.past(log), set(one.logs[log].keys))
        == (
            other.size(log),
            other.root(log),
            other.head(log),
            other.past(log),
            set(other.logs[log].keys),
        )
        for log in one.logs
    )


# ---------------------------------------------------------------- what is admitted


def test_an_entry_carries_what_was_written(desk: Writer) -> None:
    entry = desk.remark("BY", "Слово")

    assert entry.act == {"kind": "remark", "subject": "provision:r1/a", "words": {"ru": "Слово"}}
    assert (entry.log, entry.n, entry.by) == ("BY", 2, desk.person["BY"].public.id)
    assert entry.leaf == leaf_hash(entry.note) == desk.ledger.head("BY")
    assert "Слово" not in entry.note.decode()
    assert entry.prog == desk.charter.prog


def test_an_entry_follows_the_one_before_it(desk: Writer) -> None:
    first, second = desk.remark("BY"), desk.remark("BY")

    assert second.prev == first.leaf.hex()
    assert next(desk.store.rows("BY")).note.count(desk.charter.prog.encode()) == 3  # prog, prev, act


def test_the_log_begins_with_found_or_join(desk: Writer) -> None:
    fresh = Writer()
    for act, public in (
        ({"kind": "ack", "heads": {}}, True),
        ({"kind": "found", "charter": fresh.charter.prog}, False),
    ):
        note, content = fresh.make("BY", act, roots("BY"), public=public)
        with pytest.raises(Malformed, match="begins"):
            fresh.ledger.admit(note, content, nothing)


def test_what_is_held_is_known_and_changes_nothing(desk: Writer) -> None:
    row = rows_of(desk.store)[0]
    before = desk.ledger.root("BY")

    with pytest.raises(Known):
        desk.ledger.admit(row.note, row.content, nothing)

    assert desk.ledger.root("BY") == before


def test_an_entry_after_a_gap_is_refused(desk: Writer) -> None:
    behind = Ledger(desk.charter)
    second = rows_of(desk.store)[1]

    with pytest.raises(BadChain, match="BY entry 1: the entry before it has not come"):
        behind.admit(second.note, second.content, nothing)


def test_a_second_history_is_evidence_only_when_the_node_signed_it(desk: Writer) -> None:
    twin = Writer().begin()
    mine, other = desk.remark("BY", "one"), twin.remark("BY", "two")
    forged, content = twin.make("BY", {"kind": "x"}, [desk.person["BY"]], n=2, node=key("thief"))

    with pytest.raises(Inconsistent, match="two histories of BY") as found:
        desk.ledger.admit(other.note, other.content, nothing)
    with pytest.raises(BadSignature):
        desk.ledger.admit(forged, content, nothing)

    assert found.value.evidence == other.note
    assert found.value.where == "BY entry 2"
    assert desk.ledger.head("BY") == mine.leaf


def test_a_key_signs_from_its_certificate_on(desk: Writer) -> None:
    newcomer = key("newcomer")
    note, content = desk.make("BY", {"kind": "remark"}, [newcomer])
    with pytest.raises(UnknownKey, match="had not certified"):
        desk.ledger.admit(note, content, nothing)

    desk.write("BY", desk.certificate("BY", newcomer.public.hex), roots("BY"))
    entry = desk.write("BY", {"kind": "remark"}, [newcomer])

    known = desk.ledger.key("BY", newcomer.public.id)
    assert known
    assert (known.role, known.since, known.revoked) == ("person", entry.n - 1, None)
    assert known.name == {"en": "Delegate"}
    assert desk.ledger.key("RU", newcomer.public.id) is None


def test_a_revoked_key_is_admitted_and_marked_and_never_comes_back(desk: Writer) -> None:
    person = desk.person["BY"]
    desk.write("BY", {"kind": "revoke", "key": person.public.id}, roots("BY"))
    desk.write("BY", desk.certificate("BY"), roots("BY"))

    entry = desk.remark("BY")

    known = desk.ledger.key("BY", person.public.id)
    assert known
    assert (known.since, known.revoked) == (1, 2)
    assert entry.n == 4


def test_a_key_is_revoked_once(desk: Writer) -> None:
    person = desk.person["BY"].public.id

    for _ in range(2):
        desk.write("BY", {"kind": "revoke", "key": person}, roots("BY"))

    known = desk.ledger.key("BY", person)
    assert known
    assert known.revoked == 2


def test_a_certificate_that_means_nothing_is_admitted_and_certifies_nobody(desk: Writer) -> None:
    for act in (
        {"kind": "delegate"},
        {"kind": "delegate", "key": 7},
        {"kind": "delegate", "key": "zz" * 32},
        {"kind": "revoke", "key": "00" * 16},
    ):
        desk.write("BY", act, roots("BY"))

    assert len(desk.ledger.logs["BY"].keys) == 1


def test_acts_of_unknown_kind_and_odd_shape_are_admitted(desk: Writer) -> None:
    for act in ({}, {"kind": "dance"}, {"kind": ["ack"]}, {"kind": None, "x": [[[1]]]}):
        desk.write("BY", act, [desk.person["BY"]])
        desk.write("BY", act, public=True)
        desk.write("BY", act, roots("BY")[:1])

    assert desk.ledger.size("BY") == 14
    again = Ledger(desk.charter)
    list(again.load(desk.store))
    assert same(again, desk.ledger)


@pytest.mark.parametrize("kind", ["found", "join", "delegate", "revoke", "rotate"])
def test_acts_of_the_roots_need_the_threshold(desk: Writer, kind: str) -> None:
    one, two = roots("BY")
    act = {"kind": kind, "key": key("x").public.hex, "charter": desk.charter.prog}

    for signers in ([one], [], [desk.person["BY"]]):
        note, content = desk.make("BY", act, signers)
        with pytest.raises(BadSignature, match="root"):
            desk.ledger.admit(note, content, nothing)
    for signers in ([one, one], [one, key("RU root 0")], [two, desk.person["BY"]]):
        note, content = desk.make("BY", act, signers)
        with pytest.raises(BadSignature):
            desk.ledger.admit(note, content, nothing)

    assert desk.write("BY", act, [two, one]).by == two.public.id


def test_roles_of_keys_are_told(desk: Writer) -> None:
    node, root = key("BY node").public.id, roots("BY")[0].public.id

    found = [desk.ledger.key("BY", name) for name in (node, root, desk.person["BY"].public.id)]

    assert [info.role if info else None for info in found] == ["node", "root", "person"]


# ---------------------------------------------------------------- signature lines


def test_signature_lines_are_the_expected_ones_and_no_more(desk: Writer) -> None:
    note, content = desk.make("BY", {"kind": "remark"}, [desk.person["BY"]])
    text, (first, second) = parse_note(note).text, parse_note(note).signatures
    stranger = parse_note(desk.make("BY", {}, [key("stranger")])[0]).signatures[1]

    for lines in (
        (first,),
        (second,),
        (second, first),
        (first, second, second),
        (first, second, stranger),
        (first, stranger),
        (first, first, second),
    ):
        with pytest.raises(BadSignature):
            desk.ledger.admit(format_note(Note(text, lines)), content, nothing)

    assert desk.ledger.admit(note, content, nothing).n == 2


def test_a_person_signs_the_content_whatever_its_place(desk: Writer) -> None:
    act = {"kind": "remark"}
    note, content = desk.make("BY", act, [desk.person["BY"]])
    line = parse_note(note).signatures[1]
    desk.ack("BY", "RU")  # takes the place while a token is looked for

    late, _ = desk.make("BY", act, [desk.person["BY"]], content=content)
    text, (first, _) = parse_note(late).text, parse_note(late).signatures

    assert desk.ledger.admit(format_note(Note(text, (first, line))), content, nothing).n == 3


def test_a_signature_for_another_programme_log_or_content_does_not_count(desk: Writer) -> None:
    other = Writer(charter(salt="00" * 32)).begin()
    note, content = desk.make("BY", {"kind": "remark"}, [desk.person["BY"]])
    text, (first, second) = parse_note(note).text, parse_note(note).signatures
    for elsewhere in (
        other.make("BY", {"kind": "remark"}, [desk.person["BY"]], content=content),
        desk.make("RU", {"kind": "remark"}, [desk.person["BY"]], content=content),
        desk.make("BY", {"kind": "reply"}, [desk.person["BY"]]),
    ):
        raw = parse_note(elsewhere[0]).signatures[1].raw
        line = type(second)(second.name, second.key_hash, raw)
        with pytest.raises(BadSignature):
            desk.ledger.admit(format_note(Note(text, (first, line))), content, nothing)


# ---------------------------------------------------------------- contents and blobs


def test_a_closed_act_waits_for_its_content_line(desk: Writer) -> None:
    note, content = desk.make("BY", {"kind": "remark"}, [desk.person["BY"]])

    with pytest.raises(NotHeld, match="content line"):
        desk.ledger.admit(note, None, nothing)

    assert desk.ledger.admit(note, content, nothing).n == 2


def test_another_content_line_is_refused(desk: Writer) -> None:
    note, _ = desk.make("BY", {"kind": "remark"}, [desk.person["BY"]])

    with pytest.raises(Malformed, match="committed"):
        desk.ledger.admit(note, b"{}", nothing)


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"not JSON",
        encode({"act": {}, "log": "BY"}),
        encode({"act": {}, "log": "BY", "salt": "00"}),
        encode({"act": {}, "log": "BY", "salt": "00" * 32, "x": 1}),
        encode({"act": [], "log": "BY", "salt": "00" * 32}),
        encode({"act": {}, "log": 7, "salt": "00" * 32}),
        encode({"act": {}, "log": "BY", "salt": "00" * 32}) + b" ",
    ],
)
def test_a_content_line_of_another_form_is_refused(desk: Writer, content: bytes) -> None:
    note, _ = desk.make("BY", {}, [desk.person["BY"]], content=content)

    with pytest.raises(Malformed):
        desk.ledger.admit(note, content, nothing)


def test_a_copied_commitment_is_kept_without_effect(desk: Writer) -> None:
    theirs = desk.write("BY", desk.certificate("BY", key("new").public.hex), roots("BY"))

    note, content = desk.make("RU", {}, roots("RU"), content=theirs.content)
    copy = desk.ledger.admit(note, content, nothing)

    assert (copy.act, copy.void) == (None, COPIED)
    assert desk.ledger.key("RU", key("new").public.id) is None


def test_a_repeated_commitment_is_kept_without_effect(desk: Writer) -> None:
    first = desk.remark("BY")

    note, content = desk.make("BY", {}, [desk.person["BY"]], content=first.content)
    again = desk.ledger.admit(note, content, nothing)
    desk.store.append([Row("BY", again.n, note, content)], {})

    assert (first.act or {})["kind"] == "remark"
    assert (again.act, again.void) == (None, REPEATED)
    assert [entry.void for entry in Ledger(desk.charter).load(desk.store)].count(REPEATED) == 1


def test_a_blob_that_is_not_held_makes_the_entry_wait(desk: Writer) -> None:
    named, held = blob("long text")
    note, content = desk.make("BY", {"content": [{"deep": named}]}, [desk.person["BY"]])

    with pytest.raises(NotHeld, match="blob"):
        desk.ledger.admit(note, content, nothing)
    with pytest.raises(Malformed, match="not the one"):
        desk.ledger.admit(note, content, lambda name: b"other")

    assert desk.ledger.admit(note, content, held.get).n == 2


@pytest.mark.parametrize(
    "change",
    [{"blob": "00"}, {"blob": 7}, {"salt": "zz"}, {"size": 0}, {"size": True}, {"size": 2**40}],
)
def test_a_blob_named_in_another_way_is_refused(desk: Writer, change: dict[str, Any]) -> None:
    named, held = blob("text")
    note, content = desk.make("BY", {"content": {**named, **change}}, [desk.person["BY"]])

    with pytest.raises(Malformed, match="blob"):
        desk.ledger.admit(note, content, held.get)


def test_blobs_are_found_wherever_they_stand() -> None:
    one, two = blob("one")[0], blob("two")[0]

    found = blobs_of({"a": one, "b": [1, {"c": [two]}], "d": {**one, "more": 1}})

    assert [ref.name for ref in found] == [one["blob"], two["blob"]]
    assert found[0].fits(b"one")
    assert not found[0].fits(b"two")
    assert blob_name(found[0].salt, b"one") == found[0].name


def test_an_act_names_a_bounded_number_of_blobs(desk: Writer) -> None:
    named, held = blob("x")
    note, content = desk.make("BY", {"many": [named] * 65}, [desk.person["BY"]])

    with pytest.raises(TooLarge):
        desk.ledger.admit(note, content, held.get)


def test_quotas_of_the_charter_bound_logs_and_blobs() -> None:
    desk = Writer(charter(quotas={"entries": 3, "blob": 4})).begin()
    named, held = blob("five!")
    note, content = desk.make("BY", {"content": named}, [desk.person["BY"]])
    with pytest.raises(TooLarge, match="4 bytes"):
        desk.ledger.admit(note, content, held.get)
    desk.remark("BY")

    note, content = desk.make("BY", {}, [desk.person["BY"]])

    with pytest.raises(TooLarge, match="3 entries"):
        desk.ledger.admit(note, content, nothing)


# ---------------------------------------------------------------- the past


def test_the_past_of_an_entry_is_what_the_last_ack_covers(desk: Writer) -> None:
    before = desk.remark("BY")
    ack = desk.ack("BY", "RU")
    desk.remark("RU")
    after = desk.remark("BY")

    assert before.past == {}
    assert ack.past == after.past == {"RU": 2}
    assert after.past is ack.past  # one mapping for all that follows
    assert desk.ledger.logs["BY"].past_at(ack.n) == {}
    assert desk.ledger.logs["BY"].past_at(ack.n + 1) == {"RU": 2}
    assert desk.ledger.past("BY") == {"RU": 2}


def three() -> Writer:
    """Three parties."""
    parties = [
        type(party)(
            code,
            {"en": code},
            [key(f"{code} root 0").public.hex],
            1,
            key(f"{code} node").public.hex,
        )
        for code in ("BY", "RU", "KZ")
        for party in [charter().party("RU")]
    ]
    desk = Writer(charter(parties=parties, observers=[]))
    desk.person["KZ"] = key("KZ delegate")
    for log, kind in (("BY", "found"), ("RU", "join"), ("KZ", "join")):
        root = key(f"{log} root 0")
        desk.write(log, {"kind": kind, "charter": desk.charter.prog}, [root], public=True)
        desk.write(log, desk.certificate(log), [root])
    return desk


def test_an_ack_covers_what_the_covered_entries_know() -> None:
    desk = three()
    desk.remark("KZ")
    desk.ack("RU", "KZ")
    desk.ack("RU", "BY")

    ack = desk.ack("BY", "RU")

    assert ack.past == {"RU": 4, "KZ": 3}  # BY saw no head of KZ itself, and never itself


def test_an_ack_covers_no_more_than_the_covered_entries_know() -> None:
    desk = three()
    early = desk.head("RU").decode()
    desk.ack("RU", "KZ")

    ack = desk.write("BY", {"kind": "ack", "heads": {"RU": early}}, public=True)

    assert ack.past == {"RU": 2}


def test_an_ack_never_covers_less_than_the_one_before(desk: Writer) -> None:
    early = desk.head("RU")
    desk.remark("RU")
    desk.ack("BY", "RU")

    old = desk.write("BY", {"kind": "ack", "heads": {"RU": early.decode()}}, public=True)

    assert old.past == {"RU": 3}


def test_an_ack_of_what_is_not_held_waits(desk: Writer) -> None:
    behind = Ledger(desk.charter)
    list(behind.load(desk.store))
    remark = desk.remark("RU")
    ack = desk.ack("BY", "RU")

    with pytest.raises(NotHeld, match="RU up to entry 2"):
        behind.admit(ack.note, None, nothing)
    behind.admit(remark.note, remark.content, nothing)

    assert behind.admit(ack.note, None, nothing).past == {"RU": 3}


def test_an_ack_of_another_history_is_evidence(desk: Writer) -> None:
    twin = Writer().begin()
    desk.remark("RU", "one")
    twin.remark("RU", "two")

    act = {"kind": "ack", "heads": {"RU": twin.head("RU").decode()}}
    note, _ = desk.make("BY", act, public=True)

    with pytest.raises(Inconsistent, match="another history of RU") as found:
        desk.ledger.admit(note, None, nothing)
    assert found.value.evidence == twin.head("RU")


def test_acks_of_another_form_are_refused(desk: Writer) -> None:
    head = desk.head("RU").decode()
    forged = sign_checkpoint(desk.ledger.logs["RU"].origin, 2, desk.ledger.root("RU"), key("thief"))
    heads: list[Any] = [
        None,
        [],
        {"BY": desk.head("BY").decode()},
        {"XX": head},
        {"RU": 7},
        {"RU": ""},
        {"RU": desk.head("BY").decode()},
        {"RU": forged.decode()},
        {"RU": head.replace("\n2\n", "\n1\n")},
    ]
    for wrong in heads:
        note, _ = desk.make("BY", {"kind": "ack", "heads": wrong}, public=True)
        with pytest.raises((Malformed, BadSignature)):
            desk.ledger.admit(note, None, nothing)
    note, content = desk.make("BY", {"kind": "ack", "heads": {"RU": head}})
    with pytest.raises(Malformed, match="in the open"):
        desk.ledger.admit(note, content, nothing)


def test_the_largest_checked_head_of_a_log_is_kept(desk: Writer) -> None:
    small = desk.head("RU")
    desk.remark("RU")
    large = desk.head("RU")
    assert desk.ledger.signed("RU") is None

    desk.ack("BY", "RU")
    desk.ledger.confirm("RU", small)

    assert desk.ledger.signed("RU") == large
    again = Ledger(desk.charter)
    list(again.load(desk.store))
    assert again.signed("RU") == large


def test_a_head_beyond_what_is_held_or_of_another_history_is_not_confirmed(desk: Writer) -> None:
    twin = Writer().begin()
    behind = Ledger(desk.charter)
    list(behind.load(desk.store))
    desk.remark("RU", "one")
    twin.remark("RU", "two")

    with pytest.raises(NotHeld):
        behind.confirm("RU", desk.head("RU"))
    with pytest.raises(Inconsistent):
        desk.ledger.confirm("RU", twin.head("RU"))
    with pytest.raises(Malformed):
        desk.ledger.confirm("RU", desk.head("BY"))


# ---------------------------------------------------------------- observers


def test_an_observer_verifies_every_log_without_contents(desk: Writer) -> None:
    desk.remark("BY")
    desk.ack("RU", "BY")
    desk.write("BY", {"kind": "forecast"}, [desk.person["BY"]], public=True)
    watcher = Ledger(desk.charter, reads_contents=False)

    entries = watcher.admit_all([Row(r.log, r.n, r.note, None) for r in rows_of(desk.store)], nothing)

    assert [watcher.root(log) for log in ("BY", "RU")] == [desk.ledger.root(log) for log in ("BY", "RU")]
    assert watcher.past("RU") == {"BY": 3}
    closed = [entry for entry in entries if entry.closed]
    assert len(closed) == 3
    assert all(entry.act is None and entry.content is None for entry in closed)


def test_an_observer_takes_no_contents(desk: Writer) -> None:
    watcher = Ledger(desk.charter, reads_contents=False)

    with pytest.raises(Malformed, match="not for an observer"):
        watcher.admit_all(rows_of(desk.store), nothing)


def test_an_observer_refuses_what_the_node_did_not_sign(desk: Writer) -> None:
    watcher = Ledger(desk.charter, reads_contents=False)
    watcher.admit_all([Row(r.log, r.n, r.note, None) for r in rows_of(desk.store)], nothing)

    note, _ = desk.make("BY", {"kind": "remark"}, [desk.person["BY"]], node=key("thief"))

    with pytest.raises(BadSignature):
        watcher.admit(note, None, nothing)


# ---------------------------------------------------------------- whole batches


def test_a_bad_batch_is_refused_whole(desk: Writer) -> None:
    fresh, reference = Ledger(desk.charter), Ledger(desk.charter)
    desk.ack("BY", "RU")
    desk.write("BY", {"kind": "revoke", "key": desk.person["BY"].public.id}, roots("BY"))
    rows = rows_of(desk.store)
    bad = Row("RU", 2, *desk.make("RU", {}, [key("stranger")]))

    with pytest.raises(UnknownKey, match="RU entry 2"):
        fresh.admit_all([*rows, bad], nothing)

    assert same(fresh, reference)
    assert not fresh.logs["BY"].commitments
    assert len(fresh.admit_all(rows, nothing)) == len(rows)
    assert same(fresh, desk.ledger)


def test_undoing_lets_a_revoked_key_live_again(desk: Writer) -> None:
    person = desk.person["BY"].public.id

    with pytest.raises(RuntimeError), desk.ledger.trial():
        desk.write("BY", {"kind": "revoke", "key": person}, roots("BY"))
        desk.ack("BY", "RU")
        raise RuntimeError

    known = desk.ledger.key("BY", person)
    assert known
    assert known.revoked is None
    assert desk.ledger.past("BY") == desk.ledger.past_at("BY", 99) == {}
    assert desk.ledger.signed("RU") is None
    assert desk.ledger.size("BY") == 2


def test_a_row_in_the_wrong_place_is_refused(desk: Writer) -> None:
    row = rows_of(desk.store)[0]

    with pytest.raises(Malformed, match="it is BY entry 0"):
        Ledger(desk.charter).admit_all([Row("RU", 0, row.note, row.content)], nothing)


def test_a_batch_that_rests_on_what_is_missing_waits_whole(desk: Writer) -> None:
    desk.ack("BY", "RU")
    rows = [row for row in rows_of(desk.store) if row.log == "BY"]
    fresh = Ledger(desk.charter)

    with pytest.raises(NotHeld, match="BY entry 2"):
        fresh.admit_all(rows, nothing)

    assert fresh.size("BY") == 0


# ---------------------------------------------------------------- laws


def busy() -> Writer:
    """Three parties that talk to each other."""
    desk = three()
    for n in range(4):
        desk.remark("BY", f"{n}")
        desk.ack("RU", "BY")
        desk.remark("RU", f"{n}")
        desk.ack("KZ", "RU")
        desk.ack("BY", "KZ", "RU")
    return desk


BUSY = busy()
PASTS = {(e.log, e.n): dict(e.past) for e in Ledger(BUSY.charter).load(BUSY.store)}


@given(st.lists(st.tuples(st.sampled_from(["BY", "RU", "KZ"]), st.integers(1, 5)), max_size=30))
@settings(max_examples=30, deadline=None)
def test_no_order_of_arrival_changes_what_an_entry_knows(arrivals: list[tuple[str, int]]) -> None:
    ledger = Ledger(BUSY.charter)
    queues = {log: list(BUSY.store.rows(log)) for log in BUSY.store.sizes()}
    pasts: dict[tuple[str, int], dict[str, int]] = {}

    for log, count in arrivals + [("BY", 99), ("RU", 99), ("KZ", 99)] * 30:
        for row in queues[log][:count]:
            try:
                entry = ledger.admit(row.note, row.content, nothing)
            except NotHeld:
                break
            pasts[entry.log, entry.n] = dict(entry.past)
            queues[log].remove(row)

    assert pasts == PASTS
    assert same(ledger, BUSY.ledger)


@given(st.permutations(["BY", "RU", "KZ"]), st.booleans())
@settings(max_examples=12, deadline=None)
def test_reloading_gives_the_same_ledger_on_either_way(order: list[str], trusted: bool) -> None:
    store = type(BUSY.store)()
    for log in order:
        store.append(list(BUSY.store.rows(log)), {})
    ledger = Ledger(BUSY.charter)

    pasts = {(e.log, e.n): dict(e.past) for e in ledger.load(store, trusted=trusted)}

    assert pasts == PASTS
    assert same(ledger, BUSY.ledger)
    assert list(ledger.load(store, trusted=trusted)) == []


def apart(entry: Entry) -> tuple[str, int, Entry]:
    """Its place, and the entry without the act, which is not opened twice."""
    return entry.log, entry.n, msgspec.structs.replace(entry, act=None)


def test_both_ways_of_admission_give_equal_entries() -> None:
    slow, fast = Ledger(BUSY.charter), Ledger(BUSY.charter)

    one = sorted(map(apart, slow.load(BUSY.store, trusted=False)))
    two = sorted(map(apart, fast.load(BUSY.store)))

    assert one == two


@given(st.integers(0, 2**32), st.sampled_from(["note", "content"]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_entry_with_any_bit_flipped_is_refused(place: int, part: str) -> None:
    entry = next(row for row in BUSY.store.rows("RU", 3) if row.content is not None)
    ledger = _up_to(entry)
    raw = bytearray(entry.note if part == "note" else entry.content or b"")
    place %= 8 * len(raw)
    raw[place // 8] ^= 1 << place % 8

    with pytest.raises(RecordError):
        if part == "note":
            ledger.admit(bytes(raw), entry.content, nothing)
        else:
            ledger.admit(entry.note, bytes(raw), nothing)


def _up_to(row: Row) -> Ledger:
    """A ledger that waits for exactly that row."""
    ledger = Ledger(BUSY.charter)
    queues = {log: list(BUSY.store.rows(log)) for log in BUSY.store.sizes()}
    queues[row.log] = queues[row.log][: row.n]
    moved = True
    while moved:
        moved = False
        for queue in queues.values():
            while queue:
                try:
                    ledger.admit(queue[0].note, queue[0].content, nothing, trusted=True)
                except NotHeld:
                    break
                del queue[0]
                moved = True
    return ledger


def damaged(change: Callable[[Row], Row]) -> Any:
    """A store in which the fourth entry of BY was changed."""
    store = type(BUSY.store)()
    for row in rows_of(BUSY.store):
        store.append([change(row) if (row.log, row.n) == ("BY", 4) else row], {})
    return store


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda r: Row(r.log, r.n, b"", r.content), Malformed),
        (lambda r: Row(r.log, r.n, r.note[:40], r.content), Malformed),
        (lambda r: Row(r.log, r.n, b"{}\n", r.content), Malformed),
        (lambda r: Row(r.log, r.n, r.note.replace(b'"BY"', b'"XX"'), r.content), BadChain),
        (lambda r: Row(r.log, r.n, r.note.replace(b":4,", b":5,"), r.content), BadChain),
        (lambda r: Row(r.log, r.n, r.note + b"\n", r.content), BadChain),
        (lambda r: Row(r.log, r.n, r.note, b"{}"), Malformed),
        (
            lambda r: Row(r.log, r.n, r.note, (r.content or b"").replace(b"remark", b"remork")),
            Malformed,
        ),
        (lambda r: Row(r.log, r.n, r.note, None), NotHeld),
    ],
)
def test_a_damaged_store_is_found_on_the_short_way(change: Any, error: type[RecordError]) -> None:
    with pytest.raises(error, match=r"BY entry [45]"):
        list(Ledger(BUSY.charter).load(damaged(change)))


def test_composing_in_a_row_follows_and_salts_afresh(desk: Writer) -> None:
    made = []
    for _ in range(3):
        note, content = desk.ledger.compose(
            "BY",
            {"kind": "remark"},
            public=False,
            at="2021-02-23T06:00:00Z",
            node_key=key("BY node"),
            signers=[desk.person["BY"]],
        )
        made.append(desk.ledger.admit(note, content, nothing))

    assert [entry.n for entry in made] == [2, 3, 4]
    assert len({entry.closed for entry in made}) == 3
    assert all(entry.act == {"kind": "remark"} for entry in made)


def test_an_act_too_large_is_refused_before_it_is_written(desk: Writer) -> None:
    with pytest.raises(TooLarge, match="the act has"):
        desk.make("BY", {"words": "a" * 32_768}, [desk.person["BY"]])


@pytest.mark.parametrize(
    "at",
    [
        "2021-02-23T06:00:00",
        "2021-02-30T06:00:00Z",
        "2021-02-23T24:00:00Z",
        "2021-02-23 06:00:00Z",
        "٢021-02-23T06:00:00Z",
        "",
    ],
)
def test_a_claimed_time_has_one_form(desk: Writer, at: str) -> None:
    note, content = desk.make("BY", {}, [desk.person["BY"]], at=at)

    with pytest.raises(Malformed, match="claimed time"):
        desk.ledger.admit(note, content, nothing)


@given(st.integers(min_value=0), st.integers(min_value=0))
@settings(max_examples=5, deadline=None)
def test_claimed_times_decide_nothing(one: int, two: int) -> None:
    made = Writer().begin()
    for days in (one, two):
        note, content = made.make("BY", {}, [made.person["BY"]], at=f"20{days % 90 + 10}-01-01T00:00:00Z")
        made.ledger.admit(note, content, nothing)

    assert made.ledger.size("BY") == 4
