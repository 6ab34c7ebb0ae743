"""New keys, and which of two histories stands."""

import argparse
from pathlib import Path

from paraph.cli.common import Commands, command, with_home, with_protection
from paraph.cli.starting import tell_of_roots
from paraph.node import founding
from paraph.node.errors import HomeError
from paraph.node.homes import open_home
from paraph.node.key_files import PLAIN, Protection, as_before, new_protection
from paraph.node.startup import open_journal


def add(commands: Commands) -> None:
    """The commands of this area."""
    rotate = command(commands, "rotate", _rotate, "hand over to a new node key, or to new root keys")
    with_home(rotate)
    rotate.add_argument("--node", action="store_true", help="make a new node key")
    rotate.add_argument("--roots", type=int, default=0, help="make so many new root keys")
    rotate.add_argument(
        "--threshold", type=int, help="how many of the new ones sign together; 1 where left out"
    )
    rotate.add_argument(
        "--stands",
        action="store_true",
        help="say that the history of the own log that this node holds is the one that stands",
    )
    rotate.add_argument(
        "--root", nargs="+", default=[], type=Path, metavar="FILE",
        help="files of the root keys that hold now; root/*.key in the home where left out",
    )  # fmt: skip
    with_protection(rotate)

    accept = command(
        commands, "accept", _accept, "accept which of two histories stands, as the root keys of a party say"
    )
    with_home(accept)
    accept.add_argument("--log", required=True, metavar="CODE", help="the party whose log it is")


def _rotate(given: argparse.Namespace) -> None:
    journal, home = open_journal(given.home), open_home(given.home)
    former = given.root or sorted((given.home / "root").glob("*.key"))
    act = founding.rotate(
        home,
        journal,
        founding.root_keys(given.home, given.root),
        node=given.node,
        roots=given.roots,
        threshold=given.threshold or min(1, given.roots),
        stands=given.stands,
        node_how=next_way(given, home.path / "node.key", given.token) if given.node else PLAIN,
        roots_how=next_way(given, next(iter(former), Path()), given.root_token, root=True),
    )
    print(f"The keys of {home.code} are now those of version {act.version}; what was signed before stands.")
    if given.roots:
        tell_of_roots(home)


def next_way(given: argparse.Namespace, before: Path, token: str, *, root: bool = False) -> Protection:
    """How new keys are kept: as was said, else as those that they replace."""
    if root and not given.roots:
        return PLAIN
    if token or given.passphrase:
        return new_protection(passphrase=given.passphrase, token=token, root=root)
    return as_before(before, root=root)


def _accept(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    if given.log not in journal.ledger.logs or given.log == journal.me or journal.me is None:
        raise HomeError(f"{given.log} is no other party of this programme")
    journal.accept_history(given.log)
    print(f"{journal.me} accepts the history of {given.log} that its root keys have named.")
