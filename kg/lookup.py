"""Things by any of their names: IRI, prefixed name, path, label, another spelling, a note's file; with a guess where there is none.

Entities come before notes of the same name, notes before names that only links have, what is a fact before
what is suggested, and what much points at before what little does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kg import vault
from kg.errors import UsageError
from kg.names import ONTOLOGY, Names, key
from kg.terms import NAMING
from kg.triples import iri_of, legal, pairs, subjects

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Literal, Store

    from kg.resolve import Table

KINDS = ("Country", "Initiative", "Organisation", "Person", "Theme", "Entity", "Channel", "Note", "Video", "MissingNote")
"""Classes of the ontology that have names, those that are meant first; kinds of one's own count as ``Entity``."""
_FOLDED_TO_ASCII = "\u00df\u1e9e\u017f\u212a\ufb00-\ufb06"
"""What case folding or composition makes ASCII of: sharp s, long s, the sign of kelvin, ligatures."""
_BEYOND, _LETTER = r"[^\x00-\x7f]", r"[\p{L}\p{M}\p{N}&&[^\x00-\x7f]]"
"""Any character that is not ASCII, and any such letter, mark or number."""
_LONG = 200
"""Characters of a name; for longer ones a pattern takes longer to make than it saves."""
BRIEF = "was built with --detail notes, without what only the text names (kg build --detail evidence adds it)"
_NEAR = 50
"""Texts near to a name that is looked for, of which the first is told that names a thing of the right kind."""


def one(store: Store, names: Names, name: str, kinds: Collection[str] = (), *, suggested: bool = False, brief: bool = False) -> str:
    """Give the IRI of what a name means; ``brief`` says that the graph leaves out what only the text names.

    Raises:
        UsageError: nothing is called so; with a guess.
    """
    found = every(store, names, name, kinds, suggested=suggested)
    if found:
        return found[0]
    wanted = " or ".join(kinds).lower()
    near = nearest(store, name, kinds, suggested=names.suggested if suggested else "")
    hint = (
        f"did you mean {near!r}?"
        if near
        else f"it {BRIEF}"
        if brief and not ("/" in name or name.lower().endswith(".md"))
        else "kg stats names what is there"
    )
    raise UsageError(f"no {wanted} is called {name!r}" if kinds else f"nothing in the graph is called {name!r}", hint=hint)


def every(store: Store, names: Names, name: str, kinds: Collection[str] = (), *, suggested: bool = False) -> list[str]:
    """List the IRIs of all that a name may mean, the likeliest first; only of some ``kinds``, if they are named.

    ``kinds`` are classes by their local names, such as ``Country``, or ``Entity`` for all that are one.
    """
    from pyoxigraph import Literal

    sides = ("", names.suggested) if suggested else ("",)
    for iri in _spelt(names, name):
        if _fitting(store, iri, kinds, sides):
            return [iri]

    # Looking through all names takes 0.07 s on 20,000, and most are found by one of few spellings.
    def ranked(found: Iterable[str]) -> list[tuple[int, str]]:
        return [(rank, iri) for iri in set(found) if (rank := _fitting(store, iri, kinds, sides))]

    exactly = (set(_exactly(store, Literal(each), sides)) for each in _spellings(name))
    there = next(filter(None, exactly), set[str]())
    fitting = ranked(there) or ranked((*(() if there else _folded(store, key(name), sides)), *_filed(store, key(name), sides)))
    if not there and not fitting:
        from kg.countries import code  # the lexicons behind it take a fifth of the time of a small command

        country = code(name)
        fitting = ranked([names.entity("country", country)] if country else ())
    return [iri for _, iri in sorted(fitting, key=lambda each: (each[0], -_pointed(store, each[1]), each[1]))]


def nearest(store: Store, name: str, kinds: Collection[str] = (), *, suggested: str = "") -> str:
    """Give the name in the graph that comes nearest to one that nothing has, or "".

    ``suggested`` is the IRI of the graph of suggestions, if it counts.
    """
    from difflib import get_close_matches

    sides = ("", suggested) if suggested else ("",)
    wanted = key(name)
    # Of texts that are shorter or longer than these, three letters in ten differ, whatever the blanks between them.
    asked = f"STRLEN(STR(?label)) >= {len(wanted) // 2} && STRLEN(STR(?label)) <= {2 * len(wanted) + 4}"
    spelt: dict[str, list[Literal]] = {}
    for label in sorted({row[0] for side in sides for row in _asked(store, "DISTINCT ?label", side, asked)}, key=str):
        spelt.setdefault(key(label.value), []).append(label)
    for near in get_close_matches(wanted, list(spelt), n=_NEAR, cutoff=0.7):
        for label in spelt[near]:
            if any(_fitting(store, iri, kinds, sides) for iri in _exactly(store, label, sides)):
                return label.value
    return ""


