"""What a file says of itself: the data set it is, how much of what it holds, and what made it.

DCAT and VoID, without blank nodes: <dataset> is the whole, <dataset#class-Note> and <dataset#property-names>
are its parts. The counts are of what the file holds of the graph, in its default graph. A date is told only where it cannot differ between two
exports of the same notes: see :mod:`kg.export.dated`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg import __version__, ontology
from kg.export.said import Said, together
from kg.names import ONTOLOGY, Names, digest
from kg.terms import LABEL, TYPE, bare, literal, term

if TYPE_CHECKING:
    from pyoxigraph import Store

_SPDX = "https://spdx.org/licenses/"
_VERSION = re.compile(r"owl:versionIRI\s+(<[^>]+>)")
_LEGAL = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def described(said: Said, names: Names, *, title: str, licence: str = "", modified: str = "", kept: Sequence[str] = ()) -> Said:
    """Describe what is said as a data set; ``modified`` is a time in ISO 8601, or "".

    ``kept`` is what :func:`kg.headers.set_aside` gave of a header that the data set had before.
    """
    whole, activity, tool = (f"<{names.base}dataset{end}>" for end in ("", "#export", "#kg"))
    found: Said = {}

    def say(subject: str, predicate: str, *things: str) -> None:
        found.setdefault(term(predicate), []).extend(f"{subject}\t{thing}" for thing in things)

    say(whole, "rdf:type", term("dcat:Dataset"), term("void:Dataset"))
    say(whole, "rdfs:label", literal(title))
    say(whole, "dcterms:title", literal(title))
    say(whole, "prov:wasGeneratedBy", activity)
    say(whole, "void:uriSpace", literal(names.base))
    say(whole, "void:vocabulary", f"<{ONTOLOGY}>")
    for row in _latest(kept) if kept else _known(licence, modified):
        predicate, _, thing = row.partition("\t")
        found.setdefault(predicate, []).append(f"{whole}\t{thing}")
    say(activity, "rdf:type", term("prov:Activity"))
    say(activity, "rdfs:label", literal("kg export"))
    say(activity, "prov:wasAssociatedWith", tool)
    say(tool, "rdf:type", term("prov:SoftwareAgent"))
    say(tool, "rdfs:label", literal(f"kg {__version__}"))
    say(tool, "schema:softwareVersion", literal(__version__))
    return together(found, _counted(said, names))


def _known(licence: str, modified: str) -> list[str]:
    """Write what a header says and nobody can work out from the rest."""
    rows = [("dcterms:conformsTo", _version())]
    if licence:
        rows.append(_licensed(licence))
    if modified:
        rows.append(("dcterms:modified", f'"{modified}"^^{term("xsd:dateTime")}'))
    return [f"{term(predicate)}\t{thing}" for predicate, thing in rows]


def _latest(rows: Sequence[str]) -> list[str]:
    """Leave out all dates but the last, of what several files say."""
    date = term("dcterms:modified")
    return [*(each for each in sorted(rows) if not each.startswith(date)), *sorted(each for each in rows if each.startswith(date))[-1:]]


def subjects(store: Store) -> set[str]:
    """List the IRIs that the headers of exported files describe, in a store that such files were read into."""
    from pyoxigraph import DefaultGraph, NamedNode

    found: set[str] = set()
    pending: list[object] = [
        each.subject for each in store.quads_for_pattern(None, NamedNode(bare(TYPE)), NamedNode(bare(term("dcat:Dataset"))), DefaultGraph())
    ]
    while pending:
        thing = pending.pop()
        if not isinstance(thing, NamedNode) or thing.value in found:
            continue
        found.add(thing.value)
        inside = thing.value.partition("#")[0] + "#"
        pending += [
            each.object
            for each in store.quads_for_pattern(thing, None, None, DefaultGraph())
            if str(getattr(each.object, "value", "")).startswith(inside)
        ]
    return found


def _counted(said: Said, names: Names) -> Said:
    whole = f"<{names.base}dataset>"
    classes: dict[str, int] = {}
    for row in said.get(TYPE, ()):
        thing = row[row.index("\t") + 1 :]
        classes[thing] = classes.get(thing, 0) + 1
    found: Said = {}

    def say(subject: str, predicate: str, thing: str | int) -> None:
        found.setdefault(predicate if predicate[0] == "<" else term(predicate), []).append(f"{subject}\t{thing}")

    say(whole, "void:triples", sum(map(len, said.values())))
    # The "entities that are described in the dataset" are those whose IRIs begin with its void:uriSpace (https://www.w3.org/TR/void/).
    described = {row[: row.index("\t")] for rows in said.values() for row in rows}
    say(whole, "void:entities", sum(each.startswith(f"<{names.base}") for each in described))
    say(whole, "void:classes", len(classes))
    say(whole, "void:properties", len(said))
    for part, count, counts in (("class", classes, "entities"), ("property", {each: len(rows) for each, rows in said.items()}, "triples")):
        for iri, number in sorted(count.items()):
            name = _local(iri, names)
            subject = f"<{names.base}dataset#{part}-{name}>"
            say(whole, f"void:{part}Partition", subject)
            say(subject, TYPE, term("void:Dataset"))
            say(subject, LABEL, literal(f"{part} {name}"))
            say(subject, f"void:{part}", iri)
            say(subject, f"void:{counts}", number)
    return found


def _local(iri: str, names: Names) -> str:
    """Name a class or property within an IRI: briefly where its namespace is a known one."""
    text = bare(iri)
    for prefix, space in names.prefixes().items():
        local = text.removeprefix(space)
        if local != text and local.isascii() and local.isalnum():
            return f"{prefix}-{local}" if prefix else local
    ending = re.split(r"[/#:]", text)[-1]
    return f"{ending}-{digest(text)}" if re.fullmatch(r"[A-Za-z0-9]+", ending) else digest(text)


def _version() -> str:
    match = _VERSION.search(ontology.text("kg.ttl"))
    return match[1] if match else f"<{ONTOLOGY}>"


def _licensed(licence: str) -> tuple[str, str]:
    """Say a licence by its address, by its SPDX identifier, or in words.

    >>> _licensed("CC-BY-4.0")
    ('dcterms:license', '<https://spdx.org/licenses/CC-BY-4.0>')
    """
    if _LEGAL.fullmatch(licence):
        return "dcterms:license", f"<{licence}>"
    if re.fullmatch(r"[A-Za-z0-9.+-]*[0-9A-Z][A-Za-z0-9.+-]*", licence):
        return "dcterms:license", f"<{_SPDX}{licence}>"
    return "dcterms:rights", literal(licence)
