"""A comparison as tracked changes: accepted it is the new document, rejected the old one."""

import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from paraph.papers.comparison import compare
from paraph.papers.documents import Document, Paragraph
from paraph.papers.docx.package import W
from paraph.papers.docx.reading import read_docx
from paraph.papers.docx.redlining import redline_docx
from paraph.papers.docx.settling import Reading
from paraph.papers.files import read_file
from paraph.papers.plain import document_of
from tests.papers.corpora import corpus, in_line, pandoc_letters, word_pairs
from tests.papers.test_comparison import NEW, OLD, REAL
from tests.papers.word_files import p, table, word_file

# Of a paragraph that goes on into one with a footnote pandoc puts the beginning into that footnote.
SHUFFLED = {"WC-BodyBookmarks-After.docx"}
READINGS: tuple[tuple[Reading, str], ...] = (("accepted", "accept"), ("rejected", "reject"))


def written(tmp_path: Path, old: Path, new: Path) -> Path:
    """The redline of two files as a Word file."""
    path = tmp_path / "redline.docx"
    path.write_bytes(redline_docx(compare(read_file(old), read_file(new)), "RU"))
    return path


def check_both_ways(tmp_path: Path, old: Path, new: Path) -> None:
    """Accepted and rejected, read by our reader and by pandoc, are the new file and the old one."""
    path = written(tmp_path, old, new)
    for reading, mode in READINGS:
        wanted = in_line(read_file(new if reading == "accepted" else old))
        assert in_line(read_docx(path, reading)) == wanted, (old.name, new.name, reading)
        second = pandoc_letters(path, mode)
        if old.name in SHUFFLED:
            assert sorted(second) == sorted(wanted)
        else:
            assert second == wanted, (old.name, new.name, reading, "pandoc")


@pytest.mark.corpus
@pytest.mark.parametrize(("before", "after"), REAL)
def test_redlines_of_real_drafts_are_settled_rightly_by_two_engines(
    tmp_path: Path, before: str, after: str
) -> None:
    check_both_ways(tmp_path, corpus(before), corpus(after))


@pytest.mark.corpus
def test_redlines_of_all_pairs_of_word_files_are_settled_rightly_by_two_engines(tmp_path: Path) -> None:
    folder, pairs = corpus("docx", "compare"), word_pairs()

    for before, after in pairs:
        check_both_ways(tmp_path, folder / before, folder / after)

    assert len(pairs) > 70


def files(tmp_path: Path) -> tuple[Path, Path]:
    """Two files with a split, a move, a table that gains a row and loses one, and a footnote that changes."""
    called = '<w:r><w:footnoteReference w:id="2"/></w:r>'

    def made(name: str, lines: list[str], rows: list[tuple[str, ...]], note: str) -> Path:
        body = (
            "".join(p(line) for line in lines) + p("Transit", called, " is free.") + table(*rows) + p("End.")
        )
        return word_file(tmp_path / name, body, footnotes=f'<w:footnote w:id="2">{p(note)}</w:footnote>')

    moved = [NEW[7], *NEW[:6], "3.1. Oil is carried free of duty"]
    return (
        made("old.docx", OLD, [("M1", "Gas", "2022"), ("M2", "Oil", "2023")], "From 2023."),
        made("new.docx", moved, [("M1", "Gas and heat", "2022"), ("M3", "Tax", "2024")], "From 2024."),
    )


def test_splits_moves_rows_and_footnotes_are_settled_both_ways(tmp_path: Path) -> None:
    old, new = files(tmp_path)

    path = written(tmp_path, old, new)

    for reading, source in (("accepted", new), ("rejected", old)):
        back, wanted = read_docx(path, reading), read_docx(source)  # type: ignore[arg-type]
        assert [one.text for one in back.paragraphs] == [one.text for one in wanted.paragraphs]
        assert [one.place for one in back.paragraphs][5:8] == [one.place for one in wanted.paragraphs][5:8]
    marked = read_docx(path, "marked")
    assert {one.row.kind for one in marked.paragraphs if one.row} == {"inserted", "deleted"}
    note = next(one for one in marked.paragraphs if one.place == "footnote 1")
    assert [(piece.text, piece.change and piece.change.kind) for piece in note.pieces][-3:] == [
        (" 2023", "deleted"),
        (" 2024", "inserted"),
        (".", None),
    ]


