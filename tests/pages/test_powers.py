"""The page of full powers says who may do what, since when, until when, by whom; and which keys held."""

from django.test import Client

from paraph.acts import Revoke, Rotate
from paraph.record.keys import SecretKey
from tests.parties import Parties


def test_the_page_shows_powers_scope_term_certificate_revocation_and_keys(
    parties: Parties, head: Client
) -> None:
    parties.road_map()
    old = parties.people["RU"]
    parties.delegate("RU", ["negotiate"], road_maps=["gas"], ad_referendum_only=True, until="2021-12-31")
    parties.journals["RU"].record([Revoke(old.public.id)], [parties.roots["RU"]], at=parties.tick())
    node, root = SecretKey.generate(), parties.roots["RU"]
    parties.journals["RU"].record(
        [Rotate([root.public.hex], 1, node.public.hex, 1)], [root], new_node=node, at=parties.tick()
    )
    parties.exchange()

    page = head.get("/powers").content.decode()

    assert "Novik" in page and "negotiates, initials, seals, signs" in page
    assert "ad referendum only" in page and "1 Карта" in page and "31 Dec 2021" in page
    revoked = parties.programme("BY").by["RU"].grants[old.public.id].until
    assert f"/record/RU/{revoked}" in page
    assert "Version 1" in page and "As the charter names them" in page
    short = root.public.id[:4]
    assert short in page


def test_strangers_are_asked_to_sign_in(parties: Parties) -> None:
    assert Client().get("/powers").status_code == 302
