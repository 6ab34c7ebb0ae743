"""The real demo, as a newcomer starts it, and one browser signed in at all its nodes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

ROOM = Path(__file__).parents[2]
SHOTS = ROOM / "test-output"
PASSWORD = "paraph-demo"
TOGETHER = [pytest.mark.browser]  # a file runs in one process, in order: --dist loadfile


@dataclass
class Demo:
    """The running demo: where its nodes are and where they keep their data."""

    minsk: str
    moscow: str
    public: str
    home: Path
    process: "subprocess.Popen[str]"


def free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    for first in range(21_000 + os.getpid() % 9_000, 60_000, count):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise RuntimeError("no free ports")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start the demo as `make demo` does; at the end it must stop cleanly on Ctrl-C."""
    home = tmp_path_factory.mktemp("demo")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PARAPH_NODE_HOME", "PARAPH_PLAIN_STATIC")
    }
    environment |= {"PARAPH_HOME": str(home), "PARAPH_DEMO_PORT": str(free_ports(3)), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "paraph", "demo"],
        cwd=ROOM,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    begun = time.monotonic()
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line or time.monotonic() - begun > 120:
            break
    addresses = re.findall(r"http://127\.0\.0\.1:\d+", said)
    assert len(addresses) == 3, said
    yield Demo(addresses[0], addresses[1], addresses[2], home / "demo", process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    process.stdout.close()


@pytest.fixture(scope="module")  # the driver's loop must not outlive the file: other tests use the database
def context(demo: Demo) -> Iterator[BrowserContext]:
    """One browser, signed in at Minsk and at Moscow as head of delegation."""
    SHOTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        found = browser.new_context(
            viewport={"width": 1366, "height": 900}, locale="en-GB", accept_downloads=True
        )
        found.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        for address, name in ((demo.minsk, "by.head"), (demo.moscow, "ru.head")):
            page = found.new_page()
            sign_in(page, address, name)
            page.close()
        yield found
        browser.close()


def sign_in(page: Page, address: str, name: str) -> None:
    """Sign in as one of the demo people."""
    page.goto(address + "/account/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.click("form.actform button[type=submit]")
    page.wait_for_url(re.compile(r"/board"))


@pytest.fixture
def minsk(context: BrowserContext, demo: Demo) -> Iterator[Page]:
    """A page at Minsk."""
    page = context.new_page()
    page.goto(demo.minsk + "/board")
    ended = page.locator("main > .news a[href^='/jobs/']")
    while ended.count():  # work of other tests: what is looked at is told no more
        page.goto(ended.first.evaluate("link => link.href"))
        page.goto(demo.minsk + "/board")
    yield page
    page.close()


@pytest.fixture
def moscow(context: BrowserContext, demo: Demo) -> Iterator[Page]:
    """A page at Moscow."""
    page = context.new_page()
    page.goto(demo.moscow + "/board")
    yield page
    page.close()


@pytest.fixture
def public(context: BrowserContext, demo: Demo) -> Iterator[Page]:
    """A page at the observer."""
    page = context.new_page()
    page.goto(demo.public + "/")
    yield page
    page.close()
