"""Initials and seals with a passkey, and the password beside it."""

import base64
import json
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.cache import cache
from django.test import Client

from paraph.acts import Initial, Propose, Seal, TakeStance, proposal_id
from paraph.node.models import Person, PersonKey
from paraph.node.passkeys import certify
from paraph.node.people import TRIES
from paraph.record.notes import parse_note
from paraph.record.passkeys import Answer, challenge
from paraph.state import closing
from paraph.state.composed import composed_object
from tests.conftest import PASSWORD
from tests.parties import Parties
from tests.passkeys import SoftPasskey

GAS = "/map/gas/closing"
SOFT = SoftPasskey("novik", site="testserver")


@pytest.fixture(autouse=True)
def _no_counters(db: None) -> None:
    cache.clear()


@pytest.fixture
def bound_head(parties: Parties, head: Client) -> Client:
    """The head of BY with a certified passkey, before a text that is complete."""
    parties.road_map()
    keep(SOFT)
    certify(parties.journals["BY"], [parties.roots["BY"]], Person.objects.get(username="novik"))
    return head


def keep(soft: SoftPasskey) -> PersonKey:
    """What registration leaves; in the browser's tests a real one does it."""
    wrapped = {"v": 1, "wrap": "passkey", "credential": "Y3JlZA", "site": soft.site}
    return PersonKey.objects.create(
        person=Person.objects.get(username="novik"),
        key=soft.public.id,
        public=soft.public.hex,
        wrapping="passkey",
        wrapped=json.dumps(wrapped),
    )


def ask(client: Client, parties: Parties, do: str = "initial", **more: str) -> str:
    """Press the button; return what the page says."""
    text = composed_object(parties.programme("BY"), "road_map:gas").text
    answer = client.post(GAS, {"do": do, "text": text, "typed": "1", **more}, follow=True)
    return answer.content.decode()


def answer(page: str, soft: SoftPasskey = SOFT, **faults: Any) -> dict[str, str]:
    """What the browser's script sends after the passkey was touched."""
    asked = re.search(r'data-challenge="([^"]+)"', page)
    assert asked is not None, page
    client = soft.client(b"").replace(challenge(b"").encode(), asked[1].encode())
    found: Answer = soft.answer(b"", client=client, **faults).answer
    signature = _der(found.signature)
    parts = {"authenticator": found.authenticator, "client": found.client, "signature": signature}
    return {"do": "answer", **{name: _text(part) for name, part in parts.items()}}


