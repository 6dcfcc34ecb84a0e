"""Things that a query names and the graph does not have: which one was meant, where only one can have been."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from urllib.parse import unquote

from kg.doubts.asked import LABELS, Asked, node
from kg.lookup import BRIEF
from kg.names import KINDS, ONTOLOGY, STANDARD_PREFIXES, key
from kg.patterns import RDF_TYPE, Element, Term

_CLASSES = {"country": "Country", "theme": "Theme", "initiative": "Initiative", "organisation": "Organisation", "person": "Person"}


def missing(asked: Asked) -> Iterator[str]:
    """Name every thing that stands in the query and not in the graph."""
    for term in dict.fromkeys(_constants(asked)):
        if not asked.has(node(term.value)) and not asked.has(None, None, node(term.value)) and not asked.has(None, node(term.value)):
            yield _meant(asked, term)


def paged(asked: Asked) -> Iterator[str]:
    """Name the notes that a query joins by the vault's own properties, which are said of the things that notes are pages of."""
    vault = asked.names.prefixes()["vault"]
    for pattern in asked.needed:
        if len(pattern.steps) != 1 or not pattern.steps[0].term.value.startswith(vault):
            continue
        for term in (pattern.subject, pattern.object):
            if term.sort == "iri" and "Note" in asked.types(term.value) and not asked.has(node(term.value), node(pattern.steps[0].term.value)):
                things = sorted(each.subject.value for each in asked.triples(None, node(f"{ONTOLOGY}page"), node(term.value)))
                if things:
                    yield f"{term.text} is a note, and what its author states is said of {asked.short(things[0])}, which it is the page of"


def _constants(asked: Asked) -> Iterator[Term]:
    for pattern in asked.needed:
        ends = [pattern.subject]
        if not (pattern.steps and pattern.steps[-1].term.value == RDF_TYPE):
            ends.append(pattern.object)
        yield from (each for each in ends if each.sort == "iri" and not each.value.startswith(ONTOLOGY))
    for element in asked.question.group.elements:
        yield from _compared(asked, element)
    if asked.question.form == "describe":
        for part in asked.question.head.nodes("iri"):
            yield Term("iri", _value(asked, part.words()[0]), part.words()[0])


def _compared(asked: Asked, element: Element) -> Iterator[Term]:
    """Give what a variable is compared with, or may only be."""
    if element.kind == "values":
        nodes = [each for datum in element.node.under("datum") for each in datum.nodes("iri")]
    elif element.kind == "filter" and not any(each.text in ("!=", "||", "!") or each.text.upper() == "NOT" for each in element.node.tokens()):
        nodes = [each for operand in element.node.under("operand") for each in operand.nodes("iri")]
    else:
        return
    found = [Term("iri", _value(asked, each.words()[0]), each.words()[0]) for each in nodes]
    inside = [each for each in found if each.value.startswith(asked.names.base)]
    if len(found) == 1 or (found and not any(asked.has(node(each.value)) for each in found)):
        yield from inside


def _value(asked: Asked, text: str) -> str:
    if text[0] == "<":
        return text[1:-1] if ":" in text else asked.question.base + text[1:-1]
    prefix, _, local = text.partition(":")
    return asked.question.prefixes.get(prefix, "") + local


def _meant(asked: Asked, term: Term) -> str:
    nothing = f"{term.text} is not in the graph"
    if not asked.suggested and next(asked.store.quads_for_pattern(node(term.value), None, None, node(asked.names.suggested)), None):
        return f"{term.text} is only suggested: try --suggested"
    kind, _, local = term.value.removeprefix(asked.names.base).partition("/")
    if not term.value.startswith(asked.names.base) or kind not in KINDS or not local:
        return nothing
    local = unquote(local)
    others = [iri for other in KINDS[1:] if other != kind and asked.has(node(iri := asked.names.entity(other, local)))]
    if others:
        return f"{nothing}; did you mean {' or '.join(_described(asked, iri) for iri in others)}?"
    found = _same(asked, kind, local) or (_coded(asked, local) if kind == "country" else "")
    if found:
        return f"{nothing}; did you mean {_described(asked, found)}?"
    return f"{nothing}, which {BRIEF}" if asked.detail == "notes" and kind != "note" else nothing


def _coded(asked: Asked, local: str) -> str:
    """Find the country that goes by another code or name, such as UK."""
    from kg.countries import code, short_code

    found = code(local.replace("-", " ")) or short_code(local)
    iri = asked.names.entity("country", found) if found else ""
    return iri if iri and asked.has(node(iri)) else ""


def _described(asked: Asked, iri: str) -> str:
    label = asked.label(iri)
    shown = key(label) != key(unquote(iri.rpartition("/")[2])) and len(label) < 60
    return str(asked.short(iri)) + (f" ({label})" if label and shown else "")


def _same(asked: Asked, kind: str, local: str) -> str:
    """Find the thing whose name is written otherwise: in another case, by its label, with a letter wrong."""
    known = _of_kind(asked, kind)
    wanted, last = key(local), key(local.rpartition("/")[2])
    for name, iri in known.items():
        if key(name) == wanted or (kind == "note" and key(name.rpartition("/")[2]) == last):
            return iri
    spelt = local.replace("-", " ").replace("_", " ")
    for text in dict.fromkeys((spelt, spelt.title(), spelt.capitalize(), spelt.upper(), spelt.lower())):
        for iri in _called(asked, text):
            if iri in known.values():
                return iri
    if kind == "country":  # few enough for all their names, in all languages
        for name, iri in known.items():
            for word in LABELS[:3]:
                if any(key(each.object.value) == wanted for each in asked.triples(node(iri), node(word))):
                    return iri
            del name
        near = {key(asked.label(iri)): iri for iri in known.values()}
        return near.get(next(iter(get_close_matches(wanted, list(near), 1, 0.8)), ""), "")
    # Only names that begin or end alike, and are about as long, can be near enough; most are passed over so.
    alike = [each for each in known if abs(len(each) - len(local)) <= 3 and (each[:2] == local[:2] or each[-3:] == local[-3:])]
    near_names = get_close_matches(local, alike[:3000], 2, 0.85)
    if near_names and asked.left() > 0:
        return known[near_names[0]]
    longer = [iri for name, iri in known.items() if name.startswith(local) and len(local) > 3]
    return longer[0] if len(longer) == 1 else ""


def _of_kind(asked: Asked, kind: str) -> dict[str, str]:
    """Map the ends of names to the things of a kind."""
    space = f"{asked.names.base}{kind}/"
    classes = [_CLASSES[kind]] if kind in _CLASSES else ["Note", "MissingNote"] if kind == "note" else ["Channel"]
    found = (each.subject.value for name in classes for each in asked.triples(None, node(RDF_TYPE), node(ONTOLOGY + name)))
    return {unquote(iri.removeprefix(space)): iri for iri in found if iri.startswith(space)}


def _called(asked: Asked, text: str) -> Iterator[str]:
    from pyoxigraph import Literal

    for word in LABELS:
        for each in asked.triples(None, node(word), Literal(text)):
            yield each.subject.value
    for language in ("en", "fr", "es", "pt"):
        for each in asked.triples(None, node(STANDARD_PREFIXES["skos"] + "prefLabel"), Literal(text, language=language)):
            yield each.subject.value


__all__ = ["missing", "paged"]
