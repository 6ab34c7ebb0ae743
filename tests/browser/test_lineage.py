"""A charter ends a road map: proposed at one node, accepted, initialled and sealed at both."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SHOTS, TOGETHER, Demo

pytestmark = TOGETHER


def close(page: Page, address: str, button: str) -> None:
    """Initial or seal the charter."""
    page.goto(f"{address}/closing/charter")
    form = page.locator("form.actform", has=page.get_by_role("button", name=button, exact=True))
    expect(form).to_contain_text("41 Trial road map")
    form.locator("input[name=typed]").fill("charter")
    form.locator("input[name=password]").fill(PASSWORD)
    form.get_by_role("button", name=button, exact=True).click()


def test_a_road_map_is_withdrawn_by_the_charter(minsk: Page, moscow: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + "/map/new")
    minsk.fill("input[name=number]", "41")
    minsk.fill("input[name=key]", "trial")
    minsk.fill("#t-ru", "Пробная карта")
    minsk.fill("#t-en", "Trial road map")
    minsk.get_by_role("button", name="Propose and accept").click()
    expect(minsk.locator(".said")).to_contain_text("The road map is proposed.")
    minsk.goto(demo.minsk + "/board")
    minsk.get_by_role("link", name="Merge, divide, withdraw road maps").click()
    minsk.get_by_label("withdrawn").check()
    minsk.get_by_label("Ends: 41 Trial road map").check()
    minsk.get_by_role("button", name="Add the step").click()
    minsk.locator("input[name=accept][value=confirmed]").check()
    minsk.get_by_role("button", name="Send to the joint record").click()
    expect(minsk.locator(".said")).to_contain_text("The charter is proposed.")

    moscow.goto(demo.moscow + "/on/charter")
    fresh = moscow.locator("article.proposal", has_text="41 Trial road map")
    fresh.locator("select[name=position]").select_option("accepts")
    fresh.get_by_role("button", name=re.compile("Take this stance")).click()
    expect(moscow.locator(".facts .state.agreed")).to_be_visible()
    for button, said in (("Initial", "Initialled."), ("Seal", "Sealed.")):
        for page, address in ((minsk, demo.minsk), (moscow, demo.moscow)):
            close(page, address, button)
            expect(page.locator(".said")).to_contain_text(said)
    moscow.screenshot(path=SHOTS / "charter.png", full_page=True)

    minsk.goto(demo.minsk + "/board")
    expect(minsk.get_by_role("link", name="Trial road map")).to_have_count(0)
    minsk.get_by_text("What the charter in force made of road maps").click()
    minsk.get_by_role("link", name="41 Trial road map").click()
    expect(minsk.locator("main")).to_contain_text("The charter has ended this road map.")
