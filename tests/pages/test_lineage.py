"""What becomes of road maps: proposed, accepted, initialled and sealed on the pages."""

import re

import pytest
from django.test import Client

from paraph.acts import REOPENED, Initial, TakeStance
from paraph.state import agreement, closing, roadmaps
from paraph.state.errors import Refused
from tests.conftest import PASSWORD
from tests.pages.test_packages import page
from tests.parties import Parties


@pytest.fixture
def maps(parties: Parties) -> list[str]:
    """Three road maps: gas with a complete text, oil and the energy in which they may go on."""
    parties.road_map("gas", ["one"])
    parties.agree("card:oil", {"number": 2, "title": {"ru": "Нефть"}})
    parties.agree("card:energy", {"number": 3, "title": {"ru": "Энергия"}})
    return ["gas", "oil", "energy"]


MERGER = {"do": "add", "change": "merge", "old": ["gas", "oil"], "new": ["energy"], "date": "2021-04-01"}


def propose(head: Client, parties: Parties) -> str:
    """Propose the merger on the pages, and accept it on both sides."""
    head.post("/lineage/new", {**MERGER, "note_en": "One energy market"})
    answer = head.post("/lineage/new", {"do": "send", "accept": "confirmed"})
    assert answer["Location"] == "/on/charter", answer.content.decode()
    parties.exchange()
    name = parties.programme().on["charter"][-1]
    parties.act("RU", TakeStance(name, "accepts"))
    parties.exchange()
    return name


def close(head: Client, parties: Parties, do: str) -> None:
    """Let BY initial or seal the charter on the page."""
    shown = re.search(rf'value="{do}"><input type="hidden" name="text" value="(\w+)"', raw(head))
    assert shown is not None, do
    form = {"do": do, "text": shown[1], "typed": "charter", "password": PASSWORD}
    head.post("/closing/charter", form)
    parties.exchange()


def raw(head: Client) -> str:
    """The closing page of the charter."""
    return head.get("/closing/charter").content.decode()


def test_a_merger_is_proposed_in_steps_and_agreed_like_any_text(
    head: Client, parties: Parties, maps: list[str]
) -> None:
    name = propose(head, parties)

    assert agreement.agreed(parties.programme(), "charter") == name
    shown = page(head, "/on/charter")
    assert "merged 1 Карта ; 2 Нефть goes on in 3 Энергия One energy market 1 Apr 2021" in shown
    assert roadmaps.ended(parties.programme()) == {}


def test_initials_and_seals_of_all_end_the_road_maps(head: Client, parties: Parties, maps: list[str]) -> None:
    propose(head, parties)
    assert "these road maps end: 1 Карта; 2 Нефть" in page(head, "/closing/charter")
    close(head, parties, "initial")
    parties.initial("RU", "charter")
    parties.exchange()
    assert "your own seals on these road maps are void: 1 Карта; 2 Нефть" in page(head, "/closing/charter")
    close(head, parties, "seal")
    assert [one.id for one in roadmaps.road_maps(parties.programme())] == ["gas", "oil", "energy"]

    parties.seal("RU", "charter")
    parties.exchange()

    assert [one.id for one in roadmaps.road_maps(parties.programme())] == ["energy"]
    assert "Final: nothing that anybody writes later undoes it." in page(head, "/closing/charter")
    assert "merged 1 Карта ; 2 Нефть" in page(head, "/board")
    assert "The charter has ended this road map. merged" in page(head, "/map/gas")
    assert "merged 1 Карта ; 2 Нефть goes on in 3 Энергия" in page(head, "/map/energy")


