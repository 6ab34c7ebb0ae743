"""Laws of agreement on real logs: any order of delivery, nothing that nobody did, nothing undone."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paraph.acts import Act, Initial, Propose, Reserve, Resume, Return, Seal, TakeStance, proposal_id
from paraph.state import agreement, closing, roadmaps
from paraph.state.composed import composed
from paraph.state.errors import Refused
from paraph.state.programme import Programme
from tests.parties import Parties

ABOUT = ("provision:gas/one", "provision:gas/two")
TEXTS = ("Слова первые.", "Слова вторые.", "Слова третьи.")


def summary(programme: Programme) -> dict[str, Any]:
    """All that a reader can be told, whatever the order of arrival."""
    return {
        "voids": sorted((place, str(why)) for place, why in programme.voids.items()),
        "subjects": {
            about: (found.state, found.agreed, found.live, sorted(found.turns), len(found.reserves))
            for about in sorted(programme.on)
            if (found := agreement.standing(programme, about))
        },
        "maps": {
            one.id: (one.stage, one.count, one.composed.text, sorted(one.turns.items()), sorted(one.returned))
            for one in roadmaps.road_maps(programme)
        },
        "closings": [closing.text for closing in closing.closings(programme, "road_map:gas")],
    }


def random_talks(seed: int, acts: int = 40) -> Parties:
    """Three parties act and exchange at random; what the rules refuse is not written."""
    picker = random.Random(seed)
    parties = Parties.make("AA", "BB", "CC")
    parties.road_map()
    for _ in range(acts):
        code = picker.choice(("AA", "BB", "CC"))
        programme = parties.programme(code)
        about = picker.choice(ABOUT)
        name = proposal_id(about, {"words": {"ru": picker.choice(TEXTS)}})
        text = composed(programme, "gas")
        act: Act = picker.choice(
            [
                Propose(about, {"words": {"ru": picker.choice(TEXTS)}}),
                TakeStance(name, picker.choice(("accepts", "accepts", "holds", "declines"))),
                TakeStance(name, "accepts", "ad_referendum"),
                Reserve(about, "scrutiny"),
                Return("gas", {"ru": "причина"}),
                Resume("gas"),
                Initial(
                    "road_map:gas",
                    closing.after(programme, "road_map:gas"),
                    parties.charter.prog,
                    text.text,
                    list(text.lines),
                ),
                Seal("road_map:gas", closing.after(programme, "road_map:gas"), text.text),
            ]
        )
        try:
            parties.act(code, act)
        except Refused:
            continue
        if picker.random() < 0.4:
            source, to = picker.sample(("AA", "BB", "CC"), 2)
            parties.deliver(source, to)
    parties.exchange()
    return parties


@pytest.mark.parametrize("seed", range(12))
def test_any_order_batching_and_repetition_of_delivery_gives_one_state(seed: int) -> None:
    parties = random_talks(seed)
    whole = summary(parties.programme("AA"))
    picker = random.Random(seed)
    for code in ("BB", "CC"):
        assert summary(parties.programme(code)) == whole

    for _ in range(2):
        other = Parties(parties.charter, parties.roots, parties.nodes)
        journal = other.open("OBS")  # an empty node; as a party it reads contents
        journal = type(journal)(journal.store, parties.charter, me="AA", node_key=parties.nodes["AA"])
        rows = [row for code in ("AA", "BB", "CC") for row in parties.journals["AA"].store.rows(code)]
        queues = {code: [row for row in rows if row.log == code] for code in ("AA", "BB", "CC")}
        while any(queues.values()):
            log = picker.choice([code for code, left in queues.items() if left])
            size = picker.randint(1, 6)
            batch, repeat = queues[log][:size], picker.random() < 0.3
            blobs = parties.journals["AA"].store.blobs  # type: ignore[attr-defined]
            journal.admit(batch, blobs, {})
            if repeat:
                journal.admit(batch, blobs, {})
            held = journal.heads()[log]
            queues[log] = [row for row in queues[log] if row.n >= held]

        assert summary(journal.programme()) == whole


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(100, 10_000))
def test_what_is_bound_stays_bound_whatever_comes_after(seed: int) -> None:
    parties = Parties.make("AA", "BB")
    parties.road_map()
    for code in ("AA", "BB"):
        parties.initial(code)
        parties.exchange()
    for code in ("AA", "BB"):
        parties.seal(code)
        parties.exchange()
    bound = summary(parties.programme("AA"))["closings"]
    picker = random.Random(seed)

    for _ in range(12):
        code = picker.choice(("AA", "BB"))
        about = picker.choice(ABOUT)
        content = {"words": {"ru": picker.choice(TEXTS)}}
        act = picker.choice(
            [
                Propose(about, content),
                TakeStance(proposal_id(about, content), "accepts"),
                Return("gas", {"ru": "п"}),
            ]
        )
        try:
            parties.act(code, act)
        except Refused:
            continue
        parties.exchange()

    for code in ("AA", "BB"):
        assert summary(parties.programme(code))["closings"][: len(bound)] == bound
        assert closing.final(parties.programme(code), code, "road_map:gas")


def test_agreement_never_survives_a_changed_letter() -> None:
    parties = Parties.make()
    first, _second = parties.road_map()
    before = composed(parties.programme(), "gas").text

    parties.agree(first, {"words": {"ru": "Слова один!"}})

    after = composed(parties.programme(), "gas").text
    assert after
    assert after != before


def test_a_renumbering_elsewhere_leaves_the_fingerprint_alone() -> None:
    parties = Parties.make()
    parties.road_map("gas")
    parties.agree("card:oil", {"number": 2, "title": {"ru": "Нефть"}})
    before = composed(parties.programme(), "gas").text

    parties.agree("outline:oil", {"items": [[1, "provision:oil/a"]]})

    assert composed(parties.programme(), "gas").text == before


def test_old_words_never_come_back_by_nobodys_act() -> None:
    parties = Parties.make()
    about, _other = parties.road_map()
    old = agreement.agreed(parties.programme(), about)
    new = parties.agree(about, {"words": {"ru": "Новые слова."}})
    assert agreement.agreed(parties.programme(), about) == new != old

    parties.act("BY", TakeStance(new, "holds"))
    parties.exchange()

    assert agreement.agreed(parties.programme(), about) == ""


def test_a_package_holds_whole_or_not_at_all() -> None:
    parties = Parties.make()
    first, second = parties.road_map()
    one = parties.words("BY", first, "Уступка.")
    two = parties.words("BY", second, "Цена.")
    parties.agree("package:p1", {"title": {"ru": "Пакет"}, "members": [one, two]})
    assert agreement.agreed(parties.programme(), first) == one
    assert agreement.agreed(parties.programme(), second) == two

    parties.act("RU", TakeStance(one, "holds"))
    parties.exchange()

    assert agreement.agreed(parties.programme(), first) == ""
    assert agreement.agreed(parties.programme(), second) == ""


def test_a_reserve_stands_on_the_subject_and_new_words_do_not_lift_it() -> None:
    parties = Parties.make()
    about, _other = parties.road_map()
    parties.act("RU", Reserve(about, "parliamentary"))
    parties.exchange()

    parties.agree(about, {"words": {"ru": "Слова с запятой, новые."}})

    found = agreement.standing(parties.programme(), about)
    assert (found.agreed, found.state) == ("", "reserved")


def test_ad_referendum_on_other_words_leaves_the_agreed_ones_standing() -> None:
    parties = Parties.make()
    about, _other = parties.road_map()
    old = agreement.agreed(parties.programme(), about)
    new = parties.words("BY", about, "Другие слова.")

    parties.act("BY", TakeStance(new, "accepts", "ad_referendum"))
    parties.exchange()

    found = agreement.standing(parties.programme("RU"), about)
    assert found.agreed == old
    assert found.turns == ("RU",)


def test_a_seal_that_knows_of_the_return_does_not_count() -> None:
    parties = Parties.make()
    parties.road_map()
    for code in ("BY", "RU"):
        parties.initial(code)
        parties.exchange()
    parties.seal("BY")
    parties.act("BY", Return("gas", {"ru": "Передумали."}))
    parties.exchange()

    with pytest.raises(Refused):
        parties.seal("RU")

    assert closing.closings(parties.programme("RU"), "road_map:gas") == []


def test_a_seal_written_without_having_seen_the_return_completes() -> None:
    parties = Parties.make()
    parties.road_map()
    for code in ("BY", "RU"):
        parties.initial(code)
        parties.exchange()
    parties.seal("BY")
    parties.exchange()
    parties.act("BY", Return("gas", {"ru": "Передумали."}))
    assert closing.may_still_be_completed(parties.programme("BY"), "road_map:gas") == ["RU"]

    parties.seal("RU")
    parties.exchange()

    assert len(closing.closings(parties.programme("BY"), "road_map:gas")) == 1


def test_half_a_reopening_changes_nothing_and_a_whole_one_opens() -> None:
    parties = Parties.make()
    parties.road_map()
    for do in (parties.initial, parties.seal):
        for code in ("BY", "RU"):
            do(code)
            parties.exchange()
    about = "road_map:gas"
    after = closing.after(parties.programme(), about)
    parties.act("BY", Initial(about, after, parties.charter.prog, "reopened"))
    parties.exchange()
    assert closing.closed(parties.programme(), about) is not None

    parties.act("RU", Initial(about, after, parties.charter.prog, "reopened"))
    parties.exchange()
    for code in ("BY", "RU"):
        parties.act(code, Seal(about, after, "reopened"))
        parties.exchange()

    assert closing.closed(parties.programme(), about) is None
    assert roadmaps.road_map(parties.programme(), "gas").stage == "text_complete"


def test_a_revoked_key_writes_void_entries_that_block_nothing() -> None:
    from paraph.acts import Revoke

    parties = Parties.make()
    about, _other = parties.road_map()
    old = parties.people["BY"]
    parties.journals["BY"].record([Revoke(old.public.id)], [parties.roots["BY"]], at=parties.tick())
    parties.people["BY"] = old

    with pytest.raises(Refused):
        parties.words("BY", about, "Слова.")


def test_concordance_pending_can_be_accepted_in_substance_only() -> None:
    parties = Parties.make(authentic=("ru", "en"), working=())
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ", "en": "Gas"}})
    name = parties.words("BY", "provision:gas/one", "Слова.")
    parties.exchange()

    with pytest.raises(Refused):
        parties.act("RU", TakeStance(name, "accepts"))

    parties.act("RU", TakeStance(name, "in_substance"))


def test_words_changed_since_they_were_read_are_not_accepted() -> None:
    parties = Parties.make()
    about, _other = parties.road_map()
    name = parties.words("BY", about, "Первое предложение.")
    parties.exchange()
    seen = agreement.seen(parties.programme("RU"), about)
    parties.words("BY", about, "Второе предложение.")
    parties.exchange()

    with pytest.raises(Refused, match="Other words came"):
        parties.act("RU", TakeStance(name, "accepts", seen=seen))


def test_the_claimed_time_changes_nothing_but_what_is_shown() -> None:
    parties = random_talks(77, 25)
    programme = parties.programme("AA")
    other = Programme(parties.charter)
    from msgspec.structs import replace

    from paraph.state.fold import apply

    picker = random.Random(3)
    left = {code: list(programme.by[code].entries) for code in programme.parties}
    done = dict.fromkeys(programme.parties, 0)
    while any(left.values()):
        for code in programme.parties:
            while left[code] and all(done[log] >= size for log, size in left[code][0].past.items()):
                placed = left[code].pop(0)
                apply(other, replace(placed, at=f"20{picker.randint(10, 99)}-01-01T00:00:00Z"))
                done[code] += 1

    assert {k: (v.state, v.agreed) for k, v in _standings(other).items()} == {
        k: (v.state, v.agreed) for k, v in _standings(programme).items()
    }
    assert other.voids.keys() == programme.voids.keys()


def _standings(programme: Programme) -> dict[str, agreement.Standing]:
    return {about: agreement.standing(programme, about) for about in programme.on}
