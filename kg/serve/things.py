"""The page of a thing: its facts with their evidence, what points at it, what stands near it; or the same as RDF."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import ontology, turtle
from kg import show as shows
from kg.errors import visible
from kg.names import ONTOLOGY, Names
from kg.network import Evidence
from kg.serve import description, links, notes
from kg.serve.limits import Limits
from kg.serve.negotiation import GRAPHS, media
from kg.serve.rendering import markup, render
from kg.serve.replies import Problem, Reply
from kg.triples import iri_of, label_of, legal, pointing_at, said_of, value
from kg.view.styles import tone

if TYPE_CHECKING:
    from kg.graph import Graph

HTML = "text/html; charset=utf-8"
_SHOWN = 25
"""things of a group; ?all=1 shows the rest"""
_ALL = 2000
_NEAR = 12
"""neighbours in the picture"""
_USES = 100
"""triples of a property, or things of a class"""
_ALTERNATES = (("Turtle", "turtle"), ("JSON-LD", "jsonld"), ("N-Triples", "ntriples"), ("RDF/XML", "xml"))


class Place(NamedTuple):
    """Where something is said: a link to the line of the note, and one that plays, or ""."""

    text: str
    shown: str
    address: str
    play: str
    timecode: str


def page(graph: Graph, job: dict[str, Any], _most: Limits) -> Reply:
    """Give what an address is of, in the form that the client takes.

    Raises:
        Problem: there is nothing of that name.
    """
    iri, form, suggested = _found(graph, job)
    if form is None:
        raise Problem(406, "a thing can be had as a page, Turtle, JSON-LD, N-Triples or RDF/XML", Vary="Accept")
    own = links.address(iri, graph.names)
    alternates = [(name, f"{own}{'&' if '?' in own else '?'}format={form}") for name, form in _ALTERNATES]
    headers = {"link": f'<{own}>; rel="canonical"'}
    if form != "html":
        return Reply(200, media(form, GRAPHS), _described(graph, iri, form, suggested), headers)
    if not said_of(graph.store, iri) and not (suggested and said_of(graph.store, iri, graph.names.suggested)):
        return Reply(200, HTML, _term(graph, iri, alternates), headers)
    return Reply(200, HTML, _page(graph, iri, alternates, suggested=suggested, whole=bool(job.get("all"))), headers)


def _found(graph: Graph, job: dict[str, Any]) -> tuple[str, str | None, bool]:
    """Find the thing that an address is of, the form, and whether only a suggestion speaks of it."""
    given = [(job["iri"], "")] if job["iri"] else [] if job["path"] == "/about" else list(links.named(job["path"], graph.names))
    for iri, form in given:
        if not iri or len(iri) > 4000 or not legal(iri):
            continue
        if _known(graph, iri):
            return iri, form or job["form"], bool(job.get("suggested"))
        if said_of(graph.store, iri, graph.names.suggested) or pointing_at(graph.store, iri, graph.names.suggested):
            return iri, form or job["form"], True
    raise Problem(404, "nothing in the graph has this address", "search for it, or see what there is from the start page")


def _known(graph: Graph, iri: str) -> bool:
    from pyoxigraph import DefaultGraph, NamedNode

    thing, store = NamedNode(iri), graph.store
    patterns = (
        (thing, None, None, DefaultGraph()),
        (None, None, thing, DefaultGraph()),
        (None, thing, None, DefaultGraph()),
        (None, None, None, thing),
    )
    return iri != graph.names.suggested and any(next(store.quads_for_pattern(*pattern), None) is not None for pattern in patterns)


def _described(graph: Graph, iri: str, form: str, suggested: bool) -> bytes:
    said = shows.description(graph.store, graph.names, iri, suggested=suggested)
    if not said:
        said = [quad.triple for quad in pointing_at(graph.store, iri)[:_USES]]
    lines = [f"{each} ." for each in said]
    if form == "turtle":
        return turtle.write(lines, graph.names).encode("utf-8", "replace")
    if form == "ntriples":
        return "".join(f"{line}\n" for line in turtle.ordered(lines)).encode("utf-8", "replace")
    return description.serialized(said, form, {prefix: space for prefix, space in description.spaces(graph.names).items() if prefix})


# -- pages -------------------------------------------------------------------------------------------------


def _page(graph: Graph, iri: str, alternates: list[tuple[str, str]], *, suggested: bool, whole: bool) -> bytes:
    names = graph.names
    shown = shows.told(graph.store, names, graph.generation.index, iri, limit=_ALL if whole else _SHOWN, suggested=suggested)
    values = [(group.property, each.label) for group in shown.groups for each in group.items if each.kind == "value"]
    groups = [
        {
            "title": group.title,
            "total": group.total - sum(each.kind == "value" for each in group.items),
            "items": [_item(each, names) for each in group.items if each.kind != "value"],
            "more": group.total - len(group.items),
            "outline": group.title == "headings",
        }
        for group in shown.groups
        if any(each.kind != "value" for each in group.items)
    ]
    text, note = "", None
    path = next((value for name, value in shown.said if name == ":path"), "") if shown.kind == "note" else ""
    changed = False
    if path:
        note = notes.read(graph, path)
        if note is not None:
            text = notes.rendered(graph, note)
            changed = note.sha256 not in {value(quad.object) for quad in said_of(graph.store, iri, "", "schema:sha256")}
    own = links.address(iri, names)
    return render(
        "thing.html",
        title=shown.label,
        site=graph.title,
        iri=iri,
        own=own,
        short=shown.name,
        kind=shown.kind,
        tone=tone(shown.kind),
        classes=[(each, links.address(_expanded(each, names), names)) for each in shown.classes],
        suggested=shown.suggested,
        also=shown.also,
        same=[(each, links.outside(each, names)) for each in shown.same],
        said=[(name, text, links.outside(text, names)) for name, text in sorted((*shown.said, *values))],
        outside=links.outside(iri, names),
        plays=links.plays(iri),
        groups=groups,
        picture=_picture(groups) if shown.kind != "passage" else [],
        text=markup(text),
        note=bool(path),
        changed=changed,
        missing=bool(path) and not text and note is None,
        more=None if whole or all(not group["more"] for group in groups) else f"{own}{'&' if '?' in own else '?'}all=1",
        alternates=alternates,
    )


def _item(item: shows.Item, names: Names) -> dict[str, Any]:
    iri = _expanded(item.iri, names)
    return {
        "label": item.label if item.label != iri else visible(item.iri.strip("<>")),
        "address": links.address(iri, names),
        "kind": item.kind,
        "tone": tone(item.kind),
        "times": item.times,
        "suggested": item.suggested,
        "rule": item.rule,
        "depth": item.depth,
        "place": _place(item.place, names) if item.place and item.place.path else None,
    }


def _place(place: Evidence, names: Names) -> Place:
    where = f"{place.path}:{place.line}" if place.line else place.path
    address = links.address(place.note, names) + (f"#l{place.line}" if place.line else "")
    return Place(place.text, where, address, links.outside(place.moment, names) if links.plays(place.moment) else "", place.timecode)


def _expanded(short: str, names: Names) -> str:
    """Give the IRI that a short name stands for.

    >>> _expanded("country:PT", Names()), _expanded("<a/b>", Names()), _expanded("<urn:a>", Names())
    ('https://example.org/kg/country/PT', 'https://example.org/kg/a/b', 'urn:a')
    """
    if short[:1] == "<":
        inner = short[1:-1]
        return inner if ":" in inner else names.base + inner
    prefix, _, local = short.partition(":")
    return names.prefixes().get(prefix, f"{prefix}:") + local


def _picture(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Place the nearest things around the one that is shown: some of each group, in turn."""
    lists = [[each for each in group["items"] if each["kind"] not in ("passage", "section", "issue", "claim", "moment")] for group in groups]
    found: dict[str, dict[str, Any]] = {}
    for at in range(_NEAR):
        for items in lists:
            if at < len(items) and len(found) < _NEAR:
                found.setdefault(items[at]["address"], items[at])
    many = len(found)
    return [
        {**each, "x": round(360 + 165 * cos(2 * pi * (at + 0.5) / many - pi / 2)), "y": round(150 + 118 * sin(2 * pi * (at + 0.5) / many - pi / 2))}
        for at, each in enumerate(found.values())
    ]


