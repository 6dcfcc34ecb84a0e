"""No name of the annotated notes stands in the code or in a file that is shipped: rules are to find them, not to know them.

Countries are excepted, and so are bodies that all the world calls by one name, which are a list of their own.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from kg.extract import normal, organisations

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = [*(ROOT / "kg").rglob("*.py"), *(ROOT / "ontology").glob("*"), *(ROOT / "tests" / "golden").glob("*.md")]


def annotated() -> Path:
    given = os.environ.get("KG_GOLD")
    beside = [folder / "shared" / "gold" for folder in ROOT.parents]
    return Path(given) if given else next((each for each in beside if each.is_dir()), ROOT / "nowhere")


def names(file: Path) -> set[str]:
    found: set[str] = set()
    for note in json.loads(file.read_text(encoding="utf-8"))["notes"]:
        for kind in ("initiatives", "organisations", "persons"):
            for each in note[kind]:
                found |= {each["name"], *each.get("aliases", ())}
    return {each for each in found if any(map(str.isupper, each)) and (" " in each or each.isupper())}


def test_no_annotated_name_is_known_beforehand() -> None:
    files = [*annotated().glob("*.json")]
    if not files:
        pytest.skip("no annotated notes here")
    text = "\n".join(path.read_text(encoding="utf-8") for path in SHIPPED)
    world = {normal(each) for each in organisations.known_names()}
    every = {name for file in files for name in names(file)}
    assert len(every) > 50
    told = [name for name in sorted(every) if normal(name) not in world and re.search(rf"(?<![\w/]){re.escape(name)}(?!\w)", text)]
    assert told == []
