"""Meetings, decisions, taskings on the pages: proposed through the check page, accepted, closed."""

import pytest
from django.test import Client

from paraph.acts import TakeStance
from paraph.state import agreement, closing
from tests.pages.test_packages import page
from tests.parties import Parties

TASKING = {
    "heading_ru": "Протокол о цене газа",
    "heading_en": "Protocol on the price of gas",
    "words_ru": "Подготовить проект протокола.",
    "words_en": "Prepare a draft protocol.",
    "field_bodies": "BY.MINENERGO, RU.MINENERGO",
    "field_deadline": "2021-07-01",
}


def send(client: Client, form: dict[str, str], kind: str = "tasking") -> str:
    """Propose a paper through the check page; return its subject."""
    checked = client.post(f"/decisions/{kind}/new", form)
    about = str(checked.context["about"])
    answer = client.post(f"/on/{about}/propose", {**form, "send": "1", "accept": "confirmed"})
    assert answer["Location"] == f"/on/{about}"
    return about


def test_a_tasking_is_proposed_through_the_check_page_and_agreed(head: Client, parties: Parties) -> None:
    checked = head.post("/decisions/tasking/new", TASKING, headers={"accept-language": "en"})
    assert checked.status_code == 200
    assert parties.programme().beside("tasking") == []
    assert 'value="2021-07-01"' in checked.content.decode()

    about = send(head, TASKING)
    parties.exchange()
    (name,) = parties.programme().on[about]
    parties.act("RU", TakeStance(name, "accepts"))
    parties.exchange()

    assert agreement.agreed(parties.programme(), about) == name
    listed = page(head, "/decisions")
    assert "Protocol on the price of gas tasking Responsible bodies: BY.MINENERGO, RU.MINENERGO" in listed
    assert "Deadline: 1 July 2021" in listed
    assert "Prepare a draft protocol." in page(head, f"/on/{about}")


def test_another_deadline_is_another_proposal_and_shows_in_the_redline(
    head: Client, parties: Parties
) -> None:
    about = send(head, TASKING)
    (first,) = parties.programme().on[about]

    later = {**TASKING, "from": first, "field_deadline": "2021-09-01"}
    checked = head.post(f"/on/{about}/propose", later, headers={"accept-language": "en"}).content.decode()
    head.post(f"/on/{about}/propose", {**later, "send": "1"})

    assert "Deadline: 1 <del>July</del> <ins>September</ins> 2021" in checked
    assert len(parties.programme().on[about]) == 2


def test_equal_words_without_fields_are_one_proposal(head: Client, parties: Parties) -> None:
    form = {"heading_ru": "О встрече", "words_ru": "Встретиться в Минске."}
    about = send(head, form, "decision")
    send_again = head.post(f"/on/{about}/propose", {**form, "field_bodies": " ", "send": "1"})

    assert send_again.status_code == 302
    assert len(parties.programme().on[about]) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"field_deadline": "tomorrow"}, "Enter a valid date."),
        ({"heading_ru": "", "words_ru": ""}, "Write the words in an authentic language first."),
        ({"field_bodies": "Минcк"}, "mixes Latin and Cyrillic"),  # one letter is Latin
        ({"heading_ru": "Стaтья"}, "mixes Latin and Cyrillic"),
    ],
)
def test_what_cannot_be_recorded_is_said_on_the_check_page(
    head: Client, parties: Parties, change: dict[str, str], why: str
) -> None:
    answer = head.post("/decisions/tasking/new", {**TASKING, **change}, headers={"accept-language": "en"})

    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_a_decision_is_closed_on_the_same_page_as_a_text(head: Client, parties: Parties) -> None:
    about = send(head, {"heading_ru": "Решение", "words_ru": "Создать группу."}, "decision")
    parties.exchange()
    parties.act("RU", TakeStance(parties.programme().on[about][0], "accepts"))
    parties.exchange()
    assert f"/closing/{about}" in head.get(f"/on/{about}").content.decode()
    assert "Type decision to confirm" in page(head, f"/closing/{about}")

    for do in (parties.initial, parties.seal):
        for code in ("BY", "RU"):
            do(code, about)
            parties.exchange()

    assert closing.final(parties.programme(), "BY", about)
    parties.agree(about, {"words": {"ru": "Создать две группы."}})
    assert "Initial this text" not in page(head, f"/closing/{about}")  # other words need a reopening
    assert "Final: nothing that anybody writes later undoes it." in page(head, f"/closing/{about}")


def test_the_list_shows_one_kind_or_all(head: Client, parties: Parties) -> None:
    send(head, TASKING)
    send(head, {"heading_ru": "Встреча в Сочи", "words_ru": "Повестка."}, "meeting")

    assert "Встреча в Сочи" in page(head, "/decisions")
    assert "Встреча в Сочи" not in page(head, "/decisions?kind=tasking")
    assert head.post("/decisions/treaty/new", TASKING)["Location"] == "/decisions"
