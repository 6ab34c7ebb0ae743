"""Does Django carry a request to the handlers and back, and nothing else?"""

import os
from collections.abc import Iterator

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paraph.settings")
django.setup()

from django.http import HttpResponse  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.urls import resolve  # noqa: E402

from paraph.node.exchange import views  # noqa: E402
from paraph.node.exchange.limits import MAX_BODY  # noqa: E402
from paraph.node.exchange.messages import Request, write_heads  # noqa: E402
from paraph.node.exchange.server import Server  # noqa: E402
from paraph.node.exchange.signing import sign  # noqa: E402
from tests.exchange.nodes import founded, sizes  # noqa: E402
from tests.parties import Parties  # noqa: E402

URLS = "paraph.node.exchange.urls"


@pytest.fixture
def parties(monkeypatch: pytest.MonkeyPatch) -> Iterator[Parties]:
    parties = founded()
    server = Server(parties.journals["BY"])
    monkeypatch.setattr(views, "server", lambda: server)
    yield parties


def ask(parties: Parties, method: str, target: str, body: bytes = b"") -> HttpResponse:
    signed = sign(Request(method, target, body=body), parties.nodes["RU"], parties.charter.prog, "RU", "BY")
    factory = RequestFactory(headers=dict(signed.headers))
    request = factory.generic(method, f"/exchange/{target}", body, "application/octet-stream")
    match = resolve(f"/{target.partition('?')[0]}", URLS)
    answer = match.func(request, **match.kwargs)
    assert isinstance(answer, HttpResponse)
    return answer


def test_every_resource_is_reached_through_django(parties: Parties) -> None:
    for target in ("heads", "BY/checkpoint", "BY/entries/0-5", "BY/tile/entries/000.p/5", "charter.json"):
        answer = ask(parties, "GET", target)

        assert answer.status_code == 200 and answer.content
        assert not answer.cookies


def test_a_poke_needs_no_form_token(parties: Parties) -> None:
    answer = ask(parties, "POST", "poke", write_heads(sizes(parties, "RU")))

    assert answer.status_code == 200
    assert vars(views.resource)["csrf_exempt"] is True
    assert vars(views.resource)["login_required"] is False


def test_the_query_belongs_to_what_is_signed(parties: Parties) -> None:
    assert ask(parties, "GET", "heads?a=%41").content == b"BY has nothing under this address."


def test_too_large_a_request_is_not_read(parties: Parties) -> None:
    assert ask(parties, "POST", "poke", b"x" * (MAX_BODY + 1)).status_code == 413
