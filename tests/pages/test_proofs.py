"""Proof files are offered where something was initialled, and hold for whoever has the charter."""

import gzip
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from django.test import Client

from paraph.cli import main
from tests.conftest import _home
from tests.parties import Parties

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
verify_paraph: Any = importlib.import_module("verify_paraph")
ABOUT = "provision:gas/one"


def initialled(parties: Parties) -> None:
    """A road map that both have initialled."""
    parties.road_map()
    parties.initial("BY")
    parties.exchange()
    parties.initial("RU")
    parties.exchange()


def test_a_provision_offers_the_proof_of_each_party_s_initials(head: Client, parties: Parties) -> None:
    parties.delegate("BY")
    parties.road_map()
    before = head.get(f"/on/{ABOUT}").content.decode()
    parties.initial("BY")
    parties.exchange()

    shown = head.get(f"/on/{ABOUT}").content.decode()
    answer = head.get(f"/proof/BY/{ABOUT}")
    charter = head.get("/proof/charter.json").content

    assert "/proof/BY/" not in before
    assert f'href="/proof/BY/{ABOUT}"' in shown and "/proof/RU/" not in shown
    assert answer["Content-Disposition"] == 'attachment; filename="BY-provision-gas-one.proof"'
    _prog, proven, _ = verify_paraph.check(charter, answer.content)
    assert any("BY initialled the text" in sentence for sentence in proven)


def test_the_pages_of_closing_and_of_an_entry_offer_their_proofs(head: Client, parties: Parties) -> None:
    parties.delegate("BY")
    initialled(parties)
    charter = parties.charter.encode()

    closing, entry = head.get("/map/gas/closing").content.decode(), head.get("/record/BY/3").content.decode()

    assert 'href="/proof/closing/road_map:gas"' in closing and "verify_paraph" in closing
    assert 'href="/record/BY/3/proof"' in entry
    for address in ("/proof/closing/road_map:gas", "/record/BY/3/proof"):
        verify_paraph.check(charter, head.get(address).content)


def test_where_there_is_nothing_to_prove_the_page_says_why(head: Client, parties: Parties) -> None:
    parties.delegate("BY")
    parties.road_map()

    answer = head.get(f"/proof/BY/{ABOUT}", follow=True, headers={"accept-language": "en"})

    assert "There is no proof: No initials stand on a text with" in answer.content.decode()


def test_nobody_is_given_a_proof_without_signing_in(parties: Parties) -> None:
    for address in (f"/proof/BY/{ABOUT}", "/proof/closing/road_map:gas", "/record/BY/0/proof"):
        answer = Client().get(address)

        assert answer.status_code == 302 and "login" in answer["Location"]


def test_the_command_writes_the_same_proofs(parties: Parties, tmp_path: Path, capsys: Any) -> None:
    initialled(parties)
    file, home = tmp_path / "one.proof", str(_home)

    for words in (
        ["provision", "gas/one"],
        ["provision", "gas/one", "--all"],
        ["closing", "gas"],
        ["entry", "RU", "1"],
    ):
        assert main(["proof", *words, "--home", home, "-o", str(file)]) == 0
        verify_paraph.check(parties.charter.encode(), file.read_bytes())
        assert "python verify_paraph.py" in capsys.readouterr().out

    assert json.loads(gzip.decompress(file.read_bytes()))["kind"] == "entry"
    assert main(["proof", "provision", "gas/none", "--home", home, "-o", str(file)]) == 2
    assert "No initials stand on a text with provision:gas/none" in capsys.readouterr().err
