"""Who may do what, by URL, whatever the page shows."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from paraph.node.access import administrators, heads, members, negotiators
from paraph.node.models import Person
from paraph.urls import urlpatterns as pages

Invite = Callable[[str, str], Person]


def _fine(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


urlpatterns = [
    path("t/members", members(_fine)),
    path("t/negotiators", negotiators(_fine)),
    path("t/heads", heads(_fine)),
    path("t/administrators", administrators(_fine)),
    *pages,
]
MAY = {
    "viewer": {"members"},
    "delegate": {"members", "negotiators"},
    "head": {"members", "negotiators", "heads"},
    "administrator": {"members", "administrators"},
}


@pytest.mark.parametrize("role", MAY)
@override_settings(ROOT_URLCONF="tests.node.test_access")
def test_each_role_reaches_what_it_may_and_no_more(invite: Invite, role: str) -> None:
    client = Client()
    client.force_login(invite("somebody", role))

    for door in ("members", "negotiators", "heads", "administrators"):
        for answer in (client.get(f"/t/{door}"), client.post(f"/t/{door}")):
            assert answer.status_code == (200 if door in MAY[role] else 403), door


@pytest.mark.usefixtures("parties")
@override_settings(ROOT_URLCONF="tests.node.test_access")
def test_a_stranger_is_asked_to_sign_in() -> None:
    for door in ("members", "negotiators", "heads", "administrators"):
        answer = Client().get(f"/t/{door}")

        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")
