"""What each tool answers from a graph: functions of a graph and plain values, that know nothing of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kg import queries as named_queries
from kg import query as sparql
from kg import tables
from kg.assistants.replies import MOST_ROWS, Reply, limited, line, meant, table
from kg.errors import KgError, QueryError, UsageError
from kg.timecodes import hms

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.network import Evidence
    from kg.paths import Said
    from kg.queries.header import Parameter
    from kg.query import Answer
    from kg.things import Item

_HUBS = 8


# -- looking around --------------------------------------------------------------------------------


def overview(graph: Graph) -> Reply:
    """Tell what the graph is of, what it holds, and the words that queries use."""
    from kg.doubts.fit import shapes
    from kg.names import KINDS, STANDARD_PREFIXES

    found, known = graph.stats(), shapes()[0]

    def ends(name: str) -> str:
        shape = known.get(name)
        if shape is None:
            return ""
        return f"  {'|'.join(sorted(shape.subjects)) or '*'} → {'text or number' if shape.texts else '|'.join(sorted(shape.objects)) or '*'}"

    lines = [
        f"{graph.title}: a knowledge graph of {graph.generation.manifest.counts.get('notes', 0):,} notes, {found.triples:,} triples, base {graph.names.base}",
        "",
        "Classes, and how many there are:",
        *(f"  :{name}  {count:,}" for name, count in found.things.items()),
        "",
        "Properties, how often each is used, and what it joins:",
        *(f"  {'' if ':' in name else ':'}{name}  {count:,}{ends(name)}" for name, count in found.properties.items()),
        "  vault: are properties that authors made of keys in their notes; also rdfs:label (every thing has one), skos:prefLabel and skos:altLabel, skos:broader, rdf:type, rdf:subject/predicate/object (of claims)",
        "",
        f"Prefixes: ':' is the ontology; of things: {', '.join(f'{each}:' for each in KINDS)}; also {', '.join(f'{each}:' for each in STANDARD_PREFIXES if each not in ('', 'kg'))}",
        "",
        "What most notes point at:",
    ]
    hubs = {kind: [{"iri": iri, "label": label, "notes": count} for iri, label, count in each[:_HUBS]] for kind, each in found.hubs.items()}
    lines += [f"  {kind}: {', '.join(f'{line(label)} ({count})' for _, label, count in each[:_HUBS])}" for kind, each in found.hubs.items()]
    lines += ["", "A passage :names entities, stands in a :note at a :line, and may be said :at a moment of a video. For example:"]
    lines += ["  SELECT ?note ?line ?text { ?p :names country:PT ; :note ?note ; :line ?line ; :text ?text } ORDER BY ?note ?line"]
    lines += ["Suggestions, which rules are not sure of, are left out unless a tool is told that they count."]
    text, left = limited(lines)
    data = {
        "title": graph.title, "base": graph.names.base, "triples": found.triples, "counts": graph.generation.manifest.counts, "classes": found.things,
        "properties": found.properties, "hubs": hubs, "suggestions": found.quality.get("suggestions", {}), "truncated": bool(left),
    }  # fmt: skip
    return Reply(text, data)


def search(
    graph: Graph, words: str, note: str = "", about: tuple[str, ...] | list[str] = (), kind: str = "", limit: int = 10, *, suggested: bool = False
) -> Reply:
    """Find words in titles, headings and passages."""
    hits = graph.search(words, most=limit, note=note, about=about, kind=kind, suggested=suggested)
    if not hits.total:
        from kg import search as searching
        from kg.words import parse

        limits = [name for name, given in (("note", note), ("about", about), ("kind", kind)) if given]
        advice = searching.advice(graph.generation.index, parse(words), note, limits)
        return Reply(f"nothing found{f'; {meant(advice)}' if advice else ''}", {"total": 0, "notes": 0, "hits": [], "truncated": False})

    def lines() -> Iterator[str]:
        yield f"{hits.total:,} places in {hits.notes:,} notes" + (f"; the best {len(hits):,}, limit gives more" if hits.total > len(hits) else "")
        for hit in hits:
            played = f"  {hms(hit.second)} {hit.play}" if hit.second is not None else ""
            heading = f" › {line(hit.heading)}" if hit.heading and hit.part != "title" else ""
            yield f"{hit}{played}  {line(hit.title)}{heading}"
            if hit.part != "title":
                yield f"  {line(hit.text)}"

    text, left = limited(lines())
    told = [{name: getattr(hit, name) for name in ("path", "line", "part", "title", "heading", "text", "second", "play")} for hit in hits]
    return Reply(text, {"total": hits.total, "notes": hits.notes, "hits": told, "truncated": bool(left) or hits.total > len(hits)})


def show(graph: Graph, thing: str, limit: int = 10, *, suggested: bool = False) -> Reply:
    """Tell of one thing: what is said of it, and what stands beside it."""
    found = graph.show(thing, limit=limit, suggested=suggested)

    def lines() -> Iterator[str]:
        yield f"{line(found.label)}  {found.name}  ({found.kind}{', only suggested' if found.suggested else ''})"
        if found.also:
            yield f"also called: {line(', '.join(found.also))}"
        for verb, text in found.said:
            yield f"{verb}: {line(text)}"
        if found.same:
            yield f"same as: {' '.join(found.same)}"
        if found.others:
            yield f"of that name, too: {', '.join(f'{short} ({line(label)})' for short, label in found.others)}"
        for group in found.groups:
            yield f"{group.title} ({group.total:,}{f', the first {len(group.items):,}' if group.total > len(group.items) else ''}):"
            yield from map(_item, group.items)

    text, left = limited(lines())
    cut = any(group.total > len(group.items) for group in found.groups)
    return Reply(text, {**_plain(found), "truncated": bool(left) or cut})


def _item(item: Item) -> str:
    times = f" ×{item.times}" if item.times else ""
    place = f"  {_place(item.place)}" if item.place else ""
    label = "" if item.kind in ("section", "passage") and item.place else f"{line(item.label)}  {item.iri}"
    return f"  {'  ' * item.depth}- {'[suggested] ' if item.suggested else ''}{label}{times}{place}".rstrip()


def _place(place: Evidence | Said) -> str:
    where = f"{place.path}:{place.line}" if place.line else place.path
    return "  ".join(filter(None, (where, place.moment, f'"{line(place.text)}"' if place.text else "")))


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def path(graph: Graph, start: str, end: str, most: int = 3, longest: int = 6, *, suggested: bool = False) -> Reply:
    """Show how two things are joined, with what says so."""
    from kg import paths

    joined = graph.path(start, end, most=most, longest=longest, suggested=suggested)
    ways = joined.ways

    def lines() -> Iterator[str]:
        yield f"{joined.total:,} shortest chains of {len(joined.chains[0].steps)} steps" + (
            f"; {len(joined.chains)} of them" if joined.total > len(joined.chains) else ""
        )
        for chain in joined.chains:
            yield paths.told(ways, chain)
            for step in chain.steps:
                doubt = "[suggested] " if step.way.suggested else ""
                said = f": {_place(step.said[0])}" if step.said else ""
                yield f"  {doubt}{line(paths.label(ways.store, step.start, ways.sides))} {paths.arrow(step)} {line(paths.label(ways.store, step.end, ways.sides))}{said}"

    text, left = limited(lines())
    chains = [
        [{"subject": step.way.subject, "property": step.way.property, "object": step.way.object, "suggested": bool(step.way.suggested), "said": _plain(step.said[:3])}
         for step in chain.steps]
        for chain in joined.chains
    ]  # fmt: skip
    return Reply(text, {"total": joined.total, "chains": chains, "truncated": bool(left) or joined.total > len(joined.chains)})


def evidence(graph: Graph, one: str, other: str = "", limit: int = 20, *, suggested: bool = False) -> Reply:
    """Give the claims that join two things and the sentences that name both, or the sentences that name one."""
    asked = {"one": one, "other": other} if other else {"thing": one}
    parts = ("evidence", "said-of-both") if other else ("said-of",)
    titles = {"evidence": "What claims that they are joined", "said-of-both": "Sentences that name both", "said-of": "Sentences that name it"}
    texts, data, cut = [], {}, False
    for name in parts:
        found = named(graph, name, asked, limit, suggested=suggested)
        rows = found.data["rows"]
        texts.append(f"{titles[name]}:\n{found.text}" if rows else f"{titles[name]}: none")
        data[name.replace("-", "_")] = rows
        cut |= bool(found.data["truncated"])
    if not any(data.values()) and other:
        texts.append("the tool path shows chains through other things")
    return Reply("\n\n".join(texts), {**data, "truncated": cut})


# -- asking ----------------------------------------------------------------------------------------


def query(
    graph: Graph, text: str, values: Mapping[str, Any] | None = None, limit: int = 100, timeout: float = 20, *, suggested: bool = False
) -> Reply:
    """Ask in SPARQL."""
    from kg import values as written

    terms = {name.lstrip("?$"): written.of(each, graph.names, text) for name, each in (values or {}).items()}
    answer = sparql.ask(graph.store, text, graph.names, values=terms, timeout=timeout, suggested=suggested)
    return _answered(graph, answer, text, terms, limit, suggested=suggested)


def named(
    graph: Graph, name: str, values: Mapping[str, Any] | None = None, limit: int = 100, timeout: float = 20, *, suggested: bool = False
) -> Reply:
    """Ask a query that has a name."""
    found = named_queries.one(name, _own(graph))
    suggested = suggested or found.header.suggested
    said = {each: str(value) for each, value in (values or {}).items()}
    try:
        terms = named_queries.terms(found, said, graph.store, graph.names, suggested=suggested)
    except UsageError as error:
        needed = ", ".join(f"{each.name} ({each.type})" for each in found.header.parameters)
        told = f"{name} takes {needed}" if needed else f"{name} takes no values"
        raise UsageError(error.problem, hint=told if "kg query" in error.hint else error.hint) from None
    try:
        answer = sparql.ask(graph.store, found.text, graph.names, values=terms, timeout=timeout, suggested=suggested)
        return _answered(graph, answer, found.text, terms, limit, suggested=suggested)
    except QueryError as error:
        raise named_queries.in_file(error, found.path) from None


def _need(parameter: Parameter) -> str:
    """Write a parameter with its type, and with its default if it has one."""
    default = "" if parameter.default is None else "=" + (parameter.default or '""')
    return f"{parameter.name}:{parameter.type}{default}"


def queries(graph: Graph, words: str = "") -> Reply:
    """List the queries that have names, or those with some words in them."""
    found = [
        each
        for each in named_queries.every(_own(graph)).values()
        if not each.problem and all(word.casefold() in _said(each) for word in words.split())
    ]
    lines = []
    for group, members in named_queries.groups(found):
        lines.append(f"{group}:")
        for each in members:
            needs = " ".join(map(_need, each.header.parameters))
            lines.append(f"  {each.name}({needs})  {line(each.title)}")
    told = [
        {
            "name": each.name, "title": each.title, "group": each.header.group, "description": each.header.description,
            "parameters": [{"name": one.name, "type": one.type, "default": one.default, "description": one.words} for one in each.header.parameters],
        }
        for each in found
    ]  # fmt: skip
    text, left = limited(lines or [f"no query speaks of {words}" if words else "there are no queries"])
    return Reply(text, {"queries": told, "truncated": bool(left)})


def _said(each: named_queries.NamedQuery) -> str:
    return " ".join((each.name, each.title, each.header.description, each.header.group)).casefold()


def _own(graph: Graph) -> Any:
    from pathlib import Path

    return named_queries.home(Path(graph.generation.manifest.source), graph.generation.folder.parent)


def _answered(graph: Graph, answer: Answer, text: str, terms: Mapping[str, Any], limit: int, *, suggested: bool) -> Reply:
    from kg import answers, doubts
    from kg.parameters import insert
    from kg.results import value

    if answer.kind == "ask":
        why = [] if answer.truth else [*map(meant, doubts.of_nothing(graph.store, insert(text, terms), graph.names, suggested=suggested))]
        return Reply(
            "\n".join(("yes" if answer.truth else "no", *(f"note: {each}" for each in why))),
            {"answer": answer.truth, "notes": why, "truncated": False},
        )
    counted = answers.Counted(answer, min(limit, MOST_ROWS))
    rows = list(counted.answer.rows)
    given, detail = insert(text, terms), graph.generation.manifest.detail
    if counted.nothing and (not rows or doubts.counts(given, graph.names)):
        why = doubts.of_nothing(graph.store, given, graph.names, suggested=suggested, detail=detail)
    else:
        why = doubts.of_some(graph.store, given, graph.names, suggested=suggested, rows=len(rows))
    why = [meant(each) for each in (*why, *doubts.of_texts(given, detail))]
    shown = tables.shower(graph.names)
    lines = table(answer.variables, ([shown(term) for term in row] for row in rows))
    more = [f"[truncated: only the first {len(rows):,} rows; limit gives more, up to {MOST_ROWS:,}]"] if counted.more else []
    count = [] if counted.more else [f"({len(rows):,} {'row' if len(rows) == 1 else 'rows'})"]
    written, left = limited(
        [*lines, *more, *count, *(f"note: {each}" for each in why)], "{:,} lines were too much; ask for fewer rows or columns".format
    )
    kept = rows[: len(rows) - left] if left else rows
    data = {
        "columns": list(answer.variables),
        "rows": [{name: _json(value(term)) for name, term in zip(answer.variables, row, strict=True) if term is not None} for row in kept],
        "notes": why,
        "truncated": counted.more or bool(left),
    }
    return Reply(written, data)


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    return value if isinstance(value, (bool, int, float)) else line(str(value))


TOOLS: dict[str, Callable[..., Reply]] = {
    "overview": overview,
    "search": search,
    "show": show,
    "path": path,
    "evidence": evidence,
    "queries": queries,
    "ask": named,
    "query": query,
}
"""Every tool by its name."""


def call(graph: Graph, name: str, arguments: Mapping[str, Any]) -> Reply:
    """Call a tool.

    Raises:
        KgError: there is no such tool, or it cannot answer; in words.
    """
    if name not in TOOLS:
        raise KgError(f"there is no tool {name!r}", hint=f"there are {', '.join(TOOLS)}")
    return TOOLS[name](graph, **arguments)


__all__ = ["TOOLS", "call"]
