"""What changed between two documents: words, places, parting, numbers, each apart."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.drafts import draft
from bench.quality import quality
from paraph.papers.comparison import Comparison, compare, parted
from paraph.papers.docx.reading import read_docx
from paraph.papers.docx.redlining import redline_docx
from paraph.papers.files import read_file
from paraph.papers.plain import document_of
from paraph.papers.redline_page import as_html
from paraph.papers.redlines import as_json, as_text
from paraph.text.words import accept, reject
from tests.papers.corpora import corpus

OLD = ["Article 1. Gas", "1.1. Prices rise from 2022.", "1.2. The parties meet each year.", "Article 2. Oil",
       "2.1. Oil is carried free of duty through the pipelines of both parties."]  # fmt: skip
NEW = ["Article 1. General", "1.1. This programme has three articles and one annex, and no more.",
       "Article 2. Gas", "2.1. Prices fall from 2022.", "2.2. The parties meet each year.", "Article 3. Oil",
       "3.1. Oil is carried free of duty", "3.2. through the pipelines of both parties."]  # fmt: skip


def compared(old: list[str], new: list[str]) -> Comparison:
    """The comparison of two texts of one paragraph a line."""
    return compare(document_of("\n".join(old)), document_of("\n".join(new)))


def both(found: Comparison) -> tuple[list[str], list[str]]:
    """The words of both sides, as the rows give them back."""
    old = [reject(row.segments) for row in found.rows if row.step.kind not in ("inserted", "comes")]
    new = [accept(row.segments) for row in found.rows if row.step.kind not in ("deleted", "leaves")]
    return "\n".join(old).split("\n"), "\n".join(new).split("\n")


def test_a_renumbering_is_no_change_of_words() -> None:
    found = compared(OLD, NEW)

    assert {row.numbers for row in found.rows if row.renumbered} == {
        ("Article 1.", "Article 2."), ("1.1.", "2.1."), ("1.2.", "2.2."),
        ("Article 2.", "Article 3."), ("2.1.", "3.1."),
    }  # fmt: skip
    assert found.counts["words deleted"] == 1
    assert found.counts["split"] == 1


def test_parting_is_a_change_of_no_word() -> None:
    segments = parted(["free of duty through pipelines"], ["free of duty", "through pipelines"])

    assert [(one.kind, one.text) for one in segments] == [
        ("same", "free of duty"),
        ("deleted", " "),
        ("inserted", "\n"),
        ("same", "through pipelines"),
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("pages", [50, 300])
def test_what_was_done_to_a_draft_is_found(pages: int, language: str) -> None:
    made = draft(pages, language, seed=7)

    found, marked = quality(made)

    assert marked.good, marked
    assert both(found) == ([words_of(line) for line in made.old], [words_of(line) for line in made.new])


def words_of(line: str) -> str:
    """A line of a made draft without its number."""
    return document_of(line).paragraphs[0].words


REAL = [
    ("texts/paris/2015-10-05-nonpaper.txt", "texts/paris/2015-10-23-draft.md"),
    ("texts/paris/2015-10-23-draft.md", "texts/paris/2015-12-04-draft.md"),
    ("texts/paris/2015-12-04-draft.md", "texts/paris/2015-12-12-adopted.md"),
    ("texts/grundgesetz/gg-2012-07-02.md", "texts/grundgesetz/gg-2012-08-amend-art93.md"),
    ("texts/grundgesetz/gg-2012-08-amend-art93.md", "texts/grundgesetz/gg-2018-11-08.md"),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("before", "after"), REAL)
def test_real_drafts_read_out_of_their_redline(before: str, after: str) -> None:
    old, new = read_file(corpus(before)), read_file(corpus(after))

    found = compare(old, new)

    lines = [[part for one in text.paragraphs for part in one.words.split("\n")] for text in (old, new)]
    assert both(found) == (lines[0], lines[1])


@pytest.mark.corpus
def test_one_amended_article_is_all_that_is_marked() -> None:
    old, new = (read_file(corpus(place)) for place in REAL[3])

    found = compare(old, new)

    counts = found.counts
    assert (counts["moved"], counts["renumbered"]) == (0, 0)
    assert counts["changed"] + counts["inserted"] + counts["deleted"] <= 3


def test_the_command_shows_every_change(tmp_path: Path) -> None:
    for name, lines in (("old.md", OLD), ("new.md", NEW)):
        (tmp_path / name).write_text("\n\n".join(lines), "utf-8")

    def said(*flags: str) -> str:
        command = [sys.executable, "-X", "importtime", "-m", "paraph", "compare", "old.md", "new.md", *flags]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
        assert "django" not in done.stderr
        return done.stdout

    text = said()
    assert "~ [-1.1.-]{+2.1.+} Prices [-rise-] {+fall+} from 2022." in text
    assert "+ {+Article 1.+} {+General+}" in text
    assert "Renumbered: Article 1. → Article 2.; " in text
    told = json.loads(said("--json", "--html", "out.html"))
    assert told["splits"] == [{"old": [4], "new": [6, 7]}]
    assert told["counts"]["renumbered"] == 5
    assert "Prices<del> rise</del><ins> fall</ins> from 2022." in (tmp_path / "out.html").read_text("utf-8")


def test_a_moved_paragraph_is_shown_where_it_left_and_where_it_came() -> None:
    found = compared(
        [*OLD, "Article 3. Tax", "3.1. One rate."], [OLD[4], *OLD[:4], "Article 3. Tax", "3.1. One rate."]
    )

    assert as_json(found)["moves"] == [
        {"old": [4], "new": [0], "numbers": ["2.1.", "2.1."], "changed": False}
    ]
    assert "moved from 2.1. (paragraph 5)" in as_text(found)
    assert "moved to 2.1." in as_html(found, "x")


def test_equal_documents_differ_in_nothing() -> None:
    found = compared(OLD, OLD)

    assert found.same
    assert as_text(found).startswith("5 paragraphs, now 5: nothing differs.")


def test_what_was_not_read_is_not_said_to_be_the_same() -> None:
    old, new = (corpus("docx") / "compare" / f"WC013-Image-{name}.docx" for name in ("Before", "After"))

    said = as_text(compare(read_file(old), read_file(new)))

    assert "nothing differs in what was read" in said


def test_a_terminal_is_told_where_in_a_table_something_differs_and_in_colours_if_it_has_them() -> None:
    room = corpus("docx") / "compare"
    found = compare(*(read_file(room / f"WC006-Table{name}.docx") for name in ("", "-Delete-Row")))

    plain, coloured = as_text(found), as_text(found, coloured=True)

    assert "- (table 1, row 2, column 1) [-333-]" in plain
    assert "- (table 1, row 2, column 1) \x1b[31m[-333-]\x1b[0m" in coloured
    assert "2 words deleted, 0 inserted." in plain and "\x1b" not in plain


def test_a_file_cannot_steer_the_terminal_that_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Prices \x1b[2J\x07 rise.\n")

    found = read_file(path)

    assert found.paragraphs[0].words == "Prices \N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER} rise."
    assert found.report.skipped == {"control characters": 2}


PLAN = "| № | Body | By |\n|---|---|---|\n| 1 | {} | {} |\n| 2 | Both central banks | June |\n"


def test_a_cell_whose_every_word_changes_is_the_same_cell_changed(tmp_path: Path) -> None:
    old, new = (document_of(PLAN.format(body, "May"), markdown=True) for body in ("Minfin", "Treasury of RU"))

    found = compare(old, new)

    assert (found.counts["changed"], found.counts["inserted"], found.counts["deleted"]) == (1, 0, 0)
    (row,) = (row for row in found.rows if row.changed)
    assert [one.kind for one in row.segments] == ["deleted", "inserted"]
    (told,) = as_json(found)["changes"]
    assert told["kind"] == "changed"
    page = as_html(found, "Plan", "en")
    assert "<del>Minfin</del>" in page and "<ins>Treasury of RU</ins>" in page
    path = tmp_path / "plan.docx"
    path.write_bytes(redline_docx(found))
    accepted, rejected = read_docx(path, "accepted"), read_docx(path, "rejected")
    assert [one.text for one in accepted.paragraphs] == [one.text for one in new.paragraphs]
    assert [one.text for one in rejected.paragraphs] == [one.text for one in old.paragraphs]


def test_cells_of_a_row_that_differ_in_several_are_aligned_by_their_words() -> None:
    old = document_of(PLAN.format("Minfin of BY", "May"), markdown=True)
    new = document_of(PLAN.format("Minfin of RU", "7 April"), markdown=True)

    found = compare(old, new)

    assert (found.counts["changed"], found.counts["inserted"], found.counts["deleted"]) == (1, 1, 1)
