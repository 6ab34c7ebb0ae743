"""Who may act at a node."""

import argparse
import secrets
from pathlib import Path

from paraph.cli.common import Commands, command, in_languages, with_home
from paraph.node import founding
from paraph.node.errors import HomeError
from paraph.node.key_files import secret_of
from paraph.node.startup import open_journal
from paraph.record.keys import SecretKey


def add(commands: Commands) -> None:
    """The commands of this area."""
    person = commands.add_parser("person", help="invite people, and help who lost the password")
    ways = person.add_subparsers(metavar="add|renew|passkey", required=True)
    add = command(ways, "add", _person_add, "invite a person; root keys certify a delegate's key")
    add.add_argument(
        "--title",
        nargs="+",
        default=[],
        metavar="TITLE",
        help="as others see the person, as --name",
    )
    add.add_argument("--office", nargs="+", default=[], metavar="OFFICE", help="likewise")
    add.add_argument(
        "--role", choices=["delegate", "head", "viewer", "administrator"], required=True,
        help="a delegate negotiates, the head also initials, seals and signs",
    )  # fmt: skip
    renew = command(ways, "renew", _person_renew, "give a new password and key; the old key is revoked")
    add.add_argument(
        "--until", default="", metavar="DATE", help="the last day of the full powers: 2027-06-30"
    )
    add.add_argument(
        "--road-maps", nargs="+", metavar="ID", help="full powers for these only; for all where left out"
    )
    add.add_argument(
        "--ad-referendum-only", action="store_true", help="nothing can be confirmed under these full powers"
    )
    passkey = command(
        ways, "passkey", _person_passkey,
        "certify the passkey that a head has registered: it then initials, seals and signs",
    )  # fmt: skip
    passkey.add_argument(
        "--key", default="", help="its id, as the person reads it; needed where several wait"
    )
    for one in (add, renew, passkey):
        with_home(one)
        one.add_argument("--name", required=True, help="to sign in with")
        if one is not passkey:
            one.add_argument("--password", help="made and printed where it is left out")
        one.add_argument(
            "--root", nargs="+", default=[], type=Path, metavar="FILE",
            help="files of root keys, enough of them to sign; root/*.key in the home where left out",
        )  # fmt: skip


def _person_add(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.models import Person
    from paraph.node.people import create_person

    if Person.objects.filter(username=given.name).exists():
        raise HomeError(f"{given.name} is invited already")
    acts = given.role in ("delegate", "head")
    if acts and journal.me is None:
        raise HomeError("an observer's node has no delegates: invite a viewer or an administrator")
    password = _password(given)
    create_person(
        journal,
        founding.root_keys(given.home, given.root) if acts else [],
        username=given.name,
        password=password,
        role=given.role,
        titles=in_languages(given.title) or {"en": given.name},
        offices=in_languages(given.office),
        road_maps=given.road_maps,
        ad_referendum_only=given.ad_referendum_only,
        until=given.until,
    )
    _tell_password(given, password)


def _person_renew(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.models import Person
    from paraph.node.people import renew_key

    person = Person.objects.filter(username=given.name).first()
    if person is None:
        raise HomeError(f"nobody called {given.name} was invited")
    acts = person.role in ("delegate", "head")
    password = _password(given)
    renew_key(journal, founding.root_keys(given.home, given.root) if acts else [], person, password)
    _tell_password(given, password)


def _person_passkey(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.models import Person
    from paraph.node.passkeys import certify

    person = Person.objects.filter(username=given.name).first()
    if person is None:
        raise HomeError(f"nobody called {given.name} was invited")
    held, act = certify(journal, founding.root_keys(given.home, given.root), person, given.key)
    print(f"The passkey {held.row.key} of {given.name} is certified for {act.passkey}:")
    print("it initials, seals and signs from here on, and the password no longer does.")


def _password(given: argparse.Namespace) -> str:
    password = str(given.password or secrets.token_urlsafe(12))
    if len(password) < 10:
        raise HomeError("a password has at least 10 characters")
    return password


def _tell_password(given: argparse.Namespace, password: str) -> None:
    said = "." if given.password else f" with the password {password}"
    print(f"{given.name} may sign in{said}")


def delegate_key(name: str) -> SecretKey:
    """The key of a delegate, opened by the password that is asked for."""
    from paraph.node.models import Person
    from paraph.node.people import closing_key

    person = Person.objects.filter(username=name).first()
    if person is None or not person.may_act:
        raise HomeError(f"{name} is no delegate of this node")
    key = closing_key(person, secret_of(f"Password of {name}"))
    if key is None:
        raise HomeError(f"the password does not open the key of {name}")
    return key
