"""The wall: nothing internal in any byte that another node received or that a courier carries."""

import base64
import io
import json
import random
import re
import sqlite3
import string
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import pull
from paraph.node.exchange.messages import Peer, Request, Response
from paraph.node.exchange.transport import HttpTransport
from paraph.node.homes import open_home
from paraph.node.journal import Journal
from paraph.node.key_files import read_key
from paraph.record.stores import MemoryStore
from tests.browser.conftest import TOGETHER, Demo
from tests.browser.test_story import close, put_forward

pytestmark = TOGETHER

SUBJECTS = ["provision:gas-market/formula", "card:gas-market", "outline:macro", "provision:macro/aim"]
CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"


def secret(letters: str, seed: int) -> str:
    """Forty random letters."""
    picker = random.Random(seed)
    return "".join(picker.choice(letters) for _ in range(40))


SECRETS = [secret(string.ascii_letters, 1), secret(CYRILLIC, 2), secret(CYRILLIC + string.ascii_lowercase, 3)]


def dump(path: Path) -> bytes:
    """All that a database holds: its whole SQL, and every value decoded from bytes."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        text = "\n".join(base.iterdump()).encode()
        values = [text]
        for (table,) in base.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in base.execute(f'select * from "{table}"'):
                values += [v if isinstance(v, bytes) else str(v).encode() for v in row if v is not None]
    base.close()
    return b"\n".join(values)


def received(home: Path) -> Iterator[tuple[str, bytes]]:
    """All files of another node's home, and what its database holds."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and "static" not in path.parts:
            yield path.name, path.read_bytes()
            if path.suffix == ".sqlite3":
                yield f"{path.name} dumped", dump(path)


def unzipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    """A courier's file, and each file in it."""
    yield "bundle", data
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            yield name, file.read(name)


def forms(data: bytes) -> Iterator[bytes]:
    """The bytes as they are, and in every form that could hide words."""
    yield data
    text = data.decode("utf-8", errors="replace")
    yield urllib.parse.unquote(text).encode()
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text).encode()
    for found in re.finditer(rb"[A-Za-z0-9+/_-]{40,}={0,2}", data):
        part = found[0].replace(b"-", b"+").replace(b"_", b"/")
        try:
            decoded = base64.b64decode(part + b"=" * (-len(part) % 4))
        except ValueError:
            continue
        yield decoded
    for start in [found.start() for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data)][:2000]:
        try:
            yield zlib.decompressobj().decompress(data[start:], 1 << 20)
        except zlib.error:
            continue


def holds(data: bytes, words: str) -> bool:
    """Say whether the words stand in the data, in any form."""
    wide = (words.encode("utf-16-le"), words.encode("utf-16-be"))
    return any(one in data for one in wide) or any(words.encode() in form for form in forms(data))


@pytest.mark.parametrize(
    "hide",
    [
        lambda words: words.encode(),
        lambda words: words.encode("utf-16-le"),
        lambda words: json.dumps(words).encode(),
        lambda words: urllib.parse.quote(words).encode(),
        lambda words: base64.b64encode(words.encode()),
        lambda words: zlib.compress(words.encode()),
    ],
)
def test_the_search_finds_a_control_secret_in_every_form(hide: object) -> None:
    for words in SECRETS:
        assert callable(hide)
        assert holds(b"prefix " + hide(words) + b" suffix", words)


class Listening(HttpTransport):
    """Keeps every byte of every answer."""

    def __init__(self, peer: Peer) -> None:
        super().__init__(peer)
        self.heard = bytearray()

    def send(self, request: Request, limit: int) -> Response:
        """Carry the request, and keep the answer."""
        answer = super().send(request, limit)
        self.heard += answer.body
        return answer


def given_over_the_line(home: Path, address: str) -> bytes:
    """All that Minsk gives to the node of that home where it begins with nothing."""
    kept = open_home(home)
    journal = Journal(MemoryStore(), kept.charter(), me=kept.me, node_key=read_key(home / "node.key"))
    line = Listening(Peer("BY", address))
    caller = Caller(journal, line.peer, line)
    while pull(journal, caller, recovering=True).more:
        pass
    line.close()
    assert journal.heads()["BY"] > 1_000
    return bytes(line.heard)


