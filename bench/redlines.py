"""How long does a redline of a long text take? Against what others use, whole commands, in one run."""

import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.drafts import Draft, draft
from bench.measuring import Row, median
from paraph.papers.comparison import compare
from paraph.papers.docx.writing import Book, paragraph, run
from paraph.papers.plain import document_of

PEERS = Path(__file__).parents[1] / ".venv" / "peers" / "bin" / "python"
_DOCXODUS = """
import pathlib, sys
from python_redlines.engines import DocxodusEngine
old, new, out = map(pathlib.Path, sys.argv[1:])
out.write_bytes(DocxodusEngine().run_redline("RU", old, new, detect_moves=True)[0])
"""


_RUN = """
import resource, subprocess, sys, time
begun = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
took, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, took, used.ru_maxrss / 1024)
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took, with all that it started."""

    cpu: float  # seconds
    wall: float
    memory: float  # MB, at most


def measure_redlines(rounds: int) -> list[Row]:
    """Redlines of 300 and 1,000 pages, ours and others'."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drafts = {pages: draft(pages, "en", seed=7) for pages in (300, 1_000)}
        for pages, made in drafts.items():
            _write(folder, str(pages), made)
        _write(folder, "ru", draft(300, "ru", seed=7))
        ours = {pages: _ours(folder, str(pages), rounds) for pages in drafts}
        one = ours[300]
        rows.append(("DOCX to DOCX, 300 pages, whole command", _said(one)))
        rows.append(("DOCX to DOCX, 1,000 pages, whole command", _said(ours[1_000])))
        rows.append(("DOCX to DOCX, 300 pages in Russian", _said(_ours(folder, "ru", rounds))))
        rows.append(("1,000 pages over 300 (goal at most 4)", f"{ours[1_000].cpu / one.cpu:.1f} of CPU"))
        rows += _against_docxodus(folder, one, rounds)
        rows += _in_memory(folder, drafts, rounds)
    return rows


def _write(folder: Path, name: str, made: Draft) -> None:
    for side, lines in (("old", made.old), ("new", made.new)):
        book = Book()
        book.add(*(paragraph(run(line)) for line in lines))
        (folder / f"{side}{name}.docx").write_bytes(book.bytes())
        (folder / f"{side}{name}.txt").write_text("\n".join(lines), "utf-8")


def _ours(folder: Path, name: str, rounds: int) -> Spent:
    names = [str(folder / f"{side}{name}.docx") for side in ("old", "new")]
    command = [
        str(Path(sys.executable).with_name("paraph")),
        "compare",
        *names,
        "--docx",
        str(folder / "ours.docx"),
    ]
    return _middle([spend(command) for _ in range(rounds)])


def _against_docxodus(folder: Path, ours: Spent, rounds: int) -> list[Row]:
    if not PEERS.exists():
        return [("python-redlines[docxodus]", "not installed: tools/prepare.sh bench")]
    names = [str(folder / name) for name in ("old300.docx", "new300.docx", "theirs.docx")]
    command = [str(PEERS), "-c", _DOCXODUS, *names]
    spend(command)  # it unpacks its program once
    theirs = _middle([spend(command) for _ in range(min(rounds, 3))])
    return [
        ("python-redlines[docxodus] with moves, 300 pages, whole command", _said(theirs)),
        (
            "times faster (goal 50)",
            f"{theirs.cpu / ours.cpu:.0f} of CPU, {theirs.wall / ours.wall:.0f} of wall",
        ),
        ("share of its memory (goal at most 0.25)", f"{ours.memory / theirs.memory:.2f}"),
    ]


def _in_memory(folder: Path, drafts: dict[int, Draft], rounds: int) -> list[Row]:
    """Comparison of what was read, against the peers on files of text."""
    found = {}
    gc.disable()  # as the command does
    for pages, made in drafts.items():
        old, new = document_of("\n".join(made.old)), document_of("\n".join(made.new))
        found[pages] = median(lambda old=old, new=new: compare(old, new), 4 * rounds)  # type: ignore[misc]
    gc.enable()
    texts = [str(folder / f"{side}300.txt") for side in ("old", "new")]
    commands = {
        "wdiff": ["wdiff", *texts],
        "git": ["git", "diff", "--no-index", "--word-diff=porcelain", "--histogram", *texts],
    }
    rows: list[Row] = [
        ("compared in memory, 300 pages", f"{found[300]:.3f} CPU s"),
        ("compared in memory, 1,000 pages over 300 (goal at most 4)", f"{found[1_000] / found[300]:.1f}"),
    ]
    for name, goal in (("wdiff", "0.5"), ("git", "4")):
        if shutil.which(name):
            cpu = _middle([spend(commands[name]) for _ in range(rounds)]).cpu
            what = "histogram word diff of git" if name == "git" else name
            rows.append((f"{what}, 300 pages of text", f"{cpu:.3f} CPU s"))
            rows.append((f"in memory over {name} (goal at most {goal})", f"{found[300] / cpu:.2f}"))
    return rows


def spend(command: Sequence[str]) -> Spent:
    """Run a command, and what it took; a small process starts it, whose own memory is not counted for it."""
    said = subprocess.check_output([sys.executable, "-c", _RUN, *command], text=True).split()
    code, *figures = (float(one) for one in said)
    if code not in (0, 1):  # 1: the texts differ
        raise RuntimeError(f"{command[0]} failed")
    return Spent(*figures)


def _middle(found: Sequence[Spent]) -> Spent:
    return Spent(
        statistics.median(one.cpu for one in found),
        statistics.median(one.wall for one in found),
        max(one.memory for one in found),
    )


def _said(spent: Spent) -> str:
    return f"{spent.cpu:.2f} CPU s, {spent.wall:.2f} s, {spent.memory:.0f} MB"
