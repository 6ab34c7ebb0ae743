"""Square brackets typed by hand: alternatives, or listed as not understood."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from paraph.papers.files import read_file
from paraph.papers.plain import document_of
from paraph.papers.typed import Typed, typed_brackets
from tests.papers.corpora import corpus


def of(*paragraphs: str) -> Typed:
    """The brackets of a text."""
    return typed_brackets(document_of("\n".join(paragraphs)))


def test_brackets_beside_each_other_are_alternatives() -> None:
    found = of("Parties [shall] [should] act. Prices [BY: rise]/[RU: fall] soon.")

    assert [point.choices for point in found.points] == [("shall", "should"), ("rise", "fall")]
    assert [one.label for one in found.points[1].brackets] == ["BY", "RU"]


def test_a_bracket_alone_is_words_or_nothing() -> None:
    found = of("Prices [and tariffs] rise [shall/should] [2022].")

    assert found.points[0].choices == ("and tariffs", "")


def test_a_stroke_parts_alternatives_in_one_bracket() -> None:
    assert of("Parties [shall/should/may] act.").points[0].choices == ("shall", "should", "may")


def test_brackets_nest() -> None:
    found = of("[Each Party [shall] [should] [, as far as [practicable],] report.]")

    assert (found.count, found.depth) == (5, 3)
    assert [point.choices for point in found.points][1:] == [
        ("shall", "should", ", as far as [practicable],"),
        ("practicable", ""),
    ]


def test_options_may_be_paragraphs_of_their_own() -> None:
    found = of("[Option 1: Prices rise", "from 2022.]", "[Option 2: Prices fall.]", "The end.")

    (point,) = found.points
    assert point.choices == ("Prices rise\nfrom 2022.", "Prices fall.")
    assert point.brackets[0].end[0] == 1


def test_what_does_not_balance_is_listed_and_the_rest_is_read() -> None:
    found = of("Prices [rise [sharply] soon.", "Article 2. Oil", "It] flows [or not].")

    assert [(one.kind, one.paragraph) for one in found.troubles] == [("unclosed", 0), ("unopened", 2)]
    assert str(found.troubles[0]).startswith(
        "Paragraph 1: a bracket is opened and never closed: …Prices [rise"
    )
    assert [point.choices for point in found.points] == [("sharply", ""), ("or not", "")]


def test_a_reference_is_no_alternative() -> None:
    found = of("As decided [12], prices rise.")

    assert (found.points, found.troubles[0].kind) == ((), "reference")


@pytest.mark.corpus
def test_all_brackets_of_a_real_draft_are_read_or_listed() -> None:
    document = read_file(corpus("texts", "paris", "2015-12-04-draft.md"))
    typed = sum(one.words.count("[") for one in document.paragraphs)
    closed = sum(one.words.count("]") for one in document.paragraphs)

    found = typed_brackets(document)

    kinds = [one.kind for one in found.troubles]
    assert found.count + kinds.count("unclosed") + kinds.count("reference") == typed > 500
    assert found.count + kinds.count("unopened") + kinds.count("reference") == closed
    assert found.depth >= 4


def test_the_command_reports_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Prices [rise] [fall] soon.\nIt] flows.\n", "utf-8")

    def said(*flags: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "paraph", "read", str(tmp_path / "a.txt"), *flags]
        return subprocess.run(command, capture_output=True, text=True, check=True)

    report = said().stderr
    assert "square brackets typed by hand: 2" in report
    assert "Paragraph 2: a bracket is closed that was never opened" in report
    assert json.loads(said("--json").stdout)["brackets"]["open_points"][0]["choices"] == ["rise", "fall"]
