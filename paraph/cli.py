"""The command `paraph`: start a programme, run a node, carry files, check the record."""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from paraph import __version__
from paraph.acts import Found, Join
from paraph.node.homes import Home, HomeError, open_home, read_key, write_key, write_private
from paraph.record.charter import Charter, Observer, Party, check_charter, read_charter
from paraph.record.errors import RecordError
from paraph.record.keys import SecretKey

from paraph.state.errors import Refused

if TYPE_CHECKING:
    from paraph.node.journal import Journal

HELP = """\
Paraph: the working system of delegations that negotiate an integration programme.

To look around:            paraph demo
To start a programme:      docs/how-to/start-a-programme.md goes through it step by step
  each party makes keys    paraph card  --home ru --party RU --name Russia
  one of them founds it    paraph init  --home by --party BY --name Belarus --with ru/card.json
  the others join          paraph join  --home ru --charter by/charter.json
  each invites people      paraph person --home by --name novik --role head
  each runs its node       paraph serve --home by
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 1 where a check failed, or 2 with one clear sentence."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not hasattr(given, "run"):
        parser.print_help()
        return 0
    try:
        return int(given.run(given) or 0)
    except (HomeError, RecordError, Refused) as error:
        print(f"paraph: {error}", file=sys.stderr)
    except PermissionError as error:
        print(f"paraph: no permission to write {error.filename}", file=sys.stderr)
    except FileNotFoundError as error:
        print(f"paraph: {error.filename} does not exist", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "paraph", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"paraph {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = commands.add_parser("demo", help="play the Union State of 23 February 2021 on three nodes")
    demo.add_argument("--fresh", action="store_true", help="start over")
    demo.add_argument("--story", choices=["2021"], help="play what came after, April to November 2021")
    demo.set_defaults(run=_demo)

    card = commands.add_parser("card", help="make a party's or an observer's keys, and its card for others")
    _home(card)
    _who(card)
    card.set_defaults(run=_card)

    init = commands.add_parser("init", help="found a programme with the parties whose cards you have")
    _home(init)
    _who(init)
    init.add_argument("--with", dest="cards", nargs="+", required=True, metavar="CARD", type=Path)
    init.add_argument("--programme", default="Programme", help="its name")
    init.add_argument("--authentic", nargs="+", default=["en"], metavar="LANGUAGE")
    init.add_argument("--working", nargs="*", default=[], metavar="LANGUAGE")
    init.add_argument("--public-stages", action="store_true", help="each node publishes the stages it sees")
    init.set_defaults(run=_init)

    join = commands.add_parser("join", help="join a programme whose charter you were sent")
    _home(join)
    join.add_argument("--charter", required=True, type=Path)
    join.add_argument("--fingerprint", help="as you heard it over another channel; asked for where missing")
    join.set_defaults(run=_join)

    person = commands.add_parser("person", help="invite a person; root keys certify a delegate's key")
    _home(person)
    person.add_argument("--name", required=True, help="to sign in with")
    person.add_argument("--title", default="", help="as others see it")
    person.add_argument("--role", choices=["delegate", "head", "viewer", "administrator"], required=True)
    person.add_argument("--password", help="asked for where missing")
    person.add_argument("--root", nargs="+", type=Path, help="root key files; <home>/root/*.key by default")
    person.set_defaults(run=_person)

    serve = commands.add_parser("serve", help="run a node")
    _home(serve)
    serve.add_argument("--listen", help="address:port; node.toml by default")
    serve.add_argument("--cert", type=Path, help="TLS certificate; needed off the loopback")
    serve.add_argument("--key", type=Path, help="TLS key")
    serve.add_argument("--workers", type=int, default=1, help="processes; more than one on PostgreSQL only")
    serve.set_defaults(run=_serve)

    exchange = commands.add_parser("exchange", help="exchange with all peers once, now")
    _home(exchange)
    exchange.set_defaults(run=_exchange)

    bundle = commands.add_parser("bundle", help="write or read a courier's file")
    ways = bundle.add_subparsers(metavar="write|read", required=True)
    write = ways.add_parser("write", help="write the file for another node")
    _home(write)
    write.add_argument("--to", required=True, help="the party or observer that will read it")
    write.add_argument("file", type=Path)
    write.set_defaults(run=_bundle_write)
    read = ways.add_parser("read", help="check a file and keep what it brings")
    _home(read)
    read.add_argument("file", type=Path)
    read.set_defaults(run=_bundle_read)

    audit = commands.add_parser("audit", help="check every signature and replay the whole record")
    _home(audit)
    audit.add_argument("--trusted", action="store_true", help="trust the signed heads: chain and replay only")
    audit.set_defaults(run=_audit)

    export = commands.add_parser("export", help="the programme as JSON")
    _home(export)
    export.set_defaults(run=_export)
    return parser


def _home(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", required=True, type=Path, help="the node's folder")


def _who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--party", help="its code, 2 to 8 capital letters")
    parser.add_argument("--observer", help="the code of an observer instead")
    parser.add_argument("--name", required=True)
    parser.add_argument("--listen", default="127.0.0.1:8000")
    parser.add_argument("--address", help="where others reach the node; http://<listen> by default")


# ---------------------------------------------------------------- a programme from nothing


def make_card(home: Path, code: str, name: dict[str, str], address: str, *, observer: bool) -> dict[str, object]:
    """Make the keys of a node, and of a party the root key; return its card."""
    node = SecretKey.generate()
    write_key(home / "node.key", node)
    card: dict[str, object] = {"code": code, "name": name, "node": node.public.hex, "address": address}
    if not observer:
        root = SecretKey.generate()
        write_key(home / "root" / "1.key", root)
        card |= {"roots": [root.public.hex], "threshold": 1}
    write_private(home / "card.json", json.dumps(card, ensure_ascii=False, indent=1).encode())
    return card


def _card(given: argparse.Namespace) -> None:
    code = given.party or given.observer
    if not code:
        raise HomeError("give --party or --observer")
    if (given.home / "node.key").exists():
        raise HomeError(f"{given.home} has keys already")
    make_card(
        given.home,
        code,
        {"en": given.name},
        given.address or f"http://{given.listen}",
        observer=bool(given.observer),
    )
    Home(given.home, code, bool(given.observer), given.listen, secret=secrets.token_hex(32)).write()
    print(f"Keys are in {given.home}. Send {given.home / 'card.json'} to the party that founds the programme.")
    if given.party:
        print(f"Keep {given.home / 'root'} off this machine: it certifies your delegates and nothing else.")


def _init(given: argparse.Namespace) -> None:
    if not given.party:
        raise HomeError("a party founds a programme: give --party")
    _card(given)
    cards = [json.loads(path.read_text()) for path in [given.home / "card.json", *given.cards]]
    charter = Charter(
        {"en": given.programme},
        [msgspec.convert(card, Party) for card in cards if "roots" in card],
        given.authentic,
        datetime.now(UTC).date().isoformat(),
        secrets.token_hex(32),
        given.working,
        [msgspec.convert(card, Observer) for card in cards if "roots" not in card],
        ["stages"] if given.public_stages else [],
    )
    check_charter(charter)
    settle(given.home, charter)
    _begin(given.home, Found(charter.prog))
    print(f"Send {given.home / 'charter.json'} to the others, and read them this fingerprint:")
    print(f"  {spoken(charter.prog)}")


def settle(home: Path, charter: Charter) -> Home:
    """Keep the charter in a home, and know the peers by it."""
    found = open_home(home)
    write_private(home / "charter.json", charter.encode())
    found.peers = {party.code: party.address for party in charter.parties if party.code != found.code}
    found.write()
    return found


def spoken(prog: str) -> str:
    """A fingerprint in groups, to be read aloud and compared."""
    return " ".join(prog[i : i + 4] for i in range(0, 64, 4))


def _join(given: argparse.Namespace) -> None:
    charter = read_charter(given.charter.read_bytes())
    home = open_home(given.home)
    if charter.node_of(home.code) != home.node_key().public.hex:
        raise HomeError(f"the charter does not name the keys of {given.home}")
    print(f"The charter of “{charter.name.get('en', '')}” has the fingerprint\n  {spoken(charter.prog)}")
    heard = given.fingerprint or input("Type the fingerprint that you heard over another channel: ")
    if "".join(heard.lower().split()) != charter.prog:
        raise HomeError("the fingerprints differ: do not join, and ask how the charter was sent")
    settle(given.home, charter)
    if not home.observer:
        _begin(given.home, Join(charter.prog))
    print("Joined." if not home.observer else "The observer's node is ready.")


def _begin(home: Path, act: Found | Join) -> None:
    journal = open_journal(home)
    if not journal.heads()[journal.me or ""]:
        journal.record([act], _roots(home, None))


def _roots(home: Path, files: list[Path] | None) -> list[SecretKey]:
    found = [read_key(path) for path in files or sorted((home / "root").glob("*.key"))]
    if not found:
        raise HomeError("no root key is at hand: name its file with --root")
    return found


def _person(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.models import Person
    from paraph.node.people import create_person

    if Person.objects.filter(username=given.name).exists():
        raise HomeError(f"{given.name} is invited already")
    password = given.password or secrets.token_urlsafe(12)
    acts = given.role in ("delegate", "head") and journal.me is not None
    create_person(
        journal if acts else None,
        _roots(given.home, given.root) if acts else [],
        username=given.name,
        password=password,
        role=given.role,
        titles={"en": given.title or given.name, "ru": given.title or given.name},
    )
    print(f"{given.name} may sign in" + ("." if given.password else f" with the password {password}"))


# ---------------------------------------------------------------- running


def django(home: Path) -> None:
    """Set Django up for a home, once a process."""
    os.environ["PARAPH_NODE_HOME"] = str(home.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paraph.settings")
    import django as framework
    from django.conf import settings

    framework.setup()
    if settings.HOME.path.resolve() != home.resolve():
        raise HomeError("one process serves one home")


def prepare(home: Path) -> None:
    """Bring the database and the static files of a home up to date."""
    django(home)
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    stamp = home / "static" / ".version"
    mark = f"{__version__} {_newest(Path(__file__).parent / 'pages' / 'static')}"
    if not stamp.exists() or stamp.read_text() != mark:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(mark)


def _newest(folder: Path) -> int:
    return max((int(path.stat().st_mtime) for path in folder.rglob("*")), default=0)


def open_journal(home: Path) -> "Journal":
    """The journal of a home, for commands."""
    open_home(home)
    prepare(home)
    from paraph.node.current import journal

    return journal()


def _serve(given: argparse.Namespace) -> int:
    home = open_home(given.home)
    listen = given.listen or home.listen
    host = listen.rsplit(":", 1)[0].strip("[]")
    if host not in ("127.0.0.1", "::1", "localhost") and not (given.cert and given.key):
        raise HomeError("a node that listens beyond this machine needs TLS: give --cert and --key")
    if given.workers > 1 and home.database == "sqlite":
        raise HomeError("several workers need PostgreSQL: set `database` in node.toml")
    if given.cert:
        os.environ["PARAPH_TLS"] = "1"
    prepare(given.home)
    from django.db import connections

    connections.close_all()
    from paraph.node.server import run

    run(listen, given.cert, given.key, given.workers)
    return 0


def _exchange(given: argparse.Namespace) -> int:
    open_journal(given.home)
    from paraph.node.current import loop

    failed = 0
    for code in loop().peers:
        state = loop().look(code)
        print(state.error or f"{code}: in step")
        failed += bool(state.error)
    return 1 if failed else 0


def _bundle_write(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.exchange import courier

    try:
        data = courier.write(journal, given.to)
    except KeyError:
        raise HomeError(f"the charter names no {given.to}") from None
    given.file.write_bytes(data)
    print(f"{given.file}: {len(data)} bytes for {given.to}")


def _bundle_read(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.exchange import courier

    admitted = courier.read(journal, given.file.read_bytes())
    print(
        f"{len(admitted.new)} new entries, {admitted.known} known"
        + (f", {len(admitted.waiting)} wait for others" if admitted.waiting else "")
    )


# ---------------------------------------------------------------- looking


def _audit(given: argparse.Namespace) -> int:
    open_home(given.home)
    prepare(given.home)
    from paraph.node.audit import audit
    from paraph.node.stores import DatabaseStore

    report = audit(DatabaseStore(), open_home(given.home), trusted=given.trusted)
    for line in report.lines:
        print(line)
    return 0 if report.good else 1


def _export(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.papers.json import programme_as_json

    print(json.dumps(programme_as_json(journal.programme()), ensure_ascii=False, indent=1))


def _demo(given: argparse.Namespace) -> int:
    from paraph.demo.play import play

    return play(fresh=given.fresh, story=given.story)


if __name__ == "__main__":
    sys.exit(main())
