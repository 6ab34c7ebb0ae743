"""A file comes in on the pages: read, mapped, corrected, and put forward in the right name."""

import io
import re
import threading
from datetime import date
from types import ModuleType

import msgspec
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from paraph.acts import Propose, Reserve
from paraph.mandate.models import InternalNote
from paraph.node.current import journal
from paraph.node.models import Job
from paraph.pages import compare, papers, work
from paraph.papers.check import Outgoing
from paraph.papers.kinds import outgoing
from paraph.papers.measures import write_measures
from paraph.papers.roadmaps import Wanted
from paraph.state import roadmaps
from tests.conftest import PASSWORD
from tests.pages.test_measures import ended
from tests.pages.test_packages import page
from tests.papers.test_measures import Book
from tests.papers.test_returned import MEASURE, THREE, agreed, edited, paper, paragraph, tracked, typed
from tests.papers.test_roadmap_papers import TWO
from tests.parties import Parties

pytestmark = pytest.mark.django_db(transaction=True)  # files are read in threads of their own


@pytest.fixture
def gas(transactional_db: None, parties: Parties) -> Parties:
    """A road map with three provisions and a measure, all agreed, at the node of the pages."""
    return agreed(parties)


def uploaded(client: Client, data: bytes, name: str = "returned.docx") -> Job:
    """The job that reads the file, once it has ended."""
    client.post("/map/gas/bring", {"file": SimpleUploadedFile(name, data)})
    job = Job.objects.order_by("-begun_at")[0]
    return ended(f"/jobs/{job.pk}")


def chosen(client: Client, job: Job) -> list[str]:
    """The keys of all proposals on the page of a file."""
    return re.findall(r'name="put" value="([0-9a-f]+)"', client.get(f"/bring/{job.pk}").content.decode())


def put_forward(client: Client, job: Job, **given: object) -> Job:
    """Send every proposal of a file; the job that wrote them."""
    answer = client.post(f"/bring/{job.pk}", {"send": "1", "put": chosen(client, job), **given})
    return ended(answer["Location"])


def test_what_the_other_side_changed_is_put_down_as_received_from_it(head: Client, gas: Parties) -> None:
    data = edited(paper(gas), typed("свободен", "возможен"), tracked("по трубе", "по морю", "Петров"))

    job = uploaded(head, data)

    shown = head.get(f"/bring/{job.pk}").content.decode()
    assert "Changes that nobody marked" in shown
    assert "<ins>возможен</ins>" in shown and "<ins>морю</ins>" in shown
    assert "Петров" in shown
    redline = head.get(f"/bring/{job.pk}/redline").content.decode()
    assert "<ins>возможен</ins>" in redline and "<ins>морю</ins>" in redline
    sent = put_forward(head, job, accept="confirmed")
    assert (sent.result or {})["written"] == 2
    programme = gas.programme()
    for about in (TWO, THREE):
        assert roadmaps.labels(programme, programme.on[about][-1]) == ["RU*"]
    assert programme.voids == {}
    assert "received from RU" in page(head, "/record")
    assert "RU has not signed it" in page(head, f"/on/{TWO}")


def test_alternatives_on_one_provision_are_put_forward_in_one_go(head: Client, gas: Parties) -> None:
    job = uploaded(head, edited(paper(gas), typed("свободен", "[возможен] [ограничен]")))

    sent = put_forward(head, job)

    assert (sent.result or {})["troubles"] == [] and (sent.result or {})["written"] == 2
    acts = [placed.act for placed in gas.programme().by["BY"].entries[-2:]]
    said = [act.content["words"]["ru"] for act in acts if isinstance(act, Propose)]
    assert said == ["Транзит возможен до 2025 года.", "Транзит ограничен до 2025 года."]
    assert chosen(head, job) == []


def test_own_words_are_proposed_and_accepted_in_the_same_step(head: Client, gas: Parties) -> None:
    job = uploaded(head, edited(paper(gas), typed("свободен", "возможен")))
    head.post(f"/bring/{job.pk}", {"look": "1", "sender": "BY", "language": "ru"})

    put_forward(head, job, sender="BY", language="ru", accept="confirmed")

    programme = gas.programme()
    name = programme.on[TWO][-1]
    assert programme.by["BY"].choices[TWO].proposal == name
    assert roadmaps.labels(programme, name) == ["BY"]


