"""The campaign: `make office`. Our files in LibreOffice, and what is saved there in ours.

Every paper of the demo that may come back is opened there and saved, and proposes nothing. Redlines of all
pairs of the corpora are accepted and rejected there, and are the new document and the old one. What somebody
changes there in a paper, with tracked changes and without, is what the file proposes. A table of measures
that is opened there and saved changes nothing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paraph.papers.comparison import compare
from paraph.papers.docx.reading import read_docx
from paraph.papers.docx.redlining import redline_docx
from paraph.papers.docx.settling import Reading
from paraph.papers.files import read_file
from paraph.papers.kinds import outgoing
from paraph.papers.measures import Table, check, reports, write_measures
from paraph.papers.returned import Returned, Upload, returned
from paraph.papers.roadmaps import Wanted
from paraph.papers.sent import COME_BACK, as_sent, origin
from paraph.papers.settled import authors
from paraph.papers.xlsx.reading import read_xlsx
from paraph.state import roadmaps
from paraph.state.programme import Programme
from tests.demo.test_union_state import DAY, fresh
from tests.papers.corpora import corpus, in_line, word_pairs
from tests.papers.test_comparison import REAL

ROAD_MAP = "oil-transit"
SETTLED: dict[str, Reading] = {"accept": "accepted", "reject": "rejected"}
AT_ONCE = 25  # files that one office works on
WORD, SHEET = "MS Word 2007 XML", "Calc MS Excel 2007 XML"  # as LibreOffice calls them
HANDS = Path(__file__).with_name("hands.py")
PORTS, PRODUCTS = "provision:oil-transit/ports", "provision:oil-transit/products"
BEHIND = "Перевалка осуществляется в портах"

# What somebody does to the paper -> what the file then proposes: the subject, and words of it or the counts.
STORIES: dict[str, tuple[list[list[Any]], list[tuple[str, str]]]] = {
    "other words": (
        [["replace", "Усть-Луга", "Усть-Луга, Высоцк"]],
        [(PORTS, "в портах Усть-Луга, Высоцк, Санкт-Петербург")],
    ),
    "another heading": ([["replace", "Порты.", "Порты и терминалы."]], [(PORTS, "Порты и терминалы")]),
    "another heading of a section": (
        [["replace", "Объёмы", "Объёмы перевалки"]],
        [("provision:oil-transit/s-volumes", "Объёмы перевалки")],
    ),
    "a provision less": ([["strike", "мазут, бензин"]], [(f"outline:{ROAD_MAP}", "0 inserted, 1 deleted")]),
    "a provision more": (
        [["write", BEHIND, "Стороны ежегодно обмениваются данными."]],
        [(f"outline:{ROAD_MAP}", "1 inserted, 0 deleted")],
    ),
    "brackets typed by hand": (
        [["replace", "Санкт-Петербург и Приморск", "[Санкт-Петербург и] Приморск"]],
        [(PORTS, "Усть-Луга, Приморск")],
    ),
    "another cell": (
        [["cell", "D3", "15 ноября 2024 г."]],
        [("measure:oil-transit/m2/deadline", "2024-11-15")],
    ),
    "a row less": ([["strike_row", 2]], [(f"outline:{ROAD_MAP}", "0 inserted, 1 deleted")]),
}


@dataclass(frozen=True, slots=True)
class Job:
    """A file, and what is done to it."""

    load: Path
    save: Path
    do: Sequence[Sequence[Any]] = ()


def office_python() -> str:
    """A Python that knows LibreOffice."""
    for folder in os.get_exec_path():
        found = Path(folder) / "python3"
        if found.exists() and not subprocess.run([found, "-c", "import uno"], capture_output=True).returncode:
            return str(found)
    raise SystemExit("No Python here knows LibreOffice: install libreoffice-writer-nogui and python3-uno.")


def work(jobs: Sequence[Job], room: Path) -> None:
    """Let LibreOffice do the jobs; it is started anew after some, and where it fell over."""
    command = [office_python(), str(HANDS), str(room / "profile")]
    fell = 0
    while left := [one for one in jobs if not one.save.exists()]:
        given = "".join(
            json.dumps({"load": str(one.load), "do": one.do, "save": str(one.save)}) + "\n"
            for one in left[:AT_ONCE]
        )
        done = subprocess.run(command, input=given, text=True, capture_output=True, timeout=1_800)
        fell = 0 if left[0].save.exists() else fell + 1
        if fell > 1:
            raise SystemExit(f"LibreOffice could not do {left[0]}:\n{done.stderr[-2_000:]}")


def converted(files: Sequence[Path], kind: str, room: Path) -> Path:
    """Open files and save each as a kind, in a folder that is returned."""
    out = room / kind.partition(":")[0]
    command = ["soffice", "--headless", f"-env:UserInstallation={(room / 'profile').as_uri()}"]
    command += ["--convert-to", kind, "--outdir", str(out)]
    for start in range(0, len(files), AT_ONCE):  # held open, the edition for servers falls over comments
        given = [str(path) for path in files[start : start + AT_ONCE]]
        subprocess.run([*command, *given], check=True, capture_output=True, timeout=1_800)
    return out


def played() -> Programme:
    """The demo on its day."""
    history = fresh()
    history.play(DAY)
    found: Programme = history.programme("BY")
    return found


def come_back(demo: Programme, road_map: str, path: Path) -> Returned:
    """What a saved file proposes."""
    document = read_docx(path, "marked")
    where = origin(demo, document)
    assert where is not None, path
    names = {one.code: set(one.name.values()) for one in demo.charter.parties}
    who = {one: next((code for code in names if one in names[code]), "RU") for one in authors(document)}
    sender = "RU" if where.language in demo.charter.authentic else "BY"
    given = Upload(document, where.language, sender, who, {}, where, as_sent(demo, road_map, where))
    return returned(demo, demo, road_map, "BY", given)


def papers(demo: Programme, room: Path) -> Iterator[str]:
    """Every paper, saved there as it left."""
    left_as: dict[Path, str] = {}  # file -> its road map
    for one in roadmaps.road_maps(demo):
        for kind in COME_BACK:
            for language in ("ru", "en"):
                left = room / f"{one.id}-{kind}-{language}.docx"
                left.write_bytes(outgoing(kind, "docx", Wanted(demo, one.id, language)).data)
                left_as[left] = one.id
    out = converted(list(left_as), f"docx:{WORD}", room)
    for left, road_map in left_as.items():
        found = come_back(demo, road_map, out / left.name)
        proposed = len(found.candidates) + len(found.troubles) + len(found.unmarked)
        yield f"{left.name}: {'nothing' if not proposed else f'WRONG, {proposed} proposals or troubles'}"


def tables(demo: Programme, room: Path) -> Iterator[str]:
    """The measures of all road maps for agencies, saved there as a workbook, and by way of its own format."""
    left = [room / f"measures-{language}.xlsx" for language in ("ru", "en")]
    maps = [one.id for one in roadmaps.road_maps(demo)]
    for path, language in zip(left, ("ru", "en"), strict=True):
        path.write_bytes(write_measures(demo, "BY", maps, language))
    own = converted(left, "ods", room)
    for how, files in (("a workbook", left), ("its own format", [own / f"{one.stem}.ods" for one in left])):
        saved = converted(files, f"xlsx:{SHEET}", room)
        for path in left:
            table = Table(demo, read_xlsx(saved / path.name))
            found = check(demo, "BY", table, table.rows, reports(demo, "BY"), set())
            right = not found.changes and not found.troubles and found.rows == found.unchanged > 0
            what = f"{found.rows} rows, nothing" if right else f"WRONG: {found.changes} {found.troubles}"
            yield f"{path.name} by way of {how}: {what}"


def redlines(room: Path) -> Iterator[str]:
    """Every redline, accepted and rejected there."""
    folder = corpus("docx", "compare")
    pairs = [(folder / before, folder / after) for before, after in word_pairs()]
    pairs += [(corpus(before), corpus(after)) for before, after in REAL]
    jobs: dict[Job, Path] = {}
    for at, (before, after) in enumerate(pairs):
        path = room / f"redline{at}.docx"
        path.write_bytes(redline_docx(compare(read_file(before), read_file(after)), "RU"))
        for verb, meant in (("accept", after), ("reject", before)):
            jobs[Job(path, path.with_suffix(f".{verb}.docx"), ((verb,),))] = meant
    work(list(jobs), room)
    for job, meant in jobs.items():
        same = in_line(read_docx(job.save, "marked")) == in_line(read_file(meant))
        yield f"{job.do[0][0]} to {meant.name}: {'the same' if same else 'WRONG'}"


def kept_whole(path: Path) -> bool:
    """Whether LibreOffice keeps all of a file: it tracks no text boxes, and saves no tables in notes."""
    document = read_docx(path, "marked")
    noted = any(
        one.place.startswith(("footnote", "endnote")) and "table" in one.place for one in document.paragraphs
    )
    return not (noted or authors(document) or "text boxes" in document.report.read)


def comparisons(room: Path) -> Iterator[str]:
    """Redlines that LibreOffice makes of pairs, accepted and rejected there and by us."""
    folder = corpus("docx", "compare")
    pairs = [(folder / before, folder / after) for before, after in word_pairs()]
    pairs = [pair for pair in pairs if all(map(kept_whole, pair))]
    made = [
        Job(after, room / f"made{at}.docx", (("compare", str(before)),))
        for at, (before, after) in enumerate(pairs)
    ]
    work(made, room)
    settled = {
        Job(one.save, one.save.with_suffix(f".{verb}.docx"), ((verb,),)): (one, reading)
        for one in made
        for verb, reading in SETTLED.items()
    }
    work(list(settled), room)
    for job, (one, reading) in settled.items():
        same = in_line(read_docx(job.save, "marked")) == in_line(read_docx(one.save, reading))
        yield f"{one.load.name}, {reading}: {'the same' if same else 'WRONG'}"


def stories(demo: Programme, room: Path) -> Iterator[str]:
    """Every change, with tracked changes and without."""
    left = room / "story.docx"
    left.write_bytes(outgoing("bracketed", "docx", Wanted(demo, ROAD_MAP, "ru")).data)
    for tracked in (True, False):
        jobs = {
            name: Job(left, room / f"story{at}-{tracked}.docx", [["track", tracked], *do])
            for at, (name, (do, _wanted)) in enumerate(STORIES.items())
        }
        work(list(jobs.values()), room)
        for name, job in jobs.items():
            found = come_back(demo, ROAD_MAP, job.save)
            said = [
                (one.about, f"{one.acts[0].content} {' '.join(map(str, one.sentences))}")
                for one in found.candidates
            ]
            wanted = STORIES[name][1]
            right = [about for about, _text in said] == [about for about, _words in wanted]
            right = right and all(words in text for (_a, text), (_b, words) in zip(said, wanted, strict=True))
            right = right and bool(tracked or found.unmarked) and not found.troubles
            how = "tracked" if tracked else "not tracked"
            yield f"{name}, {how}: {'as meant' if right else f'WRONG: {said}'}"


def main() -> None:
    """Play all, and say what was wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--log", type=Path, help="write every line there")
    given = asked.parse_args()
    if shutil.which("soffice") is None:
        raise SystemExit("LibreOffice is not installed: libreoffice-writer-nogui")
    begun, demo, lines = time.monotonic(), played(), []
    with tempfile.TemporaryDirectory() as name:
        for what, told in (
            ("stories", stories(demo, Path(name))),
            ("redlines", redlines(Path(name))),
            ("comparisons", comparisons(Path(name))),
            ("papers", papers(demo, Path(name))),
            ("tables", tables(demo, Path(name))),
        ):
            found = list(told)
            wrong = [line for line in found if "WRONG" in line]
            lines += [f"{what}: {line}" for line in found]
            print(f"{what}: {len(found)} played, {len(wrong)} wrong", *wrong, sep="\n  ")
    print(f"{time.monotonic() - begun:.0f} s")
    if given.log:
        given.log.parent.mkdir(parents=True, exist_ok=True)
        given.log.write_text("\n".join(lines) + "\n", "utf-8")
    sys.exit(any("WRONG" in line for line in lines))


if __name__ == "__main__":
    main()
