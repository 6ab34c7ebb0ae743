"""Packages on the pages: put together, read, accepted, left."""

import re

import pytest
from django.test import Client

from paraph.acts import TakeStance, proposal_id
from paraph.state import agreement
from tests.parties import Parties

TITLES = {"title_ru": "Газ и нефть", "title_en": "Gas against oil"}


@pytest.fixture
def offers(parties: Parties) -> tuple[str, str]:
    """Two road maps; on the gas agreed words and RU's other ones, on oil RU's alone."""
    parties.road_map("gas", ["one"])
    parties.agree("card:oil", {"number": 2, "title": {"ru": "Нефть"}})
    price = parties.words("RU", "provision:gas/one", "Слова о цене.")
    transit = parties.words("RU", "provision:oil/a", "Слова о транзите.")
    parties.exchange()
    return price, transit


def put_together(client: Client, members: tuple[str, ...], accept: str = "confirmed") -> str:
    """Gather and propose on the pages; return the package's subject."""
    client.post("/packages/gather", {"do": "put", "proposal": members})
    answer = client.post("/packages/new", {**TITLES, "accept": accept})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).removeprefix("/on/")


def page(client: Client, address: str) -> str:
    """A page as text, without its tags."""
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_proposals_of_several_road_maps_are_put_into_one_package(
    head: Client, parties: Parties, offers: tuple[str, str]
) -> None:
    about = put_together(head, offers)

    content = {"title": {"ru": "Газ и нефть"}, "members": list(offers)}
    programme = parties.programme()
    assert programme.on[about] == [proposal_id(about, content)]
    assert agreement.in_languages(programme, programme.on[about][0], "title")["en"] == "Gas against oil"
    listed = page(head, "/packages")
    assert "Gas against oil" in listed
    assert "BY accepts" in listed
    assert "RU no stance yet" in listed


def test_the_page_of_a_package_shows_the_redline_and_what_accepting_leaves(
    head: Client, parties: Parties, offers: tuple[str, str]
) -> None:
    about = put_together(head, offers, accept="")

    shown = page(head, f"/on/{about}")

    assert "against the words agreed on 23 Feb 2021" in shown
    assert "Слова <del>один</del> <ins>о цене</ins>." in head.get(f"/on/{about}").content.decode()
    assert "this leaves the words agreed on 23 February 2021" in shown
    assert "The package holds once every other party accepts it too." in shown


def test_a_package_that_holds_says_what_its_end_would_bracket(
    head: Client, parties: Parties, offers: tuple[str, str]
) -> None:
    about = put_together(head, offers)
    parties.exchange()
    package = parties.programme().on[about][0]
    parties.act("RU", TakeStance(package, "accepts"))
    parties.exchange()
    assert agreement.agreed(parties.programme(), "provision:oil/a") == offers[1]

    shown = page(head, f"/on/{about}")

    assert re.search(r"Its end would put back into brackets: 1/1.*; 2/a new provision", shown)
    assert "Stands in the package Gas against oil Agreed" in page(head, "/on/provision:oil/a")
    assert "accepts within a package" in page(head, "/on/provision:oil/a")


def test_a_package_is_accepted_and_left_with_the_form_of_every_proposal(
    head: Client, parties: Parties, offers: tuple[str, str]
) -> None:
    about = put_together(head, offers, accept="")
    programme = parties.programme()
    form = {"proposal": programme.on[about][0], "position": "accepts", "strength": "confirmed"}

    head.post(f"/on/{about}/stance", {**form, "seen": "0" * 64})
    assert parties.programme().by["BY"].packages == set()
    head.post(f"/on/{about}/stance", {**form, "seen": agreement.seen(programme, about)})
    assert parties.programme().by["BY"].packages == {form["proposal"]}
    head.post(f"/on/{about}/stance", {**form, "position": "holds"})

    assert parties.programme().by["BY"].packages == set()


def test_another_version_of_a_package_keeps_its_subject(
    head: Client, parties: Parties, offers: tuple[str, str]
) -> None:
    about = put_together(head, offers)
    package = parties.programme().on[about][0]
    third = parties.words("RU", "provision:oil/b", "Третьи слова.")
    parties.exchange()

    head.post("/packages/gather", {"do": "revise", "proposal": package})
    assert "Another version of “Gas against oil”" in page(head, "/packages/new")
    assert put_together(head, (third,)) == about

    versions = parties.programme().on[about]
    assert len(versions) == 2
    assert parties.programme().members(versions[1]) == [*offers, third]


def test_of_two_proposals_on_one_subject_the_one_put_in_last_stays(
    head: Client, parties: Parties, offers: tuple[str, str]
) -> None:
    rival = parties.words("RU", "provision:gas/one", "Иные слова.")
    parties.exchange()

    head.post("/packages/gather", {"do": "put", "proposal": [offers[0], rival]})

    shown = page(head, "/packages/new")
    assert "the one put in before is out again: 1/1" in shown
    assert "1 proposal" in shown


def test_what_cannot_be_a_package_is_refused_with_the_reason(
    head: Client, parties: Parties, offers: tuple[str, str]
) -> None:
    head.post("/packages/gather", {"do": "put", "proposal": offers[0]})
    sizes = parties.programme().sizes()

    answer = head.post("/packages/new", TITLES, headers={"accept-language": "en"})

    assert "a package needs at least two proposals" in answer.content.decode()
    assert parties.programme().sizes() == sizes


def test_the_move_on_a_package_stands_under_your_turn(
    head: Client, parties: Parties, offers: tuple[str, str]
) -> None:
    parties.propose("RU", "package:p1", {"title": {"ru": "Пакет"}, "members": list(offers)})
    parties.exchange()

    assert "Пакет" in page(head, "/turn")


def test_who_only_reads_gathers_nothing(viewer: Client, offers: tuple[str, str]) -> None:
    assert viewer.get("/packages").status_code == 200
    assert viewer.get("/packages/new").status_code == 403
    assert viewer.post("/packages/gather", {"do": "put", "proposal": offers[0]}).status_code == 403
