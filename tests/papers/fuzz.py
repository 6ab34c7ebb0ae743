"""The campaign: `make fuzz MUTANTS=100000`. Files changed at random are read or refused, and nothing else.

The files that are changed are kept beside the log, and a mutant follows from them and its number: so a
campaign goes on where the last one ended, and one that broke something is made again by
`--kind docx --only 4711`.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import openpyxl
from lxml import etree

from paraph.acts import Reserve
from paraph.papers.akn.roadmap import RoadMapText, gathered
from paraph.papers.akn.writing import write_akn
from paraph.papers.apart import ReadingRoom
from paraph.papers.documents import Document
from paraph.papers.errors import PaperRefused
from paraph.papers.limits import Limits
from paraph.papers.measures import write_measures
from paraph.papers.xlsx.reading import Sheet
from tests.papers.corpora import ROOM
from tests.papers.test_akn import FOREIGN
from tests.papers.test_measures import agreed
from tests.papers.word_files import dele, ins, p, table, word_file
from tests.parties import Parties

KINDS = ("docx", "xlsx", "akn")
BROKEN = ("broken", "time", "memory")  # refusals that say the reader's bounds did not hold
MEMORY = 150 << 20  # bytes that a child may hold at most
LARGEST = 200_000  # bytes of a seed: larger ones are slow and show nothing more
ODD = (
    "",
    "-1",
    "0",
    "99999999999999999999",
    "1e308",
    "NaN",
    "\u202e",
    "Ж" * 300,
    "../../x",
    "true",
    "A1:Z9",
    "#",
    "[]",
)


def seeds(kind: str, folder: Path, *, corpus: bool = True) -> list[bytes]:
    """The files that are changed: our own, and the corpus where it is there."""
    found = {"docx": _word, "xlsx": _sheets, "akn": _akn}[kind](folder)
    if kind == "docx" and corpus and (ROOM / "docx").exists():
        paths = sorted((ROOM / "docx").rglob("*.docx"))
        found += [path.read_bytes() for path in paths if path.stat().st_size < LARGEST]
    return found


def kept_seeds(kind: str, folder: Path, room: Path) -> list[bytes]:
    """The same files as in the runs before: what they are made from has fresh keys every time."""
    kept = room / f"mutants-of-{kind}"
    if not kept.exists():
        kept.mkdir(parents=True)
        for place, data in enumerate(seeds(kind, folder)):
            (kept / f"{place:04}").write_bytes(data)
    return [path.read_bytes() for path in sorted(kept.iterdir())]


def _word(folder: Path) -> list[bytes]:
    notes = '<w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>'
    body = (
        p("Prices ", ins("rise"), dele("fall"), ".")
        + table(("M1", "Gas"), ("M2", "Oil"))
        + p("x", mark="ins")
    )
    body += '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    return [word_file(folder / "a.docx", body, footnotes=notes, styles="", numbering="").read_bytes()]


def _sheets(_folder: Path) -> list[bytes]:
    data = write_measures(agreed(Parties.make()).programme(), "BY", ["gas"], "en")
    other = BytesIO()
    openpyxl.load_workbook(BytesIO(data)).save(other)  # shared strings, other styles
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in range(40):
        book.active.append([row, f"=A{row + 1}*2", "text", row % 2 == 0, 1.5])
    third = BytesIO()
    book.save(third)
    return [data, other.getvalue(), third.getvalue()]


def _akn(_folder: Path) -> list[bytes]:
    met = agreed(Parties.make())
    about = "provision:gas/one"
    met.agree("outline:gas", {"items": [[1, about], [1, "measure:gas/m1"], [1, "measure:gas/m2"]]})
    met.words("BY", about, "Цены растут\nс 2022 года, см. {ref:one}.", accept=True)
    met.words("RU", about, "Цены падают\nс 2022 года.", accept=True)
    met.act("RU", Reserve(about, "scrutiny"))
    met.exchange()
    return [write_akn(gathered(met.programme(), "gas")), FOREIGN.encode()]


# ---------------------------------------------------------------- mutants


def mutant(kind: str, number: int, files: Sequence[bytes]) -> bytes:
    """The file that follows from a kind and a number."""
    chance = random.Random(f"{kind} {number}")
    data = chance.choice(files)
    if kind == "akn":
        return _bytes(data, chance) if chance.random() < 0.3 else _tree(data, chance)
    return _bytes(data, chance) if chance.random() < 0.25 else _parts(data, chance)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, cut out, doubled, moved or cut off."""
    for _change in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) or 1)
        size = chance.choice((1, 1, 4, 30, 400))
        part = data[at : at + size]
        way = chance.randrange(6)
        if way == 0:
            data = data[:at] + bytes(byte ^ (1 << chance.randrange(8)) for byte in part) + data[at + size :]
        elif way == 1:
            data = data[:at] + data[at + size :]
        elif way == 2:
            data = data[:at] + part * chance.choice((2, 3, 50)) + data[at + size :]
        elif way == 3:
            data = data[:at]
        elif way == 4:
            to = chance.randrange(len(data) or 1)
            data = data[:to] + part + data[to:]
        else:
            data = data[:at] + chance.randbytes(size) + data[at + size :]
    return data


