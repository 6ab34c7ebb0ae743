"""Papers of a road map for Word: what stands on them, and what does not."""

import re
import zipfile
from pathlib import Path

import pytest

from paraph.acts import Propose, Reserve, TakeStance, proposal_id
from paraph.papers.check import leaving
from paraph.papers.docx.package import W
from paraph.papers.docx.papers import bookmark
from paraph.papers.docx.reading import read_docx
from paraph.papers.docx.settling import Reading
from paraph.papers.errors import PaperRefused
from paraph.papers.kinds import KINDS, outgoing
from paraph.papers.paper import Paper, paragraphs
from paraph.papers.roadmaps import Wanted
from tests.papers.corpora import pandoc_comments, pandoc_letters
from tests.parties import Parties

ONE, TWO = "provision:gas/one", "provision:gas/two"


def content(words: str, heading: str = "") -> dict[str, dict[str, str]]:
    """A provision's content in the authentic language."""
    return {"words": {"ru": words}, **({"heading": {"ru": heading}} if heading else {})}


AGREED = content("Цены растут, как сказано в пункте {ref:two}.", "Цены")


@pytest.fixture
def parties() -> Parties:
    """Two parties with a road map: one provision agreed, on the other two wordings and a reserve."""
    made = Parties.make("BY", "RU")
    made.road_map("gas")
    made.agree(ONE, AGREED)
    for party, words in (("BY", "Транзит свободен до 2025 года."), ("RU", "Транзит возможен до 2025 года.")):
        said = content(words)
        made.act(party, Propose(TWO, said), TakeStance(proposal_id(TWO, said), "accepts"))
    former = proposal_id(TWO, content("Слова два."))
    assert former in made.programme("BY").proposals
    for party in ("BY", "RU"):
        made.act(party, TakeStance(former, "declines"))
    made.exchange()
    made.act("RU", Reserve(TWO, "parliamentary"))
    made.exchange()
    return made


def written(parties: Parties, tmp_path: Path, kind: str, format: str = "docx", language: str = "ru") -> Path:
    """The file of a paper."""
    file = outgoing(kind, format, Wanted(parties.programme("BY"), "gas", language))
    path = tmp_path / file.name
    path.write_bytes(file.data)
    return path


def lines(path: Path, reading: Reading = "accepted") -> list[str]:
    """The paragraphs of a Word file."""
    return [one.text for one in read_docx(path, reading).paragraphs]


def test_clean_text_has_the_agreed_words_and_empty_brackets_where_there_are_none(
    parties: Parties, tmp_path: Path
) -> None:
    said = lines(written(parties, tmp_path, "clean"))

    assert "1 Цены. Цены растут, как сказано в пункте 2." in said
    assert "2 […]" in said
    assert said[-1].startswith("Не согласовано")
    assert "Транзит" not in " ".join(said)


def test_bracketed_text_names_who_wants_what_and_comments_on_reserves(
    parties: Parties, tmp_path: Path
) -> None:
    path = written(parties, tmp_path, "bracketed")

    assert "2 Транзит [BY: свободен] [RU: возможен] до 2025 года." in lines(path)
    (comment,) = read_docx(path).comments
    assert (comment.author, comment.words) == ("RU", "RU: парламентская оговорка с 23 февраля 2021 г.")
    assert comment.anchor == "Транзит [BY: свободен] [RU: возможен] до 2025 года."


def test_a_comparison_stands_in_the_name_of_the_party_that_wants_it(parties: Parties, tmp_path: Path) -> None:
    path = written(parties, tmp_path, "comparison")

    assert "2 Транзит возможен до 2025 года." in lines(path, "accepted")
    assert "2 Транзит свободен до 2025 года." in lines(path, "rejected")
    assert "Транзитсвободен" in pandoc_letters(path, "reject")
    assert "Транзитвозможен" in pandoc_letters(path, "accept")
    pieces = [piece for one in read_docx(path, "marked").paragraphs for piece in one.pieces]
    assert {piece.change.author for piece in pieces if piece.change} == {"RU"}


