"""The kinds of entity: those of the ontology, and those that a vault declares as subclasses of them.

A vault's own ``ontology/*.ttl`` may say ``vault:Startup rdfs:subClassOf :Organisation``; then a note whose
front matter has ``type: Startup`` is the page of one. A kind goes by the last part of its class's IRI, in
small letters; entities have it in their IRI, as in ``startup/acme``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg.errors import OntologyError, Place
from kg.names import ONTOLOGY, STANDARD_PREFIXES, slug

FOLDER = "ontology"
"""Where a vault keeps its own, beside its notes or its kg.toml."""
_SUBCLASS = STANDARD_PREFIXES["rdfs"] + "subClassOf"
_ENTITY = ONTOLOGY + "Entity"
_CONCEPT = STANDARD_PREFIXES["skos"] + "Concept"


class Kind(NamedTuple):
    """One kind of entity: its name, and the IRIs of its class and of all classes above, itself first."""

    name: str
    classes: tuple[str, ...]


def _own(name: str, *above: str) -> Kind:
    return Kind(name, (ONTOLOGY + name.capitalize(), *above, _ENTITY))


BUILTIN: Mapping[str, Kind] = {
    each.name: each for each in (_own("country"), _own("initiative"), _own("organisation"), _own("person"), _own("theme", _CONCEPT))
}


def files(folder: Path) -> list[Path]:
    """List the files in which a vault declares kinds of its own."""
    return sorted(each for each in (folder / FOLDER).glob("*.ttl") if each.is_file())


def read(folder: Path) -> dict[str, Kind]:
    """Read the kinds that the vault in a folder knows.

    Raises:
        OntologyError: a file is not Turtle; a class is above itself, or clashes with another of its name.
    """
    found = dict(BUILTIN)
    above: dict[str, set[str]] = {}
    where: dict[str, Path] = {}
    for path in files(folder):
        for subject, thing in _subclasses(path):
            above.setdefault(subject, set()).add(thing)
            where.setdefault(subject, path)
    for iri in sorted(above):
        classes = _above(iri, above, where[iri])
        if _ENTITY not in classes:
            continue
        name = slug(iri.replace("#", "/").rpartition("/")[2])
        if name in found:
            raise OntologyError(f"the class <{iri}> has the name of another: {name}", at=Place(str(where[iri])), hint="rename one of them")
        found[name] = Kind(name, classes)
    return found


def fingerprint(folder: Path) -> str:
    """Sum up the files that declare kinds, for telling whether they changed."""
    return sha256(b"\0".join(each.read_bytes() for each in files(folder))).hexdigest()[:16]


def _subclasses(path: Path) -> list[tuple[str, str]]:
    import pyoxigraph

    from kg import nesting

    try:
        data = path.read_bytes()
        if line := nesting.terms(data):
            raise OntologyError(nesting.refused(), at=Place(str(path), line))
        triples = list(pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TURTLE))
    except SyntaxError as error:
        said = error.msg.rpartition("Parser error")[2].partition(": ")[2] or error.msg
        raise OntologyError(f"not valid Turtle: {said}", at=Place(str(path), error.lineno or 0)) from None
    except OSError as error:
        raise OntologyError(f"cannot be read: {error.strerror}", at=Place(str(path))) from None
    named = ((each.subject, each.object) for each in triples if each.predicate.value == _SUBCLASS)
    return [
        (subject.value, thing.value)
        for subject, thing in named
        if isinstance(subject, pyoxigraph.NamedNode) and isinstance(thing, pyoxigraph.NamedNode)
    ]


def _above(iri: str, above: Mapping[str, set[str]], path: Path) -> tuple[str, ...]:
    """List a class and all above it, the nearest first."""
    found: dict[str, None] = {}
    pending = [iri]
    while pending:
        here = pending.pop(0)
        if here in found:
            continue
        found[here] = None
        known = [each.classes for each in BUILTIN.values() if each.classes[0] == here]
        pending += sorted(above.get(here, ())) or (known[0][1:] if known else ())
    if any(iri in above.get(each, ()) for each in found):
        raise OntologyError(f"the class <{iri}> is above itself", at=Place(str(path)), hint="take one of its rdfs:subClassOf away")
    return tuple(found)


def named(text: str, kinds: Collection[str]) -> str:
    """Give the kind that an author's word stands for, in any case, as text or as a link; "" if none.

    >>> named("[[Organisation]]", BUILTIN), named("organization", BUILTIN), named("meeting", BUILTIN)
    ('organisation', 'organisation', '')
    """
    word = slug(text.strip().removeprefix("[[").removesuffix("]]").rpartition("|")[2])
    word = _SPELLINGS.get(word, word)
    return word if word in kinds else ""


_SPELLINGS = {"organization": "organisation", "organizations": "organisation", "people": "person", "countries": "country"} | {
    f"{name}s": name for name in ("initiative", "organisation", "person", "theme")
}
