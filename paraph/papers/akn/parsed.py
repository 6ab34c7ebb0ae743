"""What is every Akoma Ntoso document made of?"""

from pathlib import Path
from typing import TypeAlias

from lxml import etree

from paraph.papers.akn.writing import AKN
from paraph.papers.bounded_xml import parse
from paraph.papers.errors import PaperRefused
from paraph.sentences import _

DEPTH = 120  # of elements in each other
FILE = 64 << 20  # bytes
Tree: TypeAlias = etree._Element


def parsed(path: Path) -> Tree:
    """A file within bounds; PaperRefused where it is no such document."""
    if path.stat().st_size > FILE:
        raise PaperRefused("large", _("The file is larger than %(most)s MB."), most=FILE >> 20)
    with path.open("rb") as file:
        tree = parse(file, path.name)
    if tree.tag != f"{{{AKN}}}akomaNtoso":
        raise PaperRefused("kind", _("The file is no Akoma Ntoso 3.0 document."))
    return tree


def local(element: Tree) -> str:
    """What an element is called, without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
