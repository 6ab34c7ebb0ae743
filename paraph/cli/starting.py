"""A programme from nothing."""

import argparse
import re
import sys
from pathlib import Path

from paraph.acts import Found, Join
from paraph.cli.common import Commands, command, in_languages, with_home, with_protection
from paraph.node import founding
from paraph.node.errors import HomeError
from paraph.node.homes import Home, open_home
from paraph.node.key_files import new_protection
from paraph.node.startup import open_journal
from paraph.record.charter import read_charter
from paraph.sentences import in_language


def add(commands: Commands) -> None:
    """The commands of this area."""
    card = command(commands, "card", _card, "make the keys of a party or an observer, and its card")
    _who(card)

    init = command(commands, "init", _init, "found a programme on the cards of the others")
    _who(init)
    init.add_argument(
        "--with", dest="cards", nargs="+", required=True, metavar="CARD", type=Path,
        help="the card.json of each other party, and of observers",
    )  # fmt: skip
    init.add_argument(
        "--programme", nargs="+", default=["Programme"], metavar="NAME", help="its name, as --name"
    )
    init.add_argument(
        "--authentic", nargs="+", default=["en"], metavar="LANGUAGE",
        help="languages in which the words are agreed: ru be en (en where left out)",
    )  # fmt: skip
    init.add_argument(
        "--working", nargs="*", default=[], metavar="LANGUAGE", help="languages of translations"
    )
    init.add_argument(
        "--public-stages",
        action="store_true",
        help="each party's node publishes the stages it sees",
    )
    init.add_argument("--most-entries", type=int, metavar="N", help="of one log; no bound where left out")
    init.add_argument("--largest-content", type=int, metavar="BYTES", help="of one act; 8 MiB where left out")

    join = command(commands, "join", _join, "join a programme whose charter you were sent")
    with_home(join)
    join.add_argument("--charter", required=True, type=Path, help="the charter.json that you were sent")
    join.add_argument(
        "--fingerprint", help="as you heard it over another channel; asked for where it is left out"
    )


def _who(parser: argparse.ArgumentParser) -> None:
    with_home(parser)
    parser.add_argument("--party", metavar="CODE", help="2 to 8 capital letters")
    parser.add_argument("--observer", metavar="CODE", help="the code of an observer instead")
    parser.add_argument(
        "--name", nargs="+", required=True, metavar="NAME",
        help="in English, or in several languages: en=Belarus ru=Беларусь",
    )  # fmt: skip
    parser.add_argument("--listen", default="127.0.0.1:8000", help="127.0.0.1:8000 where left out")
    parser.add_argument("--address", help="where others reach the node; http://<listen> where left out")
    parser.add_argument("--database", default="sqlite", help="or postgresql://…")
    parser.add_argument("--roots", type=int, default=1, help="how many root keys the party has")
    parser.add_argument("--threshold", type=int, default=1, help="how many of them sign together")
    with_protection(parser)


def _make(given: argparse.Namespace) -> Home:
    if bool(given.party) == bool(given.observer):
        raise HomeError("say who this is: --party or --observer")
    code = given.party or given.observer
    if not re.fullmatch(r"[A-Z]{2,8}", code):
        raise HomeError("a code has 2 to 8 capital letters")
    if given.home == Path(""):
        raise HomeError("say where the node's folder shall be: --home")
    home = Home(given.home, code, bool(given.observer), given.listen, given.database)
    address = given.address or f"http://{given.listen}"
    founding.make_home(
        home,
        in_languages(given.name),
        address,
        roots=given.roots,
        threshold=given.threshold,
        node_how=new_protection(passphrase=given.passphrase, token=given.token),
        roots_how=new_protection(passphrase=given.passphrase, token=given.root_token, root=True),
    )
    return open_home(given.home)


def _card(given: argparse.Namespace) -> None:
    home = _make(given)
    print(f"The keys of {home.code} are in {home.path}.")
    print(f"Send {home.path / 'card.json'} to the party that founds the programme.")
    if not home.observer:
        tell_of_roots(home)


def tell_of_roots(home: Home) -> None:
    """Say what is to be done with the keys that were just made."""
    print(f"Move {home.path / 'root'} to a safe place: its keys certify delegates and nothing else.")


def _init(given: argparse.Namespace) -> None:
    if not given.party:
        raise HomeError("a party founds a programme: give --party")
    others = [founding.read_card(path) for path in given.cards]
    if (given.home / "charter.json").exists():
        raise HomeError(f"{given.home} belongs to a programme already")
    home = open_home(given.home) if (given.home / "card.json").exists() else _make(given)
    charter = founding.found(
        [founding.read_card(home.path / "card.json"), *others],
        in_languages(given.programme),
        authentic=given.authentic,
        working=given.working,
        public_stages=given.public_stages,
        quotas={
            name: number
            for name, number in (("entries", given.most_entries), ("blob", given.largest_content))
            if number is not None
        },
    )
    founding.settle(home.path, charter)
    _begin(home, Found(charter.prog))
    print(f"The programme is founded. Send {home.path / 'charter.json'} to the others,")
    print("and read them its fingerprint over another channel:")
    print(f"  {founding.spoken(charter.prog)}")
    tell_of_roots(home)


def _join(given: argparse.Namespace) -> None:
    home, charter = open_home(given.home), read_charter(given.charter.read_bytes())
    founding.check_named(home, charter)
    name = in_language(charter.name, "en")
    print(f"The charter of “{name}” has the fingerprint")
    print(f"  {founding.spoken(charter.prog)}")
    if given.fingerprint is None and not sys.stdin.isatty():
        raise HomeError("give --fingerprint as you heard it over another channel")
    said = given.fingerprint or input("The fingerprint that you heard over another channel: ")
    if founding.heard(said) != charter.prog:
        raise HomeError("the fingerprints differ: do not join, and ask how the charter was sent")
    founding.settle(home.path, charter)
    if not home.observer:
        _begin(home, Join(charter.prog))
        tell_of_roots(home)
    print(f"{home.code} has joined." if not home.observer else "The observer's node is ready.")


def _begin(home: Home, act: Found | Join) -> None:
    journal = open_journal(home.path)
    if journal.heads()[home.code]:
        return
    from paraph.node.current import callers
    from paraph.node.exchange.recovery import held_elsewhere

    asked = callers()
    try:
        peer, size = held_elsewhere(asked, home.code)
    finally:
        for caller in asked:
            caller.transport.close()
    if size:
        raise HomeError(
            f"{peer} holds {size} entries of the log of {home.code}: a node with this key has begun it"
            f" before; bring it back with `paraph recover --home {home.path}`"
        )
    journal.record([act], founding.root_keys(home.path, []))
