"""What does a document become when all its tracked changes are accepted, or all rejected?

The tree is changed in place, so what is read from it afterwards needs to know nothing of changes. A
paragraph whose mark goes joins the one after it and takes over its properties, as in Word.
"""

from typing import Literal

from lxml import etree

from paraph.papers.docx.package import W

Reading = Literal["marked", "accepted", "rejected"]
Tree = etree._Element

COME = (W + "ins", W + "moveTo")
GO = (W + "del", W + "moveFrom")
# Elements of the same names in these say how a mark, a row or a number came, and hold nothing.
PROPERTIES = {W + name for name in ("rPr", "trPr", "numPr")} | {
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}ctrlPr"
}
_FORMER = {W + f"{name}PrChange" for name in ("p", "r", "tr", "tbl", "tc", "sect", "tblEx")}
_STAY = {W + name for name in ("rPr", "sectPr", *("ins", "del", "moveFrom", "moveTo"))}
_COMMENTED = (W + "commentRangeStart", W + "commentRangeEnd")
_BESIDE = {W + name for name in ("p", "tbl", "sdt", "customXml", "sectPr", "altChunk")}


def settle(tree: Tree, reading: Reading) -> None:
    """Accept or reject every tracked change of a part."""
    if reading == "marked":
        return
    accepting = reading == "accepted"
    kept, dropped = (COME, GO) if accepting else (GO, COME)
    changes = list(tree.iter(*COME, *GO))
    leaving = [p for one in changes if one.tag in dropped and (p := _ended_by(one)) is not None]
    for one in changes:
        if one.tag in dropped and (parent := one.getparent()) is not None:
            if parent.tag == W + "trPr":
                _drop_row(parent.getparent())
            elif parent.tag not in PROPERTIES:
                parent.remove(one)
    for cell in list(tree.iter(W + ("cellDel" if accepting else "cellIns"))):
        _remove(_above(cell, W + "tc"))
    for one in changes:
        if one.tag in kept and (parent := one.getparent()) is not None and parent.tag not in PROPERTIES:
            at = parent.index(one)
            parent[at : at + 1] = list(one)
    if not accepting:
        for deleted, name in (("delText", "t"), ("delInstrText", "instrText")):
            for text in list(tree.iter(W + deleted)):
                text.tag = W + name
    _settle_properties(tree, accepting)
    for paragraph in leaving:
        _join(paragraph)
    for mark in list(tree.iter(*COME, *GO)):
        _remove(mark)


def mark_of(paragraph: Tree) -> Tree | None:
    """The change of a paragraph's mark."""
    looks = paragraph.find(f"{W}pPr/{W}rPr")
    return None if looks is None else next(looks.iterchildren(*COME, *GO), None)


def _ended_by(change: Tree) -> Tree | None:
    """The paragraph whose mark a change is about, if it is about one."""
    looks = change.getparent()
    properties = None if looks is None or looks.tag != W + "rPr" else looks.getparent()
    return None if properties is None or properties.tag != W + "pPr" else properties.getparent()


def _settle_properties(tree: Tree, accepting: bool) -> None:
    """Properties as they are, or as they were."""
    for change in list(tree.iter(*_FORMER)):
        now = change.getparent()
        if now is None:
            continue
        now.remove(change)
        former = next(iter(change), None)
        if accepting or former is None:
            continue
        for child in list(now):
            if child.tag not in _STAY:
                now.remove(child)
        for place, child in enumerate(former):
            now.insert(place, child)


def _drop_row(row: Tree | None) -> None:
    table = _above(row, W + "tbl") if row is not None else None
    _remove(row)
    if table is not None and next(table.iter(W + "tr"), None) is None:
        _remove(table)


def _join(paragraph: Tree) -> None:
    """A paragraph without its mark: what it holds begins the next one."""
    parent = paragraph.getparent()
    if parent is None:
        return
    follower = _behind(paragraph)
    content = [one for one in paragraph if one.tag != W + "pPr"]
    left = _says(paragraph)
    if not left:  # its name goes with it, or the next one would have it
        content = list(paragraph.iter(*_COMMENTED))
    if follower is not None and follower.tag == W + "p":
        properties = follower.find(W + "pPr")
        at = 0 if properties is None else 1
        for place, one in enumerate(content, at):
            follower.insert(place, one)
        _remove(paragraph)
    elif not left and parent.tag != W + "tc":
        _remove(paragraph)


def _behind(paragraph: Tree) -> Tree | None:
    """The block behind a paragraph, across the borders of content controls."""
    one: Tree | None = paragraph
    found = None
    while one is not None and found is None:
        found = next((other for other in one.itersiblings() if other.tag in _BESIDE), None)
        parent = one.getparent()
        one = None if parent is None or parent.tag not in (W + "sdt", W + "sdtContent") else parent
    while found is not None and found.tag == W + "sdt":
        content = found.find(W + "sdtContent")
        inside = None if content is None else next((other for other in content if other.tag in _BESIDE), None)
        if inside is None:
            return found
        found = inside
    return found


def _says(element: Tree) -> bool:
    """Whether some run in it holds more than its looks."""
    runs = element.iter("{*}r", "{*}oMath")
    return any(child.tag != W + "rPr" for run in runs for child in run)


def _above(element: Tree | None, tag: str) -> Tree | None:
    return None if element is None else next(element.iterancestors(tag), None)


def _remove(element: Tree | None) -> None:
    if element is not None and (parent := element.getparent()) is not None:
        parent.remove(element)
