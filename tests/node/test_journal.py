"""The one door to the record."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest

from paraph.acts import Ack, Act, Delegate, Propose, Publish, Remark, TakeStance, proposal_id
from paraph.node.errors import OldDatabase
from paraph.node.journal import Journal
from paraph.record.checkpoints import origin, sign_checkpoint
from paraph.record.errors import Inconsistent, RecordError
from paraph.record.keys import SecretKey
from paraph.record.merkle import leaf_hash
from paraph.record.stores import MemoryStore, Row
from paraph.state import agreement, closing
from paraph.state.errors import Refused
from paraph.state.programme import Programme
from tests.parties import Parties

pytestmark = pytest.mark.usefixtures("carriers")  # journals on databases

ONE = "provision:gas/one"
WORDS: dict[str, Any] = {"words": {"ru": "Цена едина."}}


def kinds(parties: Parties, code: str, log: str = "") -> list[str]:
    """The acts in a log as that node holds it."""
    return [type(one.act).__name__ for one in parties.programme(code).by[log or code].entries]


def card(parties: Parties) -> None:
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})


# ---------------------------------------------------------------- all or none


def test_a_group_of_acts_is_written_whole_or_not_at_all() -> None:
    parties = Parties.make()
    card(parties)
    before = parties.journals["BY"].heads()
    name = proposal_id(ONE, WORDS)

    with pytest.raises(Refused):
        parties.act("BY", Propose(ONE, WORDS), TakeStance("f" * 64, "accepts"))

    assert parties.journals["BY"].heads() == before
    assert name not in parties.programme("BY").proposals
    assert len(parties.act("BY", Propose(ONE, WORDS), TakeStance(name, "accepts"))) >= 2


def test_a_refusal_leaves_neither_entry_nor_acknowledgement() -> None:
    parties = Parties.make()
    card(parties)
    parties.words("RU", ONE, "Цена едина.")
    parties.deliver("RU", "BY")
    before = parties.journals["BY"].heads()

    with pytest.raises(Refused):
        parties.act("BY", TakeStance("f" * 64, "accepts"))

    assert parties.journals["BY"].heads() == before
    assert parties.journals["BY"].store.sizes() == before


def test_after_a_refused_group_the_state_is_that_of_the_log() -> None:
    parties = Parties.make()
    card(parties)
    with pytest.raises(Refused):
        parties.act("BY", Propose(ONE, WORDS), TakeStance("f" * 64, "accepts"))

    parties.act("BY", Propose(ONE, WORDS))
    parties.exchange()

    assert kinds(parties, "BY") == kinds(parties, "RU", "BY")
    assert parties.programme("BY").sizes() == parties.programme("RU").sizes()


def test_a_carrier_that_fails_leaves_the_journal_as_it_was() -> None:
    parties = Parties.make()
    card(parties)
    journal = parties.journals["BY"]
    before = journal.heads()
    keep = journal.store.append

    def fail(*_arguments: object) -> None:
        raise OSError("no space left")

    journal.store.append = fail  # type: ignore[method-assign,assignment]
    with pytest.raises(OSError, match="no space"):
        parties.act("BY", Propose(ONE, WORDS))
    journal.store.append = keep  # type: ignore[method-assign]

    assert journal.heads() == before
    parties.act("BY", Propose(ONE, WORDS))
    assert proposal_id(ONE, WORDS) in parties.programme("BY").proposals


def test_a_gate_given_at_start_is_asked_for_every_act() -> None:
    parties = Parties.make()
    asked: list[Act] = []

    def gate(_programme: Programme, party: str, act: Act) -> None:
        asked.append(act)
        if isinstance(act, Remark):
            raise Refused("%(party)s has no instructions", party=party)

    old = parties.journals["BY"]
    parties.journals["BY"] = Journal(
        old.store, old.charter, me="BY", node_key=old.node_key, gates=[gate], clock=parties.tick
    )
    card(parties)

    with pytest.raises(Refused, match="BY has no instructions"):
        parties.act("BY", Remark("card:gas", {"en": "We wonder."}))
    assert any(isinstance(act, Propose) for act in asked)


def test_a_batch_is_kept_in_one_step_and_folded_at_once() -> None:
    parties = Parties.make()
    journal = parties.journals["BY"]
    before = journal.store.sizes()["BY"]

    with journal.batch():
        parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
        parties.act("BY", Propose("card:oil", {"number": 2, "title": {"ru": "Нефть"}}))
        assert journal.store.sizes()["BY"] == before
        assert journal.programme().on["card:oil"]

    assert journal.store.sizes() == journal.heads()
    assert journal.heads()["BY"] > before


def test_a_batch_that_breaks_off_leaves_nothing() -> None:
    parties = Parties.make()
    journal = parties.journals["BY"]
    before = journal.heads()

    with pytest.raises(ZeroDivisionError), journal.batch():
        parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
        raise ZeroDivisionError

    assert journal.heads() == before
    assert not journal.programme().on["card:gas"]


# ---------------------------------------------------------------- acknowledgements


def test_an_acknowledgement_comes_before_an_act_when_others_have_acted() -> None:
    parties = Parties.make()
    card(parties)
    parties.words("RU", ONE, "Цена едина.")
    parties.exchange()

    written = parties.act("BY", TakeStance(proposal_id(ONE, WORDS), "accepts"))

    assert isinstance(written[0].act, Ack)
    assert isinstance(written[1].act, TakeStance)
    assert written[1].past["RU"] == parties.journals["RU"].heads()["RU"]


def test_nobody_answers_an_acknowledgement_or_a_publication_alone() -> None:
    parties = Parties.make(public=("stages",))
    parties.road_map()
    parties.exchange()
    parties.act("BY", Remark(ONE, {"en": "Noted."}))
    parties.exchange()
    heads = parties.journals["BY"].heads()

    parties.exchange()

    assert parties.journals["BY"].heads() == heads
    news = parties.programme("BY").by["RU"].entries[heads["RU"] - 1]
    assert isinstance(news.act, Ack | Publish)
    written = parties.act("BY", Remark(ONE, {"en": "Again."}))
    assert not isinstance(written[0].act, Ack)


def test_what_becomes_bound_by_an_admission_is_final_at_once() -> None:
    parties = Parties.make()
    parties.road_map()
    for code in ("BY", "RU"):
        parties.initial(code)
        parties.exchange()
    parties.seal("BY")
    parties.exchange()
    parties.seal("RU")
    assert not closing.closed(parties.programme("BY"), "road_map:gas")

    parties.deliver("RU", "BY")

    assert closing.final(parties.programme("BY"), "BY", "road_map:gas")
    assert kinds(parties, "BY")[-1] == "Ack"


def test_a_stage_that_changed_is_published_with_the_act_that_changed_it() -> None:
    parties = Parties.make(public=("stages",))

    card(parties)

    assert "Publish" in kinds(parties, "BY")
    assert parties.programme("OBS").by["BY"].published["gas"]


# ---------------------------------------------------------------- what comes from outside


def test_a_bad_batch_is_refused_whole() -> None:
    parties = Parties.make()
    card(parties)
    parties.words("RU", ONE, "Цена едина.")
    giver, taker = parties.journals["RU"], parties.journals["BY"]
    before = taker.heads()
    rows = list(giver.store.rows("RU", before["RU"]))
    last = rows[-1]
    rows[-1] = Row(last.log, last.n, last.note.replace(b'"at":"2021', b'"at":"2022'), last.content)

    with pytest.raises(RecordError, match=f"RU entry {last.n}"):
        taker.admit(rows, {}, {})

    assert taker.heads() == before == taker.store.sizes()
    assert taker.admit([*rows[:-1], last], {}, {}).new


def test_an_entry_waits_until_all_that_it_rests_on_is_held() -> None:
    parties = Parties.make("BY", "RU", "KZ")
    parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
    parties.deliver("BY", "RU")
    parties.act("RU", TakeStance(parties.programme("RU").on["card:gas"][0], "accepts"))

    waiting = parties.deliver("RU", "KZ", logs=["RU"])
    assert not waiting.new
    assert len(waiting.waiting) == 2
    brought = parties.deliver("BY", "KZ", logs=["BY"])

    assert {placed.log for placed in brought.new} == {"BY", "RU"}
    assert parties.journals["KZ"].heads() == parties.journals["RU"].heads()


def test_what_waited_and_is_wrong_does_not_harm_the_batch_that_lets_it_in() -> None:
    parties = Parties.make("BY", "RU", "KZ")
    parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
    parties.deliver("BY", "RU")
    parties.act("RU", TakeStance(parties.programme("RU").on["card:gas"][0], "accepts"))
    held = parties.journals["KZ"].heads()
    rows = list(parties.journals["RU"].store.rows("RU", held["RU"]))
    rows[-1] = Row("RU", rows[-1].n, rows[-1].note[:-10] + b"\n", rows[-1].content)
    parties.journals["KZ"].admit(rows, {}, {})

    brought = parties.deliver("BY", "KZ", logs=["BY"])

    assert {placed.log for placed in brought.new} == {"BY"}
    assert parties.deliver("RU", "KZ").new


def test_known_entries_are_passed_over() -> None:
    parties = Parties.make()
    rows = list(parties.journals["RU"].store.rows("RU"))

    again = parties.journals["BY"].admit(rows, {}, {})

    assert (again.new, again.known) == ((), len(rows))


def test_a_signed_head_of_another_history_is_refused() -> None:
    parties = Parties.make()
    name = origin(parties.charter.prog, "RU")
    other = sign_checkpoint(name, 1, b"\x01" * 32, parties.nodes["RU"])

    with pytest.raises(Inconsistent):
        parties.journals["BY"].admit([], {}, {"RU": other})


def test_blobs_that_no_admitted_entry_names_are_not_kept() -> None:
    parties = Parties.make()
    parties.act("RU", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
    rows = list(parties.journals["RU"].store.rows("RU", 2))

    parties.journals["BY"].admit(rows, {"f" * 64: b"something"}, {})

    assert list(parties.journals["BY"].store.blob_names()) == []


def test_a_large_content_travels_as_a_blob() -> None:
    parties = Parties.make()
    card(parties)
    words = " ".join(f"слово{place}" for place in range(4000))

    name = parties.words("RU", ONE, words)
    parties.exchange()

    assert list(parties.journals["BY"].store.blob_names())
    assert name in agreement.live(parties.programme("BY"), ONE)


def test_a_large_content_that_was_damaged_on_the_disk_is_not_read_as_if_it_were_whole() -> None:
    parties = Parties.make()
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    parties.words("BY", "provision:gas/one", "Слово. " * 2_000 + "Конец.")
    store, damaged = parties.journals["BY"].store, MemoryStore()
    (name,) = store.blob_names()
    raw = store.blob(name) or b""
    blobs = {name: raw.replace("Конец".encode(), "Начал".encode())}
    for log, size in store.sizes().items():
        damaged.append(list(store.rows(log, 0, size)), blobs)
    assert blobs[name] != raw

    with pytest.raises(ValueError, match="is damaged"):
        parties.open("BY", damaged)


def test_an_observer_reads_every_chain_and_no_content() -> None:
    parties = Parties.make()
    card(parties)

    seen = parties.programme("OBS")

    assert seen.sizes() == parties.programme("BY").sizes()
    assert not seen.proposals
    with pytest.raises(ValueError, match="no log"):
        parties.journals["OBS"].record([], [])


# ---------------------------------------------------------------- several processes, old databases


def test_what_another_process_wrote_is_read_before_the_next_look() -> None:
    parties = Parties.make()
    first = parties.journals["BY"]
    second = parties.open("BY", first.store)

    parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))

    assert first.programme().sizes() == second.programme().sizes()
    assert first.programme().on["card:gas"] == second.programme().on["card:gas"]


def test_a_look_that_broke_off_is_made_again_from_where_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    parties = Parties.make()
    card(parties)
    first = parties.journals["BY"]
    second = parties.open("BY", first.store)
    parties.words("BY", ONE, "Слова.")
    name = parties.words("BY", ONE, " ".join(f"слово{place}" for place in range(4000)))
    breaks = OSError("the disk does not answer")

    def fails(_name: str) -> None:
        raise breaks

    with monkeypatch.context() as patch:
        patch.setattr(first.store, "blob", fails)
        with pytest.raises(OSError, match="does not answer"):
            first.programme()

    assert name in agreement.live(first.programme(), ONE)
    assert first.heads() == second.heads() == first.programme().sizes()


def test_a_journal_opened_anew_folds_to_the_same_state() -> None:
    parties = Parties.make()
    parties.road_map()
    before = parties.programme("BY")

    after = parties.open("BY", parties.journals["BY"].store).programme()

    assert after.sizes() == before.sizes()
    assert after.voids == before.voids
    assert agreement.agreed(after, ONE) == agreement.agreed(before, ONE) != ""


def test_nothing_is_written_on_a_database_older_than_the_second_copy_of_its_head() -> None:
    parties = Parties.make()
    journal = parties.journals["BY"]
    old = parties.new_store()
    old.append(list(journal.store.rows("BY", 0, 1)), {})
    size = journal.heads()["BY"]
    old.remember_head("BY", size, journal.ledger.root("BY"))

    restored = parties.open("BY", old)

    with pytest.raises(OldDatabase, match="it is an old copy"):
        parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
    assert restored.heads()["BY"] == 1


def test_an_old_database_becomes_whole_again_from_a_peer() -> None:
    parties = Parties.make()
    journal = parties.journals["BY"]
    old = parties.new_store()
    old.append(list(journal.store.rows("BY", 0, 1)), {})
    old.remember_head("BY", journal.heads()["BY"], journal.ledger.root("BY"))
    parties.open("BY", old)

    parties.deliver("RU", "BY")

    assert parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))


def test_a_peer_that_knows_more_of_the_own_log_stops_the_writing() -> None:
    parties = Parties.make()
    journal = parties.journals["BY"]
    old = parties.new_store()
    old.append(list(journal.store.rows("BY", 0, 1)), {})
    head = journal.checkpoint("BY")
    assert head is not None

    parties.open("BY", old).admit([], {}, {"BY": head}, source="RU")

    with pytest.raises(OldDatabase, match="RU knows 2"):
        parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))


def test_what_was_committed_before_a_failure_is_in_the_second_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    parties = Parties.make()
    journal = parties.journals["BY"]
    before, append = journal.heads()["BY"], journal.store.append

    def fails_afterwards(*what: Any) -> None:
        append(*what)
        raise OSError("the disk does not say whether it did")

    monkeypatch.setattr(journal.store, "append", fails_afterwards)
    monkeypatch.setattr(journal.store, "lock", nullcontext)  # what was appended is committed
    with pytest.raises(OSError):
        parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))

    held = journal.heads()["BY"]
    assert held > before
    assert journal.store.remembered_heads()["BY"] == (held, journal.ledger.root("BY"))


def test_a_process_that_ended_before_the_second_copy_brings_it_up_at_the_next_start() -> None:
    parties = Parties.make()
    journal = parties.journals["BY"]
    held = journal.heads()["BY"]
    journal.store.remember_head("BY", 1, journal.ledger.root("BY", 1), anew=True)

    parties.open("BY", journal.store)

    assert journal.store.remembered_heads()["BY"] == (held, journal.ledger.root("BY"))


def test_a_peer_that_knows_less_than_the_second_copy_lets_nothing_be_written() -> None:
    parties = Parties.make(public=["stages"])
    journal = parties.journals["BY"]
    card = Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    parties.act("BY", card)
    parties.deliver("BY", "RU")
    given = journal.checkpoint("BY")
    assert given is not None
    parties.act("BY", TakeStance(proposal_id(card.subject, card.content), "accepts"))
    size = journal.heads()["BY"]
    old = parties.new_store()
    old.append(list(journal.store.rows("BY", 0, 1)), {})
    old.remember_head("BY", size, journal.ledger.root("BY"))
    restored = parties.open("BY", old)

    restored.admit([], {}, {"BY": given}, source="RU")
    parties.deliver("RU", "BY")

    assert 1 < restored.heads()["BY"] < size
    with pytest.raises(OldDatabase, match="the second copy of its head"):
        parties.act("BY", card)


def test_listeners_hear_of_own_writings_and_of_news() -> None:
    parties = Parties.make()
    heard: list[str] = []
    parties.journals["BY"].listeners.append(lambda: heard.append("BY"))
    parties.journals["RU"].listeners.append(lambda: heard.append("RU"))

    parties.act("BY", Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}}))
    parties.deliver("BY", "RU")
    parties.deliver("BY", "RU")

    assert heard == ["BY", "RU"]


def test_a_key_outside_the_charter_opens_no_journal() -> None:
    parties = Parties.make()

    with pytest.raises(ValueError, match="names no node"):
        Journal(parties.new_store(), parties.charter, me="BY", node_key=SecretKey.generate())


def test_the_claimed_time_is_the_one_given() -> None:
    parties = Parties.make()
    key = SecretKey.generate()
    act = Delegate(key.public.hex, {"en": "Novik"}, {"en": "Adviser"}, ["negotiate"])

    (placed,) = parties.journals["BY"].record(
        [act], [parties.roots["BY"]], at=datetime(2019, 12, 6, 9, 30, tzinfo=UTC)
    )[-1:]

    assert placed.at == "2019-12-06T09:30:00Z"
    entry = parties.journals["BY"].entry("BY", placed.n)
    assert entry is not None
    assert (entry.leaf.hex(), entry.act and entry.act["kind"]) == (
        leaf_hash(entry.note).hex(),
        "delegate",
    )