def test_corrections_of_the_mapping_are_kept_and_unknown_numbers_are_told(head: Client, gas: Parties) -> None:
    job = uploaded(head, edited(paper(gas), paragraph("Плата не берётся.", after="2025 года")))
    first = head.get(f"/bring/{job.pk}").content.decode()
    (place,) = re.findall(r'name="map_(\d+)" value="\+"', first)

    wrong = head.post(
        f"/bring/{job.pk}", {"look": "1", f"map_{place}": "9.9", f"was_{place}": "+"}, follow=True
    )
    head.post(f"/bring/{job.pk}", {"look": "1", f"map_{place}": "2", f"was_{place}": "+"})

    assert "There is no provision 9.9" in wrong.content.decode()
    again = head.get(f"/bring/{job.pk}").content.decode()
    assert f'name="map_{place}" value="2"' in again
    put_forward(head, job)
    act = gas.programme().by["BY"].entries[-1].act
    assert isinstance(act, Propose)
    assert (act.subject, act.content["words"]["ru"]) == (
        TWO,
        "Транзит свободен до 2025 года.\nПлата не берётся.",
    )


def test_what_was_said_of_authors_and_of_the_same_file_is_kept_for_the_next_time(
    head: Client, gas: Parties
) -> None:
    data = edited(paper(gas), tracked("по трубе", "по морю", "Петров"), typed("свободен", "возможен"))
    job = uploaded(head, data)
    head.post(f"/bring/{job.pk}", {"look": "1", "sender": "BY", "language": "ru", "author_0": "BY"})

    again = uploaded(head, data)
    other = uploaded(head, edited(paper(gas), tracked("по трубе", "по воздуху", "Петров")), "other.docx")

    said = [((one.result or {})["sender"], (one.result or {})["authors"]) for one in (again, other)]
    assert said == [("BY", {"Петров": "BY"}), ("RU", {"Петров": "BY"})]


def test_the_same_file_again_writes_nothing_twice(head: Client, gas: Parties) -> None:
    data = edited(paper(gas), typed("свободен", "возможен"))
    job = uploaded(head, data)
    keys = chosen(head, job)
    put_forward(head, job)
    sizes = gas.programme().sizes()

    again = uploaded(head, data)
    head.post(f"/bring/{job.pk}", {"send": "1", "put": keys})

    assert chosen(head, again) == []
    assert "The file proposes nothing new." in page(head, f"/bring/{again.pk}")
    assert "put forward already" in page(head, f"/bring/{job.pk}")
    assert gas.programme().sizes() == sizes


def test_a_refused_file_is_told_and_the_way_back_leads_to_the_road_map(head: Client, gas: Parties) -> None:
    job = uploaded(head, b"no word file")

    assert job.state == "failed"
    shown = page(head, f"/jobs/{job.pk}")
    assert "The file is no Word document" in shown or "Office" in shown or "ZIP" in shown.upper()
    assert "hello.exe" not in shown
    answer = head.post("/map/gas/bring", {"file": SimpleUploadedFile("hello.exe", b"x")}, follow=True)
    assert "Files that end in" in answer.content.decode()


def test_an_empty_file_is_no_file_that_was_not_chosen(head: Client, gas: Parties) -> None:
    answer = head.post("/map/gas/bring", {"file": SimpleUploadedFile("a.docx", b"")}, follow=True)

    assert "The file is empty; ask for it again." in answer.content.decode()


def test_a_file_of_another_text_is_told_in_one_sentence_until_it_is_mapped(
    head: Client, gas: Parties
) -> None:
    job = uploaded(head, b"Quite other matters.\n\nOf nobody here.", "other.txt")

    text = page(head, f"/bring/{job.pk}")
    assert text.count("Nothing in the file is like this road map") == 1
    assert "The file does not have this" not in text


def test_a_viewer_brings_nothing_in_and_others_have_their_own_files(
    head: Client, viewer: Client, gas: Parties
) -> None:
    job = uploaded(head, edited(paper(gas), typed("свободен", "возможен")))

    assert viewer.post("/map/gas/bring", {"file": SimpleUploadedFile("a.docx", b"x")}).status_code == 403
    assert viewer.get(f"/bring/{job.pk}").status_code == 404
    assert viewer.get("/map/gas/bring").status_code == 200


def test_the_end_of_work_is_told_until_it_is_looked_at(head: Client, gas: Parties) -> None:
    head.post("/map/gas/bring", {"file": SimpleUploadedFile("a.docx", paper(gas))})
    job = Job.objects.get()
    ended(f"/jobs/{job.pk}")
    before = page(head, "/board")
    head.get(f"/bring/{job.pk}")

    assert "Ended:" in before and "a.docx" in before
    assert "Ended:" not in page(head, "/board")
    again = Client()
    again.post("/account/login/", {"login": "novik", "password": PASSWORD})
    assert "Ended:" not in page(again, "/board")


