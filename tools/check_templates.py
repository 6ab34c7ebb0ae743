"""Do all templates compile, and do they keep to the strict content policy?"""

import os
import re
import sys
from pathlib import Path

ROOM = Path(__file__).parent.parent / "paraph" / "pages" / "templates"
_INLINE = re.compile(r"""<[^>]*\s(?:style|on[a-z]+)=["']|<style\b|javascript:""")


def main() -> int:
    """Print what is wrong; the exit code says whether anything is."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "paraph.settings"
    os.environ["PARAPH_PLAIN_STATIC"] = "1"
    import django
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    faults = []
    paths = sorted(ROOM.rglob("*.html"))
    for path in paths:
        name = str(path.relative_to(ROOM))
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            faults.append(f"{name}: {error}")
        text = path.read_text(encoding="utf-8")
        faults += [f"{name}: inline {found[0][:60]!r}" for found in _INLINE.finditer(text)]
    print("\n".join(faults) or f"{len(paths)} templates compile")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
