"""The command `paraph`: start a programme, run a node, carry files, check the record."""

import argparse
import base64
import gc
import json
import os
import re
import secrets
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from paraph import __version__
from paraph.acts import FORMS, Attest, Forecast, Found, Join
from paraph.node import founding
from paraph.node.errors import HomeError, NodeError
from paraph.node.homes import Home, open_home
from paraph.node.key_files import PLAIN, Protection, as_before, new_protection, secret_of
from paraph.node.startup import open_journal, prepare
from paraph.node.tokens import TokenKey
from paraph.outlook.errors import OutlookRefused
from paraph.papers.errors import PaperRefused
from paraph.record.charter import read_charter
from paraph.record.entries import blobs_of
from paraph.record.errors import RecordError
from paraph.record.keys import SecretKey
from paraph.sentences import in_language
from paraph.state.errors import Refused

if TYPE_CHECKING:
    from paraph.node.journal import Journal

__all__ = ["main", "prepare"]

HELP = """\
Paraph: the working system of delegations that negotiate an integration programme.

To look around
  paraph demo

To read what others send, without any node
  paraph read draft.docx                                   its paragraphs, with tracked changes
  paraph compare sent.docx returned.docx                   every change, also those that nobody marked
  paraph compare sent.docx returned.docx --docx redline.docx --author Minsk
                                                           the same as tracked changes for Word

To write what others read
  paraph paper akn gas-market --home by -o gas.akn         Akoma Ntoso 3.0, valid, with all brackets

To start a programme of two parties; docs/how-to/start-a-programme.md goes through it step by step
  paraph card --home ru --party RU --name Russia           Moscow makes its keys and a card
  paraph init --home by --party BY --name Belarus --with ru/card.json
                                                           Minsk founds it on the cards
  paraph join --home ru --charter by/charter.json          Moscow compares the fingerprint and joins

To work
  paraph person add --home by --name novik --role head     invite somebody; the root keys certify
  paraph serve --home by                                   run the node
  paraph exchange --home by                                exchange with all peers once, now
  paraph paper bracketed gas-market --home by -o gas.docx  the text for Word, or for print

To carry by hand, and to check
  paraph bundle write --home by --to RU minsk.zip
  paraph bundle read --home ru minsk.zip
  paraph audit --home ru
  paraph export --home ru > programme.json

To look ahead; docs/reference/outlook.md says what it rests on
  paraph outlook forecast --home by --by 2021-12-31        when all will be agreed, with what chance by a date
  paraph outlook ledger --home ru                          the forecasts on record: reproduced? how good?

To prove to somebody who holds nothing but the charter; `verify_paraph.py` checks it without Paraph
  paraph proof provision gas/p1 --home by -o p1.proof      whose initials stand on which words
  paraph proof closing gas --home by -o gas.proof          initials and seals on the whole text
  paraph proof entry BY 12 --home by -o by-12.proof

To test another implementation of the record; docs/reference/conformance.md describes what it is asked
  paraph conformance ./their-program                       some 400 questions, a line each

To serve on PostgreSQL; docs/how-to/use-postgresql.md goes through it
  paraph migrate --home by --owner postgresql://owner@…    make the tables, and say what who serves may do
  paraph move --home by --to by-new --database postgresql://…

To keep, and to come back after a loss; docs/how-to/come-back-after-a-loss.md goes through it
  paraph backup --home by minsk.backup
  paraph restore --home by-new minsk.backup
  paraph recover --home by-new                             ask the parties, then write again

`paraph COMMAND --help` says more. A home is a folder; PARAPH_HOME names the folder of homes, and
PARAPH_NODE_HOME the home that is meant where --home is left out.
"""
HOME_HELP = "the node's folder; PARAPH_NODE_HOME where it is left out"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 1 where a check failed, or 2 with one clear sentence."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given) or 0)
    except (NodeError, RecordError, Refused, PaperRefused, OutlookRefused) as error:
        sentence = str(error)
    except PermissionError as error:
        sentence = f"no permission to use {error.filename}"
    except FileNotFoundError as error:
        sentence = f"{error.filename} does not exist"
    except IsADirectoryError as error:
        sentence = f"{error.filename} is a folder"
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"paraph: {sentence}", file=sys.stderr)
    return 2


