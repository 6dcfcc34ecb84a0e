"""Things of one kind asked for what another kind has: ``:mentions`` belongs to notes, ``:names`` to passages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

from kg import ontology
from kg.doubts.asked import LABELS, Asked, literal, node, quoted
from kg.names import ONTOLOGY
from kg.patterns import RDF_TYPE, Pattern

_TWINS = ("mentions", "names", "linksTo", "cites", "note", "page")
"""Properties that are taken for one another: the same, of a note and of a passage."""
_ENTITIES = ({"Country", "Theme", "Person", "Initiative"}, {"Country", "Theme", "Person", "Organisation"})


class Shape(NamedTuple):
    """The classes that have a property, and those of what it points at; ``texts`` if it points at no things."""

    subjects: frozenset[str]
    objects: frozenset[str]
    texts: bool


class Fact(NamedTuple):
    """What a part of the query says on the kind of a thing."""

    classes: frozenset[str]
    said: str
    pattern: Pattern | None = None
    at_end: bool = False


@cache
def shapes() -> tuple[dict[str, Shape], dict[str, str]]:
    """Read from the ontology what has which property, and the class above every class."""
    from pyoxigraph import RdfFormat, parse

    said: dict[str, dict[str, set[str]]] = {}
    above: dict[str, str] = {}
    for each in parse(ontology.text("kg.ttl").encode(), format=RdfFormat.TURTLE):
        subject, predicate, thing = (str(getattr(part, "value", "")) for part in (each.subject, each.predicate, each.object))
        local = subject.removeprefix(ONTOLOGY)
        if predicate.endswith("#subClassOf") and thing.startswith(ONTOLOGY):
            above[local] = thing.removeprefix(ONTOLOGY)
        elif subject.startswith(ONTOLOGY):
            said.setdefault(local, {}).setdefault(predicate.rpartition("/")[2].rpartition("#")[2], set()).add(thing)
    found = {}
    for name, facts in said.items():
        if name[0].islower():
            ends = facts.get("range") or facts.get("rangeIncludes") or set()
            starts = facts.get("domain") or facts.get("domainIncludes") or set()
            inside = frozenset(each.removeprefix(ONTOLOGY) for each in ends if each.startswith(ONTOLOGY))
            subjects = frozenset(each.removeprefix(ONTOLOGY) for each in starts if each.startswith(ONTOLOGY))
            found[name] = Shape(subjects, inside, not inside)
    return found, above


def together(one: str, other: str) -> bool:
    """Say whether a thing may be of both classes.

    >>> together("Country", "Entity"), together("Note", "Entity"), together("Country", "Theme")
    (True, False, False)
    """
    _, above = shapes()
    tops = [above.get(each, each) for each in (one, other)]
    if tops[0] != tops[1]:
        # A class of the author's own is a kind of entity that is not known here.
        return not all(each in {*above.values(), *_ALONE} for each in tops)
    return one == other or "Entity" in (one, other) or not any({one, other} <= each for each in _ENTITIES)


_ALONE = frozenset(("Note", "MissingNote", "Section", "Passage", "Video", "Moment", "Channel", "Entity", "Claim", "Issue"))


def unfit(asked: Asked) -> Iterator[str]:
    """Name every thing or variable of which two parts of the query say what cannot be true at once."""
    facts: dict[str, list[Fact]] = {}
    for pattern in asked.needed:
        _add(asked, pattern, facts)
    for name, said in facts.items():
        for one, other in combinations(said, 2):
            if not any(together(left, right) for left in one.classes for right in other.classes):
                yield _message(name, one, other, facts)
                break
    yield from _texts(asked)


def _add(asked: Asked, pattern: Pattern, facts: dict[str, list[Fact]]) -> None:
    if not pattern.steps:
        return
    known, _ = shapes()
    first, last = pattern.steps[0], pattern.steps[-1]
    if last.term.value == RDF_TYPE and len(pattern.steps) == 1 and pattern.object.value.startswith(ONTOLOGY):
        local = pattern.object.value.removeprefix(ONTOLOGY)
        if local in {*_ALONE, *shapes()[1]}:
            facts.setdefault(pattern.subject.text, []).append(Fact(frozenset((local,)), f"is asked for as {_one(local)}"))
    ends = [(pattern.subject, first, first.inverse), (pattern.object, last, not last.inverse)]
    for term, step, at_end in ends:
        if term.sort not in ("variable", "iri") or (step.many and len(pattern.steps) > 1):
            continue
        shape = known.get(step.term.value.removeprefix(ONTOLOGY))
        if shape and (classes := shape.objects if at_end else shape.subjects):
            said = f"{step.term.text} {'points at' if at_end else 'belongs to'} {_any(classes)}"
            facts.setdefault(term.text, []).append(Fact(classes, said, pattern if len(pattern.steps) == 1 else None, at_end))
        if term.sort == "iri" and not any(each.said.startswith("is ") and "asked" not in each.said for each in facts.get(term.text, [])):
            classes = frozenset(asked.types(term.value)) - {"Entity"}
            if classes:
                facts.setdefault(term.text, []).insert(0, Fact(classes, f"is {_any(classes)}"))
    if first.term.value in LABELS and pattern.object.sort == "literal" and pattern.subject.sort == "variable":
        found = _labelled(asked, first.term.value, literal(pattern.object))
        classes = frozenset(name for iri in found for name in asked.types(iri)) - {"Entity"}
        if found and classes:
            said = f"{quoted(pattern.object.value)} is {first.term.text} of {asked.short(found[0])}, {_any(classes)}"
            facts.setdefault(pattern.subject.text, []).insert(0, Fact(classes, said))


def _labelled(asked: Asked, word: str, label: Any) -> list[str]:
    """List entities and notes that have a label, but not what stands in notes."""
    found = [each.subject.value for each in asked.triples(None, node(word), label)][:20]
    whole = [iri for iri in found if "#" not in iri]
    return sorted(whole, key=lambda iri: ("MissingNote" in asked.types(iri), iri))


def _message(name: str, one: Fact, other: Fact, facts: dict[str, list[Fact]]) -> str:
    one, other = (other, one) if other.said.startswith("is ") and not one.said.startswith("is ") else (one, other)
    if one.said.startswith("is ") and other.said.startswith("is "):
        return f"{name} {one.said}, and {other.said}"
    start = f"{name} {one.said}" if one.said.startswith("is ") else f"{name}: {one.said}" if name[0] == "?" and one.said[0] != '"' else one.said
    meant = _twin(other, one, facts) or _twin(one, other, facts)
    told = other.said if not other.said.startswith("is ") else f"{name} {other.said}"
    return f"{start}, but {told}" + (f"; did you mean {meant}?" if meant else "")


def _twin(wrong: Fact, right: Fact, facts: dict[str, list[Fact]]) -> str:
    """Find the property that was meant: one that fits both ends."""
    if wrong.pattern is None:
        return ""
    known, _ = shapes()
    step = wrong.pattern.steps[0]
    local = step.term.value.removeprefix(ONTOLOGY)
    there = wrong.pattern.subject if wrong.at_end != step.inverse else wrong.pattern.object
    others = [each.classes for each in facts.get(there.text, []) if each.pattern is not wrong.pattern]
    for name in _TWINS if local in {*_TWINS, "about"} else ():
        shape = known[name]
        here, yonder = (shape.objects, shape.subjects) if wrong.at_end else (shape.subjects, shape.objects)
        own = known[local].subjects if wrong.at_end else known[local].objects
        fits = all(any(together(a, b) for a in yonder for b in each) for each in others or [own])
        if name != local and fits and any(together(a, b) for a in here for b in right.classes):
            return f"{step.term.text.partition(':')[0]}:{name}"
    return ""


def _texts(asked: Asked) -> Iterator[str]:
    """Find texts where things belong, and things where texts do."""
    known, _ = shapes()
    for pattern in asked.needed:
        step = pattern.steps[-1] if pattern.steps else None
        shape = known.get(step.term.value.removeprefix(ONTOLOGY)) if step and not step.inverse else None
        if not step or not shape or not step.term.value.startswith(ONTOLOGY):
            continue
        if pattern.object.sort == "literal" and not shape.texts:
            from pyoxigraph import Literal

            found = [iri for word in LABELS for iri in _labelled(asked, word, Literal(pattern.object.value))]
            fitting = next((iri for iri in found if any(together(a, b) for a in asked.types(iri) for b in shape.objects)), "")
            meant = f"; did you mean {asked.short(fitting)}?" if fitting else ""
            yield f"{pattern.object.text} is a text, but {step.term.text} points at {_any(shape.objects)}{meant}"
        elif pattern.object.sort == "iri" and shape.texts:
            yield f"{pattern.object.text} is a thing, but {step.term.text} points at texts or numbers"


def _one(name: str) -> str:
    return f"a{'n' if name[0] in 'AEIOU' else ''} {name}"


def _any(classes: frozenset[str]) -> str:
    names = [_one(each) for each in sorted(classes)]
    return " or ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} or {names[-1]}"


__all__ = ["Shape", "shapes", "together", "unfit"]
