"""Do the links of all documents lead somewhere, and do the commands they name exist?"""

import re
import sys
from pathlib import Path

ROOM = Path(__file__).parent.parent
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_MAKE = re.compile(r"`make ([a-z]+)")
_PLACE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")


def anchors(path: Path) -> set[str]:
    """The anchors that the headings of a document make."""
    found = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            words = re.sub(r"[^\w\s-]", "", line.lstrip("#").strip().lower())
            found.add(words.replace(" ", "-"))
    return found


def main() -> int:
    """Print what is wrong; the exit code says whether anything is."""
    targets = set(re.findall(r"^([a-z]+):", (ROOM / "Makefile").read_text(), re.M))
    faults = []
    paths = sorted([*ROOM.glob("*.md"), *(ROOM / "docs").rglob("*.md")])
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for link in _LINK.findall(text):
            if "://" in link or link.startswith("mailto:"):
                continue
            name, _hash, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.exists():
                faults.append(f"{path.relative_to(ROOM)}: {link} leads nowhere")
            elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                faults.append(f"{path.relative_to(ROOM)}: {link} has no such heading")
        faults += [
            f"{path.relative_to(ROOM)}: no `make {m}`" for m in _MAKE.findall(text) if m not in targets
        ]
        faults += [f"{path.relative_to(ROOM)}: an absolute path" for _ in _PLACE.findall(text)]
    print("\n".join(faults) or f"{len(paths)} documents, all links lead somewhere")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
