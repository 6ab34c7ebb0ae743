"""The papers of a road map in the browser: listed, checked, downloaded."""

import io
import zipfile

from django.test import Client

from tests.parties import Parties


def test_a_paper_is_checked_and_then_downloaded(parties: Parties, head: Client) -> None:
    parties.road_map("gas")
    parties.agree("provision:gas/one", {"words": {"ru": "Цены растут."}})
    listed = head.get("/map/gas/papers?language=ru").content.decode()

    checked = head.get("/map/gas/papers/bracketed.docx?language=ru").content.decode()
    answer = head.get("/map/gas/papers/bracketed.docx/file?language=ru")

    assert "/map/gas/papers/bracketed.docx?language=ru" in listed
    assert "/map/gas/papers/initialled.pdf" not in listed
    assert "/map/gas/papers/bracketed.docx/file?language=ru" in checked
    assert answer["Content-Disposition"] == 'attachment; filename="gas-bracketed-ru.docx"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert "Цены растут." in package.read("word/document.xml").decode()


def test_a_paper_that_there_is_not_is_not_found(parties: Parties, head: Client) -> None:
    parties.road_map("gas")

    for address in ("map/gas/papers/novel.docx", "map/gas/papers/initialled.docx", "map/oil/papers",
                    "map/gas/papers/initialled.pdf/file"):  # fmt: skip
        assert head.get(f"/{address}").status_code == 404


def test_papers_are_for_the_delegation_only(parties: Parties) -> None:
    parties.road_map("gas")

    assert Client().get("/map/gas/papers/clean.docx/file").status_code == 302
