"""What a Word document says, as marked, accepted and rejected."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from paraph.papers.comparison import compare
from paraph.papers.docx.reading import read_docx
from paraph.papers.docx.settling import Reading
from paraph.papers.files import read_file
from tests.papers.corpora import corpus
from tests.papers.word_files import dele, ins, p, r, table, word_file

LIST = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Article %1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="russianLower"/><w:lvlText w:val="%3)"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num>"""


def item(text: str, level: int, listed: int = 1, mark: str = "") -> str:
    """A paragraph of a list."""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{listed}"/></w:numPr>'
    return p(text, mark=mark, properties=numbered)


def words(path: Path, reading: Reading = "accepted") -> list[str]:
    """The paragraphs as people read them."""
    return [paragraph.text for paragraph in read_docx(path, reading).paragraphs]


def test_words_inserted_and_deleted_are_read_both_ways(tmp_path: Path) -> None:
    path = word_file(tmp_path / "a.docx", p("Prices ", dele("rise"), ins("fall"), " from 2022."))

    assert words(path, "accepted") == ["Prices fall from 2022."]
    assert words(path, "rejected") == ["Prices rise from 2022."]
    pieces = read_docx(path, "marked").paragraphs[0].pieces
    assert [(one.text, one.change and one.change.kind) for one in pieces] == [
        ("Prices ", None),
        ("rise", "deleted"),
        ("fall", "inserted"),
        (" from 2022.", None),
    ]
    assert pieces[1].change is not None and pieces[1].change.author == "RU"


def test_what_one_inserted_and_another_deleted_is_in_neither_reading(tmp_path: Path) -> None:
    both = f'<w:ins w:id="1" w:author="RU">{dele("oil and ", "BY")}</w:ins>'
    path = word_file(tmp_path / "a.docx", p(both, "gas"))

    assert words(path, "accepted") == words(path, "rejected") == ["gas"]


def test_a_deleted_paragraph_mark_joins_what_it_parted(tmp_path: Path) -> None:
    path = word_file(tmp_path / "a.docx", p("One ", mark="del") + p("two.") + p("Three."))

    assert words(path, "accepted") == ["One two.", "Three."]
    assert words(path, "rejected") == ["One", "two.", "Three."]


def test_an_inserted_paragraph_mark_parts_what_was_one(tmp_path: Path) -> None:
    path = word_file(tmp_path / "a.docx", p("One. ", mark="ins") + p("Two."))

    assert words(path, "accepted") == ["One.", "Two."]
    assert words(path, "rejected") == ["One. Two."]


def test_a_moved_paragraph_stands_at_one_place_in_each_reading(tmp_path: Path) -> None:
    away = p(f'<w:moveFrom w:id="1" w:author="BY">{r("Tariffs.")}</w:moveFrom>', mark="moveFrom")
    here = p(f'<w:moveTo w:id="2" w:author="BY">{r("Tariffs.")}</w:moveTo>', mark="moveTo")
    path = word_file(tmp_path / "a.docx", away + p("Markets.") + here + p("Taxes."))

    assert words(path, "accepted") == ["Markets.", "Tariffs.", "Taxes."]
    assert words(path, "rejected") == ["Tariffs.", "Markets.", "Taxes."]


def test_a_deleted_row_goes_with_all_its_cells(tmp_path: Path) -> None:
    change = '<w:del w:id="1" w:author="BY"/>'
    path = word_file(tmp_path / "a.docx", table(("M1", "2022"), ("M2", "2023"), change=change))

    assert words(path, "accepted") == ["M1", "2022"]
    assert words(path, "rejected") == ["M1", "2022", "M2", "2023"]
    last = read_docx(path, "marked").paragraphs[-1]
    assert last.place == "table 1, row 2, column 2"
    assert last.row is not None and last.row.kind == "deleted"


def test_numbers_are_computed_as_word_does(tmp_path: Path) -> None:
    body = "".join(
        [item("Gas", 0), item("Price", 1), item("Term", 1), item("a year", 2), item("Oil", 0), item("Tax", 1)]
    )
    path = word_file(tmp_path / "a.docx", body + item("Annex", 0, listed=2), numbering=LIST)

    numbers = [one.number for one in read_docx(path).paragraphs]

    assert numbers == ["Article 1", "1.1.", "1.2.", "а)", "Article 2", "2.1.", "Article 9"]