def test_a_third_wording_with_a_reference_stands_whole_and_without_a_space_behind_the_reference(
    parties: Parties, tmp_path: Path
) -> None:
    third = content("Транзит возможен по пункту {ref:one}, до 2030 года.")
    parties.act("RU", Propose(TWO, third))
    parties.exchange()

    said = lines(written(parties, tmp_path, "comparison"))

    assert "2 Транзит возможен до 2025 года. [Транзит возможен по пункту 1, до 2030 года.]" in said


def test_reserves_are_comments_on_all_words_of_their_provision_or_cell(
    parties: Parties, tmp_path: Path
) -> None:
    about = "measure:gas/m1/deadline"
    outline = {"items": [[1, ONE], [1, TWO], [1, "measure:gas/m1"]]}
    parties.agree("outline:gas", outline)
    parties.agree(about, {"date": "2022-12-31"})
    parties.act("BY", Reserve(ONE, "scrutiny"), Reserve(about, "substantive"))
    parties.act("BY", Reserve("card:gas", "linguistic"))
    parties.exchange()

    for kind in ("bracketed", "comparison"):
        path = written(parties, tmp_path, kind)

        document = read_docx(path)
        hung = [(one.author, one.anchor) for one in document.comments]
        words = [document.paragraphs[one.paragraph or 0].words for one in document.comments]
        assert [anchor for _author, anchor in hung] == words
        assert [author for author, _anchor in hung] == ["BY", "BY", "RU", "BY"]
        assert "Цены растут, как сказано в пункте 2" in words[1] and "31 декабря 2022 г." in words[3]
        assert pandoc_comments(path) == [(author, "".join(anchor.split())) for author, anchor in hung]


def test_a_table_has_a_column_for_each_party_and_one_for_the_compromise(
    parties: Parties, tmp_path: Path
) -> None:
    document = read_docx(written(parties, tmp_path, "columns"))

    cells = [(one.words, one.place) for one in document.paragraphs if one.place]
    assert ("Компромисс", "table 1, row 1, column 4") in cells
    assert ("Транзит свободен до 2025 года.", "table 1, row 2, column 2") in cells
    assert ("Транзит возможен до 2025 года.", "table 1, row 2, column 3") in cells


def test_a_table_of_positions_names_all_words_on_the_table_reserves_and_what_somebody_wants_out(
    parties: Parties, tmp_path: Path
) -> None:
    without = {"items": [[1, TWO]]}
    parties.agree("outline:gas", {"items": [[1, ONE], [1, TWO]]})
    parties.act("RU", Propose(TWO, content("Транзит ограничен.")), Propose("outline:gas", without))
    parties.act("RU", TakeStance(proposal_id("outline:gas", without), "accepts", "ad_referendum"))
    parties.exchange()

    document = read_docx(written(parties, tmp_path, "columns"))

    cells = {one.place.removeprefix("table 1, "): one.words for one in document.paragraphs if one.place}
    agreed = "Цены растут, как сказано в пункте 2."
    assert [cells[f"row 2, column {at}"] for at in (1, 2, 3)] == ["1", agreed, f"[RU: –] {agreed}"]
    assert cells["row 3, column 3"] == "Транзит возможен до 2025 года."
    assert [(one.author, one.words) for one in document.comments] == [
        ("RU", "RU: парламентская оговорка с 23 февраля 2021 г."),
        ("RU", "RU: также предложено: Транзит ограничен."),
    ]


@pytest.mark.parametrize("kind", ["bracketed", "columns"])
def test_who_accepts_the_same_words_ad_referendum_is_told_beside_them(
    parties: Parties, tmp_path: Path, kind: str
) -> None:
    parties.act("BY", TakeStance(proposal_id(ONE, AGREED), "accepts", "ad_referendum"))
    parties.exchange()

    document = read_docx(written(parties, tmp_path, kind))

    said = [(one.author, one.words) for one in document.comments]
    assert said[0] == ("BY", "BY: принято ad referendum с 23 февраля 2021 г.")


