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

from tests.browser.conftest import TOGETHER, Demo

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


def test_nothing_internal_reaches_another_node_or_a_courier(minsk: Page, demo: Demo) -> None:
    control = secret(CYRILLIC, 4)
    for place, about in enumerate(SUBJECTS):
        minsk.goto(f"{demo.minsk}/on/{about}")
        minsk.fill("#note", SECRETS[place % len(SECRETS)])
        minsk.get_by_role("button", name="Keep note on this node").click()
        expect(minsk.locator(".inside-area")).to_contain_text(SECRETS[place % len(SECRETS)])
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
    ]

    assert all(words.encode() in own for words in SECRETS)
    for name, data in channels:
        for words in SECRETS:
            assert not holds(data, words), name
    found = {name for name, data in channels if holds(data, control)}
    assert "RU node.sqlite3 dumped" in found
    assert any(name.startswith("for RU BY/tile/contents/") for name in found)
    assert not any(name.startswith(("PUB", "for PUB")) for name in found)
