"""Word files of other hands: every kind of tracked change, read both ways."""

from pathlib import Path

import pytest

from paraph.papers.docx.reading import read_docx
from tests.papers.corpora import corpus, letters, pandoc_letters

pytestmark = pytest.mark.corpus

# What pandoc does not say: the result of a simple field; formulas it writes in TeX.
APART = {"008-InsertedFieldCode": "2/7/2020", "011-InsertedMathChar": None, "012-DeletedMathChar": None}


def test_every_file_is_read_in_three_ways() -> None:
    files = sorted(corpus("docx").rglob("*.docx"))

    for path in files:
        marked, accepted, rejected = (read_docx(path, one) for one in ("marked", "accepted", "rejected"))
        assert accepted.paragraphs or not marked.paragraphs
        if not any(one.mark or one.row or any(x.change for x in one.pieces) for one in marked.paragraphs):
            assert letters(accepted) == letters(rejected) == letters(marked)

    assert len(files) > 150


def test_accepted_and_rejected_are_what_a_second_engine_reads() -> None:
    files = sorted(corpus("docx", "revtracking").glob("*.docx"))

    for path in files:
        for mode, reading in (("accept", "accepted"), ("reject", "rejected")):
            ours = letters(read_docx(path, reading))  # type: ignore[arg-type]
            apart = APART.get(path.stem, "")
            if apart is not None:
                assert ours.replace(apart, "") == pandoc_letters(path, mode), (path.name, mode)

    assert len(files) == 24


@pytest.mark.parametrize(
    ("name", "accepted", "rejected"),
    [("011-InsertedMathChar", "A=2πr2", "A=πr2"), ("012-DeletedMathChar", "A=r2", "A=πr2")],
)
def test_changes_in_formulas_are_read(name: str, accepted: str, rejected: str) -> None:
    path: Path = corpus("docx", "revtracking", f"{name}.docx")

    assert letters(read_docx(path, "accepted")) == accepted
    assert letters(read_docx(path, "rejected")) == rejected
