"""The files that define terms: found in a checkout, an editable install and a wheel alike.

kg.ttl          classes and properties
shapes.ttl      SHACL shapes
countries.ttl   countries and the words that name them; countries-fr.ttl and such what other languages add
context.jsonld  short names for JSON-LD
"""

from __future__ import annotations

import re
from pathlib import Path

from kg.errors import OntologyError, Place

_HERE = Path(__file__).resolve().parent
FOLDERS = (_HERE / "_ontology", _HERE.parent / "ontology")
"""In a wheel the files lie in the package; in a checkout beside it."""


def path(name: str) -> Path:
    """Find a file of the ontology.

    Raises:
        OntologyError: the installation lacks it.

    >>> path("kg.ttl").name
    'kg.ttl'
    """
    for folder in FOLDERS:
        if (folder / name).is_file():
            return folder / name
    raise OntologyError("the file is not in this installation", at=Place(name), hint="install kgnotes again")


def text(name: str) -> str:
    """Read a file of the ontology."""
    return path(name).read_text(encoding="utf-8")


def terms() -> list[str]:
    """List the local names of the ontology's classes and properties."""
    return sorted(set(re.findall(r"^(?:kg)?:(\w+) a ", text("kg.ttl"), re.MULTILINE)))
