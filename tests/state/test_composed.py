"""Which text can be initialled: what changes its fingerprint, and what is named where there is none."""

from typing import Any

import pytest

from paraph.acts import Reserve, TakeStance, proposal_id
from paraph.state import agreement
from paraph.state.composed import composed
from paraph.state.errors import Refused
from tests.parties import Parties

CELLS: dict[str, dict[str, Any]] = {
    "action": {"words": {"ru": "Открыть рынок."}},
    "bodies": {"bodies": {"BY": [{"ru": "Минэнерго"}]}},
    "deadline": {"date": "2024-01-01"},
    "completion": {"words": {"ru": "Договор подписан."}},
    "indicator": {"words": {"ru": "Доля рынка"}, "target": "50"},
}


def fingerprint(parties: Parties) -> str:
    """H of the road map gas; "" where there is none."""
    return composed(parties.programme(), "gas").text


def missing(parties: Parties) -> list[tuple[str, str]]:
    """What keeps the text from being complete: subject and state."""
    return [(one.subject, one.state) for one in composed(parties.programme(), "gas").missing]


def outline(parties: Parties, *items: tuple[int, str]) -> None:
    """Let all agree on an outline of gas."""
    parties.agree("outline:gas", {"items": [list(one) for one in items]})


# ---------------------------------------------------------------- what changes the fingerprint


def test_a_letter_in_either_authentic_language_changes_the_fingerprint() -> None:
    parties = Parties.make(authentic=("ru", "en"), working=())
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ", "en": "Gas"}})
    outline(parties, (1, "provision:gas/one"))
    found = set()

    for ru, en in (("Слово.", "Word."), ("Слова.", "Word."), ("Слова.", "Words.")):
        parties.agree("provision:gas/one", {"words": {"ru": ru, "en": en}})
        found.add(fingerprint(parties))

    assert len(found) == 3
    assert "" not in found


def test_words_that_change_places_between_languages_change_the_fingerprint() -> None:
    parties = Parties.make(authentic=("de", "en"), working=())
    parties.agree("card:gas", {"number": 1, "title": {"de": "Gas", "en": "Gas"}})
    outline(parties, (1, "provision:gas/one"))
    found = []

    for de, en in (("Hand", "Arm"), ("Arm", "Hand")):
        parties.agree("provision:gas/one", {"words": {"de": de, "en": en}})
        found.append(fingerprint(parties))

    assert found[0] != found[1]


def test_the_order_and_the_levels_of_provisions_change_the_fingerprint() -> None:
    parties = Parties.make()
    one, two = parties.road_map()
    found = {fingerprint(parties)}

    for items in (((1, two), (1, one)), ((1, one), (2, two)), ((1, one),)):
        outline(parties, *items)
        found.add(fingerprint(parties))

    assert len(found) == 4
    assert "" not in found


def test_the_title_and_each_cell_of_a_measure_change_the_fingerprint() -> None:
    parties = Parties.make()
    parties.road_map(provisions=["one"])
    outline(parties, (1, "provision:gas/one"), (1, "measure:gas/m"))
    for cell, content in CELLS.items():
        parties.agree(f"measure:gas/m/{cell}", content)
    found = {fingerprint(parties)}

    parties.agree("card:gas", {"number": 1, "title": {"ru": "Рынок газа"}})
    found.add(fingerprint(parties))
    changed: dict[str, dict[str, Any]] = {
        "measure:gas/m/action": {"words": {"ru": "Открыть рынки."}},
        "measure:gas/m/bodies": {"bodies": {"BY": [{"ru": "Белтрансгаз"}]}},
        "measure:gas/m/deadline": {"date": "2024-01-02"},
        "measure:gas/m/completion": {"words": {"ru": "Договор в силе."}},
        "measure:gas/m/indicator": {"words": {"ru": "Доля рынка"}, "target": "60"},
    }
    for about, content in changed.items():
        parties.agree(about, content)
        found.add(fingerprint(parties))

    assert len(found) == 7
    assert "" not in found


