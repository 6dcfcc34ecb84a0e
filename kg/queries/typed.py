"""What a person writes for a parameter becomes a term of the type that the query asks for."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from kg import lookup
from kg.errors import KgError, UsageError
from kg.guard import guess
from kg.names import ONTOLOGY, STANDARD_PREFIXES, Names
from kg.ontology import terms
from kg.queries.header import LITERALS, TERMS, Parameter
from kg.triples import iri_of, pairs
from kg.values import Value, iri, literal

if TYPE_CHECKING:
    from pyoxigraph import Store


def value(parameter: Parameter, text: str, store: Store, names: Names, *, suggested: bool = False) -> Value:
    """Give the term that a text stands for.

    Raises:
        UsageError: it stands for none of the parameter's type; with what is expected.
    """
    if parameter.type in LITERALS:
        pattern, expected, example, datatype = LITERALS[parameter.type]
        plain = text if parameter.type == "text" else text.strip()
        if not pattern.fullmatch(plain):
            raise UsageError(f"{parameter.name} is {expected}, not {text!r}", hint=f"such as {parameter.name}={example}")
        return literal(plain, STANDARD_PREFIXES["xsd"] + datatype if datatype else "")
    if parameter.type in TERMS:
        return iri(_term(parameter, text, store, names))
    return iri(_thing(parameter, text, store, names, suggested=suggested))


def example(parameter: Parameter, store: Store, names: Names, *, without: Collection[str] = ()) -> str:
    """Give a value that would do: the name of that thing of the type which most notes speak of; "" if there is none.

    It is another than those it is to be ``without``.
    """
    if parameter.type in LITERALS:
        return LITERALS[parameter.type][2]
    if parameter.type in TERMS:
        return "Note" if parameter.type == "Class" else "mentions"
    classes = _classes(parameter, store)
    counts = dict.fromkeys(_members(store, classes), 0)
    for way in (":mentions", ":linksTo", ":about", ":source", ":channel"):
        for _, thing in pairs(store, iri_of(way)):
            if thing in counts:
                counts[thing] += 1
    for thing in sorted(counts, key=lambda each: (-counts[each], each)):
        label = min((each for _, each in pairs(store, iri_of("rdfs:label"), thing)), default="")
        if label and label not in without and lookup.every(store, names, label, classes)[:1] == [thing]:
            return label
    return ""


def _members(store: Store, classes: Collection[str]) -> set[str]:
    """List the things of some classes, by the names that :mod:`kg.lookup` has for these."""
    from pyoxigraph import DefaultGraph, NamedNode

    found = set()
    for each in classes:
        iri = NamedNode(each if ":" in each else ONTOLOGY + each)
        found |= {
            quad.subject.value
            for quad in store.quads_for_pattern(None, NamedNode(iri_of("rdf:type")), iri, DefaultGraph())
            if isinstance(quad.subject, NamedNode)
        }
    return found


# -- things --------------------------------------------------------------------------------------


def _classes(parameter: Parameter, store: Store) -> list[str]:
    """Give the names of the classes that a parameter allows, as :mod:`kg.lookup` knows them."""
    if parameter.type in lookup.KINDS:
        return [parameter.type]
    own = {each for _, each in pairs(store, iri_of("rdf:type")) if _last(each).casefold() == parameter.type.casefold()}
    return sorted(each.removeprefix(ONTOLOGY) for each in own)


def misspelt(parameter: Parameter, store: Store) -> str:
    """Give the type that was meant by one that nothing in the graph is of, or ""."""
    if parameter.type in (*LITERALS, *TERMS) or _classes(parameter, store):
        return ""
    return guess(parameter.type, [*lookup.KINDS, *TERMS, *LITERALS])


def _last(name: str) -> str:
    return name.replace("#", "/").rpartition("/")[2]


def _thing(parameter: Parameter, text: str, store: Store, names: Names, *, suggested: bool) -> str:
    classes = _classes(parameter, store)
    if not classes:
        raise UsageError(
            f"{parameter.name} is to be {_an(parameter.type)}, and the graph has none", hint="kg query --name own-kinds lists kinds of your own"
        )
    try:
        return lookup.one(store, names, text, classes, suggested=suggested)
    except KgError as unknown:
        hint = unknown.hint
        other = lookup.every(store, names, text, suggested=suggested)
    wanted = _an(parameter.type)
    if not suggested and lookup.every(store, names, text, classes, suggested=True):
        raise UsageError(f"{parameter.name} is to be {wanted}, and {text!r} is only suggested to be one", hint="--suggested lets suggestions count")
    if other:
        kinds = {each.removeprefix(ONTOLOGY) for _, each in pairs(store, iri_of("rdf:type"), other[0])}
        kind = next((each for each in lookup.KINDS if each in kinds), "thing")
        problem = f"{parameter.name} is to be {wanted}, and {text!r} is {_an(kind)}"
    else:
        problem = f"{parameter.name} is to be {wanted}, and none is called {text!r}"
    if not hint.startswith("did you mean"):
        near = example(parameter, store, names)
        hint = f"such as {parameter.name}={_shell(near)}" if near else f"the graph has no {_words(parameter.type)}"
    raise UsageError(problem, hint=hint)


def _words(name: str) -> str:
    return {"MissingNote": "missing note"}.get(name, name.lower())


def _an(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {_words(kind)}"


def _shell(text: str) -> str:
    from shlex import quote

    return quote(text)


# -- classes and properties ----------------------------------------------------------------------


def _term(parameter: Parameter, text: str, store: Store, names: Names) -> str:
    """Find a class or property by its IRI, its prefixed name or its last part."""
    known = _terms(parameter.type, store)
    plain = text.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = plain.partition(":")
    space = names.prefixes().get(prefix) if colon else None
    for written in (plain, ONTOLOGY + plain, space + local if space is not None else ""):
        if written in known:
            return written
    found = sorted((each for each in known if _last(each).casefold() == plain.casefold()), key=lambda each: (not each.startswith(ONTOLOGY), each))
    if found:
        return found[0]
    near = guess(local or plain, [_last(each) for each in known])
    what = "class" if parameter.type == "Class" else "property"
    hint = f"did you mean {near}?" if near else f"kg query --name {'classes' if what == 'class' else 'properties'} lists them"
    raise UsageError(f"{parameter.name} is to be a {what}, and none is called {text!r}", hint=hint)


def _terms(sort: str, store: Store) -> set[str]:
    """List the classes or the properties of the ontology, and those that the graph uses."""
    from pyoxigraph import QuerySolutions

    if sort == "Class":
        asked = "SELECT DISTINCT ?x { ?s a ?x }"
    else:
        asked = "SELECT DISTINCT ?x { ?s ?x ?o }"
    found = store.query(asked)
    used = {str(getattr(row[0], "value", "")) for row in found} if isinstance(found, QuerySolutions) else set()
    large = sort == "Class"
    return used | {ONTOLOGY + each for each in terms() if each[0].isupper() == large}


__all__ = ["example", "misspelt", "value"]
