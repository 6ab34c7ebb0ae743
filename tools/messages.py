"""Collects, checks and compiles the sentences to translate, without gettext on the machine.

messages.py collect   update paraph/locale/*/LC_MESSAGES/django.po from the sources
messages.py compile   write the django.mo beside each
messages.py check     every sentence is translated with all its parts, and the compiled files are up to date
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOM = Path(__file__).resolve().parents[1]
LOCALE = ROOM / "paraph" / "locale"
_EAST_SLAVIC = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
PLURALS = {"ru": _EAST_SLAVIC, "be": _EAST_SLAVIC}
FORMS = 3
Message = tuple[str, str, str]  # context, msgid, plural


@dataclass(frozen=True)
class Translation:
    """What a translator wrote: one form, or one for each plural, and the comments above."""

    forms: tuple[str, ...]
    comments: tuple[str, ...] = ()

    @property
    def fuzzy(self) -> bool:
        """Whether the translator is not sure of it."""
        return any(line.startswith("#,") and "fuzzy" in line for line in self.comments)


# ---------------------------------------------------------------- collecting

_STRING = r"""[urb]*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({_STRING})(?:\s*,\s*({_STRING}))?(?:\s*,\s*({_STRING}))?", re.S)
_FUNCTION = re.compile(r"^(?:_|(n?)(p?)gettext(?:_lazy|_noop)?)$")


def collect() -> list[Message]:
    """All sentences of templates and modules, in the order of the sources."""
    templates = sorted((ROOM / "paraph").rglob("templates/**/*.html"))
    modules = sorted((ROOM / "paraph").rglob("*.py"))
    found: dict[Message, None] = {}
    for path in templates:
        found.update(dict.fromkeys(of_template(path.read_text(encoding="utf-8"))))
    for path in modules:
        try:
            found.update(dict.fromkeys(of_module(path.read_text(encoding="utf-8"))))
        except SyntaxError as error:
            sys.exit(f"{path.relative_to(ROOM)}: {error}")
    return list(found)


def of_template(text: str) -> Iterator[Message]:
    """The sentences of a template, as Django's own reader gives them to xgettext."""
    from django.utils.translation.template import templatize

    for call in _CALL.finditer(templatize(text)):
        texts = [_value(text) for text in call.groups()[1:] if text]
        if message := _message(call[1], texts):
            yield message


def _value(literal: str) -> str:
    # A sentence of a template may go over several lines, which a plain literal may not.
    return str(ast.literal_eval(literal.replace("\n", "\\n")))


