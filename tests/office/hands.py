"""The hands of somebody at LibreOffice, run by a Python that knows it: jobs come as JSON, one a line.

A job loads a file, does some things, and saves it: {"load": path, "do": [[verb, words, …], …], "save": path}.
"""

import contextlib
import importlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

uno: Any = importlib.import_module("uno")
PIPE = "paraph-office"
WORD = "MS Word 2007 XML"
AUTHOR = "Moscow"


def named(name: str, value: Any) -> Any:
    """A named value as LibreOffice takes it."""
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def connect() -> Any:
    """The context of the office, once it has started."""
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _attempt in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
        except Exception:  # it has not started yet
            time.sleep(0.2)
    raise SystemExit("LibreOffice does not start")


class Desk:
    """One document on the desk."""

    def __init__(self, context: Any, path: str) -> None:
        self.context = context
        make = context.ServiceManager.createInstanceWithContext
        self.dispatcher = make("com.sun.star.frame.DispatchHelper", context)
        desktop = make("com.sun.star.frame.Desktop", context)
        self.document = desktop.loadComponentFromURL(
            Path(path).as_uri(), "_blank", 0, (named("Hidden", True),)
        )
        self.text = self.document.Text

    def save(self, path: str) -> None:
        """Save it as a Word file, and close it."""
        given = uno.Any("[]com.sun.star.beans.PropertyValue", (named("FilterName", WORD),))
        uno.invoke(self.document, "storeToURL", (Path(path).as_uri(), given))
        self.document.close(True)

    def dispatch(self, command: str, **given: Any) -> None:
        """Do what a menu does."""
        values = tuple(named(name, value) for name, value in given.items())
        self.dispatcher.executeDispatch(self.document.CurrentController.Frame, command, "", 0, values)

    def find(self, words: str) -> Any:
        """The first place of some words."""
        wanted = self.document.createSearchDescriptor()
        wanted.SearchString = words
        found = self.document.findFirst(wanted)
        if found is None:
            raise SystemExit(f"not in the file: {words}")
        return found

    # ------------------------------------------------------------ what can be done

    def track(self, recorded: bool) -> None:
        """Whether what is changed from here on is recorded; our papers ask for it."""
        self.document.RecordChanges = recorded

    def accept(self) -> None:
        """Accept all that is tracked."""
        self.dispatch(".uno:AcceptAllTrackedChanges")

    def reject(self) -> None:
        """Reject all that is tracked."""
        self.dispatch(".uno:RejectAllTrackedChanges")

    def compare(self, former: str) -> None:
        """Track what makes this document of a former one."""
        self.dispatch(".uno:CompareDocuments", URL=Path(former).as_uri(), NoAcceptDialog=True)

    def replace(self, words: str, others: str) -> None:
        """Type other words over some."""
        self.find(words).setString(others)

    def strike(self, words: str) -> None:
        """Delete the paragraph that holds some words, with its end."""
        place = self.find(words)
        cursor = place.Text.createTextCursorByRange(place)
        cursor.gotoStartOfParagraph(False)
        cursor.gotoEndOfParagraph(True)
        cursor.goRight(1, True)
        cursor.setString("")

    def part(self, words: str) -> None:
        """Press Enter before some words."""
        place = self.find(words)
        self._enter(place.Text.createTextCursorByRange(place.Start))

    def write(self, words: str, new: str) -> None:
        """Type a paragraph behind the one that holds some words."""
        place = self.find(words)
        cursor = place.Text.createTextCursorByRange(place)
        cursor.gotoEndOfParagraph(False)
        self._enter(cursor)
        place.Text.insertString(cursor, new, False)

    def cell(self, name: str, words: str) -> None:
        """Type words into a cell of the last table."""
        self._table().getCellByName(name).setString(words)

    def strike_row(self, row: int) -> None:
        """Delete a row of the last table, counted from 0."""
        self._table().Rows.removeByIndex(row, 1)

    def _table(self) -> Any:
        tables = self.document.TextTables
        return tables.getByIndex(tables.Count - 1)

    def _enter(self, cursor: Any) -> None:
        sign = uno.getConstantByName("com.sun.star.text.ControlCharacter.PARAGRAPH_BREAK")
        cursor.Text.insertControlCharacter(cursor, sign, False)


def main(profile: str) -> None:
    """Do the jobs that come, in an office of our own."""
    office = subprocess.Popen(
        ["soffice", "--headless", "--norestore", f"-env:UserInstallation={Path(profile).as_uri()}",
         f"--accept=pipe,name={PIPE};urp;StarOffice.ComponentContext"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    context = connect()
    make = context.ServiceManager.createInstanceWithContext
    access = make("com.sun.star.configuration.ConfigurationProvider", context).createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationUpdateAccess",
        (named("nodepath", "/org.openoffice.UserProfile/Data"),),
    )
    access.setPropertyValue("givenname", AUTHOR)
    access.commitChanges()
    try:
        for line in sys.stdin:
            job = json.loads(line)
            desk = Desk(context, job["load"])
            for verb, *words in job["do"]:
                done: Callable[..., None] = getattr(desk, verb)
                done(*words)
            desk.save(job["save"])
            print(job["save"], flush=True)
    finally:
        with contextlib.suppress(Exception):  # it ends while it answers
            make("com.sun.star.frame.Desktop", context).terminate()
        office.wait(60)


if __name__ == "__main__":
    main(sys.argv[1])
