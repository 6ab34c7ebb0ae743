"""The report on the scrub: changes with words and classes, shares with an alarm, the approved draft."""

import pytest

from paraph.acts import Change, Remark
from paraph.papers.check import leaving
from paraph.papers.errors import PaperRefused
from paraph.papers.kinds import outgoing
from paraph.papers.paper import Paper, paragraphs
from paraph.papers.plain import document_of
from paraph.papers.roadmaps import Wanted
from paraph.papers.scrubbing import Report, against, percent, report, report_paper, state_of
from tests.parties import Parties

ONE, TWO = "provision:gas/one", "provision:gas/two"
LONG = " ".join(f"слово{n}" for n in range(40))


@pytest.fixture
def parties() -> Parties:
    """A road map whose text is complete: two chapters with a provision each."""
    made = Parties.make("BY", "RU")
    made.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    chapters = ("provision:gas/i", "provision:gas/ii")
    items = [[1, chapters[0]], [2, ONE], [1, chapters[1]], [2, TWO]]
    made.agree("outline:gas", {"items": items})
    for about, heading in zip(chapters, ("Цены", "Сроки"), strict=True):
        made.agree(about, {"words": {}, "heading": {"ru": heading}})
    made.agree(ONE, {"words": {"ru": f"Стороны отменяют пошлины согласно пункту 2.1. {LONG}"}})
    made.agree(TWO, {"words": {"ru": "Срок составляет 12 месяцев."}})
    return made


def wanted(parties: Parties) -> Wanted:
    """The road map in Russian, as it stands."""
    return Wanted(parties.programme(), "gas", "ru")


def reported(parties: Parties) -> Report:
    """The report of now."""
    return report(wanted(parties))


def test_each_change_has_its_place_its_words_and_a_class(parties: Parties) -> None:
    parties.agree(ONE, {"words": {"ru": f"Сторонами отменяются пошлины согласно пункту 2.1. {LONG}"}})
    parties.agree(TWO, {"words": {"ru": "Срок составляет 21 месяц."}})

    found = reported(parties)

    assert [(line.name, line.judged.kind if line.judged else "") for line in found.lines] == [
        ("1.1", "linguistic"), ("2.1", "substantive"),
    ]  # fmt: skip
    assert found.counts["substantive"] == (1, 0)
    assert [state_of(line) for line in found.lines] == ["to_confirm"] * 2


def test_a_reference_that_follows_a_renumbering_is_numbering(parties: Parties) -> None:
    old = "Стороны действуют согласно пункту {ref:two} настоящей карты."
    parties.agree(ONE, {"words": {"ru": old}})
    parties.agree(ONE, {"words": {"ru": old.replace("{ref:two}", "{ref:one}")}})

    line = reported(parties).lines[0]

    assert (
        line.judged is not None and line.judged.kind == "substantive"
    )  # against the text when it was complete
    parties.agree(
        "outline:gas", {"items": [[1, "provision:gas/ii"], [2, TWO], [1, "provision:gas/i"], [2, ONE]]}
    )
    outline = next(one for one in reported(parties).lines if one.change.subject == "outline:gas")
    assert outline.judged is not None and outline.judged.kind == "numbering"


def test_a_provision_that_comes_with_the_outline_is_substantive(parties: Parties) -> None:
    parties.agree("provision:gas/new", {"words": {"ru": "Новое."}})
    items = [[1, "provision:gas/i"], [2, ONE], [2, "provision:gas/new"], [1, "provision:gas/ii"], [2, TWO]]
    parties.agree("outline:gas", {"items": items})

    outline = next(one for one in reported(parties).lines if one.change.subject == "outline:gas")

    assert outline.judged is not None and outline.judged.kind == "substantive"
    assert "1.2" in "".join(one.text for one in outline.segments if one.kind == "inserted")


def test_the_alarm_rings_for_the_chapter_that_changed_much(parties: Parties) -> None:
    parties.agree(TWO, {"words": {"ru": "Срок составляет 21 месяц."}})

    found = reported(parties)

    assert [(one.name, one.alarm) for one in found.chapters] == [("I Цены", False), ("II Сроки", True)]
    assert found.whole.alarm is False and 0 < found.whole.share < 0.05
    assert percent("ru", 0.1234) == "12,3 %" and percent("en", 0.1234) == "12.3 %"


def test_a_report_in_a_working_language_is_of_the_words_that_are_agreed(parties: Parties) -> None:
    parties.agree(TWO, {"words": {"ru": "Срок составляет 21 месяц."}})

    found = report(Wanted(parties.programme(), "gas", "en"))

    assert found.language == "en" and found.whole.share == reported(parties).whole.share > 0
    assert [one.kind for one in found.lines[0].segments] != ["same"]


def test_the_report_is_a_paper_that_names_who_confirmed_what(parties: Parties) -> None:
    old = parties.programme().by["BY"].choices[TWO].proposal
    new = parties.agree(TWO, {"words": {"ru": "Срок составляет 21 месяц."}})
    for code in ("BY", "RU"):
        parties.act(code, Remark(TWO, change=Change(old, new, "substantive")))
        parties.exchange()

    file = outgoing("scrub", "docx", wanted(parties))

    assert isinstance(file.paper, Paper)
    text = "\n".join(one.text for one in paragraphs(file.paper.blocks))
    assert "подтверждено" in text and "правка по существу (BY, запись" in text
    assert reported(parties).settled
    assert not any("Internal" in str(one) for one in leaving(file))


def test_a_text_that_was_never_complete_has_no_report() -> None:
    made = Parties.make("BY", "RU")
    made.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})

    with pytest.raises(PaperRefused, match="not been yet"):
        report(wanted(made))


def test_against_an_approved_draft_every_difference_is_found_and_the_paper_is_internal(
    parties: Parties,
) -> None:
    draft = document_of(
        f"Дорожная карта 1. Газ\nI. Цены\n1.1 Стороны отменяют пошлины согласно пункту 2.1. {LONG}\n"
        "II. Сроки\n2.1 Срок составляет 18 месяцев."
    )
    found = against("Постановление 1", draft, wanted(parties))

    kinds = [judged.kind for _row, judged in found.rows if judged]
    assert kinds.count("substantive") == 1
    assert "18" in "".join(one.text for row, _judged in found.rows for one in row.segments)
    paper = report_paper(reported(parties), wanted(parties), found)
    assert paper.inside
    text = "\n".join(one.text for one in paragraphs(paper.blocks))
    assert "Постановление 1" in text and "только для этой делегации" in text