# ---------------------------------------------------------------- what can be asked


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "paraph", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"paraph {__version__}")
    parser.set_defaults(run=lambda _given: parser.print_help())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = _command(commands, "demo", _demo, "play the Union State of 23 February 2021 on three nodes")
    demo.add_argument("--fresh", action="store_true", help="start over")
    demo.add_argument("--story", choices=["2021"], help="play what came after, until November 2021")

    read = _command(commands, "read", _read, "print the paragraphs of a document, one a line")
    read.add_argument("file", type=Path, help="a .docx, .akn, .md or .txt file")
    settled = read.add_mutually_exclusive_group()
    settled.add_argument("--accept", action="store_true", help="as if all tracked changes were accepted")
    settled.add_argument("--reject", action="store_true", help="as if all were rejected")
    read.add_argument("--language", default="", help="of a document in several languages: ru")
    read.add_argument("--json", action="store_true", help="the structure, with the import report")

    compare = _command(commands, "compare", _compare, "show what has changed between two documents")
    compare.add_argument("old", type=Path, help="a .docx, .akn, .md or .txt file")
    compare.add_argument("new", type=Path, help="another; tracked changes in both count as accepted")
    compare.add_argument("--language", default="", help="of documents in several languages: ru")
    compare.add_argument("--whole", action="store_true", help="print what has not changed too")
    compare.add_argument("--json", action="store_true", help="changes, moves, renumberings, splits, counts")
    compare.add_argument("--html", type=Path, metavar="OUT", help="write the whole redline as a page")
    compare.add_argument(
        "--docx", type=Path, metavar="OUT", help="write it for Word, with native tracked changes"
    )
    compare.add_argument("--pdf", type=Path, metavar="OUT", help="write it for print")
    compare.add_argument(
        "--author", metavar="NAME", help="of the tracked changes; “Comparison” where left out"
    )
    compare.add_argument(
        "--date", type=_moment, metavar="DATE",
        help="of the tracked changes, as 2021-02-23 or 2021-02-23T09:00:00Z; none is written where left out",
    )  # fmt: skip

    paper = _command(commands, "paper", _paper, "write a paper of a road map: all that leaves is in the file")
    paper.add_argument(
        "kind",
        help="clean, bracketed, comparison, columns, languages, initialled, alternat, certificate, akn",
    )
    paper.add_argument("road_map", metavar="ROAD_MAP", help="its permanent id, as in its address")
    _home(paper)
    paper.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="ends in .docx, .pdf or .akn"
    )
    paper.add_argument("--language", help="of the paper; the first authentic one where left out")
    paper.add_argument(
        "--party", default="", metavar="CODE", help="whose copy an alternat is; the node's own"
    )

    outlook = commands.add_parser("outlook", help="when will all be agreed? forecast, put on record, score")
    ways = outlook.add_subparsers(metavar="forecast|ledger|backtest|plan", required=True)
    told = _command(ways, "forecast", _forecast, "say when each open road map, and all, will be agreed")
    told.add_argument("--by", action="append", default=[], type=_date, metavar="DATE",
                      help="say the chance by this date too; may be given again")  # fmt: skip
    told.add_argument("--futures", type=int, default=4000, help="4000 where left out")
    told.add_argument("--seed", type=int, default=1, help="another one gives other futures")
    told.add_argument(
        "--estimate", action="append", default=[], type=_estimate, metavar="MAP=20,30,90",
        help="what an expert says, in days: at least, most likely, at most; stays here",
    )  # fmt: skip
    told.add_argument("--publish", metavar="NAME", help="put it on record, as this delegate")
    ledger = _command(ways, "ledger", _ledger, "compute the forecasts on record again, and score them")
    for one in (told, ledger):
        _home(one)
    backtest = _command(ways, "backtest", _backtest, "what it would have said of known programmes")
    backtest.add_argument("--futures", type=int, default=1000, help="1000 where left out")
    backtest.add_argument("--seed", type=int, default=1, help="another one gives other futures")
    plan = _command(ways, "plan", _plan, "how soon jobs that share resources can be done")
    plan.add_argument("file", type=Path, metavar="FILE.sm", help="a project in the format of PSPLIB")
    plan.add_argument("--seconds", type=float, default=10, help="10 where left out")
    plan.add_argument("--workers", type=int, default=2, help="threads; 2 where left out")
    plan.add_argument("--without-solver", action="store_true", help="by breeding orders of jobs alone")
    plan.add_argument("--days", action="store_true", help="print too when each job begins and ends")

    card = _command(commands, "card", _card, "make the keys of a party or an observer, and its card")
    _who(card)

    init = _command(commands, "init", _init, "found a programme on the cards of the others")
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

    join = _command(commands, "join", _join, "join a programme whose charter you were sent")
    _home(join)
    join.add_argument("--charter", required=True, type=Path, help="the charter.json that you were sent")
    join.add_argument(
        "--fingerprint", help="as you heard it over another channel; asked for where it is left out"
    )

    person = commands.add_parser("person", help="invite people, and help who lost the password")
    ways = person.add_subparsers(metavar="add|renew|passkey", required=True)
    add = _command(ways, "add", _person_add, "invite a person; root keys certify a delegate's key")
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
    renew = _command(ways, "renew", _person_renew, "give a new password and key; the old key is revoked")
    add.add_argument(
        "--until", default="", metavar="DATE", help="the last day of the full powers: 2027-06-30"
    )
    add.add_argument(
        "--road-maps", nargs="+", metavar="ID", help="full powers for these only; for all where left out"
    )
    add.add_argument(
        "--ad-referendum-only", action="store_true", help="nothing can be confirmed under these full powers"
    )
    passkey = _command(
        ways, "passkey", _person_passkey,
        "certify the passkey that a head has registered: it then initials, seals and signs",
    )  # fmt: skip
    passkey.add_argument(
        "--key", default="", help="its id, as the person reads it; needed where several wait"
    )
    for one in (add, renew, passkey):
        _home(one)
        one.add_argument("--name", required=True, help="to sign in with")
        if one is not passkey:
            one.add_argument("--password", help="made and printed where it is left out")
        one.add_argument(
            "--root", nargs="+", default=[], type=Path, metavar="FILE",
            help="files of root keys, enough of them to sign; <home>/root/*.key where left out",
        )  # fmt: skip

    rotate = _command(commands, "rotate", _rotate, "hand over to a new node key, or to new root keys")
    _home(rotate)
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
        help="files of the root keys that hold now; <home>/root/*.key where left out",
    )  # fmt: skip
    _protected(rotate)

    accept = _command(
        commands, "accept", _accept, "accept which of two histories stands, as the root keys of a party say"
    )
    _home(accept)
    accept.add_argument("--log", required=True, metavar="CODE", help="the party whose log it is")

    serve = _command(commands, "serve", _serve, "run a node")
    _home(serve)
    serve.add_argument("--listen", help="address:port; that of node.toml where it is left out")
    serve.add_argument("--cert", type=Path, help="TLS certificate; needed beyond this machine")
    serve.add_argument("--key", type=Path, help="its key")
    serve.add_argument("--workers", type=int, default=1, help="processes; several on PostgreSQL only")

    attest = commands.add_parser("attest", help="signatures made elsewhere: put on record, hand out, verify")
    ways = attest.add_subparsers(metavar="add|list|export|verify", required=True)
    add = _command(ways, "add", _attest_add, "put a signature over a fingerprint on record")
    add.add_argument("--name", required=True, help="the delegate who does it")
    add.add_argument("--fingerprint", required=True, help="what was signed: its 64 digits")
    add.add_argument("--form", choices=FORMS, required=True)
    listed = _command(ways, "list", _attest_list, "print what was attested")
    export = _command(ways, "export", _attest_export, "write a signature into a file")
    verify = _command(ways, "verify", _attest_verify, "let the command of node.toml look at a signature")
    for one in (add, listed, export, verify):
        _home(one)
        if one in (export, verify):
            one.add_argument(
                "--entry", required=True, metavar="BY:12", help="as `paraph attest list` says it"
            )
        if one in (add, export):
            one.add_argument("file", type=Path)

    timestamp = _command(
        commands, "timestamp", _timestamp, "ask the authority of node.toml for a token over the own head, now"
    )
    _home(timestamp)

    exchange = _command(commands, "exchange", _exchange, "exchange with all peers once, now")
    _home(exchange)

    bundle = commands.add_parser("bundle", help="write or read a courier's file")
    ways = bundle.add_subparsers(metavar="write|read", required=True)
    write = _command(ways, "write", _bundle_write, "write the file for another node")
    _home(write)
    write.add_argument("--to", required=True, metavar="CODE", help="the party or observer that reads it")
    write.add_argument("file", type=Path)
    read = _command(ways, "read", _bundle_read, "check a file and keep what it brings, all or nothing")
    _home(read)
    read.add_argument("file", type=Path)

    back_up = _command(
        commands, "backup", _backup, "keep a node in one file, keys and all that is internal too"
    )
    _home(back_up)
    back_up.add_argument("file", type=Path)

    restore = _command(commands, "restore", _restore, "set a node up from its backup, in a new folder")
    _home(restore)
    restore.add_argument("--database", help="an empty PostgreSQL database, where it is another than before")
    restore.add_argument("file", type=Path)

    recover = _command(commands, "recover", _recover, "bring back what the parties hold, and write again")
    _home(recover)
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
        help="files of the root keys, for --anew; <home>/root/*.key where left out",
    )  # fmt: skip
    _protected(recover)

    migrate = _command(
        commands, "migrate", _migrate, "make the tables on PostgreSQL as their owner, not as who serves"
    )
    _home(migrate)
    migrate.add_argument(
        "--owner", required=True, metavar="ADDRESS", help="postgresql://… as the role that owns the tables"
    )

    move = _command(commands, "move", _move, "copy a node to another database; the old home is kept, at rest")
    _home(move)
    move.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="the new home")
    move.add_argument("--database", required=True, help="sqlite, or postgresql://… of an empty database")
    move.add_argument("--owner", default="", metavar="ADDRESS", help="as for `paraph migrate`")

    audit = _command(commands, "audit", _audit, "check every signature and replay the whole record")
    _home(audit)
    audit.add_argument(
        "--trusted", action="store_true",
        help="check the signatures of the heads only, and that the entries lead to them",
    )  # fmt: skip

    proof = commands.add_parser("proof", help="write a file that proves something without this node")
    ways = proof.add_subparsers(metavar="provision|closing|entry", required=True)
    of_words = _command(ways, "provision", _proof_provision, "prove whose initials stand on which words")
    of_words.add_argument(
        "subject", help="gas/p1, or a subject: provision:gas/p1, measure:gas/m1/deadline, decision:d1"
    )
    whose = of_words.add_mutually_exclusive_group()
    whose.add_argument("--party", metavar="CODE", help="whose initials; the own party's where it is left out")
    whose.add_argument("--all", action="store_true", help="those of every party, in a larger file")
    of_closing = _command(ways, "closing", _proof_closing, "prove the initials and seals on a text")
    of_closing.add_argument("object", help="a road map, or an object: charter, decision:d1")
    of_entry = _command(ways, "entry", _proof_entry, "prove one entry of a log")
    of_entry.add_argument("log", metavar="LOG", help="the code of the party")
    of_entry.add_argument("n", metavar="N", type=int, help="its place")
    for one in (of_words, of_closing, of_entry):
        _home(one)
        one.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")

    conformance = _command(
        commands, "conformance", _conformance, "ask another implementation, and compare what it answers"
    )
    conformance.add_argument(
        "--vectors", type=Path, default=Path(__file__).parents[1] / "tests" / "vectors" / "record",
        help="the folder of questions; tests/vectors/record of the source where it is left out",
    )  # fmt: skip
    conformance.add_argument("--only", metavar="KIND", help="questions of one kind: root, entry, proof …")
    conformance.add_argument("--seconds", type=float, default=120, help="after which it is ended; 120")
    conformance.add_argument("program", nargs=argparse.REMAINDER, metavar="COMMAND", help="how it is started")

    export = _command(commands, "export", _export, "the programme as JSON")
    _home(export)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: object,
    help: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    parser.set_defaults(run=run)
    return parser


