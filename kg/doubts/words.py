"""Properties and classes that a query names: misspelt, unknown to the ontology, or known and not in this graph."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from urllib.parse import unquote

from kg import ontology
from kg.doubts.asked import Asked, node
from kg.names import ONTOLOGY, STANDARD_PREFIXES, WELL_KNOWN, slug
from kg.patterns import RDF_TYPE, Term

_TERMS = {
    "rdf": "type subject predicate object reifies first rest nil value List Statement Property",
    "rdfs": "label comment subClassOf subPropertyOf domain range seeAlso isDefinedBy Class Resource member",
    "skos": "prefLabel altLabel hiddenLabel broader narrower related inScheme notation exactMatch closeMatch broadMatch narrowMatch relatedMatch "
    "definition example scopeNote editorialNote hasTopConcept topConceptOf Concept ConceptScheme",
    "schema": "sameAs sha256 text mentions about name description url startOffset isPartOf dateCreated dateModified author "
    "CreativeWork VideoObject Clip CreativeWorkSeries Country Organization Person",
    "prov": "wasDerivedFrom wasGeneratedBy wasAttributedTo generatedAtTime hadPrimarySource Entity Activity Agent",
    "owl": "sameAs Class ObjectProperty DatatypeProperty Ontology versionInfo versionIRI differentFrom inverseOf",
    "dcterms": "title description creator created modified license references isPartOf source subject publisher identifier",
}
_PASSAGES = frozenset(("names", "cites", "at", "timecode", "text", "section", "line", "second", "evidence", "Passage", "Moment", "Section"))
"""What only passages have or lead to; a graph without passages has none of it."""


def misspelt(asked: Asked) -> Iterator[str]:
    """Name properties and classes that neither the ontology nor the graph has, wherever they stand."""
    for term, a_class in _named(asked, needed=False):
        if not _there(asked, term, a_class):
            yield from _unknown(asked, term, a_class)


def absent(asked: Asked) -> Iterator[str]:
    """Name what is spelt well, and what no triple of this graph has."""
    for term, a_class in _named(asked, needed=True):
        local = term.value.removeprefix(ONTOLOGY)
        if _there(asked, term, a_class) or any(True for _ in _unknown(asked, term, a_class)):
            continue
        if asked.detail == "notes" and local in _PASSAGES:
            yield "this graph holds no passages: it was built with --detail notes (kg build --detail evidence adds them)"
        elif not asked.suggested and _suggested(asked, term, a_class):
            yield f"only suggestions have {term.text}: try --suggested"
        elif a_class:
            yield f"nothing in this graph is a {term.text}"
        else:
            yield f"nothing in this graph has {term.text}"


def _named(asked: Asked, *, needed: bool) -> list[tuple[Term, bool]]:
    found: dict[tuple[Term, bool], None] = {}
    for pattern in asked.question.group.patterns(needed=needed):
        steps = [each.term for each in pattern.steps if not each.many] if needed else pattern.properties
        found |= {(each, False): None for each in steps if each.sort == "iri" and each.value != RDF_TYPE}
        if pattern.object.sort == "iri" and pattern.steps and pattern.steps[-1].term.value == RDF_TYPE:
            found[pattern.object, True] = None
    return list(found)


def _there(asked: Asked, term: Term, a_class: bool) -> bool:
    return asked.has(None, node(RDF_TYPE), node(term.value)) if a_class else asked.has(None, node(term.value))


def _suggested(asked: Asked, term: Term, a_class: bool) -> bool:
    predicate, thing = (RDF_TYPE, node(term.value)) if a_class else (term.value, None)
    return next(asked.store.quads_for_pattern(None, node(predicate), thing, node(asked.names.suggested)), None) is not None


def _unknown(asked: Asked, term: Term, a_class: bool) -> Iterator[str]:
    """Say that a term is none of its vocabulary's, with a guess; nothing of a vocabulary that is not known here."""
    prefix = term.text.partition(":")[0]
    vault = asked.names.prefixes()["vault"]
    if term.value.startswith(vault):
        near = "" if a_class else _meant(asked, unquote(term.value.removeprefix(vault)), 0.65)
        if near:
            yield f"no note states anything with {term.text}; did you mean {near}?"
        return
    if term.value.startswith(ONTOLOGY):
        local, known = term.value.removeprefix(ONTOLOGY), ontology.terms()
        twin = local[:1].swapcase() + local[1:]
        if local in known and local[:1].isupper() != a_class:
            meant = f"; did you mean {prefix}:{twin}?" if twin in known else ""
            yield f"{term.text} is a {'property' if a_class else 'class'}, not a {'class' if a_class else 'property'}{meant}"
        elif local not in known:
            near = "" if a_class else _meant(asked, local, 1.0)  # a key of the notes, by its name
            near = near or (f"{prefix}:{other}" if (other := _near(local, known, a_class)) else "")
            yield f"the ontology has no term {term.text}" + (f"; did you mean {near}?" if near else "")
        return
    for space, words in _TERMS.items():
        if term.value.startswith(STANDARD_PREFIXES[space]):
            local, known = term.value.removeprefix(STANDARD_PREFIXES[space]), words.split()
            if local not in known and (near := _near(local, known, a_class)):
                yield f"{space} has no term {local}; did you mean {space}:{near}?"
            return
    if term.text.startswith("<") and not any(term.value.startswith(each) for each in (*STANDARD_PREFIXES.values(), *WELL_KNOWN.values())):
        near = next((each for each in ontology.terms() if term.value.endswith(f"/{each}")), "")
        if near:
            yield f"{term.text} is not in the graph; did you mean :{near}?"


def _meant(asked: Asked, key: str, least: float) -> str:
    """Give the property of the vault's own that a key is, or comes near to by that share; "" if none."""
    vault = asked.names.prefixes()["vault"]
    # Of every statement there is a claim, and of all triples they are few.
    said = asked.column(f"SELECT DISTINCT ?p {{ ?c <{STANDARD_PREFIXES['rdf']}predicate> ?p FILTER(STRSTARTS(STR(?p), '{vault}')) }}")
    known = {unquote(each.value.removeprefix(vault)): each.value for each in said}
    found = [slug(key)] if slug(key) in known else get_close_matches(slug(key), sorted(known), 1, least)
    return asked.short(known[found[0]]) if found else ""


def _near(local: str, known: list[str], a_class: bool) -> str:
    fitting = [each for each in known if each[0].isupper() == a_class]
    exact = next((each for each in [*fitting, *known] if each.casefold() == local.casefold()), "")
    return exact or next(iter(get_close_matches(local, fitting, 1, 0.65)), "")


__all__ = ["absent", "misspelt"]
