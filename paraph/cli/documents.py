"""What others send, and what they are sent, without a node or from one."""

import argparse
import gc
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from paraph.cli.common import Commands, command, out_path, with_home
from paraph.sentences import Told

if TYPE_CHECKING:
    from paraph.papers.documents import Document
    from paraph.papers.docx.settling import Reading


def add(commands: Commands) -> None:
    """The commands of this area."""
    read = command(commands, "read", _read, "print the paragraphs of a document, one a line")
    read.add_argument("file", type=Path, help="a .docx, .xlsx, .akn, .md or .txt file")
    settled = read.add_mutually_exclusive_group()
    settled.add_argument("--accept", action="store_true", help="as if all tracked changes were accepted")
    settled.add_argument("--reject", action="store_true", help="as if all were rejected")
    read.add_argument("--language", default="", help="of a document in several languages: ru")
    read.add_argument("--json", action="store_true", help="the structure, with the import report")

    compare = command(commands, "compare", _compare, "show what has changed between two documents")
    compare.add_argument("old", type=Path, help="a .docx, .xlsx, .akn, .md or .txt file")
    compare.add_argument("new", type=Path, help="another; tracked changes in both count as accepted")
    compare.add_argument("--language", default="", help="of documents in several languages: ru")
    compare.add_argument("--whole", action="store_true", help="print what has not changed too")
    compare.add_argument("--json", action="store_true", help="changes, moves, renumberings, splits, counts")
    compare.add_argument("--html", type=out_path, metavar="OUT", help="write the whole redline as a page")
    compare.add_argument(
        "--docx", type=out_path, metavar="OUT", help="write it for Word, with native tracked changes"
    )
    compare.add_argument("--pdf", type=out_path, metavar="OUT", help="write it for print")
    compare.add_argument(
        "--author", metavar="NAME", help="of the tracked changes; “Comparison” where left out"
    )
    compare.add_argument(
        "--date", type=_moment, metavar="DATE",
        help="of the tracked changes, as 2021-02-23 or 2021-02-23T09:00:00Z; none is written where left out",
    )  # fmt: skip

    paper = command(commands, "paper", _paper, "write a paper of a road map: all that leaves is in the file")
    paper.add_argument(
        "kind",
        help="clean, bracketed, comparison, columns, languages, initialled, alternat, certificate, scrub,"
        " akn",
    )
    paper.add_argument("road_map", metavar="ROAD_MAP", help="its permanent id, as in its address")
    with_home(paper)
    paper.add_argument(
        "-o", "--output", type=out_path, required=True, metavar="FILE", help="ends in .docx, .pdf or .akn"
    )
    paper.add_argument("--language", help="of the paper; the first authentic one where left out")
    paper.add_argument(
        "--party", default="", metavar="CODE", help="whose copy an alternat is; the node's own"
    )


def _moment(given: str) -> str:
    """A date as the command line takes it, as a moment in UTC."""
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given} is no date; write 2021-02-23") from None
    return found.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _document(path: Path, reading: "Reading", language: str) -> "Document":
    """A document, read within limits; what is refused is named."""
    from paraph.papers.errors import PaperRefused
    from paraph.papers.files import read_file
    from paraph.papers.limits import bounded

    try:
        with bounded():
            return read_file(path, reading, language)
    except PaperRefused as refused:
        raise Told("%(name)s: %(why)s", name=path.name, why=refused.sentence) from refused


def _read(given: argparse.Namespace) -> None:
    from paraph.papers import typed
    from paraph.papers.files import as_json, line

    reading: Reading = "accepted" if given.accept else "rejected" if given.reject else "marked"
    document = _document(given.file, reading, given.language)
    brackets = typed.typed_brackets(document)
    document.report.count("square brackets typed by hand", brackets.count)
    document.report.count("open points in them", len(brackets.points))
    for trouble in brackets.troubles:
        document.report.flag(trouble.sentence.template, **trouble.sentence.params)
    if given.json:
        import json

        found = as_json(document) | {"brackets": typed.as_json(brackets)}
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for paragraph in document.paragraphs:
        print(line(paragraph))
    print(*document.report.lines(), sep="\n", file=sys.stderr)


def _compare(given: argparse.Namespace) -> None:
    gc.disable()  # nothing here is garbage before the command ends
    from paraph.papers import redlines
    from paraph.papers.comparison import compare

    _keep_apart(given)
    old, new = (_document(path, "accepted", given.language) for path in (given.old, given.new))
    found = compare(old, new)
    if given.html:
        from paraph.papers.docx.redlining import language_of
        from paraph.papers.redline_page import as_html

        name = f"{given.old.name} – {given.new.name}"
        given.html.write_text(as_html(found, name, language_of(new)), "utf-8")
    if given.docx:
        from paraph.papers.docx.redlining import AUTHOR, redline_docx

        given.docx.write_bytes(redline_docx(found, given.author or AUTHOR, given.date or ""))
    if given.pdf:
        from paraph.papers.pdf.writing import paper_pdf
        from paraph.papers.printed import comparison_paper

        given.pdf.write_bytes(paper_pdf(comparison_paper(found, f"{given.old.name} – {given.new.name}")))
    if given.json:
        import json

        print(json.dumps(redlines.as_json(found), ensure_ascii=False, indent=1))
    elif given.html or given.docx or given.pdf:
        print(redlines.summary(found))
    else:
        coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(redlines.as_text(found, whole=given.whole, coloured=coloured))
    for path, document in ((given.old, old), (given.new, new)):
        if document.report.notable:
            print(f"{path.name}:", *document.report.lines(), file=sys.stderr)
    if redlines.in_two_languages(found):
        print(redlines.TWO_LANGUAGES, file=sys.stderr)
    gc.freeze()  # nor afterwards


def _keep_apart(given: argparse.Namespace) -> None:
    """Told where the redline would be written over what is compared."""
    for out in filter(None, (given.html, given.docx, given.pdf)):
        for path in (given.old, given.new):
            if out.exists() and path.exists() and out.samefile(path):
                raise Told(
                    "%(name)s is one of the two documents: name another file for the redline", name=out
                )


def _paper(given: argparse.Namespace) -> None:
    from paraph.node.audit import replay
    from paraph.node.homes import open_home
    from paraph.papers.check import leaving
    from paraph.papers.kinds import outgoing
    from paraph.papers.roadmaps import Wanted

    home = open_home(given.home)
    programme = replay(home)
    language = given.language or programme.charter.authentic[0]
    party = given.party or ("" if home.observer or given.kind != "alternat" else home.code)
    wanted = Wanted(programme, given.road_map, language, party)
    file = outgoing(given.kind, given.output.suffix.removeprefix("."), wanted)
    given.output.write_bytes(file.data)
    print(f"{given.output}: {len(file.data)} bytes")
    for sentence in leaving(file):
        print(f"  {sentence}")
