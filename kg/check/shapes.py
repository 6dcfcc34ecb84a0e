"""The graph checked by shapes (SHACL): those of kg, those of the vault, and others, with pySHACL, an optional package.

A result is told in words, with the note and the line that it comes from. Shapes of the vault are ``ontology/*shapes*.ttl``
beside its notes or its kg.toml. Only SHACL Core is read: what holds SPARQL or a script is refused, since whoever checks
a vault of others would run it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import kinds, ontology, rdf, settled, sources, turtle
from kg.check.findings import Finding, in_order
from kg.check.known import Checked
from kg.errors import KgError, OntologyError, Place
from kg.names import DEFAULT_BASE
from kg.store import LOADED
from kg.triples import iri_of, label_of, pairs, pointing_at, said_of, subjects, value

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from rdflib import Graph as Triples

Progress = Callable[[str, int, int], None]
SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {f"{SH}Violation": "error", f"{SH}Warning": "warning", f"{SH}Info": "info"}
_REFUSED = ("sparql", "select", "ask", "js", "jsLibrary", "rule", "SPARQLTarget", "JSConstraint", "SPARQLRule")
_SAID = {
    "MinCount": ("minCount", "needs {path}, {limit} at least"),
    "MaxCount": ("maxCount", "has more of {path} than {limit}"),
    "Class": ("class", "has as {path} {value}, which is not of the class {limit}"),
    "Datatype": ("datatype", "has as {path} {value}, which is no {limit}"),
    "NodeKind": ("nodeKind", "has as {path} {value}, which is no {limit}"),
    "Pattern": ("pattern", "has as {path} {value}, which does not look like {limit}"),
    "MinLength": ("minLength", "has as {path} {value}, which is shorter than {limit}"),
    "MaxLength": ("maxLength", "has as {path} {value}, which is longer than {limit}"),
    "MinInclusive": ("minInclusive", "has as {path} {value}, which is less than {limit}"),
    "MaxInclusive": ("maxInclusive", "has as {path} {value}, which is more than {limit}"),
    "HasValue": ("hasValue", "needs {limit} as {path}"),
    "In": ("in", "has as {path} {value}, which is none of those allowed"),
    "UniqueLang": ("uniqueLang", "has two of {path} in one language"),
    "Or": ("or", "has as {path} {value}, which is none of what is allowed"),
    "Closed": ("closed", "has {path}, which is not allowed"),
}
_NAMED = {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "a type"}


def findings(known: Checked, more: Iterable[Path] = (), progress: Progress | None = None, notes: Collection[str] | None = None) -> list[Finding]:
    """Check a graph by shapes; only what some notes say, by their IRIs, if they are given.

    Raises:
        KgError: pySHACL is not installed, or a file of shapes cannot be read, or says what is no shape.
    """
    validate = _validator()
    tell = progress or (lambda _what, _done, _total: None)
    wanted = _shapes(files(known, more))
    focus: set[str] | None = None  # pySHACL would hold all shapes against nodes that are named, whatever the shapes aim at
    if notes is None:
        data = _triples(known.graph.store.quads_for_pattern(None, None, None, _default()), len(known.graph.store), tell)
    else:
        chosen, focus = _around(known, notes)
        data = _triples(chosen, len(chosen), tell)
    shapes = sorted({str(each) for each in wanted.subjects(_iri(iri_of("rdf:type")), _iri(f"{SH}NodeShape"))})
    found: list[Finding] = []
    for done, shape in enumerate(shapes):
        tell("shapes", done, len(shapes))
        # One shape after the other, to tell how far it is; what has no name of its own belongs to one that has.
        try:
            _, results, _ = validate(data, shacl_graph=wanted, inplace=True, use_shapes=[shape], max_validation_depth=30)
        except Exception as error:  # noqa: BLE001 - its errors have no common class, and all of them mean the shapes
            said = str(getattr(error, "message", error)).partition("\n")[0]
            raise OntologyError(
                f"the shape <{shape}> cannot be used: {said}", hint="https://www.w3.org/TR/shacl/ says what a shape may say"
            ) from None
        found += _findings_of(known, wanted, results, focus)
    return in_order(found)


def files(known: Checked, more: Iterable[Path] = ()) -> list[Path]:
    """List the files of shapes: kg's, the vault's, and those that were named."""
    found = [ontology.path("shapes.ttl")]
    if known.graph.generation.manifest.detail != LOADED and known.source.is_dir():
        home = settled.home(known.config, known.source)
        found += [each for each in kinds.files(home) if "shapes" in each.stem.casefold()]
    return [*found, *more]


def _validator() -> Callable[..., tuple[bool, Triples, str]]:
    try:
        from pyshacl import validate
    except ImportError:
        raise KgError("kg check --shacl needs the package pyshacl, which is not installed", hint="pip install 'kgnotes[shacl]'") from None
    found: Callable[..., tuple[bool, Triples, str]] = validate
    return found


# -- what is checked, as rdflib has it -----------------------------------------------------------


def _default() -> Any:
    from pyoxigraph import DefaultGraph

    return DefaultGraph()


def _shapes(paths: Iterable[Path]) -> Triples:
    """Read files of shapes as one graph.

    Raises:
        KgError: one is not RDF, with the line; or holds what would be run.
    """
    from rdflib import Graph

    found = Graph()
    for number, path in enumerate(paths):
        (source,) = sources.sources([str(path)])
        here = Graph()
        for each in rdf.quads(source, DEFAULT_BASE):
            here.add((_term(each.subject, f"f{number}"), _term(each.predicate), _term(each.object, f"f{number}")))
        for name in _REFUSED:
            run = _iri(SH + name)
            if (None, run, None) in here or (None, None, run) in here:
                raise OntologyError(f"sh:{name} is not used: shapes may not hold what is run", at=Place(str(path)), hint="say it in SHACL Core")
        for triple in here:
            found.add(triple)
    return found


def _triples(quads: Iterable[Quad], total: int, tell: Progress) -> Triples:
    from rdflib import Graph

    found = Graph()
    add = found.store.add
    for done, each in enumerate(quads):
        if done % 5000 == 0:
            tell("triples", done, total)
        add((_term(each.subject), _term(each.predicate), _term(each.object)), found)
    return found


def _term(thing: Any, file: str = "") -> Any:
    from pyoxigraph import BlankNode, NamedNode
    from rdflib import BNode, Literal

    if isinstance(thing, NamedNode):
        return _iri(thing.value)
    if isinstance(thing, BlankNode):
        return BNode(file + thing.value)
    if thing.language:
        return Literal(thing.value, lang=thing.language)
    plain = thing.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
    # As SHACL counts, a plain text is a string; rdflib tells the two apart.
    return Literal(thing.value) if plain else Literal(thing.value, datatype=_iri(thing.datatype.value))


@cache
def _iri(iri: str) -> Any:
    from rdflib import URIRef

    return URIRef(iri)


def _around(known: Checked, notes: Collection[str]) -> tuple[list[Quad], set[str]]:
    """Give what some notes say, what is said of the things they speak of, and the types of what those point at; and what is to be checked."""
    store = known.graph.store
    own = [each for each in store.quads_for_pattern(None, None, None, _default()) if value(each.subject).partition("#")[0] in notes]
    focus = dict.fromkeys(value(each.subject) for each in own)
    near = dict.fromkeys(value(each.object) for each in own if type(each.object).__name__ == "NamedNode")
    described = [each for iri in near if iri not in focus for each in said_of(store, iri)]
    focus |= dict.fromkeys(value(each.subject) for each in described)
    far = {value(each.object) for each in described if type(each.object).__name__ == "NamedNode"} - focus.keys()
    # What points at a thing from elsewhere counts for it, too.
    behind = [each for iri in near if known.graph.names.base in iri for each in pointing_at(store, iri)[:9]]
    types = [each for iri in (*far, *(value(one.subject) for one in behind)) for each in said_of(store, iri, predicate="rdf:type")]
    return list(dict.fromkeys([*own, *described, *behind, *types])), set(focus)


# -- what is told --------------------------------------------------------------------------------


def _findings_of(known: Checked, wanted: Triples, results: Triples, within: Collection[str] | None) -> Iterator[Finding]:
    def one(subject: Any, name: str) -> Any:
        return results.value(subject, _iri(SH + name))

    shorten = turtle.shortener(known.graph.names)

    def short(thing: Any) -> str:
        if thing is None:
            return ""
        iri = str(thing)
        if type(thing).__name__ == "BNode":
            inverse = wanted.value(thing, _iri(f"{SH}inversePath"))
            return f"something whose {short(inverse)} it is" if inverse is not None else "one of several"
        if type(thing).__name__ == "Literal":
            return repr(iri)
        return shorten(f"<{iri}>") if not iri.startswith(SH) else iri.removeprefix(SH)

    for result in results.subjects(_iri(iri_of("rdf:type")), _iri(f"{SH}ValidationResult")):
        focus, shape = one(result, "focusNode"), one(result, "sourceShape")
        if within is not None and str(focus) not in within:
            continue
        kind = str(one(result, "sourceConstraintComponent")).removeprefix(SH).removesuffix("ConstraintComponent")
        parameter, pattern = _SAID.get(kind, ("", ""))
        limit = wanted.value(shape, _iri(SH + parameter)) if parameter else None
        own = [str(each) for each in wanted.objects(shape, _iri(f"{SH}message"))]
        said = min(own) if own else ""
        if not said and pattern:
            at, thing = one(result, "resultPath"), one(result, "value")
            shown = short(limit) if type(limit).__name__ != "Literal" else str(limit)
            said = pattern.format(path=short(at) or "itself", value=short(thing), limit=shown)
        said = said or str(one(result, "resultMessage") or f"is against sh:{kind}")
        iri = str(focus)
        label = label_of(known.graph.store, iri)
        named = f"{short(focus)} ({label})" if label != iri else short(focus)
        path, line = place(known, iri)
        severity = _SEVERITIES.get(str(one(result, "resultSeverity")), "error")
        yield Finding(path, line, 0, "shape", f"{named}: {' '.join(said.split())}", _mend(known, iri), severity=severity)


def _mend(known: Checked, iri: str) -> str:
    entity = iri_of(":Entity") in {value(each.object) for each in said_of(known.graph.store, iri, predicate="rdf:type")}
    return "say it in the front matter of its page, or in the vocabulary" if entity else ""


def place(known: Checked, iri: str) -> tuple[str, int]:
    """Give the note and the line that something in the graph comes from; ``.`` and 0 if none says it."""
    store, paths = known.graph.store, known.paths
    note = paths.get(iri.partition("#")[0], "")
    if note and "#" not in iri:
        return note, 1
    lines = [int(line) for _, line in pairs(store, iri_of(":line"), iri)]
    if note and lines:
        return note, min(lines)
    evidence = [value(each.object) for each in said_of(store, iri, predicate=":evidence")]
    if note:
        return min((place(known, each) for each in evidence if each != iri), default=(note, 1))
    pages = [paths[page] for _, page in pairs(store, iri_of(":page"), iri) if page in paths]
    if pages:
        title = known.titles.get(min(pages))
        return min(pages), title.line if title else 1
    for verb in (":names", ":at", ":source", ":channel", ":linksTo", ":mentions"):
        parts = [each for each in subjects(store, iri_of(verb), iri) if each.partition("#")[0] in paths]
        if parts:
            return min(place(known, each) for each in parts)
    return ".", 0


__all__ = ["files", "findings", "place"]