@pytest.mark.parametrize(
    ("drawing", "name", "address"),
    [
        (papers, "written", "/map/gas/papers/clean.pdf/file"),
        (compare, "outgoing", "/map/gas/compare.pdf/file"),
    ],
)
def test_a_file_is_drawn_while_others_read_the_record(
    head: Client, gas: Parties, monkeypatch: pytest.MonkeyPatch, drawing: ModuleType, name: str, address: str
) -> None:
    free: list[bool] = []
    draw = getattr(drawing, name)

    def drawn(*given: object) -> Outgoing:
        def look() -> None:
            free.append(journal().lock.acquire(timeout=5))
            journal().lock.release()

        other = threading.Thread(target=look)
        other.start()
        other.join()
        file: Outgoing = draw(*given)
        return file

    monkeypatch.setattr(drawing, name, drawn)

    answer = head.get(address)

    assert answer.status_code == 200
    assert free == [True]


def test_an_exchanged_file_is_read_in_the_language_that_is_chosen(head: Client, gas: Parties) -> None:
    words = {"words": {"ru": "Транзит свободен до 2025 года."}}
    gas.act("BY", Propose(TWO, words, {"en": {"words": "Transit is free."}}))
    file = outgoing("akn", "akn", Wanted(gas.programme(), "gas", "ru")).data.decode()
    for old, new in (("свободен до 2025", "возможен до 2030"), ("Transit is free", "Transit is open")):
        file = file.replace(old, new)

    job = uploaded(head, file.encode(), "gas.akn")

    first = head.get(f"/bring/{job.pk}").content.decode()
    head.post(f"/bring/{job.pk}", {"look": "1", "language": "en", "sender": "BY"})
    second = head.get(f"/bring/{job.pk}").content.decode()
    assert "It is our paper" in first
    for shown in (first, second):
        assert "<ins>возможен</ins>" in shown and "<ins>open</ins>" in shown


def test_comments_of_a_file_are_kept_as_notes_that_stay_here(head: Client, gas: Parties) -> None:
    gas.act("RU", Reserve(TWO, "parliamentary"))
    gas.exchange()
    asked = typed("парламентская оговорка", "парламентская оговорка снимается")
    job = uploaded(head, edited(paper(gas), asked, part="word/comments.xml"))
    before = gas.programme().sizes()
    shown = page(head, f"/bring/{job.pk}")

    for _twice in range(2):
        head.post(f"/bring/{job.pk}/comments", {"comment": "0", "language": "ru", "sender": "RU"})

    assert "Comments in the file" in shown and "парламентская оговорка снимается" in shown
    (note,) = InternalNote.objects.all()
    assert note.subject == TWO
    assert "парламентская оговорка" in note.words and "[BY, RU:" in note.words
    assert gas.programme().sizes() == before
    assert "returned.docx" in page(head, f"/on/{TWO}")
    assert 'name="comment"' not in head.get(f"/bring/{job.pk}").content.decode()


def test_reserves_that_came_back_with_our_paper_are_no_comments_of_the_file(
    head: Client, gas: Parties
) -> None:
    gas.act("RU", Reserve(TWO, "scrutiny"))
    gas.exchange()

    job = uploaded(head, edited(paper(gas), typed("свободен", "возможен")))

    assert (job.result or {})["document"]["comments"] != []
    assert 'name="comment"' not in page(head, f"/bring/{job.pk}")


def test_comments_of_a_file_are_its_persons_alone(head: Client, viewer: Client, gas: Parties) -> None:
    job = uploaded(head, paper(gas))

    assert viewer.post(f"/bring/{job.pk}/comments", {"comment": "0"}).status_code in (403, 404)
    assert not InternalNote.objects.exists()


# ---------------------------------------------------------------- measures that come in