def test_both_languages_stand_side_by_side(parties: Parties, tmp_path: Path) -> None:
    words = content("Цены стоят.", "Цены")
    parties.act("BY", Propose(ONE, words, {"en": {"words": "Prices stand.", "heading": "Prices"}}))
    for party in ("BY", "RU"):
        parties.exchange()
        parties.act(party, TakeStance(proposal_id(ONE, words), "accepts"))
    parties.exchange()

    document = read_docx(written(parties, tmp_path, "languages"))

    cells = {one.place: one.words for one in document.paragraphs if one.place}
    assert cells["table 1, row 2, column 2"] == "Цены. Цены стоят."
    assert cells["table 1, row 2, column 3"] == "Prices. Prices stand."


def test_numbers_count_and_references_lead_to_them(parties: Parties, tmp_path: Path) -> None:
    path = written(parties, tmp_path, "clean")

    with zipfile.ZipFile(path) as package:
        xml = package.read("word/document.xml").decode()
    assert f'w:name="{bookmark(TWO)}"' in xml
    assert re.findall(r"<w:instrText[^>]*> ([A-Z]+ [^<]*) </w:instrText>", xml) == [
        "SEQ level1", f"REF {bookmark(TWO)} \\h", "SEQ level1",
    ]  # fmt: skip
    ids = re.findall(r'<w:(?:bookmarkStart|ins|del) w:id="(\d+)"', xml)
    assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if "docx" in kind.formats])
def test_what_leaves_is_clean(parties: Parties, tmp_path: Path, kind: str) -> None:
    path = written(parties, tmp_path, kind)

    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    assert not [name for name in parts if "docProps" in name or "customXml" in name]
    whole = "".join(parts.values())
    assert "rsid" not in whole and "w:date=" not in whole
    assert set(re.findall(r'w:author="([^"]*)"', whole)) <= {"BY", "RU"}
    assert path.read_bytes() == written(parties, tmp_path, kind).read_bytes()


def test_the_check_lists_the_comments_and_the_changes_that_leave(parties: Parties) -> None:
    programme = parties.programme("BY")

    bracketed = [str(one) for one in leaving(outgoing("bracketed", "docx", Wanted(programme, "gas", "ru")))]
    compared = [str(one) for one in leaving(outgoing("comparison", "docx", Wanted(programme, "gas", "ru")))]

    assert "Comment of RU: парламентская оговорка с 23 февраля 2021 г." in bracketed
    assert "2 tracked changes in the name of: RU." in compared


def test_marks_stand_in_both_languages(parties: Parties, tmp_path: Path) -> None:
    card = {"number": 7, "title": {"ru": "Газ"}, "marks": ["reconstruction", "illustrative"]}
    parties.agree("card:gas", card)

    said = " ".join(lines(written(parties, tmp_path, "clean", language="en")))

    assert "no text of the real road map was ever published" in said
    assert "текст настоящей дорожной карты никогда не публиковался" in said
    assert "Conflicting wordings are illustrative." in said


def test_a_paper_that_cannot_be_written_says_why(parties: Parties) -> None:
    programme = parties.programme("BY")

    for kind, name, language, party, reason in (
        ("clean", "oil", "ru", "", "There is no road map called oil."),
        ("clean", "gas", "fr", "", "The programme has no language fr."),
        ("alternat", "gas", "ru", "KZ", "KZ is no party of the programme."),
        ("initialled", "gas", "ru", "", "The text is not complete: it has 1 open places."),
    ):
        with pytest.raises(PaperRefused, match=re.escape(reason)):
            outgoing(kind, "pdf", Wanted(programme, name, language, party))


def test_every_paragraph_of_a_paper_stands_in_the_word_file(parties: Parties, tmp_path: Path) -> None:
    for kind in ("clean", "bracketed", "columns", "languages"):
        file = outgoing(kind, "docx", Wanted(parties.programme("BY"), "gas", "ru"))
        (tmp_path / file.name).write_bytes(file.data)
        said = "".join("".join(lines(tmp_path / file.name)).split())

        assert isinstance(file.paper, Paper)
        for one in paragraphs(file.paper.blocks):
            assert "".join(one.text.split()) in said
    assert W
