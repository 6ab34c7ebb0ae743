"""Two states of a road map compared: by identity, numbers, moves and tables apart; as files that leave."""

import io
import zipfile
from pathlib import Path

import pytest

from paraph.acts import Reserve
from paraph.papers.check import leaving
from paraph.papers.documents import remarks_at
from paraph.papers.docx.reading import read_docx
from paraph.papers.docx.settling import Reading
from paraph.papers.roadmaps import Wanted, clean
from paraph.papers.states import Compared, Wording, compared, document, outgoing
from paraph.state import cuts
from tests.papers.corpora import pandoc_comments
from tests.parties import Parties

MEASURE = "measure:gas/m1"


@pytest.fixture
def parties() -> Parties:
    """A road map with three provisions and a measure."""
    made = Parties.make("BY", "RU")
    made.road_map("gas", ("one", "two", "three"))
    return made


def between(parties: Parties, old: cuts.Cut, wording: Wording = "clean") -> Compared:
    """What has changed since a state."""
    programme = parties.programme()
    return compared(Wanted(cuts.at(programme, old), "gas", "ru"), Wanted(programme, "gas", "ru"), wording)


def test_a_provision_is_compared_with_itself_whatever_became_of_its_words(parties: Parties) -> None:
    old = cuts.now(parties.programme())
    parties.agree("provision:gas/one", {"words": {"ru": "Совершенно иной абзац про нефть."}})

    found = between(parties, old).found

    assert (found.counts["changed"], found.counts["inserted"], found.counts["deleted"]) == (1, 0, 0)


def test_a_move_and_what_it_renumbers_stand_apart_from_changes_of_words(parties: Parties) -> None:
    old = cuts.now(parties.programme())
    order = ("three", "one", "two")
    parties.agree("outline:gas", {"items": [[1, f"provision:gas/{key}"] for key in order]})

    found = between(parties, old).found

    assert found.counts["moved"] == 1
    assert found.counts["renumbered"] == 3
    assert (found.counts["changed"], found.counts["words inserted"]) == (0, 0)


def test_a_provision_split_in_two_is_shown_as_split(parties: Parties) -> None:
    whole = "Стороны отменяют пошлины на газ с первого января. Цены публикует совместная комиссия каждый год."
    first, second = whole.split(". ", 1)
    parties.agree("provision:gas/one", {"words": {"ru": whole}})
    old = cuts.now(parties.programme())
    parties.agree("provision:gas/one", {"words": {"ru": f"{first}."}})
    parties.agree("provision:gas/new", {"words": {"ru": second}})
    keys = ("one", "new", "two", "three")
    parties.agree("outline:gas", {"items": [[1, f"provision:gas/{key}"] for key in keys]})

    found = between(parties, old).found

    assert found.counts["split"] == 1
    assert found.counts["words deleted"] == found.counts["words inserted"] == 0


def test_a_measure_is_one_row_whose_cells_are_compared(parties: Parties) -> None:
    keys = [[1, f"provision:gas/{key}"] for key in ("one", "two", "three")]
    parties.agree("outline:gas", {"items": [*keys, [1, MEASURE]]})
    parties.agree(f"{MEASURE}/action", {"words": {"ru": "Открыть рынок."}})
    parties.agree(f"{MEASURE}/deadline", {"date": "2024-01-01"})
    old = cuts.now(parties.programme())
    parties.agree(f"{MEASURE}/action", {"words": {"ru": "Закрыть биржу."}})
    parties.agree(f"{MEASURE}/deadline", {"date": "2025-01-01"})

    found = between(parties, old).found

    assert [row.fate for block in found.blocks if isinstance(block, tuple) for row in block] == ["stays"] * 2
    assert (found.counts["words deleted"], found.counts["words inserted"]) == (3, 3)


def test_rival_wordings_stand_in_brackets_on_the_side_where_they_were_live(parties: Parties) -> None:
    old = cuts.now(parties.programme())
    parties.words("RU", "provision:gas/one", "Слова один и ещё два.", accept=True)
    parties.exchange()

    found = between(parties, old, "bracketed").found

    changed = next(row for row in found.rows if row.changed)
    assert "[RU: " in "".join(one.text for one in changed.segments if one.kind == "inserted")
    assert not between(parties, old, "clean").found.same  # the words are agreed no more


def test_a_road_map_that_was_not_opened_yet_had_no_words(parties: Parties) -> None:
    found = between(parties, {"BY": 2, "RU": 2}).found

    assert found.counts["old"] == 0
    assert found.counts["inserted"] == found.counts["new"] > 0


def test_the_word_file_gives_both_states_back(parties: Parties, tmp_path: Path) -> None:
    old = cuts.now(parties.programme())
    parties.agree("provision:gas/two", {"words": {"ru": "Слова две и три."}})
    what = between(parties, old)
    path = tmp_path / "redline.docx"

    file = outgoing(what, "gas", "docx")
    path.write_bytes(file.data)

    readings: tuple[Reading, ...] = ("accepted", "rejected")
    accepted, rejected = ([one.text for one in read_docx(path, take).paragraphs] for take in readings)
    programme = parties.programme()
    assert rejected == words(Wanted(cuts.at(programme, old), "gas", "ru"))
    assert accepted == words(Wanted(programme, "gas", "ru"))
    assert any("Сравнение" in str(sentence) for sentence in leaving(file))


def words(wanted: Wanted) -> list[str]:
    """The paragraphs of the agreed text."""
    return [one.text for one in document(clean(wanted)).paragraphs]


def test_each_file_says_which_states_it_compares(parties: Parties) -> None:
    old = cuts.now(parties.programme())
    parties.agree("provision:gas/two", {"words": {"ru": "Слова две и три."}})
    what = between(parties, old)

    page, print_ = outgoing(what, "gas", "html"), outgoing(what, "gas", "pdf")

    for line in what.between:
        assert line in page.data.decode()
        assert any(line in str(sentence) for sentence in leaving(print_))
    assert page.name == "gas.html" and print_.data.startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(outgoing(what, "gas", "docx").data)) as package:
        assert b"w:ins " in package.read("word/document.xml")


def test_reserves_stand_at_their_provision_in_every_comparison(parties: Parties, tmp_path: Path) -> None:
    old = cuts.now(parties.programme())
    parties.agree("provision:gas/two", {"words": {"ru": "Слова две и три."}})
    parties.act("RU", Reserve("provision:gas/two", "parliamentary"))
    parties.exchange()
    what = between(parties, old, "bracketed")

    page, print_, word = (outgoing(what, "gas", format) for format in ("html", "pdf", "docx"))

    before, _reserve, behind = page.data.decode().rpartition("парламентская оговорка")
    assert "три" in before.rpartition("Слова")[2] and "Слова" in behind
    for file in (print_, word):
        assert any("парламентская оговорка" in str(sentence) for sentence in leaving(file))
    held = [str(sentence) for sentence in leaving(word)]
    assert "2 tracked changes in the name of: Сравнение." in held  # a reserve is no change
    assert "Paragraphs: 8. Tables: 0. Words: 74." in held
    assert "2 passages shown as struck or added." in map(str, leaving(print_))
    path = tmp_path / "a.docx"
    path.write_bytes(word.data)
    (comment,) = read_docx(path).comments
    assert (comment.author, comment.anchor) == ("RU", "Слова [BY: два] [BY, RU: две и три].")
    assert pandoc_comments(path) == [("RU", "Слова[BY:два][BY,RU:двеитри].")]
    (place,) = remarks_at(what.found.new)
    assert what.found.new.paragraphs[place].key == "provision:gas/two"
