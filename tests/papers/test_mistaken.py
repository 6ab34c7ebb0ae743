"""Files given by mistake: what they are is said, and what to do; the two documents of a comparison stay."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from paraph.papers.errors import PaperRefused
from paraph.papers.files import read_file
from paraph.papers.xlsx.reading import read_xlsx
from tests.papers.test_hostile import ole
from tests.papers.word_files import TYPES, p, relations, word_file


def open_document(kind: str) -> Callable[[Path], None]:
    """An OpenDocument of a kind, as far as it tells what it is."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as out:
            out.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
            out.writestr("content.xml", "<x/>")

    return make


def _workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("[Content_Types].xml", TYPES)
        out.writestr("_rels/.rels", relations({"officeDocument": "xl/workbook.xml"}))
        out.writestr("xl/workbook.xml", "<workbook/>")


def _of(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


GIVEN: list[tuple[str, Callable[[Path], object], str]] = [
    ("a.docx", _of(b""), "is empty; ask for it again"),
    ("a.akn", _of(b""), "is empty; ask for it again"),
    ("a.txt", _of(b""), "is empty; ask for it again"),
    ("a.docx", _of(rb"{\rtf1 Words}"), "is RTF; open it in Word and save it as .docx"),
    ("a.txt", _of(rb"{\rtf1 Words}"), "is RTF; open it in Word and save it as .docx"),
    ("a.rtf", _of(rb"{\rtf1 Words}"), "is RTF; open it in Word and save it as .docx"),
    ("a.pdf", _of(b"%PDF-1.7\n"), "ask for the Word file"),
    ("a.docx", _of(b"%PDF-1.7\n"), "ask for the Word file"),
    ("a.odt", open_document("text"), "is OpenDocument; open it in Word and save it as .docx"),
    ("a.docx", open_document("text"), "is OpenDocument; open it in Word and save it as .docx"),
    ("a.ods", open_document("spreadsheet"), "is OpenDocument; open it in Excel and save it as .xlsx"),
    ("a.xlsx", open_document("spreadsheet"), "is OpenDocument; open it in Excel and save it as .xlsx"),
    ("a.odp", open_document("presentation"), "is a presentation; copy its words into Word"),
    ("a.docx", _of(b"\xef\xbb\xbf<!DOCTYPE HTML><p>Words"), "is a web page; open it in Word"),
    ("a.htm", _of(b"<p>Words"), "is a web page; open it in Word"),
    ("a.doc", _of(ole("WordDocument")), "in Word's old format; save it as .docx"),
    ("a.docx", _of(ole("")), "in Word's old format; save it as .docx"),
    ("a.doc", _of(ole("Workbook WordDocument")), "in Word's old format; save it as .docx"),
    ("a.xls", _of(ole("Workbook")), "in Excel's old format; save it as .xlsx"),
    ("a.xls", _of(ole("Book")), "in Excel's old format; save it as .xlsx"),
    ("a.doc", _of(ole("Workbook")), "in Excel's old format; save it as .xlsx"),
    ("a.ppt", _of(ole("PowerPoint Document")), "is a presentation; copy its words into Word"),
    ("a.msg", _of(ole("__substg1.0_1000001F")), "save the document that is attached to it"),
    ("a.docx", _of(ole("EncryptedPackage")), "is encrypted; save it without a password"),
    ("a.csv", _of(b"a;b"), "is CSV; open it in Excel and save it as .xlsx"),
    ("a.dotx", _of(b"PK"), "is DOTX; open it in Word and save it as .docx"),
    ("a.docm", _of(b"PK"), "holds macros; save it as .docx without them"),
    ("a.xlsm", _of(b"PK"), "holds macros; save it as .xlsx without them"),
    ("a.docx", _of(b"\xff\xd8\xff\xe0"), "is a picture, whose words are not read"),
    ("a.zip", _of(b"PK"), "take the document out of it"),
    ("a.txt", _of("Слова".encode("cp1251")), "save it as UTF-8"),
    ("a.exe", _of(b"MZ"), "Files that end in .exe are not read; save it as one of these: .docx, "),
]
NO_TABLES: list[tuple[str, Callable[[Path], object], str]] = [
    ("a.xlsx", _of(b""), "is empty; ask for it again"),
    ("a.xls", _of(ole("Workbook")), "in Excel's old format; save it as .xlsx"),
    ("a.xlsx", _of(ole("Workbook")), "in Excel's old format; save it as .xlsx"),
    ("a.ods", open_document("spreadsheet"), "is OpenDocument; open it in Excel and save it as .xlsx"),
    ("a.csv", _of(b"a;b"), "is CSV; open it in Excel and save it as .xlsx"),
    ("a.xlsm", _of(b"PK"), "holds macros; save it as .xlsx without them"),
    ("a.docx", lambda path: word_file(path, p("Prices.")), "is no Excel workbook; give one"),
    ("a.doc", _of(ole("WordDocument")), "is no Excel workbook; give one"),
    ("a.pdf", _of(b"%PDF-1.7\n"), "is no Excel workbook; give one"),
    ("a.odt", open_document("text"), "is no Excel workbook; give one"),
    ("a.exe", _of(b"MZ"), "is no Excel workbook; give one"),
]


READ: list[tuple[Callable[[Path], object], str, Callable[[Path], object], str]] = [
    *((read_file, *one) for one in (*GIVEN, ("a.docx", _workbook, "workbook; name it .xlsx"))),
    *((read_xlsx, *one) for one in NO_TABLES),
]


@pytest.mark.parametrize(("read", "name", "make", "said"), READ)
def test_a_file_of_another_kind_is_named_with_what_to_do(
    tmp_path: Path, read: Callable[[Path], object], name: str, make: Callable[[Path], object], said: str
) -> None:
    make(tmp_path / name)

    with pytest.raises(PaperRefused) as refused:
        read(tmp_path / name)

    assert said in str(refused.value)


def test_what_is_a_word_document_inside_is_read_under_the_old_name_and_text_may_quote_a_page(
    tmp_path: Path,
) -> None:
    renamed = word_file(tmp_path / "a.doc", p("Prices."))
    (tmp_path / "a.md").write_text("<html> is how a page begins.")

    assert [one.words for one in read_file(renamed).paragraphs] == ["Prices."]
    assert [one.words for one in read_file(tmp_path / "a.md").paragraphs] == ["<html> is how a page begins."]


def test_a_document_without_words_is_told(tmp_path: Path) -> None:
    found = read_file(word_file(tmp_path / "a.docx", p("")))

    assert found.report.notable and "No words were found" in found.report.lines()[2]


# ---------------------------------------------------------------- the command


def paraph(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "paraph", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_of_two_documents_the_one_that_is_refused_is_named(tmp_path: Path) -> None:
    word_file(tmp_path / "наш текст.docx", p("Prices."))
    (tmp_path / "их текст.docx").write_bytes(b"")

    done = paraph(tmp_path, "compare", "наш текст.docx", "их текст.docx")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "paraph: их текст.docx: The file is empty; ask for it again.\n"


@pytest.mark.parametrize("flag", ["--docx", "--html", "--pdf"])
def test_a_redline_is_not_written_over_what_is_compared(tmp_path: Path, flag: str) -> None:
    for name, words in (("old.docx", "Prices."), ("new.docx", "Rates.")):
        word_file(tmp_path / name, p(words))
    kept = (tmp_path / "new.docx").read_bytes()

    done = paraph(tmp_path, "compare", "old.docx", "new.docx", flag, str(tmp_path / "new.docx"))

    assert done.returncode == 2 and "is one of the two documents" in done.stderr
    assert (tmp_path / "new.docx").read_bytes() == kept


def test_two_languages_of_one_text_are_told_from_another_text(tmp_path: Path) -> None:
    for name, words in (("en.txt", "Prices fall."), ("ru.txt", "Цены падают."), ("en2.txt", "Tariffs rise.")):
        (tmp_path / name).write_text(words)

    assert "compare two texts of one language" in paraph(tmp_path, "compare", "en.txt", "ru.txt").stderr
    assert paraph(tmp_path, "compare", "en.txt", "en2.txt").stderr == ""
