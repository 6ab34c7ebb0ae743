"""Does the record hold, and what does it prove?"""

import argparse
import json
from pathlib import Path

from paraph.cli.common import Commands, command, out_path, with_home
from paraph.node.errors import HomeError
from paraph.node.homes import open_home
from paraph.node.startup import open_journal


def add(commands: Commands) -> None:
    """The commands of this area."""
    demo = command(commands, "demo", _demo, "play the Union State of 23 February 2021 on three nodes")
    demo.add_argument("--fresh", action="store_true", help="start over")
    demo.add_argument("--story", choices=["2021"], help="play what came after, until November 2021")

    audit = command(commands, "audit", _audit, "check every signature and replay the whole record")
    with_home(audit)
    audit.add_argument(
        "--trusted", action="store_true",
        help="check the signatures of the heads only, and that the entries lead to them",
    )  # fmt: skip

    proof = commands.add_parser("proof", help="write a file that proves something without this node")
    ways = proof.add_subparsers(metavar="provision|closing|entry", required=True)
    of_words = command(ways, "provision", _proof_provision, "prove whose initials stand on which words")
    of_words.add_argument(
        "subject", help="gas/p1, or a subject: provision:gas/p1, measure:gas/m1/deadline, decision:d1"
    )
    whose = of_words.add_mutually_exclusive_group()
    whose.add_argument("--party", metavar="CODE", help="whose initials; the own party's where it is left out")
    whose.add_argument("--all", action="store_true", help="those of every party, in a larger file")
    of_closing = command(ways, "closing", _proof_closing, "prove the initials and seals on a text")
    of_closing.add_argument("object", help="a road map, or an object: charter, decision:d1")
    of_entry = command(ways, "entry", _proof_entry, "prove one entry of a log")
    of_entry.add_argument("log", metavar="LOG", help="the code of the party")
    of_entry.add_argument("n", metavar="N", type=int, help="its place")
    for one in (of_words, of_closing, of_entry):
        with_home(one)
        one.add_argument("-o", "--out", type=out_path, required=True, metavar="FILE")

    conformance = command(
        commands, "conformance", _conformance, "ask another implementation, and compare what it answers"
    )
    conformance.add_argument(
        "--vectors", type=Path, default=Path(__file__).parents[2] / "tests" / "vectors" / "record",
        help="the folder of questions; tests/vectors/record of the source where it is left out",
    )  # fmt: skip
    conformance.add_argument("--only", metavar="KIND", help="questions of one kind: root, entry, proof …")
    conformance.add_argument("--seconds", type=float, default=120, help="after which it is ended; 120")
    conformance.add_argument("program", nargs=argparse.REMAINDER, metavar="COMMAND", help="how it is started")

    export = command(commands, "export", _export, "the programme as JSON")
    with_home(export)


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