def plan(*rows: tuple[object, ...]) -> bytes:
    """A plan of measures as an agency keeps it: another program, a title, heads of its own, true dates."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["План мероприятий"])
    sheet.append(["№", "Мероприятие", "Исполнители, BY", "Исполнители, RU", "Срок исполнения"])
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


OPEN = (2, "Открыть биржу.", "Минфин\nБанк, филиал", "Минэк", date(2023, 7, 1))


def test_a_plan_in_a_spreadsheet_brings_new_measures_in_the_name_of_its_sender(
    head: Client, gas: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "AT_ONCE", 2)  # a candidate may have more acts than are written at once
    data = plan((1, "Подписать протокол.", "Минэнерго", None, date(2022, 12, 31)), OPEN)

    job = uploaded(head, data, "plan.xlsx")

    shown = page(head, f"/bring/{job.pk}")
    assert "Открыть биржу. · BY: Минфин; Банк, филиал; RU: Минэк · 1 июля 2023 г." in shown
    assert "is taken as one body" in shown
    russian = head.get(f"/bring/{job.pk}", headers={"accept-language": "ru"}).content.decode()
    assert "таблица 1, строка 4, столбец 2" in russian and "table 1, row" not in russian
    sent = put_forward(head, job)
    assert ((sent.result or {})["troubles"], (sent.result or {})["written"]) == ([], 4)
    programme = gas.programme()
    assert programme.voids == {}
    item = roadmaps.road_map(programme, "gas").measures[-1]
    assert item.inserted_by == ("RU",)
    said = {
        one.subject.rpartition("/")[2]: programme.proposals[one.live[-1]]
        for one in item.standings
        if one.live
    }
    assert set(said) == {"action", "bodies", "deadline"}
    assert roadmaps.labels(programme, programme.on[f"{item.id}/action"][-1]) == ["RU*"]


def test_the_same_plan_again_writes_no_measure_twice(head: Client, gas: Parties) -> None:
    data = plan(OPEN)
    job = uploaded(head, data, "plan.xlsx")
    keys = chosen(head, job)
    put_forward(head, job)
    sizes = gas.programme().sizes()

    again = uploaded(head, data, "plan (1).xlsx")
    head.post(f"/bring/{job.pk}", {"send": "1", "put": keys})

    assert chosen(head, again) == []
    assert gas.programme().sizes() == sizes


def test_a_row_that_agencies_added_to_our_table_is_brought_in_with_it(head: Client, gas: Parties) -> None:
    before = list(gas.programme().on[f"{MEASURE}/action"])
    book = Book(write_measures(gas.programme("BY"), "BY", ["gas"], "en"))
    for key, value in (
        ("action ru", "Открыть биржу."),
        ("bodies BY ru", "Минфин\nБанк"),
        ("target", 12),
        ("indicator ru", "сделки"),
        ("unit", "млн т"),
        ("deadline", date(2023, 7, 1)),
    ):
        book.put(4, key, value)
    out = io.BytesIO()
    book.book.save(out)

    job = uploaded(head, out.getvalue(), "gas.xlsx")
    assert (job.result or {})["sender"] == "BY"  # it went to our own agencies

    put_forward(head, job, sender="BY", language="ru")
    programme = gas.programme()
    item = roadmaps.road_map(programme, "gas").measures[-1].id
    said = {
        cell: programme.content(programme.on[f"{item}/{cell}"][0])
        for cell in ("bodies", "deadline", "indicator")
    }
    assert msgspec.to_builtins(said["bodies"])["bodies"] == {"BY": [{"ru": "Минфин"}, {"ru": "Банк"}]}
    assert msgspec.to_builtins(said["deadline"])["date"] == "2023-07-01"
    indicator = msgspec.to_builtins(said["indicator"])
    assert (indicator["words"], indicator["target"], indicator["unit"]) == ({"ru": "сделки"}, "12", "млн т")
    assert programme.on[f"{MEASURE}/action"] == before


def test_a_file_in_another_language_than_what_was_sent_is_told_and_nothing_of_it_is_ticked(
    head: Client, gas: Parties
) -> None:
    words = "Стороны согласуют порядок поставок газа, его цену и условия транзита через свои территории. "
    gas.agree(THREE, {"words": {"ru": (words * 8).strip()}})
    english = "The parties agree on the supply of gas, on its price and on its transit. "

    job = uploaded(head, edited(paper(gas), typed((words * 8).strip(), (english * 8).strip())))

    for address in ("", "/redline"):
        assert "compare two texts of one language" in page(head, f"/bring/{job.pk}{address}")
    shown = head.get(f"/bring/{job.pk}").content.decode()
    assert 'name="put"' in shown and not re.search('name="put"[^>]*checked', shown)
    assert "Is the language of the file the right one above?" in shown


def test_a_file_in_the_language_of_what_was_sent_is_not_told_to_be_in_another(
    head: Client, gas: Parties
) -> None:
    job = uploaded(head, edited(paper(gas), typed("Поставки идут по трубе", "Газ поступает по морю")))

    for address in ("", "/redline"):
        assert "two texts of one language" not in page(head, f"/bring/{job.pk}{address}")


def test_a_file_of_which_no_word_is_known_is_taken_to_be_in_the_language_of_its_letters(
    head: Client, gas: Parties
) -> None:
    for words, language in (("Тарифы падают ежегодно.", "ru"), ("Tariffs fall every year.", "en")):
        job = uploaded(head, words.encode(), "draft.txt")

        assert f'<option value="{language}" selected>' in head.get(f"/bring/{job.pk}").content.decode()
