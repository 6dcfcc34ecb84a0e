"""Pages that are of no one thing: the start, a search, questions with names, the editor, the view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import lookup, queries, stats, turtle
from kg.errors import KgError, StoreError, UsageError
from kg.parameters import insert
from kg.queries.header import LITERALS, TERMS
from kg.serve import answering, drawing, links
from kg.serve.limits import Limits
from kg.serve.rendering import EDITOR_POLICY, render
from kg.serve.replies import Problem, Reply
from kg.store import LOADED
from kg.things import Things
from kg.triples import iri_of, pairs

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.search import Hit

HTML = "text/html; charset=utf-8"
_EXAMPLE = """SELECT ?thing ?name (COUNT(?note) AS ?notes) {
  ?note :mentions ?thing .
  ?thing rdfs:label ?name .
}
GROUP BY ?thing ?name
ORDER BY DESC(?notes)
LIMIT 20"""
_VOCABULARY = (
    ("Classes", "SELECT ?k (COUNT(*) AS ?n) { ?s a ?k } GROUP BY ?k ORDER BY DESC(?n) ?k LIMIT 40"),
    ("Properties", "SELECT ?k (COUNT(*) AS ?n) { ?s ?k ?o } GROUP BY ?k ORDER BY DESC(?n) ?k LIMIT 60"),
)
_HITS = 50
_OFFERS = 12
"""completions at a time"""
_OFFERED = 500
"""names that a field offers"""
_LONGEST = 500
"""characters that are searched for"""


def start(graph: Graph, _job: dict[str, Any], _most: Limits) -> Reply:
    """Show what there is: counts, the things that most is said of, the questions."""
    manifest = graph.generation.manifest
    found = stats.stats(graph.store, most=8)
    hubs = [
        (kind, [(label, links.address(iri, graph.names), count) for iri, label, count in things]) for kind, things in found.hubs.items() if things
    ]
    counts = [(name, count) for name, count in manifest.counts.items() if count] or [("triples", found.triples)]
    body = render(
        "start.html", title=graph.title or "The graph", site=graph.title, counts=counts, hubs=hubs, groups=_groups(graph), kinds=_kinds(graph, found)
    )
    return Reply(200, HTML, body)


def _kinds(graph: Graph, found: stats.Stats) -> list[tuple[str, str, int]]:
    from kg.names import ONTOLOGY

    return [(name, links.address(ONTOLOGY + name, graph.names), count) for name, count in found.things.items()]


def editor(graph: Graph, _job: dict[str, Any], _most: Limits) -> Reply:
    """Give people a place to write a query."""
    body = render(
        "sparql.html",
        title="SPARQL",
        site=graph.title,
        text=_EXAMPLE,
        base=graph.names.base,
        prefixes=answering.prefixes(graph),
        vocabulary=_vocabulary(graph),
    )
    return Reply(200, HTML, body, {"content-security-policy": EDITOR_POLICY})


def _vocabulary(graph: Graph) -> list[tuple[str, list[tuple[str, str, int]]]]:
    shorten = turtle.shortener(graph.names)

    def counted(query: str) -> Iterator[tuple[str, str, int]]:
        solutions: Any = graph.store.query(query)
        for key, count in solutions:
            yield shorten(str(key)).strip("<>"), links.address(key.value, graph.names), int(count.value)

    return [(heading, list(counted(query))) for heading, query in _VOCABULARY]


def complete(graph: Graph, job: dict[str, Any], _most: Limits) -> Reply:
    """Give what a word in a query may become: terms of the ontology, prefixed names, things by their labels; all from this graph."""
    import json

    from kg import ontology

    word = dict(job["given"]).get("q", "").strip()[:_LONGEST]
    shorten = turtle.shortener(graph.names)
    found: dict[str, str] = {}
    if word.startswith(":"):
        found = {f":{each}": "term" for each in ontology.terms() if each.casefold().startswith(word[1:].casefold())}
    elif ":" in word:
        space = graph.names.declared().get(word.partition(":")[0])
        solutions: Any = graph.store.query(
            f"SELECT DISTINCT ?x {{ {{ ?x a ?c }} UNION {{ [] a ?x }} FILTER(STRSTARTS(STR(?x), {_literal(space + word.partition(':')[2])})) }} ORDER BY STR(?x) LIMIT {_OFFERS}"
        ) if space else ()  # fmt: skip
        found = {shorten(str(row[0])): "" for row in solutions}
    elif len(word) > 1:
        known = Things(graph.store, graph.names, ("",))
        found = {shorten(f"<{iri}>"): f"{known.label(iri)} ({known.kind(iri)})" for iri in _having(graph, word, begins=True)}
    offers = [{"text": text, "told": told} for text, told in list(found.items())[:_OFFERS]]
    return Reply(200, "application/json", json.dumps(offers, ensure_ascii=False).encode("utf-8", "replace"))


# -- search ----------------------------------------------------------------------------------------


def search(graph: Graph, job: dict[str, Any], _most: Limits) -> Reply:
    """Look for things by their names, and for words in the notes."""
    asked = " ".join(dict(job["given"]).get("q", "").split())[:_LONGEST]
    things: list[tuple[str, str, str]] = []
    hits: list[dict[str, Any]] = []
    told, total, notes = "", 0, 0
    if asked:
        things = _named(graph, asked)
        if graph.generation.manifest.detail != LOADED:
            try:
                found = graph.search(asked, most=_HITS)
                hits, total, notes = [_hit(graph, each) for each in found], found.total, found.notes
            except StoreError:
                raise
            except KgError as error:
                told = str(error.problem)
    body = render(
        "search.html",
        title=f"Search: {asked}" if asked else "Search",
        site=graph.title,
        asked=asked,
        things=things,
        hits=hits,
        total=total,
        notes=notes,
        told=told,
    )
    return Reply(200, HTML, body)


def _named(graph: Graph, name: str) -> list[tuple[str, str, str]]:
    """Give the things that have a name, or of which it is a part."""
    found = dict.fromkeys((*lookup.every(graph.store, graph.names, name)[:20], *(_having(graph, name) if len(name) > 1 else ())))
    known = Things(graph.store, graph.names, ("",))
    return [(known.label(iri), links.address(iri, graph.names), known.kind(iri)) for iri in found]


def _having(graph: Graph, part: str, *, begins: bool = False) -> list[str]:
    """Give the things whose names have a part, the shortest names first."""
    test = "STRSTARTS" if begins else "CONTAINS"
    solutions: Any = graph.store.query(
        f"SELECT ?thing {{ ?thing <{iri_of('rdfs:label')}> ?label "
        f"FILTER({test}(LCASE(STR(?label)), {_literal(part.casefold())}) && ISIRI(?thing) && !CONTAINS(STR(?thing), '#')) }} "
        "ORDER BY STRLEN(STR(?label)) STR(?thing) LIMIT 20"
    )
    return [row[0].value for row in solutions]


def _literal(text: str) -> str:
    from pyoxigraph import Literal

    return str(Literal(text))


def _hit(graph: Graph, hit: Hit) -> dict[str, Any]:
    pieces, at = [], 0
    for begin, end in hit.spans:
        pieces += [(hit.text[at:begin], False), (hit.text[begin:end], True)]
        at = end
    pieces.append((hit.text[at:], False))
    address = links.address(graph.names.note(hit.path), graph.names)
    return {
        "title": hit.title,
        "address": f"{address}#l{hit.line}" if hit.line else address,
        "where": str(hit),
        "heading": hit.heading,
        "pieces": pieces,
        "play": links.outside(hit.play, graph.names) if links.plays(hit.play) else "",
        "second": hit.second,
    }


# -- questions with names ------------------------------------------------------------------------------


def named(graph: Graph, job: dict[str, Any], most: Limits) -> Reply:
    """List the questions, show what one needs to know, or answer it."""
    name = job["name"].strip("/")
    if not name:
        return Reply(200, HTML, render("questions.html", title="Questions", site=graph.title, groups=_groups(graph)))
    try:
        found = queries.one(name, _own(graph))
    except UsageError as error:
        raise Problem(404, error.problem, error.hint.replace("kg query --list names them", "the start page lists them")) from None
    said = {key: text.strip()[:_LONGEST] for key, text in job["given"] if text.strip() and key != "run"}
    form = {
        "name": found.name,
        "title": found.title,
        "description": found.header.description,
        "fields": [
            (
                each.name,
                each.words or each.name,
                said.get(each.name, each.default or ""),
                "" if each.type in LITERALS else each.type,
                _offered(graph, each.type),
            )
            for each in found.header.parameters
        ],
    }
    needed = [each.name for each in found.header.parameters if each.default is None and each.name not in said]
    if needed or (found.header.parameters and not any(key == "run" or key in said for key, _ in job["given"])):
        told = f"{', '.join(needed)}: not given" if said and needed else ""
        return Reply(200, HTML, render("question.html", site=graph.title, told=told, **form))
    try:
        text = insert(found.text, queries.terms(found, said, graph.store, graph.names))
    except StoreError:
        raise
    except KgError as error:
        return Reply(200, HTML, render("question.html", site=graph.title, told=str(error), **form))
    asked = {"text": text, "rows": "html", "graphs": "html", "suggested": found.header.suggested, "title": found.title, "form": form}
    return answering.query(graph, asked, most)


def _own(graph: Graph) -> Path:
    return queries.home(Path(graph.generation.manifest.source), graph.generation.folder.parent)


def _groups(graph: Graph) -> list[tuple[str, list[tuple[str, str]]]]:
    found = [each for each in queries.every(_own(graph)).values() if not each.problem]
    return [(group, [(each.name, each.title) for each in members]) for group, members in queries.groups(found)]


def _offered(graph: Graph, kind: str) -> list[str]:
    """Give names that a field may have: the labels of things of its type."""
    if kind in LITERALS or kind in TERMS:
        return []
    label, found = iri_of("rdfs:label"), list[str]()
    for thing in _things(graph, kind):
        found += [name for _, name in pairs(graph.store, label, thing)][:1]
        if len(found) >= _OFFERED:
            break
    return sorted(set(found), key=str.casefold)


def _things(graph: Graph, kind: str) -> list[str]:
    from pyoxigraph import DefaultGraph, NamedNode

    from kg.names import ONTOLOGY

    quads = graph.store.quads_for_pattern(None, NamedNode(iri_of("rdf:type")), NamedNode(ONTOLOGY + kind), DefaultGraph())
    return [quad.subject.value for quad, _ in zip(quads, range(2 * _OFFERED), strict=False) if isinstance(quad.subject, NamedNode)]


# -- the view --------------------------------------------------------------------------------------------


def view(graph: Graph, job: dict[str, Any], _most: Limits) -> Reply:
    """Give the interactive page, which has a policy of its own: its scripts, by their hashes, and nothing else."""
    given = dict(job["given"])
    try:
        text = str(graph.view(focus=given.get("focus", "")[:_LONGEST], suggested=given.get("suggested", "") in ("1", "true")))
    except StoreError:
        raise
    except KgError as error:
        raise Problem(404, error.problem, error.hint) from None
    return drawing.reply(text)


WORKS: dict[str, Callable[[Any, dict[str, Any], Limits], Reply]] = {
    "start": start,
    "editor": editor,
    "search": search,
    "named": named,
    "view": view,
    "complete": complete,
}

__all__ = ["WORKS"]
