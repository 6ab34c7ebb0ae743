"""A head of delegation signed in at the node of BY, with the key open as after the form."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from tests.conftest import PASSWORD
from tests.parties import Parties


@pytest.fixture
def head(parties: Parties, invite: Callable[[str, str], object]) -> Client:
    """The head of the delegation of BY, signed in by the form."""
    cache.clear()  # who signs in too often a minute is kept out
    invite("novik", "head")
    client = Client()
    answer = client.post("/account/login/", {"login": "novik", "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.fixture
def viewer(parties: Parties, invite: Callable[[str, str], object]) -> Client:
    """Somebody of the same delegation who reads only."""
    invite("reader", "viewer")
    client = Client()
    client.post("/account/login/", {"login": "reader", "password": PASSWORD})
    return client
