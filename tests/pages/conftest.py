"""A head of delegation signed in at the node of BY, with the key open as after the form."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client
from nacl.pwhash import argon2id

from paraph.record import keys
from tests.conftest import PASSWORD
from tests.parties import Parties


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and wrapped keys cost little here; tests of a node and its browser pay the full price."""
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    monkeypatch.setitem(keys._COSTS, "interactive", (argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN))


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