def _term(graph: Graph, iri: str, alternates: list[tuple[str, str]]) -> bytes:
    """Give the page of what nothing is said of: a class, a property, an address that things point at."""
    from pyoxigraph import DefaultGraph, NamedNode

    names, store = graph.names, graph.store
    shorten = turtle.shortener(names)
    thing = NamedNode(iri)
    uses = [
        (_linked(quad.subject, graph, shorten), _linked(quad.object, graph, shorten))
        for quad in _first(store.quads_for_pattern(None, thing, None, DefaultGraph()))
    ]
    members = [
        _linked(quad.subject, graph, shorten) for quad in _first(store.quads_for_pattern(None, NamedNode(iri_of("rdf:type")), thing, DefaultGraph()))
    ]
    others = [
        (_linked(quad.subject, graph, shorten), _linked(quad.predicate, graph, shorten))
        for quad in _first(store.quads_for_pattern(None, None, thing, DefaultGraph()))
        if quad.predicate.value != iri_of("rdf:type")
    ]
    label, comment = _defined(iri)
    return render(
        "term.html",
        title=label or shorten(f"<{iri}>").strip("<>"),
        site=graph.title,
        iri=iri,
        short=shorten(f"<{iri}>"),
        comment=comment,
        uses=uses,
        members=members,
        others=others,
        most=_USES,
        outside=links.outside(iri, names),
        plays=links.plays(iri),
        alternates=alternates,
    )


def _first(quads: Any) -> list[Any]:
    return [quad for quad, _ in zip(quads, range(_USES), strict=False)]


def _linked(thing: Any, graph: Graph, shorten: Any) -> tuple[str, str]:
    """Give what a term is called, and its page."""
    if type(thing).__name__ != "NamedNode":
        return visible(value(thing)), ""
    label = label_of(graph.store, thing.value)
    return visible(shorten(str(thing)).strip("<>") if label == thing.value else label), links.address(thing.value, graph.names)


def _defined(iri: str) -> tuple[str, str]:
    """Give what the ontology calls a term, and what it says of it."""
    from pyoxigraph import RdfFormat, parse

    if not iri.startswith(ONTOLOGY):
        return "", ""
    said: dict[str, str] = {}
    for quad in parse(ontology.text("kg.ttl"), format=RdfFormat.TURTLE):
        if value(quad.subject) == iri and getattr(quad.object, "language", None) in (None, "en"):
            said.setdefault(quad.predicate.value, value(quad.object))
    return said.get(iri_of("rdfs:label"), ""), said.get(iri_of("rdfs:comment"), "") or said.get(iri_of("skos:definition"), "")


__all__ = ["page"]
