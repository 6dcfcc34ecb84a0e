"""What explanations are made of, and where it is looked up: in the graph, in its index, in the author's files.

Named   a place that names something      Claim   what says a fact
Link    a link as written                 Known   all that one explanation looks up, each once
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg import corpus, index, kinds, names, resolve, settled, turtle, vault, vocabulary
from kg.countries import code as country_code
from kg.errors import KgError, UsageError
from kg.lookup import BRIEF, notes_by_name
from kg.names import ONTOLOGY
from kg.places import Place, Places
from kg.rules import Rule, rule
from kg.terms import NAMING
from kg.triples import iri_of, legal, pairs

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.model import Mentioned
    from kg.vocabulary import Entry
_WRITTEN = Rule("link", 1.0, "a link of the author's")
_ENTITY = ONTOLOGY + "Entity"


class Named(NamedTuple):
    """A place that names something, by which rule, or why nothing was made of it."""

    place: Place
    kind: str
    key: str
    rule: Rule
    why: str


class Link(NamedTuple):
    """A link as written, the note it means ("" if none) and by which tier.

    ``rivals`` are notes that it could mean as well, ``near`` those that come near it if it means none; ``names`` is the thing it names.
    """

    place: Place
    target: str
    found: str
    tier: str
    rivals: tuple[str, ...]
    near: tuple[str, ...]
    names: str


class Claim(NamedTuple):
    """What says a fact: the rule, how sure it is, where, whether that makes it one, and the file if no note says it."""

    statement: str
    rule: Rule
    sure: float
    places: tuple[Place, ...]
    fact: bool
    source: str


def by_place(row: Mentioned) -> tuple[str, int, int]:
    """Order what notes name by where it stands."""
    return row.note, row.line, row.start


class Known:
    """What one explanation looks up in the graph, its index and the author's files, each once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.sides = ("", graph.names.suggested)
        self.places = Places(graph)
        self.short_term = turtle.shortener(graph.names)

    @cached_property
    def mentions(self) -> list[Mentioned]:
        """Everything that notes name."""
        return list(index.mentions(self.graph.generation.index))

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many places name each entity, by kind and end."""
        return Counter((row.kind, row.key) for row in self.mentions if not row.why)

    @cached_property
    def kinds(self) -> set[str]:
        """The kinds of all that notes name, and ours."""
        return {kind for kind, _ in self.counts} | set(kinds.BUILTIN)

    @cached_property
    def table(self) -> resolve.Table:
        """Every name that notes answer to."""
        return notes_by_name(self.graph.store, self.places.paths, self.places.source)

    # -- entities

    def short(self, thing: str) -> str:
        """Write an IRI, or a value as N-Triples has it, as a query may."""
        return self.short_term(thing if thing[:1] == '"' else f"<{thing}>")

    def objects(self, subject: str, predicate: str, side: str) -> dict[str, str]:
        """Give what a property says of a thing: IRIs, and values as N-Triples has them; each with its words alone."""
        from pyoxigraph import DefaultGraph, NamedNode

        here = NamedNode(side) if side else DefaultGraph()
        found = [quad.object for quad in self.graph.store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, here)]
        return {each.value if isinstance(each, NamedNode) else str(each): str(getattr(each, "value", each)) for each in found}

    @cached_property
    def authored(self) -> dict[str, str]:
        """The properties that claims speak of, by their short names."""
        found = {verb for side in self.sides for _, verb in pairs(self.graph.store, iri_of("rdf:predicate"), graph=side)} - {iri_of("rdf:type")}
        return {self.short(each): each for each in sorted(found)}

    def split(self, iri: str) -> tuple[str, str]:
        """Give the kind of an entity and the end of its IRI, as mentions have them."""
        kind, _, end = iri.removeprefix(self.graph.names.base).partition("/")
        if (kind, end) in self.counts:
            return kind, end
        # What an IRI cannot hold as it is stands escaped in it.
        return next((each for each in self.counts if each[0] == kind and names.escaped(each[1]) == end), (kind, end))

    def label(self, iri: str, *sides: str) -> str:
        """Give what a thing is called, on some sides or on any."""
        return next((label for side in sides or self.sides for label in sorted(_objects(self.graph, "rdfs:label", iri, side))), "")

    def entity(self, iri: str) -> bool:
        """Say whether an IRI is that of an entity."""
        return any(_ENTITY in _objects(self.graph, "rdf:type", iri, side) for side in self.sides)

    def lookup(self, name: str) -> list[str]:
        """Find the entities that answer to a name, the surest first.

        Raises:
            KgError: there is none; with a guess.
        """
        prefix, _, local = name.partition(":")
        known = self.graph.names.prefixes()
        for iri in (name.strip("<>"), known.get(prefix, f"{prefix}:") + local, self.graph.names.base + name):
            if legal(iri) and self.entity(iri):
                return [iri, *(other for other in self.called(self.label(iri)) if other != iri)]
        found = self.called(name)
        if not found:
            raise UsageError(f"nothing in the graph is called {name!r}", hint=self.missed(name))
        return found

    def called(self, name: str) -> list[str]:
        """List the entities of which some spelling is a name, facts and what most places name first."""
        wanted = names.key(name)
        likely = {(row.kind, row.key) for row in self.mentions if not row.why and names.key(row.surface) == wanted}
        likely |= {(kind, names.slug(name)) for kind in self.kinds}
        likely.add(("country", name.strip().upper()))
        iris = {self.graph.names.entity(*each): self.counts[each] for each in likely}
        # A page or a decision may have names that no note uses.
        paths = {each.path for each in self.table.names.get(wanted, ())}
        pages = [iri for path in paths for side in self.sides for iri in _subjects(self.graph, ":page", self.graph.names.note(path), side)]
        decided = _objects(self.graph, "dcterms:references", self.graph.names.vocabulary, "")
        for iri in (*pages, *(each for each in decided if wanted in self.spellings(each))):
            iris.setdefault(iri, 0)
        # What a note calls a thing is a name of it only if it is not merely a word for it, as "the Danish" for Denmark.
        sure = {iri for iri in iris if self.entity(iri)}
        if not sure and (code := country_code(name)):  # named by its code or in another language only
            sure = {iri for iri in (self.graph.names.entity("country", code),) if self.entity(iri)}
            iris = dict.fromkeys(sure, 0)
        answering = {iri for iri in sure if wanted in self.spellings(iri) or iri in pages} or sure
        return sorted(answering, key=lambda iri: (not self.label(iri, ""), -iris[iri], iri))

    def spellings(self, iri: str) -> set[str]:
        """Give the folded names of an entity."""
        return {names.key(each) for word in NAMING for side in self.sides for each in _objects(self.graph, word, iri, side)}

    def missed(self, name: str) -> str:
        """Say what to do about a name that nothing has: what became of it, or what comes near."""
        prefix, _, local = name.partition(":")
        wanted = names.key(local if prefix in self.kinds else name)
        row = next((row for row in self.mentions if row.why and names.key(row.surface) == wanted), None)
        if row:
            return f"{row.note}:{row.line} has it ({row.kind} by {row.rule}), but it is {row.why}"
        entry, file = self.rejection(wanted)
        if entry:
            return f"{file}:{entry.line} rejects it as {entry.kind}"
        surfaces = {names.key(each): each for row in self.mentions if not row.why for each in (" ".join(row.surface.split()),)}
        # Half of its pairs of letters in common, or it is not worth comparing.
        letters = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
        alike = [each for each in surfaces if 2 * sum(two in each for two in letters) >= len(letters)]
        near = get_close_matches(wanted, alike, n=1, cutoff=0.75)
        return f"did you mean {surfaces[near[0]]!r}?" if near else f"it {BRIEF}" if self.graph.brief else "kg stats names what is there"

    def considered(self, own: list[Mentioned], forms: Collection[str]) -> list[tuple[Mentioned, str]]:
        """List what else was made of the same words, or would have been: other names there, and mentions that came to nothing."""
        spans: dict[tuple[str, str], list[Mentioned]] = defaultdict(list)
        for row in own:
            spans[row.note, row.anchor].append(row)
        mine = {(row.kind, row.key) for row in own}
        found: dict[tuple[str, int, int, str, str], tuple[Mentioned, str]] = {}
        for row in self.mentions:
            over = any(row.start < each.end and each.start < row.end for each in spans.get((row.note, row.anchor), ()))
            if row.why and (over or names.key(row.surface) in forms):
                found[(*by_place(row), row.kind, row.key)] = row, row.why
            elif over and not row.why and (row.kind, row.key) not in mine:
                found[(*by_place(row), row.kind, row.key)] = row, f"names {self.short(self.graph.names.entity(row.kind, row.key))} as well"
        return [found[key] for key in sorted(found, key=lambda key: (not found[key][0].why, key))]

    def named(self, row: Mentioned, why: str = "") -> Named:
        """Give a name with its place."""
        return Named(self.places.of(row), row.kind, row.key, rule(row.kind, row.rule), why or row.why)

    # -- the author's vocabulary

    @cached_property
    def decisions(self) -> tuple[tuple[Entry, ...], Path]:
        """The decisions of the author's vocabulary as it is now, and its file; none if it cannot be read."""
        notes = self.places.source
        try:
            settings = settled.settings(notes, self.graph.generation.folder.parent)
            file = vocabulary.find(settled.home(settings, notes))
            entries = vocabulary.read(file, settings.base, kinds.read(settled.home(settings, notes))).entries if file else ()
        except KgError:  # the build tells of it; the graph is what it was
            return (), Path()
        return entries, file or Path()

    def decision(self, kind: str, end: str) -> tuple[Entry | None, Path]:
        """Give what accepts an entity, if the graph has it from the vocabulary; with line 0 if the file does not say so any more."""
        iri = self.graph.names.entity(kind, end)
        if iri not in _objects(self.graph, "dcterms:references", self.graph.names.vocabulary, ""):
            return None, Path()
        entries, file = self.decisions
        found = next((each for each in entries if not each.rejected and (each.kind, each.ending) == (kind, end)), None)
        return found or vocabulary.Entry(kind, end), file

    def rejection(self, wanted: str) -> tuple[Entry | None, Path]:
        """Give what rejects a name."""
        entries, file = self.decisions
        return next((each for each in entries if each.rejected and names.key(each.name) == wanted), None), Path(file.name)

    # -- notes and links

    def path(self, given: str) -> str:
        """Give the path of a note in the vault, as given or as seen from the current folder, or of the one with that file name.

        Raises:
            KgError: there is none; with a guess.
        """
        paths = set(self.places.paths.values())
        if given in paths:
            return given
        here = Path(given).absolute()
        if here.is_relative_to(self.places.source) and here.relative_to(self.places.source).as_posix() in paths:
            return here.relative_to(self.places.source).as_posix()
        same = [path for path in paths if path.rpartition("/")[2] == given]
        if len(same) == 1:
            return same[0]
        near = sorted(same) or get_close_matches(given, list(paths), n=1)
        raise UsageError(f"no note has the path {given!r}", hint=f"did you mean {near[0]!r}?" if near else "paths count from the folder of the notes")

    def node(self, name: str, *, note: bool) -> str:
        """Find what a subject or an object names: an entity, or a note (which goes first if ``note``), or a name that links have and no note.

        Raises:
            KgError: there is none; with a guess.
        """
        prefix, _, local = name.partition(":")
        paths, own = self.places.paths, self.graph.names
        # "note:a", <…/note/a>, "a.md", "a", and the target of a broken link.
        for iri in (
            name.strip("<>"),
            f"{own.base}note/{local}" if prefix == "note" else "",
            own.note(name) if note or name.lower().endswith(".md") else "",
        ):
            if iri.startswith(f"{own.base}note/") and (iri in paths or _objects(self.graph, "rdf:type", iri, "")):
                return iri
        found = resolve.resolve(self.table, vault.cut(name), "").path if note or name.lower().endswith(".md") else None
        if found:
            return own.note(found)
        try:
            return self.lookup(name)[0]
        except KgError:  # a day's note, which is the page of nothing
            found = resolve.resolve(self.table, name, "").path
            if not found:
                raise
            return own.note(found)

    def link(self, row: index.LinkRow) -> Link:
        """Give a link with all that it could mean."""
        wanted = resolve.wanted_name(row.target)
        rivals = resolve.resolve(self.table, wanted, row.note).others if wanted and row.found else ()
        words = row.label if row.label is not None else f"{row.target}#{row.section}" if row.section else row.target
        here = [each for each in index.mentions(self.graph.generation.index, row.note) if each.line == row.line and each.rule == "link"]
        named = next((each for each in here if each.surface and each.surface.replace("\n", " ") == words), None)
        if named:
            place = self.places.of(named)._replace(column=row.column)
        else:
            part = self.places.around(row.note, row.line)
            place = Place(row.note, row.line, row.column, part.text, words, part.text.find(words), self.places.play(row.note, part.anchor))
        thing_ = "" if not named else f"nothing: {named.why}" if named.why else self.short(self.graph.names.entity(named.kind, named.key))
        near = self.near(row.target) if wanted and not row.found else ()
        return Link(place, row.target, row.found, resolve.TIERS.get(row.tier, ""), rivals, near, thing_)

    def near(self, target: str) -> tuple[str, ...]:
        """List the notes some name of which comes near a target that means none."""
        if corpus.is_day(target):
            return ()  # the days beside it are others
        last = names.key(target.replace("\\", "/").rpartition("/")[2])
        found = (each.path for key in get_close_matches(last, list(self.table.names), n=3, cutoff=0.75) for each in self.table.names[key])
        return tuple(dict.fromkeys(found))

    # -- claims

    def claims_for(self, statement: tuple[str, str, str], side: str, *, fact: bool) -> Iterator[Claim]:
        """Give the claims of a statement."""
        subject, predicate, thing_ = statement
        for claim in sorted(_subjects(self.graph, "rdf:subject", subject, side)):
            if _objects(self.graph, "rdf:predicate", claim, side) == [predicate] and thing_ in self.objects(claim, iri_of("rdf:object"), side):
                yield self.claim(claim, statement, side, fact=fact)

    def claims_of(self, part: str) -> Iterator[Claim]:
        """Give the claims for which a passage or section speaks, those of relations."""
        for side in self.sides:
            for claim in sorted(_subjects(self.graph, ":evidence", part, side)):
                subject, predicate, thing_ = (
                    next(iter(self.objects(claim, iri_of(f"rdf:{each}"), side))) for each in ("subject", "predicate", "object")
                )
                if predicate != iri_of("rdf:type"):
                    yield self.claim(claim, (subject, predicate, thing_), side, fact=not side)

    def claim(self, claim: str, statement: tuple[str, str, str], side: str, *, fact: bool) -> Claim:
        """Describe one claim."""
        name = min(_objects(self.graph, ":rule", claim, side), default="")
        sure = min(_objects(self.graph, ":confidence", claim, side), default="1")
        subject, predicate, thing_ = statement
        places = []
        for part in _objects(self.graph, ":evidence", claim, side):
            path, anchor = self.places.part(part)
            ends = {self.split(thing_), self.split(subject)}
            rows = [row for row in index.mentions(self.graph.generation.index, path) if not row.why and (row.kind, row.key) in ends] if path else []
            objects = [row for row in rows if (row.kind, row.key) == self.split(thing_) and row.anchor == anchor]
            places.append(self.places.whole(path, anchor, objects or rows))
        derived = _objects(self.graph, "prov:wasDerivedFrom", claim, side)
        source = ""
        if derived:
            entry, file = self.decision(*self.split(subject))
            said = line_of(file, entry.line if entry else 0)
            source = "the author's vocabulary"
            places += [said] if said.line else []
        written = f"{self.short(subject)} {self.short(predicate)} {self.short(thing_)}"
        return Claim(written, rule("", name), float(sure), tuple(sorted(places)), fact, source)

    def in_note(self, start: str, end: str, local: str, held: bool, most: int | None) -> Iterator[Claim]:
        """Give what in a note says that it names a thing or links to a note, by rule."""
        path, folder = self.places.paths.get(start, ""), self.graph.generation.index
        written = f"{self.short(start)} :{local} {self.short(end)}"
        if local in ("linksTo", "cites"):
            target = self.places.paths.get(end, "")
            missing = names.key(self.label(end)) if not target else ""
            rows = [
                row for row in index.links(folder, path) if (row.found == target if target else not row.found and names.key(row.target) == missing)
            ]
            if rows:
                yield Claim(written, _WRITTEN, 1.0, tuple(self.link(row).place for row in rows[:most]), held, "")
            return
        wanted = self.split(end)
        by_rule: dict[Rule, list[Mentioned]] = defaultdict(list)
        for row in index.mentions(folder, path):
            if (row.kind, row.key) == wanted and not row.why and (local != "about" or not row.anchor or row.rule in ("property", "tag")):
                by_rule[rule(row.kind, row.rule)].append(row)
        for each, found in sorted(by_rule.items(), key=lambda item: (-item[0].share, item[0].name)):
            yield Claim(written, each, each.share, tuple(self.places.of(row) for row in sorted(found, key=by_place)[:most]), held, "")
        if local == "about" and not by_rule and path in {self.places.paths.get(page) for _, page in pairs(self.graph.store, iri_of(":page"), end)}:
            yield Claim(written, Rule("page", 1.0, "a note that is its page"), 1.0, (Place(path, 1),), held, "")

    def together(self, start: str, end: str) -> list[Place]:
        """List the places that name both, whatever the detail of the graph."""
        one, other = self.split(start), self.split(end)
        found: dict[tuple[str, str], dict[tuple[str, str], Mentioned]] = defaultdict(dict)
        for row in self.mentions:
            if not row.why and (row.kind, row.key) in (one, other):
                found[row.note, row.anchor].setdefault((row.kind, row.key), row)
        return sorted(self.places.of(rows[other]) for rows in found.values() if one in rows and other in rows and one != other)

    def joining(self, start: str, end: str, but: str) -> list[str]:
        """List what else is said of the two, in either direction."""
        from pyoxigraph import DefaultGraph, NamedNode

        found = set()
        for side in self.sides:
            for one, other in ((start, end), (end, start)):
                here = NamedNode(side) if side else DefaultGraph()
                for quad in self.graph.store.quads_for_pattern(NamedNode(one), None, NamedNode(other), here):
                    if (one, quad.predicate.value) != (start, but):
                        found.add(f"{self.short(one)} {self.short(quad.predicate.value)} {self.short(other)}")
        return sorted(found)


def _objects(graph: Graph, word: str, subject: str, side: str) -> list[str]:
    return [value for _, value in pairs(graph.store, iri_of(word), subject, side)]


def _subjects(graph: Graph, word: str, thing_: str, side: str) -> list[str]:
    from pyoxigraph import DefaultGraph, NamedNode

    found = graph.store.quads_for_pattern(None, NamedNode(iri_of(word)), NamedNode(thing_), NamedNode(side) if side else DefaultGraph())
    return [str(getattr(each.subject, "value", each.subject)) for each in found]


def line_of(file: Path, line: int) -> Place:
    """Give a line of a file of the author's."""
    if not line:
        return Place(file.name, 0)
    lines = file.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    return Place(file.name, line, 0, lines[line - 1].strip() if line <= len(lines) else "")
