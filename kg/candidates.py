"""Names for a person to judge: what rules only suggest, what they did not dare to, and all that speaks for it.

    Candidate   a name, its kind, how many notes have it, its best sentences, what else it may be
    candidates  those of a graph that the author has not decided on, the most useful first
    things      every name of a graph, facts too

A candidate's rank is the share of such names that are right, times what a decision on it is worth:
a name of many notes is worth more than one of a single note, though not in proportion. Nothing is
learnt from what people decided; what they decided never comes again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log2
from typing import TYPE_CHECKING, NamedTuple

from kg import extract, index
from kg.corpus import NAMED, Context
from kg.extract import ECHOES, normal
from kg.extract.possible import BARE, SHARES, SPELLING, possible
from kg.lexicon import Term, lexicon
from kg.likeness import Register
from kg.model import Mentioned
from kg.standing import FACT
from kg.terms import AT, LABEL, bare
from kg.timecodes import second
from kg.vocabulary import Decisions

if TYPE_CHECKING:
    from kg.graph import Graph

SHOWN = 3
"""sentences of a candidate that are kept; all are counted"""
SOME = 400
"""characters: a sentence up to this long is shown before longer ones"""
UNSURE = 0.5
"""Of what only echoes (an acronym, a repetition) tell."""
WRITTEN = "written"
"""The rule of a place that only has the same words as a name found elsewhere."""
KINDS = ("initiative", "organisation", "person", "theme")
_WEAK = "initiative"
"""What a name that no rule explains is likeliest to be."""


class Sentence(NamedTuple):
    """A place that names something: ``text[start:end]`` is the name; ``second`` of its video, or None; the rule that found it."""

    path: str
    line: int
    text: str
    start: int
    end: int
    second: int | None
    rule: str


class Other(NamedTuple):
    """What a candidate may be another name of, and how alike the names are (from 0 to 1)."""

    kind: str
    name: str
    fact: bool
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name to be judged.

    ``rules`` are what found it, each with its precision; ``share`` is how many such names are right;
    ``paths`` are the notes that have it, ``passages`` how many places; ``kinds`` are what else the same
    words are taken for, with the number of notes. One that is ``weak`` is in no graph: no rule dared;
    if it is a ``fact`` all the same, it is one elsewhere, and these are more places that have its name.
    """

    kind: str
    name: str
    spellings: tuple[str, ...]
    rules: tuple[tuple[str, float], ...]
    share: float
    paths: tuple[str, ...]
    passages: int
    sentences: tuple[Sentence, ...]
    others: tuple[Other, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    weak: bool = False
    fact: bool = False

    @property
    def rank(self) -> float:
        """How much a decision on it is worth."""
        return self.share * (1 + log2(len(self.paths)))


class NamedAt(NamedTuple):
    """Where a name stands: in which part of which note, by which rule."""

    note: str
    anchor: str
    line: int
    start: int
    end: int
    rule: str


@dataclass
class Found:
    """What was found of one thing: places by spelling; whether it is a fact."""

    kind: str
    label: str = ""
    fact: bool = False
    spelt: dict[str, set[str]] = field(default_factory=dict)
    """The notes that have each spelling."""
    places: list[NamedAt] = field(default_factory=list)

    def add(self, surface: str, place: NamedAt) -> None:
        """Count one place."""
        self.spelt.setdefault(" ".join(surface.split()), set()).add(place.note)
        self.places.append(place)

    @property
    def name(self) -> str:
        """What it is called: its label, or the spelling that most notes have."""
        return self.label or min(self.spelt, key=lambda each: (-len(self.spelt[each]), each))

    @property
    def spellings(self) -> tuple[str, ...]:
        """Its other spellings."""
        return tuple(sorted(each for each in self.spelt if each != self.name))


def things(graph: Graph) -> dict[tuple[str, str], Found]:
    """Gather what a graph names, facts and suggestions, by kind and end of the IRI."""
    found: dict[tuple[str, str], Found] = {}
    for each in index.mentions(graph.generation.index):
        if not each.why and each.surface:
            thing = found.setdefault((each.kind, each.key), Found(each.kind, fact=each.fact))
            thing.add(each.surface, _place(each))
    labels = _labels(graph)
    for (kind, end), thing in found.items():
        thing.label = labels.get(graph.names.entity(kind, end), "")
    return found


def candidates(graph: Graph, context: Context, *, kinds: Collection[str] = (), weak: bool = True) -> list[Candidate]:
    """List what a graph suggests and the author has not decided on, the most useful first; of some ``kinds`` or all.

    With ``weak`` there are more for initiatives: names that no rule dared to suggest, and facts that
    stand where no rule saw them, which accepting them would mend.
    """
    known = things(graph)
    open_ones = {key: thing for key, thing in known.items() if _open(thing, context.decisions)}
    daring = _possible(graph, known, open_ones, context.decisions) if weak and (not kinds or _WEAK in kinds) else []
    maker = _Maker(graph, context, known, daring)
    wanted = [thing for thing in open_ones.values() if not thing.fact and (not kinds or thing.kind in kinds)]
    found = [*map(maker.suggested, wanted), *map(maker.weak, daring)]
    return sorted(found, key=lambda each: (-each.rank, -each.passages, each.kind, each.name))


def _open(thing: Found, decisions: Decisions) -> bool:
    """Say whether the author has decided nothing on a name."""
    key = normal(thing.name)
    return (thing.kind, key) not in decisions.decided and key not in decisions.elsewhere


def _place(each: Mentioned) -> NamedAt:
    return NamedAt(each.note, each.anchor, each.line, each.start, each.end, each.rule)


def _labels(graph: Graph) -> dict[str, str]:
    """Give the label of everything, facts and suggestions, by IRI."""
    from pyoxigraph import NamedNode

    said = graph.store.quads_for_pattern(None, NamedNode(bare(LABEL)), None, None)
    return {str(getattr(each.subject, "value", "")): str(getattr(each.object, "value", "")) for each in said}


# -- names that no rule dared to suggest ---------------------------------------------------------


def _possible(graph: Graph, known: Mapping[tuple[str, str], Found], open_ones: Mapping[tuple[str, str], Found], decisions: Decisions) -> list[Found]:
    """Gather what may be an initiative where nothing is named yet; more places of suggestions are told to these."""
    parts = list(_parts(graph))
    covered = _covered(known)
    others = {normal(each) for thing in known.values() if thing.kind in NAMED for each in (thing.name, *thing.spelt)}
    targets = {normal(each): thing for thing in open_ones.values() if thing.kind == _WEAK for each in (thing.name, *thing.spelt)}
    found: dict[str, Found] = {}

    def add(key: str, part: _Part, start: int, end: int, rule: str) -> None:
        if any(each.start < end and start < each.end for each in covered.get((part.note, part.anchor), ())):
            return
        place = NamedAt(part.note, part.anchor, part.line + part.text.count("\n", 0, start), start, end, rule)
        covered.setdefault((part.note, part.anchor), []).append(place)
        target = targets.get(key)
        if target and not target.fact:
            target.add(part.text[start:end], place)
        elif target or (key not in others and (_WEAK, key) not in decisions.decided and key not in decisions.elsewhere):
            label = target.name if target else ""
            found.setdefault(key if not target else normal(label), Found(_WEAK, label, fact=bool(target))).add(part.text[start:end], place)

    for part in parts:
        for start, end, sort in possible(part.text, max(part.label, 0), heading=part.label < 0):
            key = normal(part.text[start:end])
            if sort != SPELLING or key in targets:
                add(key, part, start, end, sort)
    kept = {key: each for key, each in found.items() if each.fact or not _bare(each)}
    # The same words may also stand where nothing speaks for them.
    words = lexicon(Term(each, _WEAK, key, WRITTEN) for each, key in _forms([*targets.items(), *kept.items()]))
    for part in parts:
        for mention in words.find(part.text):
            add(mention.key, part, mention.start, mention.end, WRITTEN)
    return [each for key, each in found.items() if each.fact or key in kept]


def _forms(things: Iterable[tuple[str, Found]]) -> set[tuple[str, str]]:
    """Give the spellings by which more places may be found: those with capitals that no sentence gives them."""
    return {(each, key) for key, thing in things for each in (thing.name, *thing.spelt) if each[1:] != each[1:].casefold()}


def _bare(thing: Found) -> bool:
    return BARE.issuperset(place.rule for place in thing.places) and len({place.note for place in thing.places}) < 2


def _covered(known: Mapping[tuple[str, str], Found]) -> dict[tuple[str, str], list[NamedAt]]:
    """Give, for each text, the places in it that name something; a theme may have an initiative's name."""
    found: dict[tuple[str, str], list[NamedAt]] = {}
    for thing in known.values():
        if thing.kind != "theme":
            for place in thing.places:
                found.setdefault((place.note, place.anchor), []).append(place)
    return found


class _Part(NamedTuple):
    """A text of a note: ``label`` is the length of its bold label, -1 for a heading."""

    note: str
    anchor: str
    line: int
    label: int
    text: str


def _parts(graph: Graph) -> Iterator[_Part]:
    folder = graph.generation.index
    yield from (_Part(each.note, each.anchor, each.line, len(each.label), each.text) for each in index.passages(folder))
    yield from (_Part(each.note, each.anchor, each.line, -1, each.text) for each in index.sections(folder))


# -- what speaks for a name ----------------------------------------------------------------------


class _Maker:
    """Makes candidates of what was found."""

    def __init__(self, graph: Graph, context: Context, known: Mapping[tuple[str, str], Found], daring: Iterable[Found]) -> None:
        self.graph = graph
        self.precision = extract.precision(extract.installed(context.config))
        self.texts = {(part.note, part.anchor): part.text for part in _parts(graph)}
        self.labels = _labels(graph)
        self.taken = _taken(graph)
        self.things = {**known, **{("?", normal(each.name)): each for each in daring}}
        self.own = {id(each): key for key, each in self.things.items()}
        kinds = {each.kind for each in self.things.values()}
        self.registers = {kind: Register({key: each.name for key, each in self.things.items() if each.kind == kind}) for kind in kinds}

    def suggested(self, thing: Found) -> Candidate:
        """Make a candidate of what rules suggest."""
        rules = {place.rule: self._share(thing.kind, place.rule) for place in thing.places}
        share = max((share for rule, share in rules.items() if rule not in (*ECHOES, *SHARES, WRITTEN)), default=UNSURE)
        return self._made(thing, rules, share)

    def weak(self, thing: Found) -> Candidate:
        """Make a candidate of what no rule dared to suggest."""
        rules = {place.rule: self._share(thing.kind, place.rule) for place in thing.places}
        return self._made(thing, rules, FACT if thing.fact else max(rules.values()), weak=True)

    def _share(self, kind: str, rule: str) -> float:
        """Give the precision of a rule, or what the sort of a name without one comes to; what only repeats proves nothing."""
        return 0.0 if rule in ECHOES or rule == WRITTEN else SHARES.get(rule) or self.precision.get((kind, rule), 1.0)

    def _made(self, thing: Found, rules: Mapping[str, float], share: float, *, weak: bool = False) -> Candidate:
        kinds = self._kinds(thing)
        places = {(place.note, place.anchor): place for place in sorted(thing.places, key=lambda each: -rules[each.rule])}
        return Candidate(
            thing.kind,
            thing.name,
            thing.spellings,
            tuple(sorted(rules.items(), key=lambda each: (-each[1], each[0]))),
            round(share * _doubt(thing, kinds), 3),
            tuple(sorted({place.note for place in thing.places})),
            len(places),
            tuple(self._sentences(thing.places, rules)),
            tuple(self._others(thing)),
            tuple(sorted(kinds.items(), key=lambda each: (-each[1], each[0]))),
            weak=weak,
            fact=thing.fact,
        )

    def _sentences(self, places: Iterable[NamedAt], rules: Mapping[str, float]) -> Iterator[Sentence]:
        """Give the best places: those of the best rule, of moderate length, each text once and each note once if there are enough."""
        texts: dict[str, NamedAt] = {}
        for place in sorted(places, key=lambda each: (-rules[each.rule], not each.anchor, each)):
            texts.setdefault(self._text(place), place)
        ordered = sorted(texts.items(), key=lambda each: (not rules[each[1].rule], not SOME > len(each[0]) > len(each[1].rule) + 20))
        seen: Counter[str] = Counter()
        turns = []
        for text, place in ordered:
            seen[place.note] += 1
            turns.append((seen[place.note], place, text))
        for _, place, text in sorted(turns, key=lambda each: each[0])[:SHOWN]:
            yield Sentence(place.note, place.line, text, place.start, place.end, self._second(place), place.rule)

    def _text(self, place: NamedAt) -> str:
        title = self.labels.get(self.graph.names.note(place.note), "")
        return self.texts.get((place.note, place.anchor), title) if place.anchor else title

    def _second(self, place: NamedAt) -> int | None:
        """Give the second of the video at which a passage is said."""
        from pyoxigraph import NamedNode

        from kg.names import escaped

        if not place.anchor:
            return None
        part = NamedNode(f"{self.graph.names.note(place.note)}#{escaped(place.anchor)}")
        moments = [getattr(each.object, "value", "") for each in self.graph.store.quads_for_pattern(part, NamedNode(bare(AT)), None, None)]
        return min((at for each in moments if (at := second(each)) is not None), default=None)

    def _others(self, thing: Found) -> Iterator[Other]:
        seen = {thing.name}
        for score, key in self.registers[thing.kind].like(self.own[id(thing)]):
            other = self.things[key]
            if other.name not in seen:
                seen.add(other.name)
                yield Other(other.kind, other.name, other.fact, score)

    def _kinds(self, thing: Found) -> dict[str, int]:
        keys = {normal(each) for each in (thing.name, *thing.spelt)}
        said = Counter(
            {kind: len(set().union(*(self.taken.get(key, {}).get(kind, ()) for key in keys))) for key in keys for kind in self.taken.get(key, {})}
        )
        return {kind: count for kind, count in said.items() if kind != thing.kind}


_OWNED = re.compile(r"[\w.&-]+(?:['’]s|s['’]) [a-z]+")


def _doubt(thing: Found, kinds: Mapping[str, int]) -> float:
    """Say how much of a share is left: names of people are no initiatives, and what many notes treat as a theme is likely one."""
    notes = len({place.note for place in thing.places})
    left = (notes / (notes + kinds.get("theme", 0))) ** 0.5 if thing.kind != "theme" else 1.0
    if kinds.get("person") and thing.kind != "person":
        left *= 0.2
    if _OWNED.fullmatch(thing.name):  # the agency's report: whose it is, and not what it is called
        left *= 0.4
    return left


def _taken(graph: Graph) -> dict[str, dict[str, set[str]]]:
    """Give the kinds that the same words are taken for anywhere, and by which notes, whether anything came of it or not."""
    found: dict[str, dict[str, set[str]]] = {}
    for each in index.mentions(graph.generation.index):
        found.setdefault(normal(each.surface), {}).setdefault(each.kind, set()).add(each.note)
    return found


__all__ = ["KINDS", "Candidate", "Found", "Other", "Sentence", "candidates", "things"]
