"""The command `paraph`: start a programme, run a node, carry files, check the record.

Each module adds the commands of its area; of a command that is named only its own is imported, so that
what needs no node starts quickly.

documents.py  read, compare and write papers
outlook.py    forecasts and plans
starting.py   a programme from nothing
people.py     who may act at a node
keys.py       new keys, and which of two histories stands
running.py    a node that runs, and what it exchanges
attest.py     signatures made elsewhere
loss.py       backup, restore, recover
databases.py  a node on another database
looking.py    audits, proofs, exports, the demo
common.py     what they share
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from paraph import __version__
from paraph.node.errors import NodeError
from paraph.record.errors import RecordError
from paraph.sentences import Told

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
  paraph outlook together 2 --home by --by 2021-12-31      which two, settled today, would help most
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
AREAS = {
    "demo": "looking",
    "read": "documents",
    "compare": "documents",
    "paper": "documents",
    "outlook": "outlook",
    "card": "starting",
    "init": "starting",
    "join": "starting",
    "person": "people",
    "rotate": "keys",
    "accept": "keys",
    "serve": "running",
    "attest": "attest",
    "timestamp": "running",
    "exchange": "running",
    "bundle": "running",
    "backup": "loss",
    "restore": "loss",
    "recover": "loss",
    "migrate": "databases",
    "move": "databases",
    "audit": "looking",
    "proof": "looking",
    "conformance": "looking",
    "export": "looking",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 1 where a check failed, or 2 with one clear sentence."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        given = parser(words[:1]).parse_args(words)
        return int(given.run(given) or 0)
    except (NodeError, RecordError, Told) as error:
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


def parser(command: Sequence[str] = ()) -> argparse.ArgumentParser:
    """What can be asked: the command that is named, or all."""
    asked = [AREAS[name] for name in command if name in AREAS] or list(dict.fromkeys(AREAS.values()))
    made = argparse.ArgumentParser(
        "paraph", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--version", action="version", version=f"paraph {__version__}")
    made.set_defaults(run=lambda _given: made.print_help())
    commands = made.add_subparsers(title="commands", metavar="COMMAND")
    for area in asked:
        import_module(f"paraph.cli.{area}").add(commands)
    return made
