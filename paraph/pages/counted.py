"""What is what a reader counted in a file called?"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# What a reader counts in a file; names of people follow behind "by" or "of".
COUNTED = (
    gettext_noop("paragraphs"),
    gettext_noop("empty paragraphs"),
    gettext_noop("tables"),
    gettext_noop("text boxes"),
    gettext_noop("footnotes"),
    gettext_noop("endnotes"),
    gettext_noop("content controls"),
    gettext_noop("formulas, as a line of signs"),
    gettext_noop("changes of format"),
    gettext_noop("cells inserted"),
    gettext_noop("cells deleted"),
    gettext_noop("passages of hidden text"),
    gettext_noop("proposals, named by their words"),
    gettext_noop("inserted"),
    gettext_noop("deleted"),
    gettext_noop("moved here"),
    gettext_noop("moved away"),
    gettext_noop("paragraph marks inserted"),
    gettext_noop("paragraph marks deleted"),
    gettext_noop("paragraph marks moved here"),
    gettext_noop("paragraph marks moved away"),
    gettext_noop("rows inserted"),
    gettext_noop("rows deleted"),
    gettext_noop("comments"),
    gettext_noop("nobody named"),
    gettext_noop("pictures"),
    gettext_noop("diagrams"),
    gettext_noop("charts"),
    gettext_noop("embedded objects"),
    gettext_noop("embedded documents"),
    gettext_noop("embedded files"),
    gettext_noop("control characters"),
    gettext_noop("lines about the file"),
    gettext_noop("addresses of links"),
    gettext_noop("signs of Markdown"),
    gettext_noop("page headers"),
    gettext_noop("page footers"),
    gettext_noop("readings above words"),
    gettext_noop("controls that run programs"),
    gettext_noop("footnotes that nothing calls"),
    gettext_noop("endnotes that nothing calls"),
    gettext_noop("notes that nothing calls"),
)


def counted(what: str) -> str:
    """What was counted in a file, in the reader's language; names of people stay as they are."""
    for link in (" by ", " of "):
        head, found_link, name = what.partition(link)
        if found_link and head in COUNTED:
            return f"{_(head)} · {_(name) if name in COUNTED else name}"
    if what in COUNTED:
        return _(what)
    head, _called, name = what.partition("elements called ")
    return f"{_('unknown elements')}: {name}" if name and not head else what
