"""What is kept for a loss, and how a node comes back."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from paraph.cli.common import Commands, command, out_path, with_home, with_protection
from paraph.cli.keys import next_way
from paraph.node import founding
from paraph.node.errors import HomeError
from paraph.node.homes import open_home
from paraph.node.startup import prepare
from paraph.record.charter import read_charter

if TYPE_CHECKING:
    from paraph.node.journal import Journal


def add(commands: Commands) -> None:
    """The commands of this area."""
    back_up = command(
        commands, "backup", _backup, "keep a node in one file, keys and all that is internal too"
    )
    with_home(back_up)
    back_up.add_argument("file", type=out_path)

    restore = command(commands, "restore", _restore, "set a node up from its backup, in a new folder")
    with_home(restore)
    restore.add_argument("--database", help="an empty PostgreSQL database, where it is another than before")
    restore.add_argument("file", type=Path)

    recover = command(commands, "recover", _recover, "bring back what the parties hold, and write again")
    with_home(recover)
    recover.add_argument(
        "--without", nargs="+", default=[], metavar="CODE",
        help="parties that cannot be asked; what only they hold of the own log would make two histories",
    )  # fmt: skip
    recover.add_argument(
        "--give-up", action="store_true",
        help="go on without entries that were signed here once and are held by nobody who answers",
    )  # fmt: skip
    recover.add_argument(
        "--anew", action="store_true",
        help="where nobody is left to ask: root keys say that what is held here stands, under a new node key",
    )  # fmt: skip
    recover.add_argument("--charter", type=Path, help="of the programme, where the home has none")
    recover.add_argument(
        "--root", nargs="+", default=[], type=Path, metavar="FILE",
        help="files of the root keys, for --anew; root/*.key in the home where left out",
    )  # fmt: skip
    with_protection(recover)


def _backup(given: argparse.Namespace) -> None:
    from paraph.node.backup import backup

    size = backup(open_home(given.home), given.file)
    print(f"{given.file}: {size} bytes, with the keys of the node and all that is internal: keep it safe")


def _restore(given: argparse.Namespace) -> None:
    from paraph.node.backup import restore

    home = restore(given.file, given.home, given.database)
    print(f"{home.path} is set up from {given.file}. It does not write yet:")
    print(f"make sure that no other node of {home.code} runs, and run `paraph recover --home {given.home}`.")


def _recover(given: argparse.Namespace) -> int:
    if given.charter:
        charter = read_charter(given.charter.read_bytes())
        print(f"The charter has the fingerprint\n  {founding.spoken(charter.prog)}")
        founding.settle(given.home, charter)
    prepare(given.home)
    from paraph.node import current
    from paraph.node.exchange.recovery import NOT_ASKED, bring_back, recover

    if given.anew:
        current.begin_anew()
    journal = current.journal()
    if journal.me is None:
        raise HomeError("an observer has no log of its own: `paraph exchange` brings everything back")
    before = journal.heads()[journal.me]
    asked = current.callers()
    try:
        if given.anew:
            troubles = bring_back(journal, asked, given.without)
        else:
            troubles = recover(journal, asked, without=given.without, give_up=given.give_up)
    finally:
        for caller in asked:
            caller.transport.close()
    size = journal.heads()[journal.me]
    print(f"{size - before} entries of the own log came back; it has {size}")
    for trouble in troubles:
        print(trouble)
    if given.anew and not any(trouble.template == NOT_ASKED for trouble in troubles):
        _go_on(given, journal)
        troubles = []
    print("This node does not write yet." if troubles else "This node writes again.")
    return 1 if troubles else 0


def _go_on(given: argparse.Namespace, journal: "Journal") -> None:
    """Let root keys say that the history held here stands, under a new node key."""
    home = open_home(given.home)
    act = founding.rotate(
        home,
        journal,
        founding.root_keys(given.home, given.root),
        node=True,
        roots=0,
        threshold=0,
        stands=True,
        node_how=next_way(given, home.path / "node.key", given.token),
    )
    print(f"The root keys of {home.code} say that the history held here stands, under keys of version")
    print(f"{act.version}. At each other party run: paraph accept --log {home.code}")
