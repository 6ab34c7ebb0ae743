"""A road map is downloaded as an Akoma Ntoso document from its page."""

from pathlib import Path

from django.test import Client

from paraph.papers.akn.reading import read_road_map
from paraph.papers.akn.roadmap import gathered
from tests.parties import Parties


def test_a_road_map_is_downloaded_as_akoma_ntoso(head: Client, parties: Parties, tmp_path: Path) -> None:
    parties.road_map()

    answer = head.get("/map/gas/akn")

    assert answer["Content-Disposition"] == 'attachment; filename="gas.akn"'
    (tmp_path / "gas.akn").write_bytes(answer.content)
    assert read_road_map(tmp_path / "gas.akn") == gathered(parties.programme(), "gas")
    assert b'href="/map/gas/akn"' in head.get("/map/gas").content


def test_a_road_map_never_opened_has_no_document(head: Client, parties: Parties) -> None:
    assert head.get("/map/nothing/akn").status_code == 404
