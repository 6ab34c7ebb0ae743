"""What was done is told to who did it, also where the page before looks for news at that moment."""

from django.test import Client

from tests.pages.test_packages import page
from tests.parties import Parties


def test_a_page_that_looks_for_news_takes_no_message_away(head: Client, parties: Parties) -> None:
    parties.road_map("gas")
    parties.agree("provision:gas/p1", {"words": {"ru": "Газ поставляется."}})
    address = "/on/provision:gas/p1"

    head.post(f"{address}/remark", {"words": "We come back to this."})
    for_news = head.get(address, headers={"HX-Request": "true", "HX-Target": "live"}).content.decode()
    whole, later = page(head, address), page(head, address)

    assert "The remark is sent" not in for_news
    assert "The remark is sent" in whole
    assert "The remark is sent" not in later
