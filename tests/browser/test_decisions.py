"""A tasking is proposed at one node and accepted at the other."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SHOTS, TOGETHER, Demo

pytestmark = TOGETHER


def test_a_tasking_with_bodies_and_deadline_is_agreed(minsk: Page, moscow: Page, demo: Demo) -> None:
    minsk.get_by_role("link", name="Decisions").click()
    minsk.get_by_role("link", name="Tasking", exact=True).click()
    minsk.fill("#h-ru", "Проект протокола о цене газа")
    minsk.fill("#h-en", "Draft protocol on the price of gas")
    minsk.fill("#w-ru", "Подготовить проект протокола.")
    minsk.fill("#w-en", "Prepare a draft protocol.")
    minsk.fill("#f-bodies", "Министерства энергетики")
    minsk.fill("#f-deadline", "2021-07-01")
    minsk.get_by_role("button", name="Check", exact=True).click()
    expect(minsk.get_by_role("heading", name="Check and send")).to_be_visible()
    minsk.locator("input[name=accept][value=confirmed]").check()
    minsk.get_by_role("button", name="Send to the joint record").click()
    expect(minsk.locator(".said")).to_contain_text("Your words are proposed.")

    moscow.goto(demo.moscow + "/turn")
    moscow.get_by_role("link", name="Draft protocol on the price of gas").click()
    moscow.locator("select[name=position]").select_option("accepts")
    moscow.get_by_role("button", name=re.compile("Take this stance")).click()
    expect(moscow.locator(".facts .state.agreed")).to_be_visible()
    moscow.screenshot(path=SHOTS / "tasking.png", full_page=True)

    minsk.goto(demo.minsk + "/decisions?kind=tasking")
    row = minsk.locator("tr", has_text="Draft protocol on the price of gas")
    expect(row).to_contain_text("Deadline: 1 July 2021")
    expect(row.locator(".state.agreed")).to_be_visible()
