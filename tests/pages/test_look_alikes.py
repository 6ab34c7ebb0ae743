"""What looks the same and is not is told on the pages, and mended by a button."""

import pytest
from django.test import Client

from tests.pages.test_packages import page
from tests.parties import Parties

ABOUT = "provision:gas/one"


@pytest.fixture
def gas(parties: Parties) -> Parties:
    """A provision with words of RU on the table."""
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    parties.agree("outline:gas", {"items": [[1, ABOUT]]})
    parties.words("RU", ABOUT, "Решение COP")
    parties.exchange()
    return parties


def checked(client: Client, words: str, **more: str) -> str:
    """The check page for these words."""
    form = {"words_ru": words, **more}
    return client.post(f"/on/{ABOUT}/propose", form, headers={"accept-language": "en"}).content.decode()


def test_a_mixed_word_is_refused_and_a_button_takes_the_corrected_text(head: Client, gas: Parties) -> None:
    refused = checked(head, "Прoтокол о ценaх", heading_ru="Цeны")
    assert "mixes Latin and Cyrillic letters" in refused
    assert 'name="mend" value="1">Take the corrected text</button>' in refused

    mended = checked(head, "Прoтокол о ценaх", heading_ru="Цeны", mend="1")

    assert "mixes" not in mended
    assert ">Протокол о ценах</textarea>" in mended
    assert 'value="Цены"' in mended
    assert "Send to the joint record" in mended


def test_words_that_look_like_those_on_the_table_are_told_before_they_are_sent(
    head: Client, gas: Parties
) -> None:
    shown = checked(head, "Решение СОР")

    assert "These words look the same as the words of RU, and are not." in shown
    assert "“СОР” looks like “COP”" in shown
    assert "Send to the joint record" in shown  # lawful: a person decides
    assert "look" not in checked(head, "Решение КС").split("<main")[1]


def test_two_proposals_that_look_the_same_are_told_on_the_page_of_the_provision(
    head: Client, gas: Parties
) -> None:
    gas.words("BY", ABOUT, "Решение СОР")

    assert "A and B look the same, and are not. “COP” in B looks like “СОР”" in page(head, f"/on/{ABOUT}")


def test_proposals_that_differ_in_sight_are_not_told(head: Client, gas: Parties) -> None:
    gas.words("BY", ABOUT, "Решение КС")

    assert "look the same" not in page(head, f"/on/{ABOUT}")
