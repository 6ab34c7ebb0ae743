"""A head of delegation initials and seals with a passkey, in a real browser with an authenticator."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ROOM, SHOTS, TOGETHER, Demo, sign_in

pytestmark = TOGETHER

NAME, PASSWORD = "by.second", "paraph-demo"
TEXT, NUMBER = "/map/accounting/closing", "6"


def paraph(demo: Demo, *words: str) -> str:
    """Run a command beside the node that runs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARAPH")}
    done = subprocess.run(
        [sys.executable, "-m", "paraph", *words, "--home", str(demo.home / "BY")],
        cwd=ROOM,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def head(context: BrowserContext, demo: Demo) -> Iterator[Page]:
    """A second head of delegation, at Minsk under a name, with an authenticator that verifies its user."""
    words = ["--name", NAME, "--role", "head", "--title", "en=Second head", "--password", PASSWORD]
    paraph(demo, "person", "add", *words)
    assert context.browser is not None
    own = context.browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    own.set_default_timeout(15_000)
    page = own.new_page()
    wire = own.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page, named(demo), NAME)
    yield page
    own.close()


def named(demo: Demo) -> str:
    """The address of Minsk under a name: a passkey belongs to none that is a number."""
    return demo.minsk.replace("127.0.0.1", "localhost")


def press(page: Page, button: str) -> None:
    """Press the button of the closing page, with what it asks to be typed."""
    form = page.locator("form.actform", has=page.get_by_role("button", name=button, exact=True))
    form.locator("input[name=typed]").fill(NUMBER)
    form.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("heading", name="Confirm with your passkey")).to_be_visible()


def test_a_passkey_is_registered_and_waits_for_the_root_keys(head: Page, demo: Demo) -> None:
    head.goto(named(demo) + "/keys")
    head.get_by_role("link", name="Register a passkey").click()
    head.screenshot(path=SHOTS / "new-passkey.png")
    head.get_by_role("button", name="Make the passkey").click()

    expect(head.locator(".said")).to_contain_text("waits for the root keys")
    said = paraph(demo, "person", "passkey", "--name", NAME)
    head.goto(named(demo) + "/keys")
    expect(head.locator("main")).to_contain_text("certified")
    key = head.locator("#pass").locator("xpath=../..").locator("dd.fp").inner_text()
    assert key in said
    head.screenshot(path=SHOTS / "keys.png", full_page=True)


def test_initials_and_seal_are_made_with_the_passkey_and_the_other_node_holds_them(
    head: Page, moscow: Page, demo: Demo
) -> None:
    head.goto(named(demo) + TEXT)
    expect(head.locator("input[name=password]")).to_have_count(0)
    press(head, "Initial")
    head.screenshot(path=SHOTS / "ask-passkey.png")
    head.get_by_role("button", name="Use the passkey").click()
    expect(head.locator(".said")).to_contain_text("Initialled.")

    moscow.goto(demo.moscow + TEXT)
    expect(moscow.locator("tbody tr").first).to_contain_text("on this text", timeout=8_000)
    moscow.locator("form.actform input[name=typed]").first.fill(NUMBER)
    moscow.locator("form.actform input[name=password]").first.fill(PASSWORD)
    moscow.get_by_role("button", name="Initial", exact=True).click()
    expect(moscow.locator(".said")).to_contain_text("Initialled.")
    head.goto(named(demo) + TEXT)
    expect(head.get_by_role("button", name="Seal", exact=True)).to_be_visible(timeout=8_000)
    press(head, "Seal")
    head.get_by_role("button", name="Use the passkey").click()
    expect(head.locator(".said")).to_contain_text("Sealed.")
    moscow.goto(demo.moscow + TEXT)

    expect(moscow.locator("tbody tr").first.locator("a[href*='/record/BY/']")).to_have_count(2, timeout=8_000)


def test_without_the_authenticator_nothing_is_signed_and_the_page_says_so(head: Page, demo: Demo) -> None:
    wire = head.context.new_cdp_session(head)
    wire.send("WebAuthn.disable")
    wire.send("WebAuthn.enable")  # none is plugged in now
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}},
    )
    head.goto(named(demo) + "/keys/new")

    head.get_by_role("button", name="Make the passkey").click()

    expect(head.get_by_role("alert")).to_contain_text("The browser gave no passkey")
