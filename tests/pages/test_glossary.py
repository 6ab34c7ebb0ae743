"""The glossary in the browser: terms are proposed through the check page, and their use is checked."""

from django.test import Client

from paraph.acts import Propose
from paraph.state import concordance
from tests.pages.test_packages import page
from tests.parties import Parties
from tests.state.test_concordance import GAS, ONE, agreed_term


def test_a_term_is_proposed_through_the_check_page(head: Client, parties: Parties) -> None:
    words = {f"words_{language}": text for language, text in GAS.items()}

    checked = head.post("/glossary/new", words)
    head.post("/glossary/new", words | {"send": "1", "accept": "confirmed"})

    assert "природный газ" in checked.content.decode()
    (about,) = parties.programme().beside("term")
    assert "natural gas" in page(head, "/glossary")
    assert "Glossary" in page(head, f"/on/{about}")


def test_the_pages_tell_where_languages_differ_and_who_translated(head: Client, parties: Parties) -> None:
    parties.road_map("gas")
    said = {"words": {"ru": "Природный газ поставляется 12 месяцев."}}
    parties.agree(ONE, said)
    parties.act("BY", Propose(ONE, said, {"en": {"words": "Gas is supplied for 21 months."}}))
    parties.exchange()
    agreed_term(parties)

    listed, subject, text = page(head, "/glossary"), page(head, f"/on/{ONE}"), page(head, "/map/gas")

    assert len(concordance.terms(parties.programme())) == 1
    assert "in 1 place" in listed and "not in EN" in listed
    assert "12 stands in RU and not in EN." in subject
    assert "translated by BY" in subject
    assert "languages differ" in text


def test_figures_and_terms_that_differ_are_told_before_words_are_sent(head: Client, parties: Parties) -> None:
    parties.road_map("gas")
    agreed_term(parties)
    typed = {
        "words_ru": "Природный газ поставляется 12 месяцев по {ref:two}.",
        "words_en": "Gas for 21 months.",
    }

    shown = head.post(f"/on/{ONE}/propose", typed).content.decode()

    assert "12 stands in RU and not in EN." in shown and "21 stands in EN and not in RU." in shown
    assert "The agreed term “natural gas” does not stand in EN" in shown
    alone = head.post(f"/on/{ONE}/propose", {"words_ru": typed["words_ru"]}).content.decode()
    assert "stands in" not in alone and "does not stand" not in alone


def test_the_table_of_measures_tells_in_which_cell_languages_differ(head: Client, parties: Parties) -> None:
    measure = "measure:gas/m1"
    parties.road_map("gas")
    parties.agree("outline:gas", {"items": [[1, ONE], [1, measure]]})
    said = {"words": {"ru": "Доля рынка 12 процентов"}}
    parties.agree(f"{measure}/indicator", said)
    parties.act("BY", Propose(f"{measure}/indicator", said, {"en": {"words": "Market share of 12 percent"}}))
    same = page(head, "/map/gas")
    other = {"words": {"ru": "Доля рынка 15 процентов"}}
    parties.act("BY", Propose(f"{measure}/indicator", other, {"en": {"words": "Market share of 51 percent"}}))

    differs = page(head, "/map/gas")

    assert "languages differ" not in same
    assert "indicator: languages differ" in differs.casefold()


def test_who_only_reads_proposes_no_term(viewer: Client, parties: Parties) -> None:
    assert viewer.post("/glossary/new", {"words_ru": "газ"}).status_code == 403
    assert viewer.get("/glossary").status_code == 200


def test_a_working_language_has_a_column_once_somebody_gave_words_of_it(
    head: Client, parties: Parties
) -> None:
    parties.road_map("gas")
    said = {"words": {"ru": "Природный газ поставляется."}}
    parties.agree(ONE, said)

    before, asked = page(head, "/map/gas"), page(head, "/map/gas?language=en")
    parties.act("BY", Propose(ONE, said, {"en": {"words": "Gas is supplied."}}))
    after = page(head, "/map/gas")

    assert "no words in this language" not in before and "Side by side" not in before
    assert "no words in this language" in asked
    assert "Side by side" in after and "Gas is supplied." in after