def test_words_that_refer_into_another_road_map_keep_their_fingerprint_when_that_is_renumbered() -> None:
    parties = Parties.make()
    parties.road_map("gas", ["one"])
    parties.agree("card:oil", {"number": 2, "title": {"ru": "Нефть"}})
    parties.agree("outline:oil", {"items": [[1, "provision:oil/a"]]})
    parties.agree("provision:gas/one", {"words": {"ru": "Согласно {ref:oil/a}."}})
    before = fingerprint(parties)
    assert before

    parties.agree("outline:oil", {"items": [[1, "provision:oil/b"], [1, "provision:oil/a"]]})

    assert fingerprint(parties) == before


# ---------------------------------------------------------------- what is named where there is none


@pytest.mark.parametrize("items", [[], [[1, "provision:gas/one"], [1, "provision:gas/one"]]])
def test_an_outline_that_is_empty_or_names_a_provision_twice_cannot_even_be_proposed(
    items: list[list[object]],
) -> None:
    parties = Parties.make()
    parties.road_map()
    before = fingerprint(parties)

    with pytest.raises(Refused, match="outline is malformed"):
        parties.propose("BY", "outline:gas", {"items": items})

    assert proposal_id("outline:gas", {"items": items}) not in parties.programme().proposals
    assert fingerprint(parties) == before


def test_without_an_outline_there_is_no_text_though_all_words_are_agreed() -> None:
    parties = Parties.make()
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    parties.agree("provision:gas/one", {"words": {"ru": "Слова."}})

    assert (fingerprint(parties), missing(parties)) == ("", [("outline:gas", "empty")])


def test_a_reference_to_a_provision_that_the_outline_no_longer_holds_is_named() -> None:
    parties = Parties.make()
    one, _two = parties.road_map()
    parties.agree(one, {"words": {"ru": "Согласно {ref:two}."}})
    assert fingerprint(parties)

    outline(parties, (1, one))

    assert (fingerprint(parties), missing(parties)) == ("", [(one, "reference")])
    said = str(composed(parties.programme(), "gas").missing[0].sentence)
    assert "two" in said


def test_words_renewed_in_one_language_only_are_no_text_until_the_other_follows() -> None:
    parties = Parties.make(authentic=("ru", "en"), working=())
    about = "provision:gas/one"
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ", "en": "Gas"}})
    outline(parties, (1, about))
    parties.agree(about, {"words": {"ru": "Слово.", "en": "Word."}})
    old = fingerprint(parties)
    renewed = parties.propose("BY", about, {"words": {"ru": "Иное слово."}})
    parties.exchange()

    for code in ("BY", "RU"):
        parties.act(code, TakeStance(renewed, "in_substance"))
        with pytest.raises(Refused, match="concordance pending"):
            parties.act(code, TakeStance(renewed, "accepts"))
    parties.exchange()

    assert fingerprint(parties) == old  # a replacement is discussed while the agreed words stand
    parties.act("RU", TakeStance(agreement.agreed(parties.programme(), about), "holds"))
    parties.exchange()
    assert (fingerprint(parties), missing(parties)) == ("", [(about, "in_substance")])


def test_words_in_brackets_and_words_under_a_reserve_are_named_each() -> None:
    parties = Parties.make()
    one, two = parties.road_map()

    other = parties.words("RU", one, "Иные слова.")
    parties.act("RU", TakeStance(other, "holds"), Reserve(two, "scrutiny"))
    parties.act("RU", TakeStance(agreement.agreed(parties.programme(), one), "holds"))
    parties.exchange()

    assert fingerprint(parties) == ""
    assert missing(parties) == [(one, "bracketed"), (two, "reserved")]


def test_each_open_cell_of_a_measure_is_named() -> None:
    parties = Parties.make()
    parties.road_map(provisions=["one"])
    outline(parties, (1, "provision:gas/one"), (1, "measure:gas/m"))
    for cell in ("action", "deadline"):
        parties.agree(f"measure:gas/m/{cell}", CELLS[cell])

    assert missing(parties) == [
        (f"measure:gas/m/{cell}", "empty") for cell in ("bodies", "completion", "indicator")
    ]
