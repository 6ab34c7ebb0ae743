"""A table of measures comes back on the pages: read in the background, checked cell by cell, sent."""

import os
import re
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from paraph.acts import Propose, Report, TakeStance, proposal_id
from paraph.node import jobs
from paraph.node.models import Job, Person
from paraph.papers.apart import room
from paraph.state import agreement
from tests.conftest import PASSWORD
from tests.pages.test_packages import page
from tests.papers.test_measures import MEASURES, agreed
from tests.papers.word_files import p, word_file
from tests.parties import Parties

pytestmark = pytest.mark.django_db(transaction=True)  # work goes on in threads of its own


@pytest.fixture
def gas(transactional_db: None, parties: Parties) -> Parties:
    """A road map with three measures, all agreed."""
    return agreed(parties)


def downloaded(client: Client) -> openpyxl.Workbook:
    """The table as an agency opens it."""
    answer = client.get("/measures/table.xlsx?map=gas")
    assert answer["Content-Disposition"] == 'attachment; filename="gas.xlsx"'
    return openpyxl.load_workbook(BytesIO(answer.content))


def changed(book: openpyxl.Workbook, **values: object) -> bytes:
    """The table with cells of its first measure changed; `_` stands for a space in keys."""
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    for key, value in values.items():
        sheet.cell(3, places[key.replace("_", " ")]).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def uploaded(client: Client, data: bytes, name: str = "gas.xlsx") -> Job:
    """The job that reads the table, once it has ended."""
    answer = client.post("/measures/upload", {"file": SimpleUploadedFile(name, data)})
    return ended(answer["Location"])


def ended(address: str) -> Job:
    """The job of an address, once it has ended."""
    found = re.fullmatch(r"/jobs/([0-9a-f-]+)", address)
    assert found, address
    until = time.monotonic() + 60
    while (job := Job.objects.get(pk=found[1])).state == Job.State.RUNNING:
        assert time.monotonic() < until
        time.sleep(0.02)
    return job


def test_a_table_comes_back_is_checked_and_sent_as_acts_of_who_uploads(head: Client, gas: Parties) -> None:
    data = changed(downloaded(head), action_ru="Подписать новый протокол", status="under way")
    sizes = gas.programme().sizes()

    job = uploaded(head, data)

    assert job.state == "done"
    assert gas.programme().sizes() == sizes
    shown = page(head, f"/measures/check/{job.pk}")
    assert "3 rows · 2 changes · 2 rows unchanged · 0 to be looked at" in shown
    assert "Подписать новый протокол" in shown
    assert "<ins>новый</ins>" in head.get(f"/measures/check/{job.pk}").content.decode()
    sent = ended(head.post(f"/measures/check/{job.pk}", {"accept": "confirmed"})["Location"])
    assert (sent.result or {})["written"] == 2
    assert "2 changes are in the joint record" in page(head, f"/jobs/{sent.pk}")
    programme = gas.programme()
    about = "measure:gas/m1/action"
    name = programme.on[about][-1]
    assert agreement.in_languages(programme, name) == {"ru": "Подписать новый протокол"}
    assert programme.by["BY"].choices[about].proposal == name
    (report,) = (one for one in programme.by["BY"].entries if isinstance(one.act, Report))
    assert report.by == Person.objects.get(username="novik").signing_key.key  # type: ignore[union-attr]
    assert programme.voids == {}


def test_how_a_deadline_in_words_was_read_stands_beside_its_change(head: Client, gas: Parties) -> None:
    job = uploaded(head, changed(downloaded(head), deadline="IV квартал 2023 г."))

    shown = page(head, f"/measures/check/{job.pk}")

    assert "1 change · 2 rows unchanged · 0 to be looked at" in shown
    assert "Deadline 31 December 2021 2023 “IV квартал 2023 г.” is read as 31 December 2023," in shown


def test_the_same_table_again_and_sending_again_write_nothing(head: Client, gas: Parties) -> None:
    data = changed(downloaded(head), action_ru="Новые слова", deadline="2023-01-01")
    job = uploaded(head, data)
    ended(head.post(f"/measures/check/{job.pk}", {})["Location"])
    sizes = gas.programme().sizes()

    twice = ended(head.post(f"/measures/check/{job.pk}", {})["Location"])
    again = uploaded(head, data)

    assert ((twice.result or {})["written"], (twice.result or {})["known"]) == (0, 2)
    assert "This table was sent already" in page(head, f"/measures/check/{job.pk}")
    assert (again.result or {})["changes"] == (again.result or {})["troubles"] == []
    assert "The table changes nothing." in page(head, f"/measures/check/{again.pk}")
    assert gas.programme().sizes() == sizes


def test_words_agreed_between_the_check_and_the_sending_are_not_overwritten(
    head: Client, gas: Parties
) -> None:
    job = uploaded(head, changed(downloaded(head), action_ru="Слова ведомства"))
    gas.exchange()
    gas.words("RU", "measure:gas/m1/action", "Слова Москвы")
    gas.exchange()

    sent = ended(head.post(f"/measures/check/{job.pk}", {})["Location"])

    assert (sent.result or {})["written"] == 0
    assert "3 – Other words came while you were reading" in page(head, f"/jobs/{sent.pk}")


