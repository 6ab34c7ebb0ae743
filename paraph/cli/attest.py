"""Signatures made elsewhere: put on record, handed out, verified."""

import argparse
import base64
from pathlib import Path

from paraph.acts import FORMS, Attest
from paraph.cli.common import Commands, command, out_path, with_home
from paraph.cli.people import delegate_key
from paraph.node.errors import HomeError
from paraph.node.homes import open_home
from paraph.node.startup import open_journal
from paraph.record.entries import blobs_of


def add(commands: Commands) -> None:
    """The commands of this area."""
    attest = commands.add_parser("attest", help="signatures made elsewhere: put on record, hand out, verify")
    ways = attest.add_subparsers(metavar="add|list|export|verify", required=True)
    add = command(ways, "add", _attest_add, "put a signature over a fingerprint on record")
    add.add_argument("--name", required=True, help="the delegate who does it")
    add.add_argument("--fingerprint", required=True, help="what was signed: its 64 digits")
    add.add_argument("--form", choices=FORMS, required=True)
    listed = command(ways, "list", _attest_list, "print what was attested")
    export = command(ways, "export", _attest_export, "write a signature into a file")
    verify = command(ways, "verify", _attest_verify, "let the command of node.toml look at a signature")
    for one in (add, listed, export, verify):
        with_home(one)
        if one in (export, verify):
            one.add_argument(
                "--entry", required=True, metavar="BY:12", help="as `paraph attest list` says it"
            )
    add.add_argument("file", type=Path)
    export.add_argument("file", type=out_path)


def _attest_add(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    data = given.file.read_bytes()
    if not 0 < len(data) <= 4 * 2**20:
        raise HomeError("the file of a signature has at most 4 MB")
    key = delegate_key(given.name)
    container = base64.b64encode(data).decode()
    act = Attest(given.fingerprint.lower(), container, given.form, given.file.name[-100:])
    last = journal.record([act], [key])[-1]
    print(f"The signature is on record: {last.log}:{last.n}")


def _attest_list(given: argparse.Namespace) -> None:
    programme = open_journal(given.home).programme()
    for party in programme.parties:
        for placed in programme.by[party].entries:
            if isinstance(placed.act, Attest) and (party, placed.n) not in programme.voids:
                act = placed.act
                print(f"{party}:{placed.n}  {act.fingerprint}  {act.form}  {act.file}  {placed.at}")


def _attested(given: argparse.Namespace) -> tuple[Attest, bytes]:
    """The act and the container of an entry like BY:12."""
    journal = open_journal(given.home)
    log, _colon, n = given.entry.partition(":")
    entries = journal.programme().by[log].entries if log in journal.programme().by else []
    act = entries[int(n)].act if n.isdigit() and int(n) < len(entries) else None
    refs = blobs_of(act.container) if isinstance(act, Attest) else []
    data = journal.blob(refs[0].name) if refs else None
    if not isinstance(act, Attest) or data is None:
        raise HomeError(f"{given.entry} holds no signature; `paraph attest list` names those that do")
    return act, data


def _attest_export(given: argparse.Namespace) -> None:
    act, data = _attested(given)
    given.file.write_bytes(data)
    print(f"{given.file}: {len(data)} bytes, over the digits {act.fingerprint}")


def _attest_verify(given: argparse.Namespace) -> int:
    from paraph.node.signatures import verify

    act, data = _attested(given)
    said = verify(open_home(given.home), act.fingerprint, data)
    print(said.words.rstrip())
    print("stopped: it took too long, or said too much" if said.code is None else f"exit code {said.code}")
    return 0 if said.good else 1
