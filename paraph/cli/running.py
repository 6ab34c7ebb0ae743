"""A node that runs, and what it exchanges."""

import argparse
import os
import socket
from pathlib import Path

from paraph.cli.common import Commands, command, out_path, with_home
from paraph.node.errors import HomeError
from paraph.node.homes import open_home
from paraph.node.key_files import in_token
from paraph.node.startup import collect_static, open_journal, prepare


def add(commands: Commands) -> None:
    """The commands of this area."""
    serve = command(commands, "serve", _serve, "run a node")
    with_home(serve)
    serve.add_argument("--listen", help="address:port; that of node.toml where it is left out")
    serve.add_argument("--cert", type=Path, help="TLS certificate; needed beyond this machine")
    serve.add_argument("--key", type=Path, help="its key")
    serve.add_argument("--workers", type=int, default=1, help="processes; several on PostgreSQL only")

    timestamp = command(
        commands, "timestamp", _timestamp, "ask the authority of node.toml for a token over the own head, now"
    )
    with_home(timestamp)

    exchange = command(commands, "exchange", _exchange, "exchange with all peers once, now")
    with_home(exchange)

    bundle = commands.add_parser("bundle", help="write or read a courier's file")
    ways = bundle.add_subparsers(metavar="write|read", required=True)
    write = command(ways, "write", _bundle_write, "write the file for another node")
    with_home(write)
    write.add_argument("--to", required=True, metavar="CODE", help="the party or observer that reads it")
    write.add_argument("file", type=out_path)
    read = command(ways, "read", _bundle_read, "check a file and keep what it brings, all or nothing")
    with_home(read)
    read.add_argument("file", type=Path)


def _serve(given: argparse.Namespace) -> int:
    home = open_home(given.home)
    home.charter()
    if token := in_token(home.node_key()):
        token.check()
    listen = given.listen or home.listen
    host, _colon, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise HomeError("--listen is written 127.0.0.1:8000")
    if bool(given.cert) != bool(given.key):
        raise HomeError("--cert and --key go together")
    if host.strip("[]") not in ("127.0.0.1", "::1", "localhost") and not given.cert:
        raise HomeError("a node that listens beyond this machine needs TLS: give --cert and --key")
    for file in (given.cert, given.key):
        if file is not None and not file.is_file():
            raise HomeError(f"{file} does not exist")
    if given.workers > 1 and home.database == "sqlite":
        raise HomeError("several workers need PostgreSQL: name a database in node.toml")
    _check_free(host.strip("[]"), int(port))
    if given.cert:
        os.environ["PARAPH_TLS"] = "1"
    os.environ["PARAPH_WORKERS"] = str(max(1, given.workers))
    prepare(given.home)
    collect_static()
    from django.db import connections

    from paraph.node.server import run

    connections.close_all()
    print(f"{home.code} listens on {listen}", flush=True)
    run(listen, given.cert, given.key, max(1, given.workers))
    return 0


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise HomeError(f"port {port} of {host} cannot be used: {error.strerror}") from None


def _timestamp(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.timestamps import stamp

    token = stamp(open_home(given.home), journal)
    if token is None:
        print("The head has a token already: nothing was written since.")
    else:
        print(f"{token.size} entries existed on {token.time:%Y-%m-%d %H:%M:%S} UTC, says the authority.")


def _exchange(given: argparse.Namespace) -> int:
    open_journal(given.home)
    from paraph.node.current import loop

    views = [loop().look(code) for code in loop().state()]
    for view in views:
        print(f"{view.code}: {view.last_error}" if view.last_error else f"{view.code}: in step")
    if not views:
        print("node.toml names no peers")
    return 1 if any(view.last_error for view in views) else 0


def _bundle_write(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.exchange import courier

    try:
        size = courier.write(journal, given.to, given.file)
    except KeyError:
        raise HomeError(f"the charter names no {given.to}") from None
    print(f"{given.file}: {size} bytes for {given.to}")


def _bundle_read(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    from paraph.node.exchange import courier

    admitted = courier.read(journal, given.file)
    print(f"{len(admitted.new)} new entries, {admitted.known} known")
    if admitted.waiting:
        first = admitted.waiting[0]
        print(f"{len(admitted.waiting)} wait, from {first.log} entry {first.n}: what they rest on is missing")
