"""What a page holds: all nodes and edges as columns of numbers and texts, and as many sentences as fit.

    describe    a scene -> one dictionary, ready for JSON

Nodes are numbered by importance, then IRI, so the same graph gives the same page. Every edge that is carried has
at least its place, the note and the line; sentences are dealt out by importance until the room is used.
What is left out is counted. Strings go in as they are: making them harmless is the business of whoever writes
them into a document, and of the page, which shows them as text only.

    format, title, base, mode, focus, depth, wanted (kinds), options (of vis-network)
    kinds           name, plural, shape, tone, filled, iri; facets are the numbers of hubs that join everything
    properties      name, label, inverse, iri
    prefixes        name to namespace; an id is "note:a" for the namespace of note, and a
    nodes           id, label, kind, x, y, rank (0 to 1000), degree, island, sub: lists, one entry a node;
                    path, url, aliases, date, suggested, video: only of nodes that have one, by number.
                    An id that ends ":-" or ":_" has the label for a local name, in small letters, with that for blanks;
                    a note without a path has that of its id, with .md
    edges           to: by from, then to, the first of each from in full, others as the step from the one before;
                    of: how many edges each node has, in order; property; kept: how many places of the edge are carried;
                    more: how many are not, by number; suggested: numbers of edges
    evidence        the places of the edges, in their order, the kept ones of each, counted from the first place of the node
                    that the edge is from, if it has one, else from 0
    places          of: how many places each node has, in order, and then each note that says something but is not shown
                    (its path is in nodes, by a number past the last); line, second: lists, the first of each note in full,
                    others as the step from the one before (second: the last that is known; "" where none is);
                    text: 0 none, 1 the next of texts, 2 + n the n-th again; timecode, video, url: by number, where
                    they are not what second and the video of the note say
    texts           sentences
    islands         name, x, y, r, nodes, parent, tone; level 1 (parent -1) before level 2
    left, total     what is not carried, and what there is
    links           notes: a pattern of addresses, with {path}, {stem} and {line}
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kg.errors import KgError
from kg.names import ONTOLOGY, Names
from kg.network import Evidence
from kg.ranks import pagerank
from kg.scene import KEPT, Edge, Node, Scene
from kg.view.layout import Map, layout
from kg.view.styles import FACETS, PROPERTIES, style

FORMAT = 1
SENTENCE = 300
"""Characters of a sentence."""
PLACES = 400_000
"""Places in all: above, fewer of each edge are kept, but one of each always."""
LABEL = 500
"""Characters of a label."""

_WEB = re.compile(r"https?://[\w.-]+(:\d+)?([/?#]\S*)?", re.IGNORECASE)


class PageOptions(NamedTuple):
    """What the page is to be: its title, what it opens on, the only kinds to show, the pattern of links to notes, the bytes for its data."""

    title: str
    focus: str | None = None
    depth: int = 2
    kinds: Collection[str] = ()
    links: str = ""
    mode: str = ""
    names: Names = Names()
    room: int = 0


def describe(scene: Scene, wanted: PageOptions, options: Any = None) -> dict[str, Any]:
    """Describe a scene as columns.

    Raises:
        KgError: the focus is not in the scene, or the depth is not 1, 2 or 3.
    """
    if wanted.focus is not None and wanted.focus not in scene.nodes:
        raise KgError(f"nothing in the graph is called {wanted.focus!r}", hint="give the IRI of a note or of another thing in the graph")
    if wanted.depth not in (1, 2, 3):
        raise KgError(f"a neighbourhood has 1, 2 or 3 hops, not {wanted.depth}")
    kinds = set(wanted.kinds)
    iris = sorted(iri for iri, each in scene.nodes.items() if not kinds or each.kind in kinds or iri == wanted.focus)
    place = {iri: number for number, iri in enumerate(iris)}
    edges = [each for each in scene.edges if each.start in place and each.end in place]
    shares = pagerank(len(iris), [(place[each.start], place[each.end]) for each in edges])
    iris = [iris[number] for number in sorted(range(len(iris)), key=lambda number: (-_steps(shares[number] * len(iris)), iris[number]))]
    shares = [shares[place[iri]] for iri in iris]
    place = {iri: number for number, iri in enumerate(iris)}
    nodes = [scene.nodes[iri] for iri in iris]
    properties = sorted({each.property for each in edges})
    at = {name: number for number, name in enumerate(properties)}
    edges.sort(key=lambda each: (place[each.start], place[each.end], at[each.property]))
    joined = [(place[each.start], place[each.end]) for each in edges]
    drawn = layout(nodes, joined, [each.property for each in edges])
    styles = style(each.kind for each in nodes)
    said = _Places(nodes, place, edges)
    result: dict[str, Any] = {
        "format": FORMAT,
        "title": wanted.title,
        "base": wanted.names.base,
        "mode": wanted.mode or ("focus" if wanted.focus is not None else "map"),
        "focus": place[wanted.focus] if wanted.focus is not None else None,
        "depth": wanted.depth,
        "wanted": sorted(kinds),
        "kinds": [each._asdict() for each in styles.values()],
        "facets": [number for number, kind in enumerate(styles) if kind in FACETS],
        "properties": [_property(each) for each in properties],
        "prefixes": (prefixes := _prefixes(iris, wanted.names)),
        "nodes": _nodes(nodes, shares, joined, drawn, list(styles), prefixes),
        "edges": {
            **_steps_of(joined, len(nodes)),
            "property": [at[each.property] for each in edges],
            "kept": said.kept,
            "more": {
                number: each.more + len(each.evidence) - kept
                for number, (each, kept) in enumerate(zip(edges, said.kept, strict=True))
                if each.more or len(each.evidence) > kept
            },
            "suggested": [number for number, each in enumerate(edges) if each.suggested],
        },
        "islands": [each._asdict() for each in drawn.islands],
        "links": {"notes": wanted.links},
        "options": options or {},
        "total": {"nodes": len(nodes), "edges": len(edges)},
    }
    result |= said.columns(max(1, wanted.room - packed(result)) if wanted.room else 0)
    result["nodes"]["video"] = said.filmed
    result["nodes"]["path"].update({number: path for path, number in said.outside.items()})
    return result


def packed(found: Any) -> int:
    """Tell roughly how many bytes some data will take in a page: compressed, then written in base64.

    >>> packed({}) < 20
    True
    """
    return len(zlib.compress(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 6)) * 4 // 3


def web(address: str) -> str:
    """Give the address back if it is one of the web, else nothing.

    >>> web("https://www.youtube.com/watch?v=abc&t=5s"), web("javascript:alert(1)"), web("http://[")
    ('https://www.youtube.com/watch?v=abc&t=5s', '', '')
    """
    return address if _WEB.fullmatch(address) else ""


def _steps(share: float) -> int:
    """Round importance to steps of a tenth, so that a graph that changes a little keeps its order."""
    return round(math.log(share) * 10) if share > 0 else 0


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _steps_of(joined: Sequence[tuple[int, int]], count: int) -> dict[str, list[int]]:
    """Write sorted pairs as how many each number begins, and steps.

    >>> _steps_of([(0, 5), (0, 7), (2, 1)], 3)
    {'of': [2, 0, 1], 'to': [5, 2, 1]}
    """
    of, to, last = [0] * count, [], (-1, 0)
    for start, end in joined:
        of[start] += 1
        to.append(end - last[1] if start == last[0] else end)
        last = start, end
    return {"of": of, "to": to}


def _property(name: str) -> dict[str, str]:
    label, inverse = PROPERTIES.get(name, (re.split("[/#:]", name)[-1] or name, ""))
    iri = f"{ONTOLOGY}{name}" if name in PROPERTIES else name if ":" in name else ""
    return {"name": name, "label": label, "inverse": inverse or f"{label} of", "iri": iri}


def _prefixes(iris: Iterable[str], names: Names) -> dict[str, str]:
    known = {name: space for name, space in names.prefixes().items() if name and name != "kg"}
    used = Counter(name for iri in iris for name, space in known.items() if iri.startswith(space))
    return {name: known[name] for name in known if used[name]}


def _nodes(
    nodes: Sequence[Node], shares: Sequence[float], joined: Sequence[tuple[int, int]], drawn: Map, kinds: Sequence[str], prefixes: Mapping[str, str]
) -> dict[str, Any]:
    near: list[set[int]] = [set() for _ in nodes]
    for start, end in joined:
        if start != end:
            near[start].add(end)
            near[end].add(start)
    number = {kind: at for at, kind in enumerate(kinds)}
    most = max(shares, default=1.0)
    return {
        "id": [_short(each.iri, each.label, prefixes) for each in nodes],
        "label": [_cut(each.label, LABEL) for each in nodes],
        "kind": [number[each.kind] for each in nodes],
        "x": [x for x, _ in drawn.spots],
        "y": [y for _, y in drawn.spots],
        "rank": [round(1000 * math.sqrt(share / most)) for share in shares],
        "degree": [len(each) for each in near],
        "island": drawn.island,
        "sub": drawn.sub,
        "path": {at: each.path for at, each in enumerate(nodes) if each.path and not _path_follows_from_iri(each, prefixes)},
        "url": {at: each.url for at, each in enumerate(nodes) if web(each.url)},
        "aliases": {at: list(each.aliases) for at, each in enumerate(nodes) if each.aliases},
        "date": {at: each.date for at, each in enumerate(nodes) if each.date},
        "suggested": {at: 1 for at, each in enumerate(nodes) if each.suggested},
    }


def _short(iri: str, label: str, prefixes: Mapping[str, str]) -> str:
    """Shorten an IRI by its prefix, and by its label where that says the rest.

    >>> known = {"theme": "urn:theme/"}
    >>> [_short(f"urn:theme/{each}", "Open Data", known) for each in ("open-data", "data", "-")], _short("urn:a", "A", known)
    (['theme:-', 'theme:data', 'urn:theme/-'], 'urn:a')
    """
    for name, space in prefixes.items():
        if iri.startswith(space):
            local = iri.removeprefix(space)
            if local in ("-", "_"):
                return iri
            small = label.lower() if label.isascii() else ""
            mark = next((mark for mark in "-_" if small.replace(" ", mark) == local), local)
            return f"{name}:{mark}"
    return iri


def _path_follows_from_iri(node: Node, prefixes: Mapping[str, str]) -> bool:
    return f"{prefixes.get('note')}{node.path}" == f"{node.iri}.md"


class _Gathered(NamedTuple):
    """The places that edges keep, each once."""

    every: list[Evidence]
    turns: list[int]
    """Of each place, when its sentence is due."""
    kept: list[int]
    """Of each edge, how many places it keeps."""
    shown: list[tuple[int, int]]
    """Edge by edge, the node that it is from and the place, by their numbers."""


def _gathered(place: Mapping[str, int], edges: Sequence[Edge], several: int) -> _Gathered:
    """Go through the places of all edges, ``several`` of each at most; edges come by the nodes they are from."""
    found = _Gathered([], [], [], [])
    number: dict[Evidence, int] = {}
    # The same by identity: most places are met again as they are, and cost no comparison then.
    seen: dict[int, int] = {}
    before, turn = "", 0
    for edge, each in enumerate(edges):
        turn = turn + 1 if each.start == before else 0
        before = each.start
        start = place[before]
        carried = each.evidence[:several]
        for nth, said in enumerate(carried):
            due = _order_key(nth, turn, edge)
            at = seen.get(id(said), -1)
            if at < 0:
                at = seen[id(said)] = number.setdefault(said, len(found.every))
                if at == len(found.every):
                    found.every.append(said)
                    found.turns.append(due)
            if due < found.turns[at]:
                found.turns[at] = due
            found.shown.append((start, at))
        found.kept.append(len(carried))
    return found


def _order_key(nth: int, turn: int, edge: int) -> int:
    """Say when a sentence is due: first the first place of every edge, those of the weightiest edges of a node before, then of weighty nodes.

    It is ``(nth, turn, edge)`` as one number: there may be 400,000 of them, and a tuple takes more than twice the memory. The lowest 32 bits
    are the number of the edge, the 24 above them its turn among those of its node; above these is which place of the edge it is.

    >>> sorted([(1, 0, 0), (0, 1, 0), (0, 0, 7)], key=lambda each: _order_key(*each))
    [(0, 0, 7), (0, 1, 0), (1, 0, 0)]
    """
    return (nth << 24 | turn) << 32 | edge


class _Places:
    """The places of all edges, each once, and which of their sentences are carried."""

    def __init__(self, nodes: Sequence[Node], place: Mapping[str, int], edges: Sequence[Edge]) -> None:
        self.nodes = nodes
        self.videos = {each.url: number for number, each in enumerate(nodes) if each.kind == "video" and each.url}
        self.filmed: dict[int, int] = {}
        """The video of a note: that of the first of its places that has one."""
        several = KEPT
        while several > 1 and sum(min(several, len(each.evidence)) for each in edges) > PLACES:
            several -= 1
        every, turns, self.kept, shown = _gathered(place, edges, several)
        self.outside = {path: len(nodes) + at for at, path in enumerate(sorted({said.path for said in every if said.note not in place}))}
        """Notes that say something but are not shown themselves, numbered on from the nodes, by path."""
        homes = [place[said.note] if said.note in place else self.outside[said.path] for said in every]
        order = sorted(range(len(every)), key=lambda at: (homes[at], every[at].line, _second(every[at])[1], every[at]))
        self.every = [every[at] for at in order]
        self.turns = [turns[at] for at in order]
        fresh = [0] * len(every)
        first: dict[int, int] = {}
        for at, old in enumerate(order):
            fresh[old] = at
            first.setdefault(homes[old], at)
        self.homes = [homes[at] for at in order]
        self.shown = [fresh[at] - first.get(start, 0) for start, at in shown]

    def columns(self, room: int) -> dict[str, Any]:
        """Give places and sentences, in so many bytes; 0 is without limit."""
        places: dict[str, Any] = {"of": [0] * (len(self.nodes) + len(self.outside)), "line": [], "second": [], "timecode": {}, "video": {}, "url": {}}
        line = second = note = -1
        for at, said in enumerate(self.every):
            if self.homes[at] != note:
                note, line, second = self.homes[at], 0, 0
            places["of"][note] += 1
            places["line"].append(said.line - line)
            line = said.line
            address, known = _second(said)
            places["second"].append(known - second if known >= 0 else "")
            if known >= 0:
                second = known
            if address:
                video = self.videos.get(address, -1) if note < len(self.nodes) else -1
                if video < 0:
                    if web(said.moment):
                        places["url"][at] = said.moment
                elif self.filmed.setdefault(note, video) != video:
                    places["video"][at] = video
            if said.timecode and known < 0:
                places["timecode"][at] = said.timecode
        steps = {"places": places, "evidence": self.shown}
        carried, left = self.sentences(room - packed(steps) - len(self.every) // 2 - 512 if room else 0, limited=room != 0)
        texts: dict[str, int] = {}
        places["text"] = []
        for said in self.every:
            if said.text not in carried:
                places["text"].append(0)
            elif said.text in texts:
                places["text"].append(2 + texts[said.text])
            else:
                places["text"].append(1)
                texts[said.text] = len(texts)
        return {**steps, "texts": [_cut(text, SENTENCE) for text in texts], "left": {"nodes": 0, "edges": 0, "texts": left}}

    def sentences(self, room: int, *, limited: bool) -> tuple[set[str], int]:
        """Choose the sentences that fit; every 64 are compressed as they will be, to know what they take."""
        wanted = list(dict.fromkeys(self.every[at].text for at in sorted(range(len(self.every)), key=self.turns.__getitem__) if self.every[at].text))
        if limited:
            squeeze, used = zlib.compressobj(6), 0
            for start in range(0, len(wanted), 64):
                piece = json.dumps([_cut(each, SENTENCE) for each in wanted[start : start + 64]], ensure_ascii=False).encode("utf-8", "replace")
                used += len(squeeze.compress(piece)) + len(squeeze.flush(zlib.Z_SYNC_FLUSH))
                if used * 4 // 3 > room:
                    return set(wanted[:start]), len(wanted) - start
        return set(wanted), 0


_SECOND = re.compile(r"(.*)[?&]t=(\d{1,9})s?")


def _second(said: Evidence) -> tuple[str, int]:
    """Give the address of the video and the second of a playable address, or the address and -1.

    >>> _second(Evidence("", "", 1, "", "", "https://youtu.be/a?t=7"))
    ('https://youtu.be/a', 7)
    """
    address, _, second = said.moment.rpartition("?t=")  # as kg writes it
    if second.isdigit() and len(second) < 10:
        return address, int(second)
    found = _SECOND.fullmatch(said.moment)
    return (found[1], int(found[2])) if found else (said.moment, -1)
