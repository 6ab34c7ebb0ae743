"""How does a comparison look as one page that needs nothing else, for a browser or for print?"""

from collections.abc import Sequence
from html import escape

from paraph.papers.comparison import Comparison, Line, Row
from paraph.papers.documents import Paragraph, remarks_at
from paraph.papers.labels import label
from paraph.papers.redlines import MARGIN, numbered
from paraph.papers.shapes import heights, shapes

COUNTED = (
    "old",
    "new",
    "changed",
    "inserted",
    "deleted",
    "moved",
    "renumbered",
    "words deleted",
    "words inserted",
)
_HTML = {"same": "", "deleted": "del", "inserted": "ins"}
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --ink: #1b1b1b; --ground: #fff; --soft: #555; --line: #999;
  --ins: #14532d; --ins-ground: #e6f4ea; --del: #7f1d1d; --del-ground: #fbe9e7 }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e8e8e8; --ground: #17191c; --soft: #b5b5b5;
  --line: #777; --ins: #a5e3bb; --ins-ground: #12301f; --del: #f5b5ae; --del-ground: #3a1a18 }} }}
body {{ font: 1rem/1.5 "PT Serif", Georgia, "Times New Roman", serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1.5rem; color: var(--ink); background: var(--ground); overflow-wrap: anywhere }}
h1 {{ font-size: 1.3rem }} p {{ margin: .6rem 0 }}
ins {{ color: var(--ins); background: var(--ins-ground); text-decoration: underline }}
del {{ color: var(--del); background: var(--del-ground); text-decoration: line-through }}
.change {{ border-left: 3px solid var(--line); padding-left: .8rem; margin-left: -1rem }}
.moved {{ border-left-style: double; border-left-width: 5px }}
.note {{ font-size: .85rem; color: var(--soft); font-style: italic }}
.heading {{ font-weight: bold; margin-top: 1.4rem }}
table {{ border-collapse: collapse; width: 100%; font-size: .9rem }}
td {{ border: 1px solid var(--line); padding: .2rem .5rem; vertical-align: top }} td p {{ margin: .1rem 0 }}
td .change {{ border: 0; padding: 0; margin: .1rem 0 }}
details {{ font-size: .9rem; padding: .5rem 1rem; border: 1px solid var(--line); margin: 1rem 0 }}
details a {{ display: block; color: inherit }}
@page {{ size: A4; margin: 20mm 15mm 20mm 25mm }}
@media print {{ details {{ display: none }} body {{ margin: 0; padding: 0; max-width: none; font-size: 11pt;
  color: #000; background: #fff }} ins, del {{ background: none }} .change {{ margin-left: 0 }}
  .heading {{ break-after: avoid }} tr {{ break-inside: avoid }} }}
</style></head><body>
<h1>{title}</h1>{between}<p>{summary}</p>
<details><summary>{count}</summary><nav aria-label="{count}">
{contents}
</nav></details>
<main>
{body}
</main></body></html>
"""


def as_html(found: Comparison, title: str, language: str = "", between: Sequence[str] = ()) -> str:
    """
    The whole text with its changes as one page that needs nothing else: for a browser, or to print.

    Args:
        found: the comparison.
        title: of the page.
        language: of the page's own words.
        between: what the old and the new document are, a line each.
    """
    page = _Page(found, language)
    for block in found.blocks:
        if isinstance(block, Row):
            page.body.append(page.paragraph(block))
        else:
            page.body.append(page.table(block))
    page.body += [page.paragraph(row) for row in found.notes]
    return _PAGE.format(
        language=escape(language),
        title=escape(title),
        between="".join(f'<p class="note">{escape(line)}</p>' for line in between),
        summary=escape(label(language, "changes", *(found.counts[name] for name in COUNTED))),
        count=escape(label(language, "places", len(page.contents))),
        contents="\n".join(page.contents),
        body="\n".join(page.body),
    )


class _Page:
    """The paragraphs of a page, and the list of those that differ."""

    def __init__(self, found: Comparison, language: str) -> None:
        self.found, self.language = found, language
        self.old, self.new = found.old.paragraphs, found.new.paragraphs
        self.said = remarks_at(found.new)
        self.contents: list[str] = []
        self.body: list[str] = []
        self.heading = ""

    def table(self, lines: tuple[Line, ...]) -> str:
        """A table, its rows as they are now and as they were."""
        rows = ""
        for line, shown in zip(lines, heights(shapes(self.found, lines)), strict=True):
            cells = ""
            for one, height in shown:
                wide = f' colspan="{one.width}"' if one.width > 1 else ""
                tall = f' rowspan="{height}"' if height > 1 else ""
                inside = "".join(map(self.paragraph, line.cells[one.column]))
                cells += f"<td{wide}{tall}>{inside}</td>"
            rows += f"<tr>{cells}</tr>"
        return f"<table><tbody>{rows}</tbody></table>"

    def paragraph(self, row: Row) -> str:
        """One step: its words with their changes, and where it moved."""
        step, note = row.step, ""
        first = self.new[step.new[0]] if step.new else self.old[step.old[0]]
        if first.kind in ("heading", "article") and step.kind != "leaves":
            self.heading = first.text
        level, style = _level(first)
        beside = "".join(
            f'<p class="note">{escape(one.line)}</p>'
            for at in step.new
            if step.kind != "leaves"
            for one in self.said.get(at, ())
        )
        if step.kind == "stays" and not row.changed:
            named = f' class="{style}"' if style else ""
            return f"<p{level}{named}>{numbered(row, _tagged)}</p>{beside}"
        if step.kind == "comes":
            note = label(self.language, "moved_from", where(self.language, self.old, step.old[0]))
        elif step.kind == "leaves":
            note = label(self.language, "moved_to", where(self.language, self.new, step.new[0]))
        named = " ".join(filter(None, ["change", "moved" if note else "", style]))
        note = note and f' <span class="note">({escape(note)})</span>'
        at = len(self.contents)
        name = first.text[:50] if first.text == self.heading else f"{self.heading[:40]}: {first.text[:40]}"
        self.contents.append(f'<a href="#c{at}">{MARGIN[step.kind]} {escape(name)}</a>')
        return f'<p{level} class="{named}" id="c{at}">{numbered(row, _tagged)}{note}</p>{beside}'


def where(language: str, paragraphs: Sequence[Paragraph], place: int) -> str:
    """What a paragraph is called in a language: by its number, else by its place."""
    return paragraphs[place].number or label(language, "paragraph", place + 1)


def _level(paragraph: Paragraph) -> tuple[str, str]:
    """The attributes and the class of a heading."""
    if paragraph.kind not in ("heading", "article"):
        return "", ""
    level = min(paragraph.level + 1, 6) if paragraph.kind == "heading" else 3
    return f' role="heading" aria-level="{level}"', "heading"


def _tagged(kind: str, text: str) -> str:
    tag = _HTML[kind]
    inside = escape(text).replace("\n", "¶<br>" if tag else "<br>")
    return f"<{tag}>{inside}</{tag}>" if tag else inside
