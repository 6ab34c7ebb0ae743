"""The story of a delegate, clicked in a real browser on two nodes and the observer."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import SHOTS, TOGETHER, Demo, sign_in

pytestmark = TOGETHER

WORDS = "Цена газа на переходный период определяется протоколом, согласованным обеими Сторонами."
SUBJECT = "/on/provision:gas-market/formula"


def put_forward(page: Page, address: str, words: str, accept: str = "confirmed") -> None:
    """Propose other words on the provision, through the check page."""
    page.goto(address + SUBJECT)
    page.fill("#w-ru", words)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="Check and send")).to_be_visible()
    page.locator(f"input[name=accept][value={accept}]").check()
    page.get_by_role("button", name="Send to the joint record").click()
    expect(page.locator(".said")).to_contain_text("Your words are proposed")


def test_the_board_shows_all_33_road_maps_on_one_screen_the_open_ones_first(minsk: Page) -> None:
    expect(minsk.locator("article.card")).to_have_count(33)
    expect(minsk.locator("article.card.open")).to_have_count(7)
    expect(minsk.locator("#open-head")).to_contain_text("agreed 26, in substance 1, open 6")
    bottoms = [card.bounding_box() for card in minsk.locator("article.card").all()]
    assert max(box["y"] + box["height"] for box in bottoms if box) <= 900
    minsk.screenshot(path=SHOTS / "board.png")


def test_the_board_filters_sorts_and_finds(minsk: Page) -> None:
    minsk.fill("input[type=search]", "газ")
    minsk.get_by_role("button", name="Show").click()
    expect(minsk.locator("article.card")).not_to_have_count(33)
    expect(minsk.locator("article.card.open h3").first).to_contain_text("gas")

    minsk.select_option("select[name=stage]", "returned")
    minsk.fill("input[type=search]", "")
    minsk.get_by_role("button", name="Show").click()

    expect(minsk.locator("article.card")).to_have_count(3)


def test_a_road_map_shows_brackets_languages_outline_measures_and_what_is_missing(
    minsk: Page, demo: Demo
) -> None:
    minsk.goto(demo.minsk + "/map/gas-market")

    expect(minsk.locator(".bracket b", has_text="[BY:").first).to_be_visible()
    expect(minsk.locator(".bracket b", has_text="[RU:").first).to_be_visible()
    expect(minsk.locator(".provision p[lang=ru]").first).to_be_visible()
    expect(minsk.locator(".provision p[lang=en]").first).to_be_visible()
    assert minsk.locator("nav .outline li").count() >= 25
    expect(minsk.locator("table.measures tbody tr")).to_have_count(10)
    expect(minsk.locator(".missing")).to_contain_text("Bracketed")
    expect(minsk.locator("main")).to_contain_text("Reconstruction: no text of the real road map")
    expect(minsk.locator("main")).to_contain_text("Conflicting wordings are illustrative")
    minsk.screenshot(path=SHOTS / "road-map.png")


def test_new_words_reach_the_other_node_within_two_seconds_without_a_reload(
    minsk: Page, moscow: Page, demo: Demo
) -> None:
    moscow.goto(demo.moscow + SUBJECT)
    expect(moscow.locator("main")).not_to_contain_text(WORDS)

    put_forward(minsk, demo.minsk, WORDS)

    expect(moscow.locator(".proposals")).to_contain_text(WORDS, timeout=4_000)
    minsk.screenshot(path=SHOTS / "provision.png", full_page=True)


def test_accepting_exactly_what_was_read_makes_it_agreed(minsk: Page, moscow: Page, demo: Demo) -> None:
    moscow.goto(demo.moscow + SUBJECT)
    mine = moscow.locator("article.proposal", has_text=WORDS)

    mine.locator("select[name=strength]").select_option("ad_referendum")
    mine.locator("select[name=position]").select_option("accepts")
    mine.get_by_role("button", name=re.compile("Take this stance")).click()
    expect(moscow.locator(".facts")).to_contain_text("not yet agreed")

    mine = moscow.locator("article.proposal", has_text=WORDS)
    mine.locator("select[name=position]").select_option("accepts")
    mine.get_by_role("button", name=re.compile("Take this stance")).click()

    expect(moscow.locator(".facts .state.agreed")).to_be_visible()
    minsk.goto(demo.minsk + SUBJECT)
    expect(minsk.locator(".facts .state.agreed")).to_be_visible()


def test_words_that_came_meanwhile_are_shown_before_anything_is_accepted(
    minsk: Page, moscow: Page, demo: Demo
) -> None:
    put_forward(minsk, demo.minsk, WORDS + " Протокол публикуется.", accept="ad_referendum")
    moscow.goto(demo.moscow + SUBJECT)
    older = moscow.locator("article.proposal", has_text="Протокол публикуется.")
    expect(older).to_be_visible()
    older.locator("select[name=position]").select_option("accepts")
    moscow.evaluate("document.getElementById('live').removeAttribute('hx-get')")
    put_forward(minsk, demo.minsk, WORDS + " Протокол не публикуется.", accept="ad_referendum")
    moscow.wait_for_timeout(1_500)

    older.get_by_role("button", name=re.compile("Take this stance")).click()

    expect(moscow.locator(".said")).to_contain_text("Other words came while you were reading")
    expect(moscow.locator(".proposals")).to_contain_text("Протокол не публикуется.")


def test_a_reserve_stands_and_is_lifted(minsk: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + SUBJECT)
    minsk.select_option("form[action$='/reserve'] select[name=reserve]", "parliamentary")
    minsk.get_by_role("button", name="Enter a reserve").click()
    expect(minsk.locator(".facts")).to_contain_text("reserves open")

    minsk.get_by_role("button", name="Lift").click()

    expect(minsk.locator(".facts .state.agreed")).to_be_visible()


def test_an_internal_note_stays_on_its_node(minsk: Page, moscow: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + SUBJECT)
    minsk.fill("#note", "Только для своих: уступить можно до 1 июля.")
    minsk.get_by_role("button", name="Keep note on this node").click()
    expect(minsk.locator(".inside-area")).to_contain_text("Только для своих")

    moscow.goto(demo.moscow + SUBJECT)

    expect(moscow.locator("body")).not_to_contain_text("Только для своих")


def test_a_word_of_two_alphabets_is_refused_with_the_fix(minsk: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + SUBJECT)
    minsk.fill("#w-ru", "Новая стaтья.")
    minsk.get_by_role("button", name="Check", exact=True).click()

    expect(minsk.get_by_role("alert")).to_contain_text("mixes Latin and Cyrillic")
    expect(minsk.get_by_role("alert")).to_contain_text("Новая статья.")
    expect(minsk.locator("#w-ru")).to_have_value("Новая стaтья.")


def test_a_provision_is_inserted_moved_and_deleted_through_the_outline(
    minsk: Page, moscow: Page, demo: Demo
) -> None:
    minsk.goto(demo.minsk + "/map/macro/outline")
    minsk.fill("#nh-ru", "Сроки")
    minsk.fill("#nw-ru", "Мероприятия выполняются до конца 2021 года.")
    minsk.fill("#nh-en", "Dates")
    minsk.fill("#nw-en", "The measures shall be carried out by the end of 2021.")
    minsk.get_by_role("button", name="Propose the provision").click()
    expect(minsk.locator("main")).to_contain_text("inserts: Dates")
    minsk.locator("input[name=accept][value=confirmed]").check()
    minsk.get_by_role("button", name="Send to the joint record").click()
    expect(minsk.locator(".said")).to_contain_text("The change of the outline is proposed")

    moscow.goto(demo.moscow + "/map/macro/outline")
    expect(moscow.locator("main")).to_contain_text("Dates")
    moscow.goto(demo.moscow + "/on/outline:macro")
    fresh = moscow.locator("article.proposal", has_text="Dates")
    fresh.locator("select[name=position]").select_option("accepts")
    fresh.get_by_role("button", name=re.compile("Take this stance")).click()
    expect(moscow.locator(".facts .state.agreed")).to_be_visible()
    moscow.goto(demo.moscow + "/map/macro")
    href = moscow.locator(".provision", has_text="конца 2021 года").locator("a").first.get_attribute("href")
    moscow.goto(demo.moscow + str(href))
    only = moscow.locator("article.proposal").first
    only.locator("select[name=position]").select_option("accepts")
    only.get_by_role("button", name=re.compile("Take this stance")).click()

    expect(moscow.locator(".facts .state.agreed")).to_be_visible()


def test_a_new_road_map_opens_with_a_proposal(minsk: Page, moscow: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + "/map/new")
    minsk.fill("input[name=number]", "40")
    minsk.fill("input[name=key]", "space")
    minsk.fill("#t-ru", "Космос и навигация")
    minsk.fill("#t-en", "Space and navigation")
    minsk.get_by_role("button", name="Propose and accept").click()
    expect(minsk.get_by_role("heading", name="Space and navigation")).to_be_visible()

    moscow.goto(demo.moscow + "/map/space")

    expect(moscow.get_by_role("heading", name="Space and navigation")).to_be_visible()


def test_a_road_map_is_returned_with_a_reason_and_resumed(minsk: Page, moscow: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + "/map/tourism")
    minsk.get_by_role("button", name="Return to refinement").click()
    minsk.fill("#r-ru", "Сроки требуют уточнения.")
    minsk.fill("#r-en", "The dates need refinement.")
    minsk.get_by_role("button", name="Return the road map").click()
    expect(minsk.locator(".returned")).to_contain_text("The dates need refinement.")
    moscow.goto(demo.moscow + "/map/tourism")
    expect(moscow.locator(".returned")).to_contain_text("The dates need refinement.")

    minsk.get_by_role("button", name="Resume").click()

    expect(minsk.locator(".returned")).to_have_count(0)
    expect(minsk.locator(".stages [aria-current]")).to_contain_text("Text complete")


def close(page: Page, address: str, road_map: str, number: str, button: str, password: str) -> None:
    """Initial or seal on the page of closings."""
    page.goto(f"{address}/map/{road_map}/closing")
    form = page.locator("form.actform", has=page.get_by_role("button", name=button, exact=True))
    form.locator("input[name=typed]").fill(number)
    form.locator("input[name=password]").fill(password)
    form.get_by_role("button", name=button, exact=True).click()


def test_initials_and_seals_of_both_make_a_text_final_and_the_observer_sees_the_stage(
    minsk: Page, moscow: Page, public: Page, demo: Demo
) -> None:
    close(minsk, demo.minsk, "payments", "4", "Initial", "wrong password")
    expect(minsk.locator(".said")).to_contain_text("does not open your signing key")
    for page, address in ((minsk, demo.minsk), (moscow, demo.moscow)):
        close(page, address, "payments", "4", "Initial", "paraph-demo")
        expect(page.locator(".said")).to_contain_text("Initialled.")
    for page, address in ((minsk, demo.minsk), (moscow, demo.moscow)):
        page.goto(f"{address}/map/payments/closing")
        expect(page.get_by_role("button", name="Seal", exact=True)).to_be_visible()
        close(page, address, "payments", "4", "Seal", "paraph-demo")
        expect(page.locator(".said")).to_contain_text("Sealed.")
    minsk.screenshot(path=SHOTS / "closing.png", full_page=True)

    for page, address in ((minsk, demo.minsk), (moscow, demo.moscow)):
        page.goto(f"{address}/map/payments/closing")
        expect(page.locator("main")).to_contain_text("Final: nothing that anybody writes later undoes it.")
    row = public.locator("tbody tr", has_text="Integration of payment systems")
    expect(row.locator("td .stage", has_text="Initialled")).to_have_count(2, timeout=10_000)


def test_without_a_line_a_couriers_file_carries_the_record(minsk: Page, moscow: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + "/record/exchange")
    with minsk.expect_download() as waiting:
        minsk.get_by_role("link", name="Write the file for RU").click()
    path = waiting.value.path()

    moscow.goto(demo.moscow + "/record/exchange")
    moscow.set_input_files("input[type=file]", path)
    moscow.get_by_role("button", name="Check and read it").click()

    expect(moscow.locator(".said")).to_contain_text("known")


def test_every_act_stands_in_the_record_with_its_raw_note(minsk: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + "/record")
    minsk.locator("table.entries tbody tr a").first.click()

    expect(minsk.locator("pre.raw").first).to_contain_text('"prog":')
    expect(minsk.locator("pre.raw").first).to_contain_text("— paraph/")
    minsk.screenshot(path=SHOTS / "entry.png", full_page=True)


def test_a_slider_says_where_it_stands_and_the_answer_follows(minsk: Page, demo: Demo) -> None:
    minsk.goto(demo.minsk + "/outlook/what-if?frozen=90")
    said, slider = minsk.locator("output[for=frozen]"), minsk.get_by_label("Nothing goes on for")
    expect(said).to_have_text("90")

    slider.press("ArrowRight")

    expect(said).to_have_text("100")
    expect(minsk.locator("#compared")).to_contain_text("Nothing goes on for 100 days.")


def test_a_viewer_cannot_act_by_address_either(context: BrowserContext, demo: Demo) -> None:
    browser = context.browser
    assert browser is not None
    other = browser.new_context(locale="en-GB")
    page = other.new_page()
    sign_in(page, demo.minsk, "by.viewer")
    page.goto(demo.minsk + SUBJECT)
    expect(page.get_by_role("button", name=re.compile("Take this stance"))).to_have_count(0)
    token = page.locator("form[action$='/note'] input[name=csrfmiddlewaretoken]").get_attribute("value")

    answer = page.request.post(
        demo.minsk + SUBJECT + "/stance",
        form={"csrfmiddlewaretoken": str(token), "proposal": "0" * 64, "position": "accepts"},
        headers={"Referer": demo.minsk + SUBJECT},
    )

    assert answer.status == 403
    other.close()


def test_the_observer_sees_stages_and_notes_and_never_the_text(public: Page, demo: Demo) -> None:
    expect(public.locator("tbody tr")).to_have_count(33)
    expect(public.locator("body")).to_contain_text("agreed 2")
    public.screenshot(path=SHOTS / "public.png", full_page=True)

    for path in ("/", "/record", "/record/BY/40", "/map/gas-market", SUBJECT, "/board"):
        public.goto(demo.public + path)
        expect(public.locator("body")).not_to_contain_text("переходный период")
        expect(public.locator("body")).not_to_contain_text(WORDS)
    public.goto(demo.public + "/record/BY/40")
    expect(public.locator("pre.raw")).to_contain_text('"closed":')
