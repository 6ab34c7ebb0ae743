"""The pages of the record show claimed times apart from what others say."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import translation

from paraph.node.models import StampRow
from paraph.pages.charts import MONTH
from paraph.pages.outlook_head import when
from paraph.pages.templatetags.paraph import day
from tests.parties import Parties


def test_an_entry_shows_its_bounds_the_receipt_and_the_token(parties: Parties, head: Client) -> None:
    parties.road_map()
    n = parties.journals["BY"].heads()["BY"] - 1
    page = head.get(f"/record/BY/{n}").content.decode()
    assert "Not before" in page and "which it knew" in page

    for source, minute in (("RU", 7), ("authority", 9)):
        StampRow.objects.create(
            log="BY",
            size=n + 1,
            source=source,
            time=datetime(2021, 2, 23, 12, minute, tzinfo=UTC),
            raw=b"head",
            token=b"token" if source == "authority" else b"",
        )

    page = head.get(f"/record/BY/{n}").content.decode()
    assert "receipt of RU" in page and "15:07" in page
    assert "says an authority for time" in page and "15:09" in page
    assert head.get(f"/record/BY/{n + 1}/token").content == b"token"
    assert head.get(f"/record/BY/{n + 1}/token?head=1").content == b"head"
    assert head.get("/record/BY/1/token").status_code == 404
    table = head.get("/record").content.decode()
    assert "Not after" in table and "15:07" in table  # the earlier of the two


@pytest.mark.parametrize(
    ("language", "said"), [("en", "8 Nov 2019"), ("ru", "8 ноя 2019")], ids=["English", "Russian"]
)
def test_a_short_date_is_written_as_its_language_writes_it(language: str, said: str) -> None:
    with translation.override(language):
        assert day("2019-11-08") == said
        assert when(date(2019, 11, 8).toordinal(), date(2019, 1, 1).toordinal()) == said
        assert when(date(2019, 11, 8).toordinal(), date(2019, 1, 1).toordinal(), str(MONTH)) == said[2:]