def _home(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=_home_path, default=_home_path(None), help=HOME_HELP)


def _home_path(given: str | None) -> Path:
    """The home that is meant: a folder, or the name of one in PARAPH_HOME."""
    if given is None:
        return Path(os.environ.get("PARAPH_NODE_HOME", ""))
    path, homes = Path(given), os.environ.get("PARAPH_HOME")
    plain = homes and len(path.parts) == 1 and not path.is_absolute() and not path.exists()
    return Path(homes or "") / path if plain else path


def _moment(given: str) -> str:
    """A date as the command line takes it, as a moment in UTC."""
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given} is no date; write 2021-02-23") from None
    return found.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _who(parser: argparse.ArgumentParser) -> None:
    _home(parser)
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
    _protected(parser)


def _protected(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase", action="store_true",
        help="keep new keys under a passphrase: asked for, or from the file that PARAPH_PASSPHRASE_FILE names"
        " (PARAPH_ROOT_PASSPHRASE_FILE for root keys), which may be /dev/fd/3",
    )  # fmt: skip
    parser.add_argument(
        "--token", default="", metavar="URI",
        help="make the node key in a token: pkcs11:token=LABEL?module-path=FILE; its PIN as a passphrase",
    )  # fmt: skip
    parser.add_argument("--root-token", default="", metavar="URI", help="likewise for the root keys")


