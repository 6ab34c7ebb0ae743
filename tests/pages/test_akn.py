"""A road map is downloaded as an Akoma Ntoso document from its page."""

from pathlib import Path

from django.test import Client

from paraph.papers.akn.own import read_road_map
from paraph.papers.akn.roadmap import gathered
from tests.parties import Parties


def test_a_road_map_is_checked_and_downloaded_as_akoma_ntoso(
    head: Client, parties: Parties, tmp_path: Path
) -> None:
    parties.road_map()
    listed = head.get("/map/gas/papers").content.decode()

    checked = head.get("/map/gas/papers/akn.akn").content.decode()
    answer = head.get("/map/gas/papers/akn.akn/file")

    assert "/map/gas/papers/akn.akn" in listed
    assert "2 provisions and measures with 4 wordings in the languages ru, en." in checked
    assert "Nothing internal: this file was written from the joint record alone." in checked
    assert answer["Content-Disposition"] == 'attachment; filename="gas.akn"'
    (tmp_path / "gas.akn").write_bytes(answer.content)
    assert read_road_map(tmp_path / "gas.akn") == gathered(parties.programme(), "gas")


def test_a_road_map_never_opened_has_no_document(head: Client, parties: Parties) -> None:
    assert head.get("/map/nothing/papers/akn.akn/file").status_code == 404
