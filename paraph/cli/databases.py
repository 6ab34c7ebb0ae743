"""A node on another database."""

import argparse
import os
from pathlib import Path

from paraph.cli.common import Commands, command, with_home
from paraph.node.errors import HomeError
from paraph.node.homes import open_home
from paraph.node.startup import prepare


def add(commands: Commands) -> None:
    """The commands of this area."""
    migrate = command(
        commands, "migrate", _migrate, "make the tables on PostgreSQL as their owner, not as who serves"
    )
    with_home(migrate)
    migrate.add_argument(
        "--owner", required=True, metavar="ADDRESS", help="postgresql://… as the role that owns the tables"
    )

    move = command(commands, "move", _move, "copy a node to another database; the old home is kept, at rest")
    with_home(move)
    move.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="the new home")
    move.add_argument("--database", required=True, help="sqlite, or postgresql://… of an empty database")
    move.add_argument("--owner", default="", metavar="ADDRESS", help="as for `paraph migrate`")


def _move(given: argparse.Namespace) -> int:
    from paraph.node.move import move

    report = move(open_home(given.home), given.to, given.database, given.owner)
    print("\n".join(report.lines))
    print(f"{given.to} goes on with the node; {given.home} is kept and serves no more")
    return 0 if report.good else 1


def _migrate(given: argparse.Namespace) -> None:
    home = open_home(given.home)
    if home.database == "sqlite" or not given.owner.startswith("postgres"):
        raise HomeError(
            "only PostgreSQL knows roles: name its database in node.toml, and its owner by --owner"
        )
    from psycopg.conninfo import conninfo_to_dict

    role, owner = (str(conninfo_to_dict(one).get("user", "")) for one in (home.database, given.owner))
    if not role or role == owner:
        raise HomeError("the role in node.toml serves, another one owns the tables: name both")
    os.environ["PARAPH_DATABASE"] = given.owner
    prepare(given.home)
    from paraph.node.grants import grant

    grant(role)
    print(f"The tables belong to {owner}; {role} serves: it adds entries, and changes or deletes none.")