def test_the_charter_that_follows_keeps_the_steps_in_force(
    head: Client, parties: Parties, maps: list[str]
) -> None:
    first = propose(head, parties)
    for do in ("initial", "seal"):
        close(head, parties, do)
        getattr(parties, do)("RU", "charter")
        parties.exchange()
    assert closing.final(parties.programme(), "BY", "charter")

    head.post("/lineage/new", {"do": "add", "change": "withdraw", "old": ["energy"]})
    head.post("/lineage/new", {"do": "send", "accept": "confirmed"})
    parties.exchange()
    second = parties.programme().on["charter"][-1]
    parties.act("RU", TakeStance(second, "accepts"))
    parties.exchange()

    assert second != first
    assert "in force" in page(head, "/on/charter")
    with pytest.raises(Refused, match="steps of the charter in force come first"):
        parties.propose("RU", "charter", {"steps": [{"change": "withdraw", "old": ["energy"]}]})
    assert "these road maps end: 3 Энергия" in page(head, "/closing/charter")
    close(head, parties, "initial")
    parties.initial("RU", "charter")
    parties.exchange()
    close(head, parties, "seal")
    parties.seal("RU", "charter")
    parties.exchange()
    assert roadmaps.road_maps(parties.programme()) == []
    assert set(roadmaps.ended(parties.programme())) == {"gas", "oil", "energy"}


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ({"change": "withdraw"}, "Choose the road maps that end."),
        ({"change": "withdraw", "old": ["gas"], "new": ["oil"]}, "goes on in no other"),
        ({"change": "merge", "old": ["gas"], "new": ["oil", "energy"]}, "goes on in one road map"),
        ({"change": "split", "old": ["gas"], "new": ["oil"]}, "goes on in at least two"),
        ({"change": "succeed", "old": ["gas"]}, "Choose the road maps that go on."),
        ({"change": "merge", "old": ["oil"], "new": ["gas"]}, ""),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_in_words(
    head: Client, maps: list[str], step: dict[str, object], why: str
) -> None:
    answer = head.post("/lineage/new", {"do": "add", **step}, headers={"accept-language": "en"})

    if why:
        assert why in answer.content.decode()
        assert "There is no step yet." in page(head, "/lineage/new")
    else:
        assert answer.status_code == 302


def test_what_goes_on_under_its_own_name_is_not_ended(
    head: Client, parties: Parties, maps: list[str]
) -> None:
    head.post("/lineage/new", {"do": "add", "change": "merge", "old": ["gas", "oil"], "new": ["gas"]})
    head.post("/lineage/new", {"do": "send"})

    lineage = parties.programme().lineage(parties.programme().on["charter"][0])
    assert [(step.old, step.new) for step in lineage.steps] == [(["oil"], ["gas"])]


def test_what_an_earlier_step_ends_is_not_ended_again(head: Client, maps: list[str]) -> None:
    head.post("/lineage/new", MERGER)

    answer = head.post(
        "/lineage/new", {"do": "add", "change": "withdraw", "old": ["gas"]}, headers={"accept-language": "en"}
    )

    assert "The charter ends these already: 1 Карта." in answer.content.decode()


def test_only_what_exists_has_a_page_of_closing(head: Client, maps: list[str]) -> None:
    assert head.get("/closing/charter").status_code == 404
    assert head.get("/closing/provision:gas/one").status_code == 404
    assert head.get("/closing/road_map:gas").status_code == 200


def test_a_reopening_is_initialled_and_sealed_on_the_page(head: Client, parties: Parties) -> None:
    parties.road_map("gas", ["one"])
    for do in (parties.initial, parties.seal):
        for code in ("BY", "RU"):
            do(code)
            parties.exchange()
    text = closing.closings(parties.programme(), "road_map:gas")[0].text
    form = {"typed": "1", "password": PASSWORD}
    assert "on this text" in page(head, "/map/gas/closing")

    head.post("/map/gas/closing", {**form, "do": "reopen", "text": text})
    parties.exchange()
    assert "on the reopening" in page(head, "/map/gas/closing")
    parties.act("RU", Initial("road_map:gas", text, parties.charter.prog, REOPENED))
    parties.exchange()
    head.post("/map/gas/closing", {**form, "do": "seal", "text": REOPENED})
    parties.exchange()
    parties.seal("RU")
    parties.exchange()

    assert closing.closed(parties.programme(), "road_map:gas") is None