def test_a_wrong_cell_is_named_with_row_column_and_fix(head: Client, gas: Parties) -> None:
    job = uploaded(head, changed(downloaded(head), action_ru="Подписать прoтокол", completion_ru="отчёт"))

    shown = page(head, f"/measures/check/{job.pk}")

    assert (
        "3 D Action, ru The word “прoтокол” mixes Latin and Cyrillic letters; “протокол” is meant." in shown
    )
    assert "Подписать протокол" in shown
    assert "1 change" in shown


def test_whole_look_alike_words_are_marked_on_the_check_page(head: Client, gas: Parties) -> None:
    job = uploaded(head, changed(downloaded(head), source="СОР"))
    assert "looks the same, and is not" not in page(head, f"/measures/check/{job.pk}")
    ended(head.post(f"/measures/check/{job.pk}", {"accept": "confirmed"})["Location"])
    gas.exchange()
    gas.act("RU", TakeStance(gas.programme().on["measure:gas/m1/indicator"][-1], "accepts"))
    gas.exchange()

    job = uploaded(head, changed(downloaded(head), source="COP"))

    assert "looks the same, and is not" in page(head, f"/measures/check/{job.pk}")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04", "The file is cut off; ask for it again."),
        (b"not a table", "The file is no Excel workbook; give one that is saved as .xlsx."),
    ],
)
def test_what_is_no_table_is_refused_in_words_and_the_node_stays_up(
    head: Client, gas: Parties, data: bytes, said: str
) -> None:
    job = uploaded(head, data)

    assert job.state == "failed"
    assert said in page(head, f"/jobs/{job.pk}")
    assert page(head, "/board")


def test_the_reader_killed_while_the_node_runs_is_replaced(
    head: Client, gas: Parties, tmp_path: Path
) -> None:
    data = changed(downloaded(head))
    uploaded(head, data)
    for child in room().children():
        os.kill(child, 9)

    job = uploaded(head, data)

    assert job.state == "done"
    assert uploaded(head, word_file(tmp_path / "a.docx", p("x")).read_bytes()).state == "failed"


def test_a_job_shows_how_far_it_is_and_is_cancelled(head: Client, gas: Parties) -> None:
    person = Person.objects.get(username="novik")
    begun: list[int] = []

    def work(progress: jobs.Progress) -> dict[str, int]:
        for step in range(10_000):
            begun.append(step)
            progress.step(step, 10_000)
            time.sleep(0.01)
        return {}

    job = jobs.start(person, "check measures", "gas.xlsx", work)
    while Job.objects.get(pk=job.pk).done == 0:
        time.sleep(0.05)
    shown = head.get(f"/jobs/{job.pk}", headers={"accept-language": "en"}).content.decode()
    assert 'hx-trigger="every 1s" hx-select="#job"' in shown
    assert re.search(r'<progress value="\d+" max="10000"', shown)
    assert re.search(r"\d+ of 10000, about \d+ seconds left", shown)
    head.post(f"/jobs/{job.pk}/cancel")

    assert ended(f"/jobs/{job.pk}").state == "cancelled"

    shown = head.get(f"/jobs/{job.pk}").content.decode()
    assert 'every 1s" hx-select' not in shown
    assert len(begun) < 10_000


def test_a_job_of_a_process_that_is_gone_is_shown_as_interrupted(head: Client, gas: Parties) -> None:
    now = timezone.now()
    job = Job.objects.create(
        person=Person.objects.get(username="novik"), kind="send measures", title="gas.xlsx",
        holder=f"{os.getpid()} 1", begun_at=now, changed_at=now,
    )  # fmt: skip

    assert "The node was started anew" in page(head, f"/jobs/{job.pk}")
    assert "interrupted" in page(head, "/measures")


def test_others_do_not_see_a_job_and_who_only_reads_sends_nothing(
    head: Client, gas: Parties, invite: Callable[[str, str], object]
) -> None:
    job = uploaded(head, changed(downloaded(head), action_ru="Новые слова"))
    invite("reader", "viewer")
    reader = Client()
    reader.post("/account/login/", {"login": "reader", "password": PASSWORD})

    assert reader.get(f"/jobs/{job.pk}").status_code == 404
    assert reader.get(f"/measures/check/{job.pk}").status_code == 404
    assert reader.post("/measures/upload", {}).status_code == 403
    assert reader.get("/measures/table.xlsx?map=gas").status_code == 200


def test_the_next_measure_is_named_by_its_number_and_action(head: Client, gas: Parties) -> None:
    shown = page(head, f"/on/{MEASURES[0]}/action")

    assert "M2 Подписать" in shown and f"{MEASURES[1]} j" not in shown


def test_bodies_that_are_not_agreed_stand_in_brackets_in_their_column(head: Client, gas: Parties) -> None:
    about = f"{MEASURES[0]}/bodies"
    other = {"bodies": {"BY": [{"ru": "Минфин"}, {"ru": "Банк"}], "RU": [{"ru": "Газпром"}]}}
    gas.act("RU", Propose(about, other), TakeStance(proposal_id(about, other), "accepts"))
    gas.exchange()

    shown = page(head, "/map/gas?language=ru")

    row = shown.partition("Measures every")[2].partition("M2 Подписать")[0]
    assert "[BY: Energy ] [RU: Минфин; Банк ] [BY: Gazprom ] [RU: Газпром ]" in row
