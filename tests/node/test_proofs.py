"""What does a proof file prove to somebody who holds only the charter, and when is it refused?"""

import ast
import copy
import gzip
import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from paraph.acts import Delegate, Initial, Rotate
from paraph.demo.history import History
from paraph.node import proofs
from paraph.node.errors import NothingToProve
from paraph.node.exchange import receipts
from paraph.node.journal import Journal
from paraph.record.checkpoints import claimed_size, origin
from paraph.record.cosignatures import with_line, write_request
from paraph.record.keys import SecretKey
from paraph.record.passkeys import challenge
from paraph.state import closing
from paraph.state.composed import composed_object
from tests.demo.test_union_state import DAY, fresh
from tests.parties import Parties
from tests.passkeys import SoftPasskey
from tests.record.test_passkeys import FAULTS, MESSAGE

VERIFIER = Path(__file__).parents[2] / "verify_paraph.py"
sys.path.insert(0, str(VERIFIER.parent))
verify_paraph: Any = importlib.import_module("verify_paraph")

ABOUT = "provision:gas/one"


@cache
def demo() -> History:
    """The Union State on the day of the demo; RU vouches for BY's log."""
    history = fresh()
    history.play(DAY)
    vouched(history.sides["BY"].journal, history.sides["RU"].journal)
    return history


def vouched(journal: Journal, witness: Journal) -> None:
    """Let a party vouch for the log of another as it holds it."""
    me = journal.me or ""
    head = journal.checkpoint(me) or b""
    line = receipts.vouch(witness, me, write_request(0, [], head), 1_614_000_000)
    raw = with_line(head, line)
    journal.store.keep_receipt(me, witness.me or "", claimed_size(head.decode()), raw)


def initialled() -> Parties:
    """A text that both have initialled and sealed."""
    parties = Parties.make()
    parties.road_map()
    parties.initial("BY")
    parties.exchange()
    parties.initial("RU")
    parties.exchange()
    parties.seal("BY")
    parties.exchange()
    parties.seal("RU")
    parties.exchange()
    return parties


