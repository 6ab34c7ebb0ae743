"""Wherever a file is given, one of a kind that is not read is refused in the words of the command line."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from paraph.mandate import approved
from paraph.node.models import Job
from paraph.papers.errors import PaperRefused
from paraph.papers.files import read_file
from paraph.papers.xlsx.reading import read_xlsx
from tests.pages.test_measures import ended
from tests.papers.test_mistaken import GIVEN, NO_TABLES
from tests.papers.test_returned import agreed
from tests.parties import Parties

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gas(transactional_db: None, parties: Parties) -> Parties:
    """A road map with three provisions and a measure, all agreed, at the node of the pages."""
    return agreed(parties)


@pytest.mark.parametrize(
    ("address", "read", "files"),
    [
        ("/map/gas/bring", read_file, GIVEN),
        ("/map/gas/scrub/approved", read_file, GIVEN),
        ("/measures/upload", read_xlsx, NO_TABLES),
    ],
)
def test_a_page_says_what_the_command_line_says_and_keeps_nothing(
    head: Client, gas: Parties, tmp_path: Path, address: str, read: Callable[[Path], object],
    files: list[tuple[str, Callable[[Path], object], str]],
) -> None:  # fmt: skip
    for name, make, _said in files:
        make(path := tmp_path / name)
        with pytest.raises(PaperRefused) as refused:
            read(path)

        given = SimpleUploadedFile(name, path.read_bytes())
        answer = head.post(address, {"file": given, "basis": "Решение № 7"}, follow=True)

        if (work := answer.request["PATH_INFO"]).startswith("/jobs/"):  # what only its reader can tell
            assert refused.value.kind == "encoding" and ended(work)
            answer = head.get(work)
        assert str(refused.value) in unescape(answer.content.decode()), name
    assert {job.state for job in Job.objects.all()} <= {"failed"}
    assert approved.approved("gas") is None


def test_who_chose_no_file_is_told_on_the_page_of_the_form(head: Client, gas: Parties) -> None:
    for address in ("/map/gas/bring", "/measures/upload"):
        assert "Choose a file." in head.post(address, follow=True).content.decode()
