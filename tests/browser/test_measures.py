"""An agency fills in a table, the delegate sends it: download, upload, check page, the other side sees it."""

from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import SHOTS, TOGETHER, Demo, sign_in
from tests.browser.test_looks import TAGS

pytestmark = TOGETHER


def test_a_table_goes_to_an_agency_and_comes_back(
    minsk: Page, moscow: Page, demo: Demo, tmp_path: Path
) -> None:
    minsk.goto(demo.minsk + "/map/gas-market")
    minsk.get_by_role("link", name="Table for agencies").click()
    with minsk.expect_download() as download:
        minsk.get_by_role("button", name="Download the table").click()
    path = tmp_path / "gas.xlsx"
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(3, places["action ru"]).value = "Подписать протокол о цене газа до конца года"
    sheet.cell(4, places["deadline"]).value = "скоро"
    sheet.cell(5, places["status"]).value = "under way"
    book.save(path)

    minsk.set_input_files("#file", path)
    minsk.get_by_role("button", name="Read and check it").click()
    minsk.get_by_role("link", name="See what it changes").click()
    expect(minsk.locator("table.troubles")).to_contain_text("“скоро” names no day")
    expect(minsk.locator("table.changes tbody tr")).to_have_count(2)
    minsk.set_viewport_size({"width": 1280, "height": 900})
    minsk.screenshot(path=SHOTS / "measures-check.png", full_page=True)
    address = minsk.url
    minsk.get_by_role("button", name="Send 2 changes to the joint record").click()
    expect(minsk.locator("#job")).to_contain_text("2 changes are in the joint record")

    moscow.goto(f"{demo.moscow}/on/{sheet.cell(3, 1).value}/action")
    expect(moscow.locator(".proposals")).to_contain_text("до конца года")
    minsk.goto(address)
    expect(minsk.locator("p.news:not(#news)")).to_contain_text("This table was sent already")


@pytest.mark.parametrize(("scheme", "locale", "width"), [("light", "en-GB", 390), ("dark", "ru-RU", 1280)])
def test_the_pages_of_tables_can_be_used_by_everybody(
    context: BrowserContext, demo: Demo, scheme: str, locale: str, width: int
) -> None:
    assert context.browser is not None
    own = context.browser.new_context(color_scheme=scheme, locale=locale)  # type: ignore[arg-type]
    page = own.new_page()
    sign_in(page, demo.minsk, "by.head")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(demo.minsk + "/measures")
    found = [page.url, page.locator("table.entries a").first.get_attribute("href") or ""]
    found.append(page.locator("table.entries a").last.get_attribute("href") or "")
    for place, address in enumerate(found):
        page.goto(address if address.startswith("http") else demo.minsk + address)
        violations = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
        assert [one["id"] for one in violations] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        page.screenshot(path=SHOTS / f"measures-{scheme}-{place}.png", full_page=True)
    own.close()