def notes_by_name(store: Store, paths: Mapping[str, str], source: Path) -> Table:
    """Gather every name that the notes of a graph answer to, as links were resolved by them; ``paths`` gives their paths by their IRIs, from ``source``."""
    from kg import corpus, logseq, resolve  # they are heavy, and most that look something up ask no notes

    labels = {iri: [label for _, label in pairs(store, iri_of("rdfs:label"), iri)] for iri in paths}
    aliases, ids = (_grouped(pairs(store, iri_of(word))) for word in ("skos:altLabel", "dcterms:identifier"))
    days = logseq.written_days(source)
    said = ((path, corpus.called(path, labels[iri], aliases.get(iri, ()), ids.get(iri, ()), days)) for iri, path in paths.items())
    return resolve.table(((path, each) for path, offers in said for each in offers if each.key), lambda _: None)


def _grouped(said: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for iri, name in said:
        found.setdefault(iri, []).append(name)
    return found


def _spelt(names: Names, name: str) -> Iterator[str]:
    """Give the IRIs that a name may be itself, as a query, an export or a file system writes it."""
    plain = name.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = plain.partition(":")
    space = names.prefixes().get(prefix) if colon else None
    written = [space + local] if space is not None else [plain] if colon else []
    for iri in (*written, names.base + plain, names.note(plain), names.note(local) if prefix == "note" else ""):
        if iri and legal(iri):
            yield iri


def _spellings(name: str) -> dict[str, None]:
    """Give the spellings that a name most often has: as it is, with capitals, with blanks.

    >>> list(_spellings("south_africa"))[-4:]
    ['south africa', 'South africa', 'South Africa', 'SOUTH AFRICA']
    """
    spaced = " ".join(name.replace("_", " ").replace("-", " ").split())
    return dict.fromkeys(each for text in (name, spaced) for each in (text, text[:1].upper() + text[1:], text.title(), text.upper()))


def _fitting(store: Store, iri: str, kinds: Collection[str], sides: Collection[str]) -> int:
    """Say whether a thing has a name and is of one of some kinds: 0 if not, else its place in the order, 1 for the first."""
    for at, side in enumerate(sides):
        classes = {each.removeprefix(ONTOLOGY) for _, each in pairs(store, iri_of("rdf:type"), iri, side)}
        ranks = [rank for rank, each in enumerate(KINDS, 1) if each in classes]
        if ranks and (not kinds or classes & set(kinds)):
            return min(ranks) + at * len(KINDS)
    return 0


def _exactly(store: Store, name: Literal, sides: Collection[str]) -> Iterator[str]:
    from pyoxigraph import DefaultGraph, NamedNode

    for side in sides:
        for word in NAMING:
            for each in store.quads_for_pattern(None, NamedNode(iri_of(word)), name, NamedNode(side) if side else DefaultGraph()):
                if isinstance(each.subject, NamedNode) and "#" not in each.subject.value:
                    yield each.subject.value


def _folded(store: Store, wanted: str, sides: Collection[str]) -> Iterator[str]:
    """Give what has a name that folds to a key.

    The engine chooses by what is true of all such names, and perhaps of others: to read every name here took four times as long.
    """
    from pyoxigraph import Literal, NamedNode

    if len(wanted) > _LONG:
        asked = f"STRLEN(STR(?label)) >= {len(wanted) // 3}"  # folding makes three letters of one at most
    elif wanted.isascii():
        apart = "[^a-z0-9]*"
        asked = f"REGEX(STR(?label), {Literal(f'^(?i:{apart}{apart.join(map(re.escape, wanted))}{apart})$|[{_FOLDED_TO_ASCII}]')})"
    else:
        asked = f"REGEX(STR(?label), {Literal(_LETTER if any(map(str.isalnum, wanted)) else _BEYOND)})"
    for side in sides:
        for thing, label in _asked(store, "?thing ?label", side, asked):
            if key(label.value) == wanted and isinstance(thing, NamedNode) and "#" not in thing.value:
                yield thing.value


def _filed(store: Store, wanted: str, sides: Collection[str]) -> Iterator[str]:
    """Give the notes whose file's name folds to a key, whatever their titles, and what they are the pages of."""
    for note, path in pairs(store, iri_of(":path")):
        if key(vault.cut(path.rpartition("/")[2])) == wanted:
            yield note
            for side in sides:
                yield from subjects(store, iri_of(":page"), note, side)


def _asked(store: Store, what: str, side: str, asked: str) -> Any:
    """Select from the names of which something is true, in SPARQL; those of passages and sections are among them."""
    where = f"VALUES ?word {{ {' '.join(f'<{iri_of(word)}>' for word in NAMING)} }} ?thing ?word ?label"
    where = f"GRAPH <{side}> {{ {where} }}" if side else where
    return store.query(f"SELECT {what} {{ {where} FILTER({asked}) }}")


def _pointed(store: Store, iri: str) -> int:
    """Count the notes that point at a thing."""
    from pyoxigraph import DefaultGraph, NamedNode

    ways = (":mentions", ":linksTo", ":about")
    return sum(1 for way in ways for _ in store.quads_for_pattern(None, NamedNode(iri_of(way)), NamedNode(iri), DefaultGraph()))


__all__ = ["KINDS", "every", "nearest", "notes_by_name", "one"]
