"""The check against an approved draft: the same words in any kind of file differ in nothing."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from paraph.papers.documents import Document
from paraph.papers.docx.writing import Book, paragraph, run
from paraph.papers.drafts import as_text
from paraph.papers.files import read_file
from paraph.papers.kinds import outgoing
from paraph.papers.roadmaps import Wanted
from paraph.papers.scrubbing import Against, against
from tests.parties import Parties

SECTION, ONE, TWO = "provision:gas/i", "provision:gas/one", "provision:gas/two"
MEASURE = "measure:gas/m"
AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
TITLE = {"en": "Joint gas market", "ru": "Объединение рынков газа"}
CHAPTER = {"en": "Prices", "ru": "Цены"}
HEADING = {"en": "Tariffs", "ru": "Тарифы"}
FIRST = {"en": "The Parties lift tariffs, see 1.2.\nThey tell each other.",
         "ru": "Стороны отменяют тарифы, см. пункт 1.2.\nОни сообщают об этом."}  # fmt: skip
SECOND = {"en": "The term is 12 months.", "ru": "Срок составляет 12 месяцев."}


@pytest.fixture
def parties() -> Parties:
    """A text in two languages: a chapter, a provision with heading and two lines, one without, a measure."""
    made = Parties.make("BY", "RU", authentic=("ru", "en"), working=())
    made.agree("card:gas", {"number": 33, "title": TITLE})
    made.agree("outline:gas", {"items": [[1, SECTION], [2, ONE], [2, TWO], [1, MEASURE]]})
    made.agree(SECTION, {"words": {}, "heading": CHAPTER})
    first = {tongue: words.replace("1.2", "{ref:two}") for tongue, words in FIRST.items()}
    made.agree(ONE, {"words": first, "heading": HEADING})
    made.agree(TWO, {"words": SECOND})
    made.agree(f"{MEASURE}/action", {"words": {"en": "Print a plan", "ru": "Напечатать план"}})
    bodies = {"BY": [{"en": "MinEnergy", "ru": "Минэнерго"}, {"en": "MinFin", "ru": "Минфин"}]}
    made.agree(f"{MEASURE}/bodies", {"bodies": bodies | {"RU": [{"en": "FAS", "ru": "ФАС"}]}})
    made.agree(f"{MEASURE}/deadline", {"date": "2022-12-01"})
    made.agree(f"{MEASURE}/completion", {"words": {"en": "A plan", "ru": "План"}})
    indicator = {"words": {"en": "Share", "ru": "Доля"}, "target": "5", "unit": "%", "source": "x"}
    made.agree(f"{MEASURE}/indicator", indicator)
    return made


def without_measures(parties: Parties) -> Parties:
    """The same text without its measure."""
    parties.agree("outline:gas", {"items": [[1, SECTION], [2, ONE], [2, TWO]]})
    return parties


def checked(parties: Parties, draft: Document, language: str) -> Against:
    """The check of the text of now against a draft."""
    wanted = Wanted(parties.programme(), "gas", language)
    return against("Resolution 1", as_text(draft, wanted), wanted)


def differences(found: Against) -> list[str]:
    """What the rows of the report say."""
    return [" | ".join([str(row.numbers), *(f"{one.kind}: {one.text.strip()}" for one in row.segments)])
            for row, _judged in found.rows]  # fmt: skip


def _lines(tongue: str) -> list[tuple[str, str, str]]:
    """The text as others type it: how it looks, number, words."""
    return [
        ("title", "", TITLE[tongue]),
        ("heading", "I.", CHAPTER[tongue]),
        ("heading", "1.1", HEADING[tongue]),
        *(("text", "", line) for line in FIRST[tongue].split("\n")),
        ("item", "1.2", SECOND[tongue]),
    ]


def _word(tongue: str, path: Path) -> Path:
    book = Book(tongue)
    for look, number, words in _lines(tongue):
        style = "Heading1" if look in ("title", "heading") else ""
        book.add(paragraph(run(f"{number} {words}".strip()), style))
    file = path / "draft.docx"
    file.write_bytes(book.bytes())
    return file


def _markdown(tongue: str, path: Path) -> Path:
    signs = {"title": "# ", "heading": "## "}
    file = path / "draft.md"
    file.write_text("\n\n".join(f"{signs.get(look, '')}{n} {words}".replace("#  ", "# ").strip()
                                for look, n, words in _lines(tongue)))  # fmt: skip
    return file


def _akoma_ntoso(tongue: str, path: Path) -> Path:
    title, chapter, heading, *first, second = [(n, escape(words)) for _look, n, words in _lines(tongue)]
    said = "".join(f"<p>{words}</p>" for _n, words in first)
    file = path / "draft.akn"
    file.write_text(
        f'<akomaNtoso xmlns="{AKN}"><doc name="plan">'
        f"<preface><p><docTitle>{title[1]}</docTitle></p></preface><mainBody><section><num>{chapter[0]}</num><heading>{chapter[1]}</heading>"
        f"<paragraph><num>{heading[0]}</num><heading>{heading[1]}</heading>"
        f"<content>{said}</content></paragraph>"
        f"<paragraph><num>{second[0]}</num><content><p>{second[1]}</p></content></paragraph>"
        "</section></mainBody></doc></akomaNtoso>"
    )
    return file


@pytest.mark.parametrize("tongue", ["en", "ru"])
@pytest.mark.parametrize("write", [_word, _markdown, _akoma_ntoso])
def test_a_draft_of_others_with_the_same_words_has_no_difference(
    parties: Parties, write: Callable[[str, Path], Path], tongue: str, tmp_path: Path
) -> None:
    draft = read_file(write(tongue, tmp_path), language=tongue)

    found = checked(without_measures(parties), draft, tongue)

    assert differences(found) == [] and found.share == 0


@pytest.mark.parametrize("tongue", ["en", "ru"])
@pytest.mark.parametrize("write", [_word, _markdown, _akoma_ntoso])
def test_a_word_that_differs_in_a_draft_of_others_is_the_one_difference(
    parties: Parties, write: Callable[[str, Path], Path], tongue: str, tmp_path: Path
) -> None:
    draft = read_file(write(tongue, tmp_path), language=tongue)
    parties.agree(TWO, {"words": {one: words.replace("12", "18") for one, words in SECOND.items()}})

    (only,) = differences(checked(without_measures(parties), draft, tongue))

    assert "deleted: 12" in only and "inserted: 18" in only


@pytest.mark.parametrize("tongue", ["en", "ru"])
@pytest.mark.parametrize(("kind", "format"), [("clean", "docx"), ("bracketed", "docx"), ("akn", "akn")])
def test_a_file_of_ours_brought_back_has_no_difference(
    parties: Parties, kind: str, format: str, tongue: str, tmp_path: Path
) -> None:
    file = tmp_path / f"draft.{format}"
    file.write_bytes(outgoing(kind, format, Wanted(parties.programme(), "gas", tongue)).data)

    found = checked(parties, read_file(file, language=tongue), tongue)

    assert differences(found) == [] and found.share == 0


def test_what_was_changed_in_an_exchanged_file_and_after_it_is_found(
    parties: Parties, tmp_path: Path
) -> None:
    made = outgoing("akn", "akn", Wanted(parties.programme(), "gas", "ru")).data.decode()
    file = tmp_path / "draft.akn"
    file.write_text(made.replace("12 месяцев", "21 месяц").replace("Напечатать план", "Написать план"))
    parties.agree(f"{MEASURE}/deadline", {"date": "2023-12-01"})

    found = differences(checked(parties, read_file(file, language="ru"), "ru"))

    assert len(found) == 3
    for was, now in (("21 месяц", "12 месяцев"), ("Написать", "Напечатать"), ("2022", "2023")):
        assert any(f"deleted: {was}" in one and f"inserted: {now}" in one for one in found), found


def test_provisions_in_another_order_in_an_exchanged_file_have_moved_and_nothing_else(
    parties: Parties, tmp_path: Path
) -> None:
    file = tmp_path / "draft.akn"
    file.write_bytes(outgoing("akn", "akn", Wanted(parties.programme(), "gas", "ru")).data)
    parties.agree("outline:gas", {"items": [[1, SECTION], [2, TWO], [2, ONE], [1, MEASURE]]})

    found = checked(parties, read_file(file, language="ru"), "ru")

    moved, refers = (row for row, _judged in found.rows if row.changed or row.step.kind != "stays")
    assert moved.step.kind == "comes" and not moved.changed
    assert [one.text for one in refers.segments if one.kind != "same"] == [" 1.2", " 1.1"]
