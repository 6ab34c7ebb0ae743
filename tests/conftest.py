"""The home in which tests run: the node of BY in a programme of two, on SQLite or PostgreSQL.

`PARAPH_TEST_DATABASE=postgresql` runs the same tests on a PostgreSQL that is started for them.
"""

import atexit
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from paraph.node.homes import Home, write_key, write_private
from tests.parties import Parties
from tests.postgresql import Server

if TYPE_CHECKING:
    from tests.carriers import Carriers

PASSWORD = "correct horse battery"
POSTGRESQL = os.environ.get("PARAPH_TEST_DATABASE") == "postgresql"
_meeting = Parties.meet(public=("stages",))
_home = Path(tempfile.mkdtemp(prefix="paraph-test-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)

hypothesis.settings.register_profile("shared", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("shared")


@cache
def server() -> Server:
    """The PostgreSQL of this process."""
    made = Server()
    atexit.register(made.stop)
    return made


def _make_home() -> None:
    """Django reads the home when it is set up, before any fixture runs."""
    home = Home(_home, "BY", secret="s" * 50)
    if POSTGRESQL:
        home.database = server().address
    home.write()
    (_home / "static").mkdir()
    write_key(_home / "node.key", _meeting.nodes["BY"])
    write_private(_home / "charter.json", _meeting.charter.encode())
    os.environ["PARAPH_NODE_HOME"] = str(_home)
    os.environ["PARAPH_PLAIN_STATIC"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "paraph.settings"
    if "paraph.settings" in sys.modules:
        _read_settings_again()


def _read_settings_again() -> None:
    """Undo what the plugin did that reads the settings before this file: without a home."""
    fresh = importlib.reload(sys.modules["paraph.settings"])
    for name in filter(str.isupper, dir(fresh)):
        setattr(settings, name, getattr(fresh, name))
    for alias in list(connections):
        if hasattr(vars(connections)["_connections"], alias):
            del connections[alias]
    setattr(connections, "_settings", None)  # noqa: B010 - private to the framework
    connections.__dict__.pop("settings", None)


_make_home()


@pytest.fixture(scope="session")
def databases_of_nodes(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> "Iterator[Carriers]":
    from tests.carriers import Carriers

    yield Carriers(_home)
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def carriers(
    databases_of_nodes: "Carriers", django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> "Iterator[Carriers]":
    """Journals of all nodes lie in databases instead of in memory."""
    databases_of_nodes.start_over()
    monkeypatch.setattr(Parties, "carriers", databases_of_nodes)
    with django_db_blocker.unblock():
        yield databases_of_nodes


@pytest.fixture
def database() -> Callable[[], str]:
    """Each call names an empty database as a home does, for nodes that run in processes of their own."""
    return server().empty if POSTGRESQL else lambda: "sqlite"


@pytest.fixture
def parties(db: None) -> Iterator[Parties]:
    """BY on the database of this process as the pages see it, RU and the observer in memory."""
    from paraph.node import current

    (_home / "heads").unlink(missing_ok=True)
    current.forget()
    met = Parties(_meeting.charter, _meeting.roots, _meeting.nodes)
    met.journals["BY"] = current.journal()
    met.open("RU")
    met.open("OBS")
    met.begin()
    yield met
    current.forget()


@pytest.fixture
def invite(parties: Parties) -> Callable[..., object]:
    """Invite a person to the node of BY: `invite("novik", "head")`."""
    from paraph.node.people import create_person

    def invited(name: str, role: str) -> object:
        return create_person(
            parties.journals["BY"],
            [parties.roots["BY"]],
            username=name,
            password=PASSWORD,
            role=role,
            titles={"en": name.title(), "ru": name.title()},
        )

    return invited
