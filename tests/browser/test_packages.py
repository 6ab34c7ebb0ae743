"""A package is put together at one node, read and accepted at the other, and holds as a whole."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SHOTS, TOGETHER, Demo

pytestmark = TOGETHER


def test_we_accept_this_if_you_accept_that(minsk: Page, moscow: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + "/map/vaccine")
    minsk.get_by_role("link", name="Put together a package").click()
    minsk.locator("table input[name=proposal]").first.check()
    minsk.get_by_role("button", name="Put in what is marked").click()
    minsk.select_option("select[name=map]", "regions")
    minsk.get_by_role("button", name="Show").click()
    minsk.locator("table input[name=proposal]").first.check()
    minsk.get_by_role("button", name="Put in what is marked").click()
    expect(minsk.locator(".members > li")).to_have_count(2)
    minsk.fill("#t-ru", "Вакцина и регионы")
    minsk.fill("#t-en", "Vaccine and regions")
    minsk.locator("input[name=accept][value=confirmed]").check()
    minsk.get_by_role("button", name="Send to the joint record").click()
    expect(minsk.locator(".said")).to_contain_text("The package is proposed.")

    moscow.goto(demo.moscow + "/turn")
    expect(moscow.locator("table.entries")).to_contain_text("Vaccine and regions")
    moscow.goto(demo.moscow + "/packages")
    moscow.get_by_role("link", name="Vaccine and regions").click()
    expect(moscow.locator(".members > li")).to_have_count(2)
    expect(moscow.locator(".acts")).to_contain_text("The package then holds, and its words are agreed.")
    moscow.select_option("select[name=position]", "accepts")
    moscow.get_by_role("button", name=re.compile("Take this stance")).click()
    expect(moscow.locator(".facts .state.agreed")).to_be_visible()
    expect(moscow.locator("article.proposal")).to_contain_text("Its end would put back into brackets")
    moscow.screenshot(path=SHOTS / "package.png", full_page=True)

    minsk.goto(moscow.url.replace(demo.moscow, demo.minsk))
    expect(minsk.locator(".facts .state.agreed")).to_be_visible()
    minsk.locator(".members a").first.click()
    expect(minsk.locator(".facts .state.agreed")).to_be_visible()
    expect(minsk.locator(".packed")).to_contain_text("Vaccine and regions")