def play(minsk: Page, moscow: Page, demo: Demo) -> None:
    """What two delegations do: words, stances, reserves, a return, initials and seals."""
    put_forward(minsk, demo.minsk, "Цена определяется протоколом.")
    moscow.goto(demo.moscow + "/on/provision:gas-market/formula")
    words = moscow.locator("article.proposal", has_text="Цена определяется протоколом.")
    words.locator("select[name=position]").select_option("accepts")
    words.get_by_role("button", name=re.compile("Take this stance")).click()
    minsk.goto(demo.minsk + "/on/provision:gas-market/formula")
    minsk.select_option("form[action$='/reserve'] select[name=reserve]", "scrutiny")
    minsk.get_by_role("button", name="Enter a reserve").click()
    minsk.goto(demo.minsk + "/map/tourism")
    minsk.get_by_role("button", name="Return to refinement").click()
    minsk.fill("#r-ru", "Сроки требуют уточнения.")
    minsk.get_by_role("button", name="Return the road map").click()
    for act, done in (("Initial", "Initialled."), ("Seal", "Sealed.")):
        for page, address in ((minsk, demo.minsk), (moscow, demo.moscow)):
            page.goto(f"{address}/map/monetary/closing")
            expect(page.get_by_role("button", name=act, exact=True)).to_be_visible()
            close(page, address, "monetary", "2", act, "paraph-demo")
            expect(page.locator(".said")).to_contain_text(done)


def forecast(minsk: Page, demo: Demo) -> None:
    """Keep clearances at home, look at what follows from them, put the joint forecast on record."""
    for place, name in enumerate(("gas-market", "macro")):
        minsk.goto(f"{demo.minsk}/map/{name}/scrub")
        minsk.fill("#basis", SECRETS[place + 1])
        minsk.fill("#day", "2021-02-22")
        minsk.get_by_role("button", name="Keep as the approved draft").click()
        expect(minsk.locator(".said")).to_contain_text("The approved draft is kept")
    minsk.goto(f"{demo.minsk}/outlook/internal")
    expect(minsk.locator(".inside-area")).to_contain_text(SECRETS[1])
    inside = minsk.locator("#when").inner_text()
    minsk.goto(f"{demo.minsk}/outlook/record/new")
    shown = minsk.locator("main").inner_text()
    assert "internal" not in shown.lower() and inside not in shown
    minsk.get_by_role("button", name="Sign and send").click()
    expect(minsk.locator(".said")).to_contain_text("The forecast is on record")


def test_nothing_internal_reaches_another_node_or_a_courier(minsk: Page, moscow: Page, demo: Demo) -> None:
    control = secret(CYRILLIC, 4)
    for place, about in enumerate(SUBJECTS):
        minsk.goto(f"{demo.minsk}/on/{about}")
        minsk.fill("#note", SECRETS[place % len(SECRETS)])
        minsk.get_by_role("button", name="Keep note on this node").click()
        expect(minsk.locator(".inside-area")).to_contain_text(SECRETS[place % len(SECRETS)])
    play(minsk, moscow, demo)
    forecast(minsk, demo)
    minsk.goto(f"{demo.minsk}/on/{SUBJECTS[-1]}")
    minsk.fill("form[action$='/remark'] input[name=words]", control)
    minsk.get_by_role("button", name="Send to all parties").click()
    expect(minsk.locator(".said")).to_contain_text("The remark is sent")
    minsk.wait_for_timeout(3_000)
    own = dump(demo.home / "BY" / "node.sqlite3")
    bundles = {to: minsk.request.get(f"{demo.minsk}/record/bundle/{to}").body() for to in ("RU", "PUB")}

    channels = [
        *(("RU " + name, data) for name, data in received(demo.home / "RU")),
        *(("PUB " + name, data) for name, data in received(demo.home / "PUB")),
        *((f"for {to} {name}", data) for to, raw in bundles.items() for name, data in unzipped(raw)),
        *((f"to {to}", given_over_the_line(demo.home / to, demo.minsk)) for to in ("RU", "PUB")),
    ]

    assert all(words.encode() in own for words in SECRETS)
    for name, data in channels:
        for words in SECRETS:
            assert not holds(data, words), name
        assert holds(data + b" " + base64.b64encode(SECRETS[1].encode()), SECRETS[1]), name
    found = {name for name, data in channels if holds(data, control)}
    assert "RU node.sqlite3 dumped" in found
    assert any(name.startswith("for RU BY/tile/contents/") for name in found)
    assert "to RU" in found
    assert not any(name.startswith(("PUB", "for PUB", "to PUB")) for name in found)
