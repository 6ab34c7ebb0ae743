"""Another implementation is asked and compared: ours passes, one with any fault does not."""

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from paraph.cli import main
from paraph.record.checkpoints import read_checkpoint
from paraph.record.conformance import Question, ask, questions
from paraph.record.keys import PublicKey
from paraph.record.notes import counts, parse_note
from tests.record.make_questions import FILE, build

FOLDER = FILE.parent
OURS = [sys.executable, "-m", "paraph.record.answering"]
WRONG = """
import json, sys
from paraph.record import answering, {module}
{fault}
sys.exit(answering.main())
"""
FAULTS = {
    "it lets a path pass that is too short": (
        "included",
        "merkle",
        "answering.verify_inclusion = lambda leaf, n, size, path, root: leaf == root or merkle.verify_inclusion(leaf, n, size, path, root)",  # noqa: E501
    ),
    "it takes numbers beyond 2^53": ("canonical", "canonical", "canonical._LIMIT = 2**63"),
    "it counts any 64 bytes as a signature": (
        "signature",
        "keys",
        "keys.PublicKey.verify = lambda self, message, signature: len(signature) == 64",
    ),
    "it takes an entry after a gap": (
        "entry",
        "ledger",
        "ledger.Ledger._check_place = lambda self, entry, parsed, note: self.logs[entry.log]",
    ),
    "it takes a rotation signed by the old keys alone": (
        "entry",
        "logs",
        "logs.Log.verdict = lambda self, entry, signers: ''",
    ),
    "it vouches without looking at who signs": (
        "head",
        "checkpoints",
        "checkpoints.counts = lambda *given: True",
    ),
    "it reads any name of a piece": (
        "piece",
        "tiles",
        "tiles.Piece.name = property(lambda self: 'tile/0/000')",
    ),
}


def test_our_own_implementation_decides_as_is_written(capsys: Any) -> None:
    assert main(["conformance", *OURS]) == 0

    said = capsys.readouterr().out
    assert "It decides as this implementation does." in said
    counts = re.findall(r"(\d+) of (\d+) right", said)
    assert len(counts) >= 10
    assert all(right == asked for right, asked in counts)
    assert sum(int(asked) for _right, asked in counts) == len(list(questions(FOLDER)))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_implementation_is_found(fault: str, tmp_path: Path) -> None:
    kind, module, change = FAULTS[fault]
    program = tmp_path / "wrong.py"
    program.write_text(WRONG.format(module=module, fault=change))
    asked = [one for one in questions(FOLDER) if one.asked["ask"] == kind]

    report = ask([sys.executable, str(program)], asked, 60)

    assert not report.good
    assert report.faults[0].startswith(f"{kind}, ")


@pytest.mark.parametrize(
    ("program", "unanswered"),
    [
        ("import sys; sys.exit(3)", 22),
        ("print('hello'); print('{}'); print('{\"id\":0}')", 22),
        ("import time; time.sleep(60)", 22),
        ('import sys\nfor n, _ in enumerate(sys.stdin): print(\'{"id":%d,"is":"unknown"}\' % n)', 22),
    ],
)
def test_a_program_that_says_nothing_is_not_right(program: str, unanswered: int) -> None:
    asked = [one for one in questions(FOLDER) if one.asked["ask"] == "canonical"]

    report = ask([sys.executable, "-c", program], asked, 2)

    assert not report.good
    assert report.unanswered == {"canonical": unanswered}


def test_true_is_not_one() -> None:
    asked = [Question("x", {"ask": "canonical", "line": ""}, True)]
    program = 'print(\'{"id":0,"is":1}\')'

    assert not ask([sys.executable, "-c", program], asked, 10).good


def test_a_command_without_a_program_says_what_to_give(capsys: Any) -> None:
    assert main(["conformance"]) == 2
    assert "paraph conformance COMMAND" in capsys.readouterr().err


def test_the_written_questions_are_made_again_bit_for_bit() -> None:
    assert build() == json.loads(FILE.read_text())


# ---------------------------------------------------------------- the examples of C2SP

VERIFIER = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNED = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
""".encode()  # noqa: E501
CHECKPOINT = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
""".encode()  # noqa: E501


def test_the_checkpoint_of_the_specification_is_read_with_its_cosignature() -> None:
    note = parse_note(CHECKPOINT)

    head = read_checkpoint(CHECKPOINT, note, "example.com/behind-the-sofa")

    assert head.size == 20_852_163
    assert base64.b64encode(head.root) == b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    own, witness = note.signatures
    assert (own.key_hash.hex(), len(own.raw)) == ("033de0ae", 64)
    assert (witness.name, witness.key_hash.hex(), len(witness.raw)) == (
        "witness.example.com/w1",
        "8d66cf3f",
        72,
    )
    assert int.from_bytes(witness.raw[:8], "big") == 1_679_315_147


def test_the_signed_note_of_the_specification_is_signed_by_its_key() -> None:
    name, _hash, data = VERIFIER.split("+")
    key = PublicKey(base64.b64decode(data)[1:])
    note = parse_note(SIGNED)

    assert counts(note.signatures[0], name, key, note.text)
    assert not counts(note.signatures[0], name, key, note.text.replace(b"an", b"no"))
