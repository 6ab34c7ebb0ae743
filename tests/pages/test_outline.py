"""The outline on the pages: nothing leaves before the check page, and nothing typed is lost."""

import re

import pytest
from django.test import Client

from paraph.acts import Propose
from paraph.state import agreement
from tests.parties import Parties

NEW = {"do": "insert", "after": "provision:gas/one", "heading_ru": "Сроки", "words_ru": "До конца года."}


@pytest.fixture
def gas(parties: Parties) -> Parties:
    """A road map of two agreed provisions."""
    parties.road_map("gas", ["one", "two"])
    return parties


def outlines(parties: Parties) -> list[list[str]]:
    """The items of every outline on the table."""
    programme = parties.programme()
    live = agreement.standing(programme, "outline:gas").live
    return [[item for _level, item in programme.outline_items(name)] for name in live]


def test_a_new_provision_is_shown_before_it_leaves(head: Client, gas: Parties) -> None:
    before = gas.programme().sizes()

    answer = head.post("/map/gas/outline", NEW, headers={"accept-language": "en"})

    page = answer.content.decode()
    assert "inserts: Сроки" in page
    assert "До конца года." in page
    assert gas.programme().sizes() == before


def test_what_was_checked_is_sent_as_it_was_shown(head: Client, gas: Parties) -> None:
    page = head.post("/map/gas/outline", NEW).content.decode()
    fresh = re.search(r'name="fresh" value="(n[0-9a-f]{10})"', page)
    assert fresh is not None

    answer = head.post("/map/gas/outline", {**NEW, "fresh": fresh[1], "send": "1", "accept": "confirmed"})

    assert answer.status_code == 302
    programme = gas.programme()
    assert [p.act.subject for p in programme.by["BY"].entries if isinstance(p.act, Propose)][-2:] == [
        f"provision:gas/{fresh[1]}",
        "outline:gas",
    ]
    wanted = ["provision:gas/one", f"provision:gas/{fresh[1]}", "provision:gas/two"]
    assert wanted in outlines(gas)
    assert f"provision:gas/{fresh[1]}" in programme.by["BY"].choices


def test_words_of_two_alphabets_stay_in_the_form(head: Client, gas: Parties) -> None:
    answer = head.post("/map/gas/outline", {**NEW, "words_ru": "Новая стaтья."})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Новая стaтья.</textarea>" in page
    assert "<q>Новая статья.</q>" in page
    assert 'value="Сроки"' in page


@pytest.mark.parametrize(
    ("form", "said", "left"),
    [
        ({"do": "delete", "item": "provision:gas/two"}, "deletes:", ["provision:gas/one"]),
        (
            {"do": "move", "item": "provision:gas/one", "after": "provision:gas/two"},
            "moves:",
            ["provision:gas/two", "provision:gas/one"],
        ),
    ],
)
def test_deletions_and_moves_are_shown_first_too(
    head: Client, gas: Parties, form: dict[str, str], said: str, left: list[str]
) -> None:
    page = head.post("/map/gas/outline", form, headers={"accept-language": "en"}).content.decode()
    assert said in page
    assert left not in outlines(gas)

    head.post("/map/gas/outline", {**form, "send": "1"})

    assert left in outlines(gas)


def test_a_road_map_is_opened_with_its_area_in_both_languages(head: Client, parties: Parties) -> None:
    form = {"number": "7", "key": "space", "words_ru": "Космос", "words_en": "Space"}

    head.post("/map/new", {**form, "area_ru": "наука", "area_en": "science"})

    programme = parties.programme()
    name = programme.on["card:space"][0]
    assert agreement.in_languages(programme, name, "area") == {"ru": "наука", "en": "science"}
    assert programme.card(name).area == "наука"


def test_what_was_typed_for_a_road_map_stays_where_it_was_refused(head: Client, parties: Parties) -> None:
    form = {"number": "7", "key": "Space!", "words_ru": "Космос", "area_en": "science"}

    page = head.post("/map/new", form).content.decode()

    assert 'value="Космос"' in page
    assert 'value="science"' in page


def test_the_check_page_of_a_card_shows_the_other_area(head: Client, gas: Parties) -> None:
    form = {"words_ru": "Газ", "area_ru": "энергетика", "from": gas.programme().on["card:gas"][0]}

    page = head.post("/on/card:gas/propose", form).content.decode()

    assert "энергетика</ins>" in page