def test_a_deleted_article_counts_in_one_reading_only(tmp_path: Path) -> None:
    gone = f'<w:del w:id="1" w:author="BY">{r("Gas", name="delText")}</w:del>'
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = p(gone, mark="del", properties=listed) + item("Oil", 0)
    path = word_file(tmp_path / "a.docx", body, numbering=LIST)

    assert words(path, "accepted") == ["Article 1 Oil"]
    assert words(path, "rejected") == ["Article 1 Gas", "Article 2 Oil"]


def test_a_comment_hangs_on_its_words_and_names_its_author(tmp_path: Path) -> None:
    body = p("Prices ", '<w:commentRangeStart w:id="7"/>', "fall", '<w:commentRangeEnd w:id="7"/>', " soon.")
    comments = f'<w:comment w:id="7" w:author="Minsk" w:date="2021-02-23T00:00:00Z">{p("When?")}</w:comment>'
    path = word_file(tmp_path / "a.docx", body, comments=comments)

    (comment,) = read_docx(path).comments

    assert (comment.author, comment.words, comment.anchor, comment.paragraph) == ("Minsk", "When?", "fall", 0)


def test_a_called_footnote_is_read_after_the_body(tmp_path: Path) -> None:
    body = p("Transit", '<w:r><w:footnoteReference w:id="2"/></w:r>', " is free.")
    notes = f'<w:footnote w:id="2">{p("From 2023.")}</w:footnote>'
    path = word_file(tmp_path / "a.docx", body, footnotes=notes)

    paragraphs = read_docx(path).paragraphs

    assert [(one.words, one.place) for one in paragraphs] == [
        ("Transit is free.", ""),
        ("From 2023.", "footnote 2"),
    ]
    assert paragraphs[0].notes == ("footnote 2",)


@pytest.mark.parametrize(
    "hidden",
    [r(" never", "<w:vanish/>"),
     '<w:r><w:t xml:space="preserve"> never</w:t><w:rPr><w:vanish/></w:rPr></w:r>'],
    ids=["as Word writes it", "said behind the words"],
)  # fmt: skip
def test_hidden_text_is_read_and_flagged(tmp_path: Path, hidden: str) -> None:
    path = word_file(tmp_path / "a.docx", p("Prices fall", hidden, "."))

    document = read_docx(path)

    assert document.paragraphs[0].words == "Prices fall never."
    assert [piece.text for piece in document.paragraphs[0].pieces if piece.hidden] == [" never"]
    assert [str(flag) for flag in document.report.flags] == ["Hidden text in paragraph 1: never"]


def test_content_controls_and_fields_give_their_words(tmp_path: Path) -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{r('Minsk')}</w:sdtContent></w:sdt>"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + r(" REF x ", name="instrText")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + r("Article 5")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    path = word_file(tmp_path / "a.docx", p(control, ", ", field))

    document = read_docx(path)

    assert document.paragraphs[0].words == "Minsk, Article 5"
    assert document.report.read["content controls"] == 1


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    body = p("Map", "<w:r><w:drawing><a:blip xmlns:a='x'/></w:drawing></w:r>", "<w:r><w:novelty/></w:r>")
    path = word_file(tmp_path / "a.docx", body + '<w:altChunk r:id="1" xmlns:r="x"/>')

    skipped = read_docx(path).report.skipped

    assert skipped == {"pictures": 1, "elements called novelty": 1, "embedded documents": 1}


def test_the_command_prints_a_paragraph_a_line_and_the_report_beside(tmp_path: Path) -> None:
    path = word_file(tmp_path / "a.docx", p("1. Prices ", dele("rise"), ins("fall"), ".") + p("End."))

    def said(*flags: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "paraph", "read", str(path), *flags]
        return subprocess.run(command, capture_output=True, text=True, check=True)

    assert said("--accept").stdout == "1. Prices fall.\nEnd.\n"
    assert said("--reject").stdout == "1. Prices rise.\nEnd.\n"
    assert said().stdout == "1. Prices [-rise-]{+fall+}.\nEnd.\n"
    assert said().stderr.startswith(
        "Read: paragraphs: 2; deleted by RU: 1; inserted by RU: 1.\nNot read: nothing."
    )
    structure = json.loads(said("--accept", "--json").stdout)
    assert structure["paragraphs"][0] == {
        "kind": "item",
        "number": "1.",
        "typed": True,
        "words": "Prices fall.",
    }


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("Article 5 bis. Transit", "Article 5 bis.", "Transit"),
        ("Статья 12", "Статья 12", ""),
        ("1.2.3. Цена", "1.2.3.", "Цена"),
        ("1.2 Цена", "1.2", "Цена"),
        ("(iv) ships", "(iv)", "ships"),
        ("а) суда", "а)", "суда"),
        ("IV. General", "IV.", "General"),
        ("2021 was dry", "", "2021 was dry"),
        ("1.5 million tonnes", "", "1.5 million tonnes"),
        ("10 000 тонн", "", "10 000 тонн"),
        ("Articles of war", "", "Articles of war"),
        ("Article 5 applies", "Article 5", "applies"),
        ("A party may", "", "A party may"),
    ],
)
def test_a_typed_number_is_told_from_the_words(tmp_path: Path, text: str, number: str, rest: str) -> None:
    path = word_file(tmp_path / "a.docx", p(text))

    (paragraph,) = read_docx(path).paragraphs

    assert (paragraph.number, paragraph.words) == (number, rest)


