"""Where do published test vectors lie?"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

_PLACES = [os.environ.get("PARAPH_CORPUS", ""), str(Path(__file__).parents[3] / "shared")]


def vectors(name: str) -> Path:
    """A file or folder of the corpus; without a corpus the test is skipped."""
    for place in filter(None, _PLACES):
        found = Path(place) / "vectors" / name
        if found.exists():
            return found
    pytest.skip("no corpus: set PARAPH_CORPUS to the folder that holds vectors/")


def read(name: str) -> Any:
    """A JSON file of the corpus."""
    return json.loads(vectors(name).read_text())
