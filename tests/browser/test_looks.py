"""Every page can be used by everybody: no serious fault, no sideways scroll, light and dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, FilePayload, Page

from tests.browser.conftest import SHOTS, TOGETHER, Demo, sign_in
from tests.papers.test_returned import edited, typed

pytestmark = TOGETHER

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (1280, 390)
PAGES = [
    "/board",
    "/board?view=table",
    "/turn",
    "/map/gas-market",
    "/map/oil-transit",
    "/map/gas-market/outline",
    "/map/gas-market/compare?old=2020-06-30",
    "/map/gas-market/compare?old=2019-12-31&view=columns&show=whole",
    "/map/gas-market/scrub",
    "/map/macro/scrub",
    "/map/gas-market/papers",
    "/map/gas-market/papers/bracketed.docx?language=ru",
    "/map/gas-market/papers/akn.akn",
    "/map/gas-market/bring",
    "/glossary",
    "/map/macro/closing",
    "/map/new",
    "/on/provision:gas-market/formula",
    "/on/card:gas-market",
    "/on/outline:gas-market",
    "/on/charter",
    "/lineage/new",
    "/closing/charter",
    "/outlook?full=1",
    "/outlook/what-if?frozen=180&settled=vaccine",
    "/outlook/what-if?split=gas-market&parts=3&summit=2021-06-01&moved=2021-07-01",
    "/outlook/what-if?stopped=1",
    "/outlook/internal",
    "/outlook/next",
    "/outlook/agenda?minutes=240",
    "/outlook/measures",
    "/outlook/record",
    "/outlook/record/new",
    "/decisions",
    "/decisions?kind=tasking",
    "/packages",
    "/packages/new?map=vaccine",
    "/measures",
    "/record",
    "/record/BY/40",
    "/record/exchange",
]


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(request: pytest.FixtureRequest, context: BrowserContext, demo: Demo) -> Iterator[Page]:
    """A reader in one colour scheme, in Russian where it is dark."""
    browser = context.browser
    assert browser is not None
    scheme = request.param
    own = browser.new_context(color_scheme=scheme, locale="ru-RU" if scheme == "dark" else "en-GB")
    page = own.new_page()
    sign_in(page, demo.minsk, "by.head")
    yield page
    own.close()


def faults_on(page: Page, *, dark: bool) -> list[str]:
    """What axe finds at both widths, as far as it is serious, and whether the page scrolls sideways."""
    rules = ["color-contrast"] if dark else TAGS  # only colours differ in the dark
    faults: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
        wide, seen = page.evaluate(
            "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
        )
        faults += [
            f"{fault['id']} {fault['nodes'][0]['target']} at {width}"
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
        faults += [f"{wide} px wide in {seen}"] if wide > seen else []
    return faults


@pytest.fixture
def complaints(reader: Page) -> Iterator[list[str]]:
    """What the browser writes on its console as errors."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    reader.on("console", hear)
    yield said
    reader.remove_listener("console", hear)


@pytest.mark.parametrize("address", [*PAGES, "public /", "public /record"])
def test_no_page_has_a_serious_fault_or_scrolls_sideways(
    reader: Page, demo: Demo, complaints: list[str], address: str, request: pytest.FixtureRequest
) -> None:
    reader.goto(demo.minsk + address if address[0] == "/" else demo.public + address.split()[1])

    assert faults_on(reader, dark="dark" in request.node.name) == []
    assert complaints == []


def test_the_main_pages_are_kept_as_pictures(reader: Page, demo: Demo) -> None:
    for path, name in (("", "road-map"), ("/papers", "papers"), ("/papers/bracketed.docx", "paper-check")):
        reader.goto(f"{demo.minsk}/map/gas-market{path}")
        tongue = reader.evaluate("document.documentElement.lang")
        for width in WIDTHS:
            reader.set_viewport_size({"width": width, "height": 900})
            picture = SHOTS / f"{name}-{width}-{tongue}.png"
            assert len(reader.screenshot(path=picture, full_page=name != "road-map")) > 10_000


PLAN = """| № | Мероприятие | Исполнители, BY | Срок |
|---|---|---|---|
| 1 | Открыть биржу. | Минфин, Минск | 1 июля 2023 г. |
| 2 | Провести проверку. | Минфин | скоро |
"""


def test_what_came_back_has_no_serious_fault(
    reader: Page, demo: Demo, request: pytest.FixtureRequest
) -> None:
    road_map = f"{demo.minsk}/map/indirect-taxes"
    sent = reader.context.request.get(f"{road_map}/papers/bracketed.docx/file?language=ru").body()
    sent = edited(sent, typed("оговорка", "оговорка остаётся"), part="word/comments.xml")
    faults = []

    for name, data, paths in (("back.docx", sent, ("/redline", "")), ("plan.md", PLAN.encode(), ("",))):
        address = brought(reader, road_map, {"name": name, "mimeType": "", "buffer": data})
        for path in paths:
            reader.goto(address + path)
            found = faults_on(reader, dark="dark" in request.node.name)
            faults += [f"{name}{path}: {fault}" for fault in found]
        assert reader.locator("#comments").count() == (name == "back.docx")
        assert reader.locator("text=Открыть биржу").count() == 2 * (name == "plan.md")

    assert faults == []


def brought(page: Page, road_map: str, file: FilePayload) -> str:
    """The address of what a file says, once it is read."""
    page.goto(f"{road_map}/bring")
    page.set_input_files("input[type=file]", files=file)
    with page.expect_navigation():
        page.click("main form button.act")
    if "/jobs/" in page.url:  # it takes longer where the machine is busy
        page.locator("main a[href^='/bring/']").first.click(timeout=60_000)
        page.wait_for_url("**/bring/*")
    return page.url


def test_paper_shows_what_is_known_and_not_what_can_be_done_or_has_ended(minsk: Page, demo: Demo) -> None:
    address = f"{demo.minsk}/map/gas-market/bring"
    minsk.goto(address)
    token = minsk.locator("main form [name=csrfmiddlewaretoken]").input_value()
    plan: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Prices rise."}
    minsk.context.request.post(
        address,
        multipart={"csrfmiddlewaretoken": token, "file": plan},
        headers={"Referer": address},
        max_redirects=0,
    )
    ended = minsk.locator("main > .news", has_text="plan.txt")
    for _wait in range(60):
        minsk.goto(f"{demo.minsk}/decisions")
        if ended.is_visible():
            break
        minsk.wait_for_timeout(500)
    assert ended.is_visible()
    printed: list[str] = []
    minsk.emulate_media(media="print")

    for path in PAGES:
        minsk.goto(demo.minsk + path)
        shown = minsk.evaluate(
            "what => [...document.querySelectorAll(what)]"
            ".filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 80))",
            "main > .news, main > .said, nav, button, .act, .frame, form.acts",
        )
        printed += [f"{path}: {one}" for one in shown]

    assert printed == []
    assert minsk.locator("main h1").is_visible()