def test_the_report_names_words_that_mix_alphabets_or_look_like_others(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Прoтокол принят.\nDecision of the COP.\nРешение СОР.\n", encoding="utf-8")

    flags = [str(flag) for flag in read_file(path).report.flags]

    assert flags[0] == "“Прoтокол” in paragraph 1 mixes two alphabets; “Протокол” is meant."
    assert flags[1:] == ["“СОР” in paragraph 3 looks like “COP” in paragraph 2, and is another word."]


def test_the_signs_of_markdown_are_no_words_and_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(
        "---\ntitle: Draft\nedit: true\n---\n\n"
        "# Article 1 *(aims)* {:.no_toc}\n\n"
        "**Option 1:** *Each* Party [shall] [should] pay 2*3*4 per snake_case_name, see\n"
        "[the decision][source] and [the annex](https://example.org/a_b_c).\n\n"
        "* a * b\n\n"
        "1\\. Stars \\*stay\\* where they are escaped.\n\n"
        "[source]: http://example.org/_x_.pdf\n"
    )

    found = read_file(path)

    assert [one.text for one in found.paragraphs] == [
        "Article 1 (aims)",
        "Option 1: Each Party [shall] [should] pay 2*3*4 per snake_case_name, see the decision and "
        "the annex.",
        "- a * b",
        "1. Stars *stay* where they are escaped.",
    ]
    assert found.report.skipped == {
        "lines about the file": 2,
        "addresses of links": 2,
        "signs of Markdown": 7,
    }


def test_a_table_of_markdown_has_cells(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(
        "Plan\n\n| № | **Action** | Deadline |\n|---|:--|--:|\n| 1 | Sign a \\| b | |\n\nEnd\n\n| x |\n"
    )

    found = read_file(path)

    assert [(one.place, one.text) for one in found.paragraphs] == [
        ("", "Plan"),
        ("table 1, row 1, column 1", "№"),
        ("table 1, row 1, column 2", "Action"),
        ("table 1, row 1, column 3", "Deadline"),
        ("table 1, row 2, column 1", "1"),
        ("table 1, row 2, column 2", "Sign a | b"),
        ("", "End"),
        ("table 2, row 1, column 1", "x"),
    ]
    assert found.report.read == {"paragraphs": 8, "tables": 2}


@pytest.mark.parametrize("kind", [".docx", ".xlsx", ".md"])
def test_a_figure_in_a_table_is_words_and_its_change_no_renumbering(tmp_path: Path, kind: str) -> None:
    def written(name: str, *rows: tuple[str, ...]) -> Path:
        path = tmp_path / f"{name}{kind}"
        if kind == ".docx":
            return word_file(path, table(*rows))
        if kind == ".md":
            path.write_text("\n".join(f"| {' | '.join(row)} |" for row in rows))
            return path
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)
        return path

    old = written("old", ("1.", "Open an exchange", "12.5", "2.5 MW", "3.", "1. First"))
    new = written("new", ("2.", "Open an exchange", "13.5", "2.6 MW", "4.", "2. First"))

    found = compare(read_file(old), read_file(new))

    assert found.counts["changed"] == 3
    assert [row.numbers for row in found.rows if row.renumbered] == [("1.", "2."), ("1.", "2.")]


def test_a_draft_in_markdown_and_in_akoma_ntoso_differs_in_words_alone() -> None:
    room = corpus("texts") / "paris"
    old, new = (read_file(room / f"2015-12-12-adopted.{kind}") for kind in ("md", "akn.xml"))

    rows = compare(old, new).rows

    said = "".join(one.words for document in (old, new) for one in document.paragraphs)
    assert not set("*_{}") & set(said)
    assert sum(row.changed or row.step.kind != "stays" for row in rows) < 6
    assert not any(row.renumbered for row in rows)
