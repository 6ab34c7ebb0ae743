"""Papers for print: archives take them, and they say exactly what was initialled."""

import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from paraph.papers.errors import PaperRefused
from paraph.papers.kinds import outgoing
from paraph.papers.paper import Paper, Paragraph, Run, Table
from paraph.papers.pdf.writing import paper_pdf
from paraph.papers.roadmaps import Wanted
from paraph.state import closing
from paraph.text.fingerprints import short
from tests.papers.test_roadmap_papers import ONE, TWO, content
from tests.parties import Parties


@pytest.fixture
def parties() -> Parties:
    """Two parties that have initialled and sealed a text."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    made.agree(ONE, content("Цены растут, как сказано в пункте {ref:two}.", "Цены"))
    made.agree(TWO, content("Транзит свободен."))
    return made


def initial_and_seal(parties: Parties) -> None:
    """Both initial the text, then both seal it."""
    for do in (parties.initial, parties.seal):
        for party in ("BY", "RU"):
            do(party)
            parties.exchange()


def said(tmp_path: Path, data: bytes) -> str:
    """The words of a PDF, as another program reads them, spaces apart."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True
    )
    return "".join(done.stdout.split())


def of(parties: Parties, kind: str, party: str = "", language: str = "ru") -> bytes:
    """The file of a paper."""
    return outgoing(kind, "pdf", Wanted(parties.programme("BY"), "gas", language, party)).data


def test_a_pdf_says_that_it_is_for_archives_and_holds_what_that_asks(
    parties: Parties, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(of(parties, "clean"))

    with pikepdf.open(path) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert metadata["pdfaid:conformance"] == "B"
            assert "dc:creator" not in metadata
        assert not pdf.is_encrypted
        root = pdf.Root
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert bool(root.MarkInfo.Marked)
        assert root.StructTreeRoot.K
        assert str(root.Lang) == "ru"
        assert "/Names" not in root or "/JavaScript" not in root.Names
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            assert "PTSerif" in str(descriptor.FontName)
        assert "/Author" not in pdf.docinfo
    assert of(parties, "clean") == path.read_bytes()


def test_words_are_never_read_as_markup(tmp_path: Path) -> None:
    sign = '= Not a heading #panic() $x^2$ *bold* _it_ 4. item <label> @ref \\ // gone "quote" [Ўў№§«»]'
    blocks = (
        Paragraph("text", (Run(sign, note="#note() 1. *x*"),)),
        Table((1, 1), (((Paragraph("cell", (Run("#1"),)),), (Paragraph("cell", (Run("- 2"),)),)),)),
    )

    text = said(tmp_path, paper_pdf(Paper("#title", "en", blocks, "#foot")))

    for part in (sign, "#note() 1. *x*", "#1", "- 2", "#foot"):
        assert "".join(part.split()) in text


def test_a_table_goes_over_pages_with_its_head_on_each(tmp_path: Path) -> None:
    def row(*words: str) -> tuple[tuple[Paragraph, ...], ...]:
        return tuple((Paragraph("cell", (Run(word),)),) for word in words)

    rows = (row("Мероприятие", "Срок"), *(row(f"Поставка {n}", "2022") for n in range(120)))
    data = paper_pdf(Paper("Меры", "ru", (Table((3, 1), rows),)))

    text = said(tmp_path, data)

    assert text.count("Мероприятие") >= 3
    assert all(f"Поставка{n}" in text for n in range(120))


def test_initialled_copy_says_what_was_initialled_whatever_is_agreed_since(
    parties: Parties, tmp_path: Path
) -> None:
    with pytest.raises(PaperRefused, match="nobody has initialled"):
        of(parties, "initialled")
    parties.initial("BY")
    parties.exchange()
    parties.propose("RU", TWO, content("Транзит стоит дорого."), accept=True)
    parties.exchange()

    text = said(tmp_path, of(parties, "initialled"))

    assert "Транзитсвободен." in text
    assert "дорого" not in text
    assert "Парафированозасторону«BY»23февраля2021г." in text
    assert "Парафированозасторону«RU»" not in text


def test_the_fingerprint_of_what_is_closed_stands_on_its_copy(parties: Parties, tmp_path: Path) -> None:
    initial_and_seal(parties)
    closed = closing.closed(parties.programme("BY"), "road_map:gas")
    assert closed is not None

    text = said(tmp_path, of(parties, "initialled"))

    assert closed.text in text
    assert "".join(short(closed.text).split()) in text
    assert "Скрепленопечатьюзасторону«BY»" in text
    assert "Скрепленопечатьюзасторону«RU»" in text


def test_the_own_party_comes_first_in_its_copy(parties: Parties, tmp_path: Path) -> None:
    for own, other in (("BY", "RU"), ("RU", "BY")):
        text = said(tmp_path, of(parties, "alternat", own))

        assert f"между:{own}и{other}" in text
        assert text.index(f"Засторону«{own}»") < text.index(f"Засторону«{other}»")
        assert "Транзитсвободен." in text


def test_an_alternat_says_how_many_copies_there_are_and_in_which_languages(tmp_path: Path) -> None:
    met = Parties.make("BY", "RU", authentic=("ru", "en"), working=())
    met.agree("card:gas", {"number": 1, "title": {"ru": "Газ", "en": "Gas"}})
    met.agree("outline:gas", {"items": [[1, ONE]]})
    met.agree(ONE, {"words": {"ru": "Цены стоят.", "en": "Prices stand."}})

    russian, english = (said(tmp_path, of(met, "alternat", "BY", language)) for language in ("ru", "en"))

    assert "вколичестве2экземпляровнарусскомианглийскомязыках,причёмвсетексты" in russian
    assert "Donein2copiesintheRussianandEnglishlanguages,alltexts" in english


def test_a_certificate_lists_every_line_and_who_chose_it(parties: Parties, tmp_path: Path) -> None:
    programme = parties.programme("BY")

    text = said(tmp_path, of(parties, "certificate", language="en"))

    assert "Certificateofverification" in text
    assert "Provisionsandmeasures:2.Authenticlanguages:ru.Innerreferences:1" in text
    for about in (ONE, TWO):
        for party in ("BY", "RU"):
            assert f"{party}{programme.by[party].choices[about].placed.n}" in text