def run(tmp_path: Path, charter: bytes, proof: bytes) -> tuple[int, str]:
    """The exit code and the words of the verifier as anybody runs it."""
    (tmp_path / "charter.json").write_bytes(charter)
    (tmp_path / "one.proof").write_bytes(proof)
    done = subprocess.run(
        [sys.executable, str(VERIFIER), "one.proof", "charter.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.returncode, done.stdout


def opened(proof: bytes) -> Any:
    return json.loads(gzip.decompress(proof))


def test_a_proof_of_the_demo_says_who_initialled_which_words_knowing_what(tmp_path: Path) -> None:
    journal = demo().sides["BY"].journal
    stands = closing.closings(journal.programme(), "road_map:oil-transit")[-1].stands
    line = next(one for one in stands[0].lines if one.startswith("provision:") and " 1.1 " in one)
    subject, number = line.split(" ")[:2]
    content = proofs._content(journal.programme(), subject, line)

    code, said = run(tmp_path, journal.charter.encode(), proofs.of_initials(journal, subject, ["BY"]))

    assert code == 0, said
    place, at = stands[0].placed.n, stands[0].placed.at
    assert f"{subject} stands as number {number} in the text {stands[0].text[:16]}" in said
    assert content["words"]["ru"] in said  # type: ignore[index]
    assert f"in BY entry {place}, claimed {at}, by the key" in said
    assert "“Head of delegation, Belarus”, certified by root keys in entry 1" in said
    assert f"and at least RU to entry {stands[0].placed.past['RU'] - 1}" in said
    assert "RU vouched for the log of BY at 1614000000" in said
    proven, unproven = said.split("NOT PROVEN:")
    assert "that RU initialled it: the file does not show that" in unproven
    assert "that nobody has left the text before or since" in unproven
    assert "another history of BY" not in unproven
    assert journal.charter.prog[:4] in proven


def test_a_proof_has_at_most_4_kb_beside_the_words() -> None:
    journal = demo().sides["BY"].journal
    sizes = {}
    for stand in proofs._stands(journal.programme(), "road_map:oil-transit"):
        for line in stand.lines:
            item = line.split(" ")[0]
            for subject in [item] if item.startswith("provision:") else []:
                for party in ("BY", "RU"):
                    proof = proofs.of_initials(journal, subject, [party])
                    words = json.dumps(opened(proof)["content"], ensure_ascii=False).encode()
                    sizes[subject, party] = len(proof) - len(words)
                    verify_paraph.check(journal.charter.encode(), proof)

    assert len(sizes) >= 30
    assert max(sizes.values()) <= 4_096


def test_cells_of_measures_and_decisions_are_proven_like_provisions() -> None:
    journal = demo().sides["BY"].journal
    stand = proofs._stands(journal.programme(), "road_map:oil-transit")[0]
    measure = next(line.split(" ")[0] for line in stand.lines if line.startswith("measure:"))
    parties = Parties.make()
    parties.agree("decision:d1", {"words": {"ru": "Решено."}})
    parties.initial("BY", "decision:d1")

    of_cell = proofs.of_initials(journal, f"{measure}/deadline", ["RU"])
    of_decision = proofs.of_initials(parties.journals["BY"], "decision:d1")

    _prog, proven, _ = verify_paraph.check(journal.charter.encode(), of_cell)
    assert any('  deadline: {"date":' in sentence for sentence in proven)
    _prog, proven, _ = verify_paraph.check(parties.charter.encode(), of_decision)
    assert any("Решено." in sentence for sentence in proven)


def test_a_closing_shows_the_seals_and_whose_initials_they_knew(tmp_path: Path) -> None:
    parties = initialled()

    code, said = run(
        tmp_path, parties.charter.encode(), proofs.of_closing(parties.journals["RU"], "road_map:gas")
    )

    assert code == 0, said
    assert said.count("It was sealed knowing the initials of BY, RU.") == 2
    assert "BY sealed the text" in said and "RU sealed the text" in said


def test_an_entry_is_proven_with_its_content_to_a_party_and_without_from_an_observer(tmp_path: Path) -> None:
    parties = initialled()
    charter = parties.charter.encode()

    _code, to_party = run(tmp_path, charter, proofs.of_entry(parties.journals["BY"], "RU", 2))
    code, observed = run(tmp_path, charter, proofs.of_entry(parties.journals["OBS"], "RU", 0))
    _prog, shut, _ = verify_paraph.check(charter, proofs.of_entry(parties.journals["BY"], "BY", 0))

    assert "in RU entry 2" in to_party and "BY vouched for the log of RU" in to_party
    assert code == 0 and '"kind":"join"' in observed
    assert '"kind":"found"' in shut[0]


def test_keys_that_were_rotated_lead_back_to_the_charter() -> None:
    parties = Parties.make()
    root, node = SecretKey.generate(), SecretKey.generate()
    act = Rotate([root.public.hex], 1, node.public.hex, 1)
    parties.journals["BY"].record([act], [parties.roots["BY"], root], at=parties.tick(), new_node=node)
    parties.roots["BY"] = root
    parties.delegate("BY")
    parties.exchange()
    parties.road_map()
    parties.initial("BY")
    parties.exchange()
    parties.initial("RU")
    parties.exchange()
    charter = parties.charter.encode()

    proof = proofs.of_initials(parties.journals["BY"], ABOUT)

    _prog, proven, _ = verify_paraph.check(charter, proof)
    assert sum("initialled the text" in sentence for sentence in proven) == 2
    without = opened(proof)
    without["entries"] = [one for one in without["entries"] if '"kind":"rotate"' not in one["note"]]
    with pytest.raises(verify_paraph.Refused):
        verify_paraph.check(charter, json.dumps(without).encode())


def test_what_is_not_there_is_not_proven() -> None:
    parties = Parties.make()
    parties.road_map()
    journal = parties.journals["BY"]

    makes: list[Callable[[], bytes]] = [
        lambda: proofs.of_initials(journal, ABOUT),
        lambda: proofs.of_initials(journal, "provision:gas/none"),
        lambda: proofs.of_closing(journal, "road_map:gas"),
        lambda: proofs.of_entry(journal, "BY", 99),
        lambda: proofs.of_entry(journal, "XX", 0),
    ]
    for make in makes:
        with pytest.raises(NothingToProve):
            make()


# ---------------------------------------------------------------- tampered files


@cache
def good() -> tuple[bytes, Any]:
    """The charter, and a proof of everybody's initials, with a receipt, opened."""
    parties = initialled()
    vouched(parties.journals["BY"], parties.journals["RU"])
    return parties.charter.encode(), opened(proofs.of_initials(parties.journals["BY"], ABOUT))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all that stands in a file."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from leaves(value[key], (*path, key))


def changed(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    """A copy with one thing changed."""
    if not path:
        return change(value)
    made = copy.copy(value)
    made[path[0]] = changed(value[path[0]], path[1:], change)
    return made


def flipped(old: str, at: int) -> str:
    """The words with another letter there."""
    return old[:at] + chr(ord(old[at]) ^ 1) + old[at + 1 :]


def without(old: dict[str, Any], key: str) -> dict[str, Any]:
    """The fields without one."""
    return {name: value for name, value in old.items() if name != key}


def refused(value: Any) -> str:
    with pytest.raises(verify_paraph.Refused) as found:
        verify_paraph.check(good()[0], json.dumps(value, ensure_ascii=False).encode())
    return str(found.value)


def test_every_field_that_is_changed_in_any_way_is_refused() -> None:
    value = good()[1]
    verify_paraph.check(good()[0], json.dumps(value, ensure_ascii=False).encode())
    tried = 0
    for path in leaves(value):
        here = value
        for key in path:
            here = here[key]
        changes: list[Callable[[Any], Any]] = [lambda _old: None, lambda _old: [], lambda _old: {}]
        if isinstance(here, str):
            step = max(1, len(here) // 12)
            changes += [partial(flipped, at=at) for at in range(0, len(here), step)]
            changes += [lambda old: old + "x", lambda old: old[:-1]]
        elif isinstance(here, int):
            changes += [lambda old: old + 1, lambda old: -old - 1, str]
        elif isinstance(here, dict):
            changes += [lambda old: {**old, "more": 1}]
            changes += [partial(without, key=key) for key in here]
        for change in changes:
            made = changed(value, path, change)
            if made != value and path[-2:] != ("content", "heading"):
                assert refused(made), path
                tried += 1

    assert tried > 500


NOTE = ("entries", 1, "note")
TAMPERED: dict[str, tuple[tuple[Any, ...], Callable[[Any], Any], str]] = {
    "another word": (
        ("content", "words", "ru"),
        lambda old: old + "!",
        "The words are not those that the line",
    ),
    "another number": (
        ("line", "text"),
        lambda old: old.replace(" 1 ", " 2 "),
        "The line is not among those of the text",
    ),
    "another side": (
        ("line", "path"),
        lambda old: [one.replace("left", "right") for one in old],
        "The line is not among those of the text",
    ),
    "another text": (("text",), lambda old: "0" * 64, "about another text"),
    "another object": (("object",), lambda old: "road_map:oil", "about another text"),
    "another subject": (
        ("subject",),
        lambda old: "provision:gas/two",
        "The words are not those that the line",
    ),
    "another kind": (("kind",), lambda old: "closing", "other fields than such a proof has"),
    "another version": (("v",), lambda old: 2, "no proof of a kind that this program knows"),
    "another claimed time": (NOTE, lambda old: old.replace('"at":"2021', '"at":"2020'), "does not hold"),
    "another content": (
        ("entries", 0, "content"),
        lambda old: old.replace("Delegate", "Minister"),
        "is not the one that BY entry 1 commits to",
    ),
    "another path": (
        ("entries", 0, "proof"),
        lambda old: old.replace("index 1", "index 3"),
        "head of its log does not hold",
    ),
    "another head": (
        ("entries", 0, "proof"),
        lambda old: old.replace("/BY\n", "/RU\n"),
        "is that of another log",
    ),
    "no certificate": (("entries",), lambda old: old[1:], "does not lead back to the charter"),
    "no entries": (("entries",), lambda old: [], "does not show what it claims"),
    "another receipt": (
        ("entries",),
        lambda old: [{**one, "proof": one["proof"].replace("/RU ", "/XX ")} for one in old],
        "a receipt of nobody",
    ),
    "two heads": (("entries", 0, "proof"), lambda old: old.rsplit("— ", 1)[0], "stand under several heads"),
    "one field more": (
        ("entries", 0),
        lambda old: {**old, "seen": ""},
        "other fields than note, content, proof",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_file_is_refused_with_what_is_wrong(tmp_path: Path, name: str) -> None:
    path, change, sentence = TAMPERED[name]
    made = changed(good()[1], path, change)

    code, said = run(tmp_path, good()[0], json.dumps(made, ensure_ascii=False).encode())

    assert code == 1
    assert said.startswith("REFUSED. ") and sentence in said


def test_the_charter_of_another_programme_is_refused(tmp_path: Path) -> None:
    other = Parties.make().charter.encode()
    proof = json.dumps(good()[1], ensure_ascii=False).encode()

    assert "another programme than this charter" in run(tmp_path, other, proof)[1]
    assert "The charter cannot be read" in run(tmp_path, b"{}", proof)[1]
    assert run(tmp_path, good()[0], b"\x1f\x8b damaged")[0] == 1
    assert run(tmp_path, good()[0], b"")[0] == 1


def signed_by(parties: Parties, **limits: Any) -> Any:
    """Initials by a delegate of BY with other full powers, written whatever the rules say."""
    parties.road_map()
    journal = parties.journals["BY"]
    before = parties.people["BY"]
    parties.delegate("BY", **limits)
    journal._check = lambda *_: None  # type: ignore[method-assign]
    stand_on = parties.programme("BY")
    assert before and stand_on
    parties.initial("BY")
    n = journal.heads()["BY"] - 1
    return proofs.of_entry(journal, "BY", n)


@pytest.mark.parametrize(
    "limits", [{"powers": ["negotiate"]}, {"road_maps": ["oil"]}, {"ad_referendum_only": True}]
)
def test_initials_without_full_powers_are_refused(limits: dict[str, Any]) -> None:
    parties = Parties.make()

    proof = signed_by(parties, **limits)

    with pytest.raises(verify_paraph.Refused, match="full powers"):
        verify_paraph.check(parties.charter.encode(), proof)


@pytest.fixture
def by_passkey() -> tuple[Parties, SoftPasskey, Any]:
    """The head of BY has given initials to a passkey, which has initialled: all act on what it answered."""
    parties = Parties.make()
    parties.road_map()
    journal, soft, former = parties.journals["BY"], SoftPasskey("novik"), parties.people["BY"].public.id
    powers = ["negotiate", "initial", "seal"]
    site, name = soft.site, {"en": "Head by passkey"}
    act = Delegate(soft.public.hex, name, name, powers, passkey=site, instead_of=former)
    journal.record([act], [parties.roots["BY"]], at=parties.tick())
    text = composed_object(journal.programme(), "road_map:gas")
    initials = Initial("road_map:gas", "", parties.charter.prog, text.text, list(text.lines))
    prepared = journal.prepare(initials, soft.public.id)
    journal.record([initials], [soft.answer(prepared.message)], at=parties.tick(), prepared=prepared)
    return parties, soft, prepared


def test_initials_by_a_passkey_are_proven_like_others(
    tmp_path: Path, by_passkey: tuple[Parties, SoftPasskey, Any]
) -> None:
    parties = by_passkey[0]
    proof = proofs.of_initials(parties.journals["BY"], "provision:gas/one")

    code, said = run(tmp_path, parties.charter.encode(), proof)

    assert code == 0, said
    assert "BY initialled the text" in said and "“Head by passkey”, certified by root keys" in said
    assert len(proof) <= 4_096


def test_a_key_whose_place_a_passkey_has_taken_initials_nothing(
    by_passkey: tuple[Parties, SoftPasskey, Any],
) -> None:
    parties, _soft, prepared = by_passkey
    journal = parties.journals["BY"]
    journal._check = lambda *_: None  # type: ignore[method-assign]
    other = msgspec.structs.replace(prepared.act, text="0" * 64)
    journal.record([other], [parties.people["BY"]], at=parties.tick())
    last = journal.heads()["BY"] - 1
    shown = opened(proofs.of_entry(journal, "BY", last))
    certificate = opened(proofs.of_entry(journal, "BY", last - 1))["entries"]
    places = {json.loads(one["note"].split("\n")[0])["n"]: one for one in certificate + shown["entries"]}

    shown["entries"] = [{**one, "proof": path_to(journal, n)} for n, one in places.items()]

    with pytest.raises(verify_paraph.Refused, match="full powers"):
        verify_paraph.check(parties.charter.encode(), json.dumps(shown, ensure_ascii=False).encode())


def path_to(journal: Journal, n: int) -> str:
    """The way from an entry of BY to the head that stands now."""
    found = opened(proofs.of_entry(journal, "BY", n))["entries"]
    return str(next(one["proof"] for one in found if f"\nindex {n}\n" in f"\n{one['proof']}"))


BOTH = pytest.mark.parametrize("soft", [SoftPasskey("a"), SoftPasskey("a", algorithm="EdDSA")])


def both_say(soft: SoftPasskey, message: bytes, packed: bytes) -> bool:
    """What the verifier says of an answer, which is what every node says."""
    said = verify_paraph.answered(soft.public.raw, soft.site, message, packed)
    assert bool(said) is soft.public.verify(message, packed)
    return bool(said)


@BOTH
def test_the_verifier_counts_the_answers_that_nodes_count(soft: SoftPasskey) -> None:
    packed = soft.answer(MESSAGE).sign(MESSAGE)
    changed = [packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :] for at in range(len(packed))]

    assert both_say(soft, MESSAGE, packed)
    assert both_say(soft, MESSAGE, soft.answer(MESSAGE, more=b"extension").answer.pack())
    assert not both_say(soft, MESSAGE + b"\n", packed)
    assert not any(both_say(soft, MESSAGE, one) for one in [*changed, packed[:100], packed + b"0", b""])
    for fault in FAULTS.values():
        assert not both_say(soft, MESSAGE, soft.answer(MESSAGE, **fault).answer.pack())


@pytest.mark.parametrize("port", ["", ":8443", ":123456", "/x", ".evil"])
@pytest.mark.parametrize(
    "rest",
    [
        '"}',
        '","crossOrigin":false}',
        '","crossOrigin":false,"more":"of it"}',
        '","crossOrigin":false} }',
        '","crossOrigin":true}',
        '","crossOrigin":falsehood}',
        '","more":1}',
        '","crossOrigin":false,"a":"\n',
    ],
)
@pytest.mark.parametrize("site", ["minsk.example", "localhost"])
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_the_verifier_reads_what_browsers_say_as_nodes_do(
    port: str, rest: str, site: str, scheme: str
) -> None:
    soft = SoftPasskey("a", site)
    begins = f'{{"type":"webauthn.get","challenge":"{challenge(MESSAGE)}","origin":"{scheme}://{site}'

    both_say(soft, MESSAGE, soft.answer(MESSAGE, client=(begins + port + rest).encode()).answer.pack())


def test_of_two_forms_of_one_signature_the_verifier_counts_the_lower() -> None:
    soft = SoftPasskey("a")
    packed = soft.answer(MESSAGE).sign(MESSAGE)
    mirrored = verify_paraph.ORDER_256 - int.from_bytes(packed[-32:], "big")

    assert not both_say(soft, MESSAGE, packed[:-32] + mirrored.to_bytes(32, "big"))


def test_the_verifier_is_one_short_file_that_needs_only_python_and_cryptography() -> None:
    text = VERIFIER.read_text()
    imported = {
        str(node.module if isinstance(node, ast.ImportFrom) else name.name).split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert len(text.splitlines()) <= 300
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_the_names_in_a_proof_are_those_of_the_record() -> None:
    charter, value = good()
    prog = verify_paraph.Charter(charter).prog

    assert all(
        origin(prog, "BY") in one["proof"] or origin(prog, "RU") in one["proof"] for one in value["entries"]
    )
