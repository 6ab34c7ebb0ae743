"""The text of a road map: its rows are kept as they were drawn, and drawn again where something is new."""

from django.test import Client

from paraph.acts import Reserve, TakeStance
from tests.parties import Parties

ONE = "provision:gas/one"


def rows(client: Client, language: str = "en") -> tuple[str, str]:
    """The two provisions on the page."""
    words = client.get("/map/gas", headers={"Accept-Language": language}).content.decode()
    _before, one, two = words.split('<section class="provision"')
    return one, two.split("</section>")[0]


def test_a_row_follows_what_happens_to_its_provision(head: Client, parties: Parties) -> None:
    parties.road_map("gas")
    agreed, other = rows(head)
    name = parties.words("BY", ONE, "Иные слова.", accept=True)
    parties.exchange()
    open_, same = rows(head)
    parties.act("RU", TakeStance(name, "accepts"))
    parties.exchange()
    agreed_anew, _same = rows(head)
    parties.act("RU", Reserve(ONE, "scrutiny"))
    parties.exchange()
    reserved, same_still = rows(head)

    assert "Слова один." in agreed and "Agreed" in agreed
    assert "bracket" in open_ and "Agreed" not in open_
    assert "Иные слова." in agreed_anew and "Слова один." not in agreed_anew and "Agreed" in agreed_anew
    assert "scrutiny" in reserved and "scrutiny" not in agreed_anew
    assert other == same == same_still
    assert "Согласовано" in rows(head, "ru")[1] and "Agreed" in rows(head)[1]