def _languages(words: Sequence[str]) -> dict[str, str]:
    """`en=Belarus ru=Беларусь`, or plain English words."""
    found: dict[str, str] = {}
    for word in words:
        parts = re.fullmatch(r"([a-z]{2,3})=(.+)", word)
        if parts:
            found[parts[1]] = parts[2]
        else:
            found["en"] = f"{found['en']} {word}" if "en" in found else word
    return found


# ---------------------------------------------------------------- the outlook


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no date like 2021-12-31") from None


def _estimate(written: str) -> tuple[str, tuple[float, float, float]]:
    name, _equals, days = written.partition("=")
    try:
        low, likely, high = map(float, days.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no estimate like gas-market=20,30,90") from None
    return name, (low, likely, high)


def _forecast(given: argparse.Namespace) -> None:
    from paraph.outlook import ledger
    from paraph.outlook.finish import forecast, taught
    from paraph.outlook.recorded import held, recorded

    if not 1 <= given.futures <= ledger.MOST:
        raise HomeError(f"the number of futures lies between 1 and {ledger.MOST}")
    estimates = dict(given.estimate)
    if given.publish and estimates:
        raise HomeError("what experts estimate stays here: leave out --estimate, or --publish")
    journal = open_journal(given.home)
    read = recorded(held(journal.programme()), journal.clock().astimezone(UTC).date())
    if not read.past.standings:
        raise HomeError("the programme has no road map yet")
    if unknown := sorted(estimates.keys() - read.past.standings.keys()):
        raise HomeError(f"no road map {unknown[0]} is open; `paraph export` names them")
    found = forecast(read.past, taught(), given.futures, given.seed, estimates=estimates)
    left = [name for name, one in sorted(read.past.standings.items()) if one.stage < read.past.stages]
    acts = [ledger.answer(found, read, name, given.by, given.seed) for name in ("", *left)]
    if not left:
        acts = []
        print("All road maps are agreed.")
    for act in acts:
        days = {share: _later(act, share) for share in ("100", "500", "900")}
        chances = "".join(f"  by {day} {chance / 1000:.1%}" for day, chance in act.chances.items())
        print(f"{act.question:28} {days['100']}  {days['500']}  {days['900']}{chances}")
    if given.publish and acts:
        placed = journal.record(acts, [_delegate_key(given.publish)])
        print(f"On record: {placed[-1].log}:{placed[-1].n}")


def _later(act: Forecast, share: str) -> str:
    """The date of a share of the futures; how far they go where it is beyond."""
    from paraph.outlook.finish import HORIZON

    days = act.quantiles[share]
    when = date.fromordinal(date.fromisoformat(act.as_of).toordinal() + days)
    return f"after {when.year}" if days >= int(HORIZON) else f"{when}"


def _ledger(given: argparse.Namespace) -> int:
    from paraph.outlook import ledger
    from paraph.outlook.recorded import held, recorded

    journal = open_journal(given.home)
    programme = journal.programme()
    read = recorded(held(programme), journal.clock().astimezone(UTC).date())
    found = ledger.ledgers(programme, read)
    differs = False
    for one in (one for group in found for one in group.scored):
        try:
            again = ledger.again(programme, one.act)
            said = (
                "reproduced"
                if again.reproduced
                else f"differs by {again.days} days, {again.per_mille} per mille"
            )
            differs = differs or not again.reproduced
        except OutlookRefused as refused:
            said = str(refused)
        crps = "open" if one.crps is None else f"CRPS {one.crps:.0f} days, PIT {one.pit:.2f}"
        print(f"{one.placed.log}:{one.placed.n}  {one.act.as_of}  {one.act.question:28} {crps}  {said}")
    total = ledger.summed(found)
    print(f"{total.known} known, {total.waiting} open, {total.missing} months without one")
    if total.known:
        print(f"in the range of 80 %: {total.inside} of {total.known}; PIT in fifths: {list(total.pits)}")
    if total.brier is not None:
        print(f"mean Brier {total.brier:.3f} over {total.briers} dates that have passed")
    return 1 if differs else 0


def _backtest(given: argparse.Namespace) -> None:
    from paraph.demo.facts import table
    from paraph.outlook.backtest import report

    for line in report(table("demo_events"), table("public_forecasts"), max(1, given.futures), given.seed):
        print(line, flush=True)


def _plan(given: argparse.Namespace) -> None:
    from paraph.outlook.planning import plan, read_sm

    if not 0 < given.seconds <= 86_400 or not 1 <= given.workers <= 64:
        raise HomeError("a plan is searched for up to 86400 seconds by 1 to 64 workers")
    try:
        project = read_sm(given.file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise HomeError(f"{given.file} is no text") from None
    found = plan(project, given.seconds, given.workers, solver=not given.without_solver)
    print(found)
    for job, begins in enumerate(found.begins if given.days else (), 1):
        print(f"{job:6} {begins:6} {begins + project.jobs[job - 1].days:6}")


# ---------------------------------------------------------------- documents


def _read(given: argparse.Namespace) -> None:
    from paraph.papers import typed
    from paraph.papers.apart import bounded
    from paraph.papers.files import as_json, line, read_file

    with bounded():
        document = read_file(
            given.file,
            "accepted" if given.accept else "rejected" if given.reject else "marked",
            given.language,
        )
    brackets = typed.typed_brackets(document)
    document.report.count("square brackets typed by hand", brackets.count)
    document.report.count("open points in them", len(brackets.points))
    for trouble in brackets.troubles:
        document.report.flag(trouble.sentence.template, **trouble.sentence.params)
    if given.json:
        found = as_json(document) | {"brackets": typed.as_json(brackets)}
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for paragraph in document.paragraphs:
        print(line(paragraph))
    print(*document.report.lines(), sep="\n", file=sys.stderr)


def _compare(given: argparse.Namespace) -> None:
    gc.disable()  # nothing here is garbage before the command ends
    from paraph.papers import redlines
    from paraph.papers.apart import bounded
    from paraph.papers.comparison import compare
    from paraph.papers.files import read_file

    with bounded():
        old, new = (read_file(path, language=given.language) for path in (given.old, given.new))
    found = compare(old, new)
    if given.html:
        from paraph.papers.docx.redlining import language_of

        name = f"{given.old.name} – {given.new.name}"
        given.html.write_text(redlines.as_html(found, name, language_of(new)), "utf-8")
    if given.docx:
        from paraph.papers.docx.redlining import AUTHOR, redline_docx

        given.docx.write_bytes(redline_docx(found, given.author or AUTHOR, given.date or ""))
    if given.pdf:
        from paraph.papers.pdf.writing import paper_pdf
        from paraph.papers.printed import comparison_paper

        given.pdf.write_bytes(paper_pdf(comparison_paper(found, f"{given.old.name} – {given.new.name}")))
    if given.json:
        print(json.dumps(redlines.as_json(found), ensure_ascii=False, indent=1))
    elif given.html or given.docx or given.pdf:
        print(redlines.summary(found))
    else:
        print(redlines.as_text(found, whole=given.whole))
    for path, document in ((given.old, old), (given.new, new)):
        if document.report.notable:
            print(f"{path.name}:", *document.report.lines(), file=sys.stderr)


def _paper(given: argparse.Namespace) -> None:
    from paraph.node.audit import replay
    from paraph.papers.check import leaving
    from paraph.papers.kinds import outgoing
    from paraph.papers.roadmaps import Wanted

    home = open_home(given.home)
    programme = replay(home)
    language = given.language or programme.charter.authentic[0]
    party = given.party or ("" if home.observer or given.kind != "alternat" else home.code)
    wanted = Wanted(programme, given.road_map, language, party)
    file = outgoing(given.kind, given.output.suffix.removeprefix("."), wanted)
    given.output.write_bytes(file.data)
    print(f"{given.output}: {len(file.data)} bytes")
    for sentence in leaving(file):
        print(f"  {sentence}")


# ---------------------------------------------------------------- a programme from nothing


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
        _languages(given.name),
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
        _about_roots(home)


def _about_roots(home: Home) -> None:
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
        _languages(given.programme),
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
    _about_roots(home)


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
        _about_roots(home)
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


# ---------------------------------------------------------------- people


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
        titles=_languages(given.title) or {"en": given.name},
        offices=_languages(given.office),
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


# ---------------------------------------------------------------- new keys


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
        node_how=_next_way(given, home.path / "node.key", given.token) if given.node else PLAIN,
        roots_how=_next_way(given, next(iter(former), Path()), given.root_token, root=True),
    )
    print(f"The keys of {home.code} are now those of version {act.version}; what was signed before stands.")
    if given.roots:
        _about_roots(home)


def _next_way(given: argparse.Namespace, before: Path, token: str, *, root: bool = False) -> Protection:
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


# ---------------------------------------------------------------- running


def _serve(given: argparse.Namespace) -> int:
    home = open_home(given.home)
    home.charter()
    key = home.node_key()
    if isinstance(key, TokenKey):
        key.check()
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


def _attest_add(given: argparse.Namespace) -> None:
    journal = open_journal(given.home)
    data = given.file.read_bytes()
    if not 0 < len(data) <= 4 * 2**20:
        raise HomeError("the file of a signature has at most 4 MB")
    key = _delegate_key(given.name)
    container = base64.b64encode(data).decode()
    act = Attest(given.fingerprint.lower(), container, given.form, given.file.name[-100:])
    last = journal.record([act], [key])[-1]
    print(f"The signature is on record: {last.log}:{last.n}")


def _delegate_key(name: str) -> SecretKey:
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


# ---------------------------------------------------------------- loss


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
        node_how=_next_way(given, home.path / "node.key", given.token),
    )
    print(f"The root keys of {home.code} say that the history held here stands, under keys of version")
    print(f"{act.version}. At each other party run: paraph accept --log {home.code}")


