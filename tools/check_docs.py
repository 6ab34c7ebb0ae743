"""Do the documents' links lead somewhere, do the commands they name exist, is nothing tied to one machine?"""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOM = Path(__file__).resolve().parents[1]

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.S | re.M)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)", re.M)
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.M)
_ID = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")

_MAKE = re.compile(r"(?:`|^\s{4,}|^\$ )make ([a-z]+)", re.M)
_SHOWN = re.compile(r"^\s*\$ ((?:\S*/)?paraph (?:[^\\\n]|\\\n|\\)*)", re.M)  # what a reader types, whole
_NAMED = re.compile(r"`(?:\S*/)?paraph ([a-z][^`]*)`")
_FORMAT = re.compile(r" v\d+$")  # `paraph act v1` is a line of a format
_SETTING = re.compile(r"\bPARAPH_[A-Z_]+\b")

_PLACE = re.compile(r"(?<![\w.~:/>})-])/(?:work|root|home/\w+|Users/\w+)(?:/|\b)")
_INDEX = re.compile(r"\b(?:pypi|pythonhosted|npmjs|deb\.debian|ftp\.debian)\.(?:org|com)", re.I)
_OWN = {"tools/check_docs.py"}


def main() -> int:
    """Print what is wrong; the exit code says whether anything is."""
    documents = [path for path in tracked() if path.suffix == ".md"]
    faults = []
    for path in documents:
        text = path.read_text(encoding="utf-8")
        found = [*links(path, text), *targets(text), *commands(text), *settings(text)]
        faults += [f"{path.relative_to(ROOM)}: {fault}" for fault in found]
    for path in tracked():
        faults += [f"{path.relative_to(ROOM)}: {fault}" for fault in places(path)]
    print("\n".join(faults) or f"{len(documents)} documents: links, commands and settings exist")
    return 1 if faults else 0


def tracked() -> list[Path]:
    """The files of the project: what git knows, and what it would take."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(asked, cwd=ROOM, capture_output=True, text=True, check=True).stdout
    return sorted(path for name in names.split("\0") if name and (path := ROOM / name).is_file())


def links(path: Path, text: str) -> Iterator[str]:
    """Links to files that are not there, and to headings that are not in them."""
    for one in _LINK.finditer(_CODE.sub("", _FENCE.sub("", text))):
        link = one[1] or one[2]
        if re.match(r"[a-z]+:", link):
            continue
        name, _hash, anchor = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists():
            yield f"{link} leads nowhere"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{link} has no such heading"


def anchors(path: Path) -> set[str]:
    """The anchors of a document: its headings', numbered where they repeat, and its own."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    found, seen = set(_ID.findall(text)), Counter[str]()
    for heading in _HEADING.findall(text):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\s-]", "", words).strip().replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def targets(text: str) -> Iterator[str]:
    """Targets of make that are not there."""
    known = set(re.findall(r"^([a-z]+):", (ROOM / "Makefile").read_text(encoding="utf-8"), re.M))
    yield from (f"no `make {name}`" for name in _MAKE.findall(text) if name not in known)


def commands(text: str) -> Iterator[str]:
    """Command lines that `paraph` would refuse, and named commands that it does not have."""
    for shown in _SHOWN.findall(text):
        line = re.split(r"\s[>|&]|\s#\s", shown.replace("\\\n", " "))[0]
        if not understood(shlex.split(line)[1:]):
            yield f"paraph does not understand: {line}"
    for named in _NAMED.findall(text):
        words = re.findall(r"[a-z]+", named)[:2]
        if not _FORMAT.search(named) and not understood([*words, "--help"]):
            yield f"no `paraph {named}`"


def understood(arguments: list[str]) -> bool:
    """Whether the command line of Paraph takes these arguments."""
    from paraph.cli import parser

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            parser().parse_args(arguments)
        except SystemExit as end:
            return not end.code
    return True


def settings(text: str) -> Iterator[str]:
    """Environment variables that nothing reads."""
    sources = [ROOM / "Makefile", *(ROOM / "paraph").rglob("*.py"), *(ROOM / "tests").rglob("*.py")]
    for name in sorted(set(_SETTING.findall(text))):
        if not any(name in path.read_text(encoding="utf-8") for path in sources):
            yield f"nothing reads {name}"


def places(path: Path) -> Iterator[str]:
    """Paths of one machine and addresses of package indexes, in any file of text."""
    if path.relative_to(ROOM).as_posix() in _OWN:
        return
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    yield from (f"an absolute path, {found}" for found in sorted(set(_PLACE.findall(text))))
    yield from (f"the address of a package index, {found}" for found in sorted(set(_INDEX.findall(text))))
    if path.parent.name == "requirements" and "://" in text:
        yield "an address: a lock holds names, versions and hashes"


if __name__ == "__main__":
    sys.exit(main())