def _der(raw: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_head_initials_and_seals_with_the_passkey_and_every_node_holds_it(
    parties: Parties, bound_head: Client
) -> None:
    said = bound_head.post(GAS, answer(ask(bound_head, parties)), follow=True).content.decode()
    assert "Initialled." in said
    parties.exchange()
    parties.initial("RU")
    parties.exchange()
    page = ask(bound_head, parties, "seal")
    assert "Sealed." in bound_head.post(GAS, answer(page), follow=True).content.decode()
    parties.exchange()
    parties.seal("RU")
    parties.exchange()

    for code in ("BY", "RU"):
        programme = parties.programme(code)
        assert not programme.voids
        assert closing.closed(programme, "road_map:gas") is not None
        mine = [one for one in programme.by["BY"].entries if isinstance(one.act, Initial | Seal)]
        assert {one.by for one in mine} == {SOFT.public.id}
    row = parties.journals["RU"].raw("BY", mine[-1].n)
    assert row is not None
    assert json.loads(row.note.split(b"\n")[0])["v"] == 2
    assert len(parse_note(row.note).signatures) == 2
    assert parties.journals["OBS"].heads() == parties.journals["BY"].heads()


def test_a_long_text_is_initialled_with_the_passkey_too(parties: Parties, bound_head: Client) -> None:
    keys = [f"p{n}" for n in range(200)]
    parties.agree("outline:gas", {"items": [[1, f"provision:gas/{key}"] for key in keys]})
    subjects = {f"provision:gas/{key}": {"words": {"ru": f"Слова {key[1:]}."}} for key in keys}
    names = [proposal_id(about, content) for about, content in subjects.items()]
    parties.act("BY", *(Propose(about, content) for about, content in subjects.items()))
    parties.act("BY", *(TakeStance(name, "accepts") for name in names))
    parties.exchange()
    parties.act("RU", *(TakeStance(name, "accepts") for name in names))
    parties.exchange()

    said = bound_head.post(GAS, answer(ask(bound_head, parties)), follow=True).content.decode()

    assert "Initialled." in said
    stand = closing.standing(parties.programme("BY"), "BY", "road_map:gas")
    assert stand is not None and len(stand.lines) >= 200


@pytest.mark.parametrize("faults", [{"flags": 0x01}, {"site": "evil.example"}])
def test_a_wrong_answer_signs_nothing(parties: Parties, bound_head: Client, faults: dict[str, Any]) -> None:
    before = parties.journals["BY"].heads()

    said = bound_head.post(GAS, answer(ask(bound_head, parties), **faults), follow=True).content.decode()

    assert "Nothing was signed" in said
    assert parties.journals["BY"].heads() == before


def test_an_answer_counts_once_and_only_for_its_question(parties: Parties, bound_head: Client) -> None:
    first = answer(ask(bound_head, parties))
    ask(bound_head, parties)

    assert "Nothing was signed" in bound_head.post(GAS, first, follow=True).content.decode()
    assert "too old" in bound_head.post(GAS, first, follow=True).content.decode()


def test_once_a_passkey_is_certified_the_password_no_longer_initials(
    parties: Parties, bound_head: Client
) -> None:
    assert "Your password" not in bound_head.get(GAS).content.decode()

    page = ask(bound_head, parties, password=PASSWORD)

    assert "Use the passkey" in page
    assert closing.standing(parties.programme("BY"), "BY", "road_map:gas") is None
    key = Person.objects.get(username="novik").signing_key
    assert key is not None
    parties.exchange()
    grant = parties.programme("RU").by["BY"].grants[key.key]
    assert grant.passed is not None
    assert grant.until is None  # everyday work goes on with it


def test_the_text_is_looked_at_again_when_the_answer_comes(parties: Parties, bound_head: Client) -> None:
    page = ask(bound_head, parties)
    parties.words("BY", "provision:gas/one", "Иные слова.", accept=True)

    said = bound_head.post(GAS, answer(page), follow=True).content.decode()

    assert "Initialled." not in said
    assert closing.standing(parties.programme("BY"), "BY", "road_map:gas") is None


def test_the_page_of_keys_says_what_waits_and_what_is_certified(parties: Parties, head: Client) -> None:
    keep(SOFT)
    assert "waits for the root keys" in head.get("/keys").content.decode()

    certify(parties.journals["BY"], [parties.roots["BY"]], Person.objects.get(username="novik"))

    page = head.get("/keys").content.decode()
    assert "waits for the root keys" not in page
    assert SOFT.public.id in page


def test_a_passkey_is_registered_under_a_name_only(parties: Parties, head: Client) -> None:
    assert "belongs to testserver" in head.get("/keys/new").content.decode()

    answered = head.get("/keys/new", headers={"host": "127.0.0.1:8401"})

    assert answered.status_code == 302
    assert (
        "open this node under its name"
        in head.get("/keys", headers={"host": "127.0.0.1:8401"}).content.decode()
    )


def test_what_is_no_passkey_is_not_kept(parties: Parties, head: Client) -> None:
    head.get("/keys/new")

    said = head.post("/keys/new", {"attestation": "AAAA", "client": "e30"}, follow=True).content.decode()

    assert "No passkey was kept" in said
    assert not PersonKey.objects.filter(wrapping="passkey").exists()


# ---------------------------------------------------------------- the password


def test_after_five_wrong_passwords_even_the_right_one_does_not_initial(
    parties: Parties, head: Client
) -> None:
    parties.road_map()
    for _time in range(5):
        assert "does not open your signing key" in ask(head, parties, password="wrong horse")

    said = ask(head, parties, password=PASSWORD)

    assert "Too many wrong passwords" in said
    assert closing.standing(parties.programme("BY"), "BY", "road_map:gas") is None
    cache.clear()  # after five minutes
    assert "Initialled." in ask(head, parties, password=PASSWORD)


def test_a_right_password_forgets_the_wrong_ones(parties: Parties, head: Client) -> None:
    parties.road_map()
    for _time in range(4):
        ask(head, parties, password="wrong horse")
    assert "Initialled." in ask(head, parties, password=PASSWORD)

    person = Person.objects.get(username="novik")
    assert cache.get_many([f"closing-try-{person.pk}-{n}" for n in range(TRIES)]) == {}