def of_module(text: str) -> Iterator[Message]:
    """
    The sentences of a module: literals given to gettext, under any of its names.

    Errors: SyntaxError for a sentence put together before it is translated, which no catalogue can hold.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if _FUNCTION.match(name) and any(isinstance(arg, ast.JoinedStr | ast.BinOp) for arg in node.args):
                raise SyntaxError(f"line {node.lineno}: {name}() wants one literal, parts as %(name)s")
            texts = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if message := _message(name, texts):
                yield message


def _message(function: str, texts: list[str]) -> Message | None:
    """What a call of this function with these literals translates, if anything."""
    named = _FUNCTION.match(function)
    if not named or not texts:
        return None
    plural, context = bool(named[1]), bool(named[2])
    if len(texts) < 1 + plural + context:
        return None
    return (
        texts[0] if context else "",
        texts[1 if context else 0],
        texts[2 if context else 1] if plural else "",
    )


# ---------------------------------------------------------------- the file of a translator


def read_po(path: Path) -> dict[Message, Translation]:
    """The translations of a file, the header left out."""
    found: dict[Message, Translation] = {}
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")) if path.exists() else []:
        parts: dict[str, str] = {}
        comments, name = [], ""
        for line in block.splitlines():
            if line.startswith("#"):
                comments += [] if line.startswith(("#:", "#~")) else [line]
            elif line.startswith('"'):
                parts[name] += ast.literal_eval(line)
            elif line.startswith("msg"):
                name, _space, value = line.partition(" ")
                parts[name] = ast.literal_eval(value)
        if parts.get("msgid"):
            key = (parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", ""))
            names = [f"msgstr[{i}]" for i in range(FORMS)] if key[2] else ["msgstr"]
            found[key] = Translation(tuple(parts.get(name, "") for name in names), tuple(comments))
    return found


def write_po(path: Path, messages: list[Message], known: dict[Message, Translation]) -> None:
    """Write the file in the order of the sources, keeping what is translated."""
    blocks = ['msgid ""\nmsgstr ' + _quoted(_header(path))]
    for context, msgid, plural in messages:
        said = known.get((context, msgid, plural), Translation(("",) * (FORMS if plural else 1)))
        lines = list(said.comments)
        lines += [f"msgctxt {_quoted(context)}"] if context else []
        lines.append(f"msgid {_quoted(msgid)}")
        lines += [f"msgid_plural {_quoted(plural)}"] if plural else []
        for i, form in enumerate(said.forms):
            lines.append(f"msgstr{f'[{i}]' if plural else ''} {_quoted(form)}")
        blocks.append("\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _header(path: Path) -> str:
    language = path.relative_to(LOCALE).parts[0]
    return (
        f"Content-Type: text/plain; charset=UTF-8\nLanguage: {language}\nPlural-Forms: {PLURALS[language]}\n"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


# ---------------------------------------------------------------- the compiled file


def compiled(path: Path) -> bytes:
    """The bytes of django.mo for this django.po."""
    catalogue = {"": _header(path)}
    for (context, msgid, plural), said in read_po(path).items():
        if all(said.forms) and not said.fuzzy:
            key = (context + "\x04" if context else "") + msgid + ("\0" + plural if plural else "")
            catalogue[key] = "\0".join(said.forms)
    return packed([(key.encode(), catalogue[key].encode()) for key in sorted(catalogue)])


def packed(items: list[tuple[bytes, bytes]]) -> bytes:
    """The file of pairs, as gettext reads it."""
    start = 28 + 16 * len(items)
    ids = b"".join(key + b"\0" for key, _said in items)
    texts = b"".join(said + b"\0" for _key, said in items)
    id_table, text_table = b"", b""
    at_id, at_text = start, start + len(ids)
    for key, said in items:
        id_table += struct.pack("<II", len(key), at_id)
        text_table += struct.pack("<II", len(said), at_text)
        at_id, at_text = at_id + len(key) + 1, at_text + len(said) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(items), 28, 28 + 8 * len(items), 0, 0)
    return head + id_table + text_table + ids + texts


# ---------------------------------------------------------------- checking

_PART = re.compile(r"%\((\w+)\)")


def faults(path: Path, messages: list[Message]) -> Iterator[str]:
    """What is missing in a language."""
    known, wanted = read_po(path), set(messages)
    for message in messages:
        said = known.get(message)
        if said is None or not all(said.forms):
            yield f"not translated: {message[1]!r}"
        elif said.fuzzy:
            yield f"marked as fuzzy: {message[1]!r}"
        elif stray := {part for form in said.forms for part in _PART.findall(form)} - _parts(message):
            yield f"unknown parts {sorted(stray)}: {message[1]!r}"
        elif lost := _parts(message) - set(_PART.findall(said.forms[-1])):
            yield f"lost parts {sorted(lost)}: {message[1]!r}"
    yield from (f"no longer used: {message[1]!r}" for message in known if message not in wanted)
    mo = path.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(path):
        yield f"{mo.name} is not up to date: run `make messages`"


def _parts(message: Message) -> set[str]:
    return set(_PART.findall(message[2] or message[1]))


def main() -> int:
    """Do what was asked; the exit code says whether something is missing."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    paths = [folder / "LC_MESSAGES" / "django.po" for folder in sorted(LOCALE.iterdir()) if folder.is_dir()]
    if asked == "collect":
        messages = collect()
        for path in paths:
            write_po(path, messages, read_po(path))
    elif asked == "compile":
        for path in paths:
            path.with_suffix(".mo").write_bytes(compiled(path))
    elif asked == "check":
        messages = collect()
        found = [f"{path.parts[-3]}: {fault}" for path in paths for fault in faults(path, messages)]
        print("\n".join(found) or f"{len(messages)} sentences, all translated")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