# ---------------------------------------------------------------- looking


def _audit(given: argparse.Namespace) -> int:
    from paraph.node.audit import audit

    report = audit(open_home(given.home), trusted=given.trusted)
    print("\n".join(report.lines))
    return 0 if report.good else 1


def _proof_provision(given: argparse.Namespace) -> None:
    from paraph.node import proofs

    journal = open_journal(given.home)
    subject = given.subject if ":" in given.subject else f"provision:{given.subject}"
    parties = [] if given.all else [given.party or journal.me or ""]
    _write_proof(given, proofs.of_initials(journal, subject, parties))


def _proof_closing(given: argparse.Namespace) -> None:
    from paraph.node import proofs

    plain = given.object == "charter" or ":" in given.object
    about = given.object if plain else f"road_map:{given.object}"
    _write_proof(given, proofs.of_closing(open_journal(given.home), about))


def _proof_entry(given: argparse.Namespace) -> None:
    from paraph.node import proofs

    _write_proof(given, proofs.of_entry(open_journal(given.home), given.log, given.n))


def _write_proof(given: argparse.Namespace, data: bytes) -> None:
    given.out.write_bytes(data)
    print(f"{given.out}: {len(data)} bytes. Contents of closed acts in it are read by whoever is given it.")
    print(f"  python verify_paraph.py {given.out} {given.home / 'charter.json'}")


def _conformance(given: argparse.Namespace) -> int:
    from paraph.record.conformance import ask, questions

    if not given.program:
        raise HomeError("say how the program is started: `paraph conformance COMMAND…`")
    asked = [one for one in questions(given.vectors) if given.only in (None, one.asked["ask"])]
    report = ask(given.program, asked, given.seconds)
    print("\n".join(report.lines()))
    print(
        "It decides as this implementation does." if report.good else "It does not decide as this one does."
    )
    return 0 if report.good else 1


def _export(given: argparse.Namespace) -> None:
    from paraph.node.audit import replay
    from paraph.papers.json import programme_as_json

    programme = replay(open_home(given.home))
    print(json.dumps(programme_as_json(programme), ensure_ascii=False, indent=1))


def _demo(given: argparse.Namespace) -> int:
    from paraph.demo.play import play

    return play(fresh=given.fresh, story=given.story)


if __name__ == "__main__":
    sys.exit(main())
