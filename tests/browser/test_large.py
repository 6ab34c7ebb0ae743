"""A text with 1,500 brackets can be read: what Chromium measures is printed; wide bounds catch a stall."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import ROOM, TOGETHER, free_ports, sign_in

pytestmark = TOGETHER

WATCH = """
window.longest = 0;
let before = performance.now();
const frame = (now) => {
  window.longest = Math.max(window.longest, now - before);
  before = now;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
"""  # the longest time between two frames


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A node with the large road map."""
    home = tmp_path_factory.mktemp("large") / "BY"
    listen = f"127.0.0.1:{free_ports(1)}"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PARAPH_NODE_HOME", "PARAPH_PLAIN_STATIC", "DJANGO_SETTINGS_MODULE")
    }
    subprocess.run(
        [sys.executable, "-m", "tests.browser.large", str(home), listen],
        cwd=ROOM,
        env=environment,
        check=True,
    )
    node = subprocess.Popen(
        [sys.executable, "-m", "paraph", "serve", "--home", str(home)],
        cwd=ROOM,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://{listen}/account/login/", timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    yield f"http://{listen}"
    node.terminate()
    node.wait(timeout=15)


def test_1500_brackets_are_painted_at_once_and_scroll_without_a_stall(
    large: str, context: BrowserContext, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert context.browser is not None
    own = context.browser.new_context(viewport={"width": 1366, "height": 900}, locale="en-GB")
    page = own.new_page()
    sign_in(page, large, "reader")
    page.goto(large + "/map/large")  # the first look derives everything

    page.goto(large + "/map/large")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    answered = page.evaluate("performance.getEntriesByType('navigation')[0].responseStart")
    page.evaluate(WATCH)
    for place in range(0, 60_000, 3_000):
        page.mouse.wheel(0, 3_000)
        page.wait_for_timeout(30 if place else 60)
    page.evaluate("location.hash = 'provision-large-p700'")
    page.wait_for_timeout(500)
    longest = page.evaluate("window.longest")
    brackets = page.locator(".bracket").count()
    page.evaluate("const end = performance.now() + 300; while (performance.now() < end);")
    page.wait_for_timeout(300)
    control = page.evaluate("window.longest")

    with capsys.disabled():
        print(
            f"\n{brackets} brackets: first paint {painted:.0f} ms (of which the server {answered:.0f}),"
            f" longest frame {longest:.0f} ms while scrolling and jumping"
        )
    assert brackets >= 1_500
    assert painted < 5_000
    assert longest < 2_000
    assert control >= 250  # the watch sees a task that is long on purpose
    own.close()
