"""People sign in, and their keys open for work and for closing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from paraph.acts import Propose
from paraph.node.models import Person
from paraph.node.people import SEALED, closing_key, renew_key, working_key
from paraph.state.errors import Refused
from tests.conftest import PASSWORD
from tests.parties import Parties

LOGIN = "/account/login/"
Invite = Callable[[str, str], Person]


@pytest.fixture(autouse=True)
def _no_counters(db: None) -> None:
    cache.clear()


def sign_in(name: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(LOGIN, {"login": name, "password": password})
    return client


def request_of(client: Client, person: Person) -> Any:
    """A request as a view gets it after that sign-in."""
    return type(
        "Request",
        (),
        {
            "user": Person.objects.get(pk=person.pk),
            "session": client.session,
            "COOKIES": {name: morsel.value for name, morsel in client.cookies.items()},
        },
    )()


def test_the_key_is_open_for_work_after_sign_in(invite: Invite) -> None:
    person = invite("novik", "delegate")

    request = request_of(sign_in("novik"), person)

    key = working_key(request)
    assert key is not None
    assert person.signing_key is not None
    assert key.public.id == person.signing_key.key


def test_neither_the_session_nor_the_cookie_alone_opens_the_key(invite: Invite) -> None:
    person = invite("novik", "delegate")
    client = sign_in("novik")
    request = request_of(client, person)
    seed = working_key(request).seed  # type: ignore[union-attr]

    assert seed.hex() not in str(dict(client.session.items()))
    assert seed.hex() not in str(request.COOKIES)
    request.COOKIES.pop(settings.KEY_COOKIE_NAME)
    assert working_key(request) is None


def test_a_wrong_password_signs_nobody_in(invite: Invite) -> None:
    invite("novik", "delegate")

    client = sign_in("novik", "wrong horse battery")

    assert SEALED not in client.session
    assert "_auth_user_id" not in client.session


def test_initials_ask_for_the_password_again(invite: Invite) -> None:
    person = invite("novik", "head")

    assert closing_key(person, "wrong") is None
    assert closing_key(person, PASSWORD) is not None


def test_signing_out_closes_the_key(invite: Invite) -> None:
    person = invite("novik", "delegate")
    client = sign_in("novik")
    cookies = request_of(client, person).COOKIES

    client.post("/account/logout/")

    request = request_of(client, person)
    request.COOKIES = cookies
    assert working_key(request) is None


def test_a_new_password_wraps_the_same_key(invite: Invite) -> None:
    person = invite("novik", "delegate")
    client = sign_in("novik")

    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "another horse 77", "password2": "another horse 77"},
    )

    person = Person.objects.get(pk=person.pk)
    assert closing_key(person, PASSWORD) is None
    assert closing_key(person, "another horse 77") is not None


def test_who_lost_the_password_gets_a_new_key_and_the_old_one_is_revoked(
    parties: Parties, invite: Invite
) -> None:
    person = invite("novik", "delegate")
    old = closing_key(person, PASSWORD)
    assert old is not None

    renew_key(parties.journals["BY"], [parties.roots["BY"]], person, "another horse 77")

    new = closing_key(Person.objects.get(pk=person.pk), "another horse 77")
    assert new is not None
    card = Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    with pytest.raises(Refused, match="revoked"):
        parties.journals["BY"].record([card], [old])
    assert parties.journals["BY"].record([card], [new])


def test_passwords_are_kept_by_argon2(invite: Invite) -> None:
    assert invite("novik", "viewer").password.startswith("argon2$argon2id$")


def test_nobody_signs_up(db: None) -> None:
    answer = Client().get("/account/signup/")

    assert b"password1" not in answer.content


def test_a_viewer_and_an_administrator_have_no_key(invite: Invite) -> None:
    for name, role in (("gost", "viewer"), ("admin", "administrator")):
        person = invite(name, role)

        assert person.signing_key is None
        assert not person.may_act
        assert not person.may_close


def test_each_node_names_its_cookies_after_itself(invite: Invite) -> None:
    invite("novik", "delegate")

    client = sign_in("novik")
    client.get(LOGIN)

    names = {name for name in client.cookies if name != "messages"}
    assert {"paraph_by_session", "paraph_by_key"} <= names
    assert all(name.startswith("paraph_by_") for name in names)


def test_many_wrong_passwords_lock_the_door(invite: Invite) -> None:
    invite("novik", "delegate")
    for _try in range(6):
        sign_in("novik", "wrong horse battery")

    assert "_auth_user_id" not in sign_in("novik").session
