"""What is in a graph: how much of each kind, what joins it, its hubs, how good it is, and how it was made.

The engine counts what is in the graph (a tenth of the time that Python takes); the index knows the links
and timestamps as they are written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kg import index, resolve
from kg.model import Link
from kg.names import ONTOLOGY, Names
from kg.triples import iri_of, label_of, pairs, value

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Store

    from kg.store import Generation

_FACTS = (":country", ":organisation", ":theme", "skos:broader", "skos:related")


@dataclass(frozen=True)
class Stats:
    """Counts by name, each from the most to the least; hubs as (IRI, label, notes that point at it).

    ``quality`` counts links by the tier that resolved them ("broken": none did), timestamps by how sure their second is, facts by what
    says so, suggestions that wait for a person, and notes by what they lack; ``built`` tells when and how the graph was made.
    """

    triples: int
    things: dict[str, int]
    properties: dict[str, int]
    hubs: dict[str, list[tuple[str, str, int]]]
    issues: dict[str, int]
    quality: dict[str, dict[str, int]] = field(default_factory=dict)
    built: dict[str, str | int] = field(default_factory=dict)


def stats(store: Store, generation: Generation | None = None, *, most: int = 5) -> Stats:
    """Count what a graph holds, and name ``most`` hubs of each kind; how good it is, too, where its generation is given."""
    counted = _counts(store, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
    own = Names(generation.manifest.base).prefixes()["vault"] if generation else ONTOLOGY
    properties = Counter(
        {
            iri.removeprefix(ONTOLOGY) if iri.startswith(ONTOLOGY) else f"vault:{iri.removeprefix(own)}": count
            for iri, count in counted.items()
            if iri.startswith((ONTOLOGY, own))
        }
    )
    types = {
        iri.removeprefix(ONTOLOGY): count
        for iri, count in _counts(store, "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c").items()
        if iri.startswith(ONTOLOGY)
    }
    issues = _counts(store, f"SELECT ?c (COUNT(*) AS ?n) {{ ?s <{ONTOLOGY}code> ?c }} GROUP BY ?c")
    found = Stats(sum(counted.values()), _ranked(types), _ranked(properties), _hubs(store, most), _ranked(issues))
    if generation is None:
        return found
    found.quality.update(_quality(store, generation, found))
    found.built.update(_built(generation))
    return found


def _hubs(store: Store, most: int) -> dict[str, list[tuple[str, str, int]]]:
    pointed = _counts(store, f"SELECT ?o (COUNT(*) AS ?n) {{ ?s <{ONTOLOGY}linksTo>|<{ONTOLOGY}mentions> ?o }} GROUP BY ?o")
    hubs: dict[str, list[tuple[str, str, int]]] = {}
    for iri, count in _ranked(pointed).items():
        kinds = sorted(name.removeprefix(ONTOLOGY) for _, name in pairs(store, iri_of("rdf:type"), iri) if name.startswith(ONTOLOGY))
        kind = next((each for each in reversed(kinds) if each != "Entity"), "Note")
        group = hubs.setdefault(kind, [])
        if len(group) < most:
            group.append((iri, label_of(store, iri), count))
    return dict(sorted(hubs.items()))


def _quality(store: Store, generation: Generation, found: Stats) -> dict[str, dict[str, int]]:
    notes = found.things.get("Note", 0)
    linked = {end for pair in pairs(store, iri_of(":linksTo")) for end in pair}
    paths = {iri for iri, _ in pairs(store, iri_of(":path"))}
    more = f"FILTER NOT EXISTS {{ ?o a <{ONTOLOGY}Theme> }}"
    naming, naming_more = (
        len(_counts(store, f"SELECT ?s (COUNT(*) AS ?n) {{ ?s <{ONTOLOGY}mentions> ?o {but} }} GROUP BY ?s")) for but in ("", more)
    )
    return {
        "links": _links(generation.index),
        "timestamps": _timestamps(store, generation, found.issues),
        "facts": _facts(store),
        "suggestions": _suggestions(store, Names(generation.manifest.base).suggested),
        "notes": {
            "all": notes,
            "naming an entity": naming,
            "naming more than themes": naming_more,
            "without links": len(paths - linked),
            "left out": len(generation.manifest.skipped),
        },
    }


def _links(folder: Path) -> dict[str, int]:
    """Count links by tier, in the order of tiers; what asks for no note, such as a picture, is none."""
    tiers = dict.fromkeys((*resolve.TIERS, "broken"), 0)
    for row in index.links(folder):
        asks = row.role == "link" and resolve.wanted(Link(row.target, row.label, row.section, bool(row.embed), 0, 0, row.line, row.column))
        if asks:
            tiers[row.tier or "broken"] += 1
    return tiers


def _timestamps(store: Store, generation: Generation, issues: dict[str, int]) -> dict[str, int]:
    """Count timestamps: those whose second is sure, those that could mean two, those that no video has, those of notes on no video."""
    names = Names(generation.manifest.base)
    filmed = {note for note, _ in pairs(store, iri_of(":source"))}
    written = Counter(names.note(row.note) in filmed for row in index.stamps(generation.index))
    ambiguous, odd = issues.get("ambiguous-timestamp", 0), issues.get("odd-timestamp", 0)
    certain = max(written[True] - ambiguous - odd, 0)
    return {"certain": certain, "ambiguous": ambiguous, "odd": odd, "without a video": written.total() - certain - ambiguous - odd}


def _facts(store: Store) -> dict[str, int]:
    facts = {(subject, iri_of(word), thing) for word in _FACTS for subject, thing in pairs(store, iri_of(word))}
    proved = _claimed(store, f"{ONTOLOGY}evidence")
    authored = _claimed(store, iri_of("prov:wasDerivedFrom")) - proved
    return {"all": len(facts), "with evidence": len(facts & proved), "by the vocabulary": len(facts & authored)}


def _claimed(store: Store, by: str) -> set[tuple[str, str, str]]:
    """Give the statements whose claims have something that says so."""
    from pyoxigraph import QuerySolutions

    subject, predicate, thing = map(iri_of, ("rdf:subject", "rdf:predicate", "rdf:object"))
    rows = store.query(f"SELECT DISTINCT ?s ?p ?o {{ ?c <{by}> ?e ; <{subject}> ?s ; <{predicate}> ?p ; <{thing}> ?o }}")
    assert isinstance(rows, QuerySolutions)
    return {(value(row[0]), value(row[1]), value(row[2])) for row in rows}


def _suggestions(store: Store, graph: str) -> dict[str, int]:
    """Count what waits for a person: names that are only suggested, and facts."""
    names = sum(1 for _, kind in pairs(store, iri_of("rdf:type"), graph=graph) if kind == f"{ONTOLOGY}Entity")
    return {"names": names, "facts": sum(len(pairs(store, iri_of(word), graph=graph)) for word in _FACTS)}


def _built(generation: Generation) -> dict[str, str | int]:
    manifest, folder = generation.manifest, generation.folder
    sizes = {part: sum(size for name, size in manifest.files.items() if name.startswith(f"{part}/")) for part in ("graph", "index")}
    cache = folder.parent / "cache.sqlite"
    written = datetime.fromtimestamp((folder / "manifest.json").stat().st_mtime, UTC)
    return {
        "when": written.isoformat(timespec="seconds"),
        "from": manifest.source,
        "kg": manifest.kg,
        "detail": manifest.detail,
        "dialect": manifest.dialect,
        "base": manifest.base,
        "generation": generation.name,
        "graph bytes": sizes["graph"],
        "index bytes": sizes["index"],
        "cache bytes": cache.stat().st_size if cache.is_file() else 0,
    }


def _counts(store: Store, query: str) -> dict[str, int]:
    from pyoxigraph import QuerySolutions

    rows = store.query(query)
    assert isinstance(rows, QuerySolutions)
    return {value(row[0]): int(value(row[1])) for row in rows}


def _ranked(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
