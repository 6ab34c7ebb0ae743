"""Collects, checks and compiles the sentences to translate, without gettext on the machine.

messages.py collect   update paraph/locale/ru/LC_MESSAGES/django.po from the sources
messages.py check     every sentence is translated, and the compiled file is up to date
messages.py compile   write django.mo
"""

import ast
import re
import struct
import sys
from pathlib import Path

ROOM = Path(__file__).parent.parent
PO = ROOM / "paraph" / "locale" / "ru" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\nLanguage: ru\n"
    "Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<10 || n%100>=20) ? 1 : 2);\n"
)
Message = tuple[str, str, str]  # context, msgid, plural

_TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')(?:\s+context\s+"([^"]*)")?""")
_CALL = re.compile(r"""_\(\s*"([^"]*)"\s*\)""")
_BLOCK = re.compile(
    r"\{%\s*blocktranslate\b[^%]*%\}(.*?)(?:\{%\s*plural\s*%\}(.*?))?\{%\s*endblocktranslate\s*%\}", re.S
)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext"}


def collect() -> list[Message]:
    """All sentences of templates and modules."""
    found: dict[Message, None] = {}
    for path in sorted((ROOM / "paraph").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for one in _TRANSLATE.finditer(text):
            found[(one[3] or "", one[1] or one[2], "")] = None
        for one in _CALL.finditer(text):
            found[("", one[1], "")] = None
        for one in _BLOCK.finditer(text):
            singular, plural = (_VARIABLE.sub(r"%(\1)s", part or "") for part in (one[1], one[2]))
            found[("", singular, plural)] = None
    for path in sorted((ROOM / "paraph").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                if node.func.id == "pgettext" and len(texts) == 2:
                    found[(str(texts[0]), str(texts[1]), "")] = None
                elif texts and isinstance(texts[0], str):
                    found[("", texts[0], "")] = None
    return list(found)


def read_po() -> dict[Message, list[str]]:
    """The translations: one form, or three."""
    found: dict[Message, list[str]] = {}
    if not PO.exists():
        return found
    for block in PO.read_text(encoding="utf-8").split("\n\n"):
        parts: dict[str, str] = {}
        for line in block.splitlines():
            if line.startswith("msg"):
                name, _space, value = line.partition(" ")
                parts[name] = ast.literal_eval(value)
        if parts.get("msgid"):
            key = (parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", ""))
            found[key] = (
                [parts.get(f"msgstr[{i}]", "") for i in range(3)] if key[2] else [parts.get("msgstr", "")]
            )
    return found


def write_po(messages: list[Message], known: dict[Message, list[str]]) -> None:
    """Write the file in the order of the sources, keeping what is translated."""
    blocks = ['msgid ""\nmsgstr ' + _quoted(HEADER)]
    for context, msgid, plural in messages:
        lines = [f"msgctxt {_quoted(context)}"] if context else []
        lines.append(f"msgid {_quoted(msgid)}")
        said = known.get((context, msgid, plural), [""] * (3 if plural else 1))
        if plural:
            lines.append(f"msgid_plural {_quoted(plural)}")
            lines += [f"msgstr[{i}] {_quoted(said[i])}" for i in range(3)]
        else:
            lines.append(f"msgstr {_quoted(said[0])}")
        blocks.append("\n".join(lines))
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compiled() -> bytes:
    """The bytes of django.mo."""
    catalogue = {"": HEADER}
    for (context, msgid, plural), said in read_po().items():
        if all(said):
            key = (context + "\x04" if context else "") + msgid + ("\0" + plural if plural else "")
            catalogue[key] = "\0".join(said)
    items = [(key.encode(), catalogue[key].encode()) for key in sorted(catalogue)]
    return packed(items)


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


def main() -> int:
    """Do what was asked."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked == "collect":
        write_po(collect(), read_po())
    elif asked == "compile":
        PO.with_suffix(".mo").write_bytes(compiled())
    elif asked == "check":
        known, messages = read_po(), collect()
        faults = [f"not translated: {m[1]!r}" for m in messages if not all(known.get(m, [""]))]
        faults += [f"no longer used: {m[1]!r}" for m in known if m not in set(messages)]
        if PO.with_suffix(".mo").read_bytes() != compiled():
            faults.append("django.mo is not up to date: run `make messages`")
        print("\n".join(faults) or f"{len(messages)} sentences, all translated")
        return 1 if faults else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