def test_the_marks_of_a_redline_are_lawful_for_word(tmp_path: Path) -> None:
    data = redline_docx(
        compare(document_of("\n".join(OLD)), document_of("\n".join([OLD[4], *OLD[:4]]))), "RU"
    )
    (tmp_path / "a.docx").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        tree = etree.fromstring(package.read("word/document.xml"))

    kinds = ("ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart")
    marks = [one for kind in kinds for one in tree.iter(W + kind)]
    assert max(Counter(one.get(W + "id") for one in marks).values()) == 1
    for side in ("moveFrom", "moveTo"):
        begins = [one.get(W + "id") for one in tree.iter(f"{W}{side}RangeStart")]
        assert begins == [one.get(W + "id") for one in tree.iter(f"{W}{side}RangeEnd")] != []
    names = [sorted(str(one.get(W + "name")) for one in tree.iter(f"{W}{side}RangeStart"))
             for side in ("moveFrom", "moveTo")]  # fmt: skip
    assert names[0] == names[1]


def test_a_redline_says_nothing_but_the_words_and_the_author_named(tmp_path: Path) -> None:
    old, new = files(tmp_path)
    path = written(tmp_path, old, new)

    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
        times = {info.date_time for info in package.infolist()}

    assert not [name for name in parts if "docProps" in name or "customXml" in name]
    assert times == {(1980, 1, 1, 0, 0, 0)}
    whole = "".join(parts.values())
    assert "rsid" not in whole
    assert set(re.findall(r'w:author="([^"]*)"', whole)) == {"RU"}
    assert set(re.findall(r'(\w+) w:id="\d+" w:author="RU" w:date', whole)) <= {
        "moveFromRangeStart", "moveToRangeStart",
    }  # fmt: skip
    assert path.read_bytes() == written(tmp_path, old, new).read_bytes()


def test_what_xml_cannot_hold_is_a_space_in_word(tmp_path: Path) -> None:
    old, new = (
        Document((Paragraph(words=words),)) for words in ("Gas\x0bis\ufffeсвободен \ud800", "Gas is <free>")
    )
    path = tmp_path / "a.docx"

    path.write_bytes(redline_docx(compare(old, new), "M\x07insk"))

    rejected, accepted = read_docx(path, "rejected"), read_docx(path, "accepted")
    assert [one.words for one in rejected.paragraphs] == ["Gas is свободен ?"]
    assert [one.words for one in accepted.paragraphs] == ["Gas is <free>"]
    with zipfile.ZipFile(path) as package:
        assert b'w:author="M insk"' in package.read("word/document.xml")


def test_the_command_writes_a_redline_in_the_name_of_somebody(tmp_path: Path) -> None:
    for name, lines in (("old.md", OLD), ("new.md", NEW)):
        (tmp_path / name).write_text("\n\n".join(lines), "utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "paraph", "compare", "old.md", "new.md",
               "--docx", "out.docx", "--author", "Minsk", "--date", "2021-02-23"]  # fmt: skip

    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert "django" not in done.stderr
    pieces = [one for part in read_docx(tmp_path / "out.docx", "marked").paragraphs for one in part.pieces]
    changes = {(one.change.author, one.change.date) for one in pieces if one.change}
    assert changes == {("Minsk", "2021-02-23T00:00:00Z")}


def test_words_that_changed_in_what_moved_are_settled_both_ways(tmp_path: Path) -> None:
    rest = [f"{n}. The parties agree on matter {n} of their common market." for n in range(3, 9)]
    moved = "1. Oil is carried free of any duty through the pipelines of both parties."
    old, new = [moved, *rest], [*rest, moved.replace(" any", "").replace("both", "all")]
    (tmp_path / "a.docx").write_bytes(
        redline_docx(compare(document_of("\n".join(old)), document_of("\n".join(new))), "RU")
    )

    for reading, lines in (("accepted", new), ("rejected", old)):
        assert [one.text for one in read_docx(tmp_path / "a.docx", reading).paragraphs] == lines  # type: ignore[arg-type]
    marked = read_docx(tmp_path / "a.docx", "marked").paragraphs
    assert any(piece.change and piece.change.kind == "moved here" for one in marked for piece in one.pieces)