def _parts(data: bytes, chance: random.Random) -> bytes:
    """A part of the package changed, left out, doubled, renamed or made huge."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = [(info.filename, package.read(info)) for info in package.infolist()]
    out = BytesIO()
    chosen = chance.randrange(len(parts))
    weighed = [at for at, (name, _part) in enumerate(parts) if name.endswith((".xml", ".rels"))]
    if weighed and chance.random() < 0.8:
        chosen = chance.choice(weighed)
    way = chance.random()
    name, part = parts[chosen]
    if way < 0.70:
        part = _tree(part, chance)
    elif way < 0.85:
        part = _bytes(part, chance)
    elif way < 0.90:
        part = part[: len(part) // 2] + b" " * 3_000_000 + part[len(part) // 2 :]
    elif way < 0.94:
        name = chance.choice((name.upper(), f"../{name}", "word/vbaProject.bin", parts[0][0]))
    parts[chosen] = (name, part)
    if way >= 0.97:
        del parts[chosen]
    package = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two parts of one name are wanted
        for one, content in parts:
            package.writestr(zipfile.ZipInfo(one), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _tree(data: bytes, chance: random.Random) -> bytes:
    """Elements left out, doubled, moved, renamed, put into each other; odd attributes and words."""
    try:
        tree = etree.fromstring(data)
    except (etree.XMLSyntaxError, ValueError):
        return _bytes(data, chance)
    for _change in range(chance.choice((1, 1, 2, 5))):
        elements = [one for one in tree.iter() if isinstance(one.tag, str)]
        one, other = chance.choice(elements), chance.choice(elements)
        parent = one.getparent()
        way = chance.randrange(8)
        if way == 0 and parent is not None:
            parent.remove(one)
        elif way == 1 and parent is not None:
            for _copy in range(chance.choice((1, 3, 60))):
                parent.append(deepcopy(one))
        elif way == 2:
            other.append(deepcopy(one))
        elif way == 3:
            one.tag = other.tag
        elif way == 4 and one.attrib:
            one.set(chance.choice(list(one.attrib)), chance.choice(ODD))
        elif way == 5 and one.attrib:
            del one.attrib[chance.choice(list(one.attrib))]
        elif way == 6:
            one.text = chance.choice(ODD)
        else:
            _deepen(one, chance.choice((3, 60, 200)))
    return etree.tostring(tree)


def _deepen(element: etree._Element, times: int) -> None:
    """Put copies of an element without its contents into each other."""
    inner = element
    for _level in range(times):
        inner = etree.SubElement(inner, str(element.tag), {str(k): str(v) for k, v in element.attrib.items()})
        inner.text = "x"


# ---------------------------------------------------------------- the campaign


@dataclass
class Told:
    """What a campaign found."""

    done: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    memory: int = 0  # bytes, the most that a child held
    slowest: float = 0.0  # seconds on the wall
    broken: list[int] = field(default_factory=list)


def read(room: ReadingRoom, kind: str, path: Path) -> str:
    """Read a mutant in every way; what came of it."""
    ways: list[Callable[[], object]] = [
        lambda: room.read(Document, "document", path, reading="marked"),
        lambda: room.read(Document, "document", path, reading="rejected"),
    ]
    if kind == "xlsx":
        ways = [lambda: room.read(Sheet, "sheet", path)]
    elif kind == "akn":
        ways = [
            lambda: room.read(Document, "document", path),
            lambda: room.read(RoadMapText, "road map", path),
        ]
    said = ""
    for way in ways:
        try:
            way()
            said = said or "read"
        except PaperRefused as refused:
            if refused.kind in BROKEN or not said:
                said = refused.kind
    return said


def play(
    kind: str, files: Sequence[bytes], numbers: Iterator[int], told: Told, room: ReadingRoom, path: Path
) -> None:
    """Read mutants; those that break something are named."""
    for number in numbers:
        path.write_bytes(mutant(kind, number, files))
        begun = time.perf_counter()
        said = read(room, kind, path)
        told.slowest = max(told.slowest, time.perf_counter() - begun)
        told.outcomes[said] += 1
        told.memory = max(told.memory, room.memory)
        if said in BROKEN or room.memory > MEMORY:
            told.broken.append(number)
            room.memory = 0
        told.done = number + 1


def main() -> int:
    """Play mutants of every kind, from where the last campaign ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("mutants", type=int, nargs="?", default=100_000)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--only", type=int, help="make this one, and say what comes of it")
    parser.add_argument("--log", type=Path, default=Path("test-output/mutants.json"))
    given = parser.parse_args()
    given.log.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(given.log.read_text()) if given.log.exists() else {}
    room = ReadingRoom(Limits(seconds=10))
    for kind in [given.kind] if given.kind else KINDS:
        with tempfile.TemporaryDirectory(prefix="paraph-fuzz-") as folder:
            files, path = kept_seeds(kind, Path(folder), given.log.parent), Path(folder) / f"mutant.{kind}"
            before = kept.get(kind, {})
            told = Told(**{**before, "outcomes": Counter(before.get("outcomes", {}))})
            if given.only is not None:
                play(kind, files, iter([given.only]), Told(), room, path)
                print(read(room, kind, path))
                Path(f"mutant-{given.only}.{kind}").write_bytes(path.read_bytes())
                continue
            while told.done < given.mutants:
                end = min(told.done + 500, given.mutants)
                play(kind, files, iter(range(told.done, end)), told, room, path)
                kept[kind] = {**vars(told), "outcomes": dict(told.outcomes)}
                given.log.write_text(json.dumps(kept, indent=1))
        counted = ", ".join(f"{what} {count}" for what, count in told.outcomes.most_common())
        print(f"{kind}: {told.done} mutants of {len(files)} files: {counted}")
        print(
            f"  at most {told.memory >> 20} MB and {told.slowest:.1f} s; broken: {told.broken or 'none'}",
            flush=True,
        )
    room.close()
    return 1 if any(one["broken"] for one in kept.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
