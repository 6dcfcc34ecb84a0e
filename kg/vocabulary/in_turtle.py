"""A vocabulary as Turtle, in the words of SKOS: a subject a decision, which kg writes on one line.

    initiative:talk-cardiff a :Initiative ; skos:prefLabel "Talk Cardiff" ; skos:altLabel "siarad" ; :country country:GB .
    initiative:foo-bar lex:rejected "Foo Bar" .

Any other way to write these triples is read as well: over several lines, with other prefixes, with
labels in several languages. What kg has no use for is kept, as long as it is no misspelt term.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple
from pyoxigraph import parse as triples_of

from kg import countries, nesting
from kg.guard import guess
from kg.lexicon import LEX, SKOS
from kg.names import DEFAULT_BASE, KINDS, ONTOLOGY, STANDARD_PREFIXES, Names, escaped, slug
from kg.turtle import local
from kg.vocabulary.edit import Edit, Group, Page, Unwritable, line_end, lines_of
from kg.vocabulary.entries import REFERENCES, Entry, Key, Problem, tidied, unknown, unknown_country
from kg.vocabulary.statements import comments, statements

Node = NamedNode | Literal | BlankNode | Triple
HEAD = "# Decisions about names, one a line; kg keeps what you write between them.\n"
TYPE = f"{STANDARD_PREFIXES['rdf']}type"
LABEL = f"{STANDARD_PREFIXES['rdfs']}label"
NAME, REJECTED, NOTE = f"{SKOS}prefLabel", f"{LEX}rejected", f"{SKOS}note"
TEXTS = {"aliases": f"{SKOS}altLabel", "hidden": f"{SKOS}hiddenLabel"}
THINGS = {
    "countries": f"{ONTOLOGY}country",
    "organisations": f"{ONTOLOGY}organisation",
    "themes": f"{ONTOLOGY}theme",
    "broader": f"{SKOS}broader",
    "related": f"{SKOS}related",
}
COUNTRIES = "https://w3id.org/kgnotes/country/"
"""Where ontology/countries.ttl has them; a vocabulary may point there too."""
CLASSES = tuple(kind for kind in KINDS if kind not in ("note", "channel"))
"""Kinds whose class is in the ontology."""
_USED = {NAME, REJECTED, NOTE, *TEXTS.values(), *THINGS.values()}
_SKOS_TERMS = (
    "altLabel broadMatch broader broaderTransitive changeNote closeMatch definition editorialNote exactMatch example hasTopConcept hiddenLabel "
    "historyNote inScheme mappingRelation member memberList narrowMatch narrowerTransitive notation note prefLabel related relatedMatch scopeNote "
    "semanticRelation topConceptOf"
)
_OF_SKOS = frozenset(_SKOS_TERMS.split())
_REST = re.compile(r"[ \t]*#[^\r\n]*")
"""A comment behind a declaration."""
_PREFIX = re.compile(r"(?!(?:skos|lex)$)[A-Za-z][A-Za-z0-9_-]*")


class _Place(NamedTuple):
    """Where an entity's IRI is: its kind and its end, under whichever base."""

    kind: str
    end: str


@dataclass
class _Subject:
    """What a file says of one subject, in its order; ``line`` is where it begins."""

    place: _Place
    line: int = 0
    said: list[tuple[str, Node]] = field(default_factory=list)
    blocks: list[tuple[int, int]] = field(default_factory=list)

    def all(self, predicate: str) -> list[Node]:
        return [each for said, each in self.said if said == predicate]

    def texts(self, predicate: str) -> list[Literal]:
        return [each for each in self.all(predicate) if isinstance(each, Literal)]

    @property
    def shown(self) -> str:
        return f"{self.place.kind}:{self.place.end}"


class _Written(NamedTuple):
    """How a file is written: its prefixes, and the place after the last of them; its subjects, and whether all were found."""

    prefixes: dict[str, str]
    end: int = 0
    subjects: frozenset[_Place] = frozenset()
    whole: bool = True


def parse(text: str, base: str, kinds: Collection[str]) -> Page:
    """Take a file apart; what is wrong with it is in the page's problems."""
    if line := nesting.terms(text.encode("utf-8")):
        return Page(text, problems=(Problem(line, nesting.refused()),))
    reader = triples_of(text, format=RdfFormat.TURTLE, base_iri=base)
    try:
        triples = list(reader)
    except SyntaxError as error:
        reason = re.sub(r"^Parser error .*?: ", "", error.msg) if ": " in error.msg else error.msg
        return Page(text, problems=(Problem(error.lineno or 1, f"not valid Turtle: {reason}", _advice(reason)),))
    return _Reader(text, base, kinds, triples, reader.prefixes).page()


def _advice(reason: str) -> str:
    undeclared = re.search(r"prefix (\S*): has not been declared", reason)
    if undeclared:
        space = (Names().prefixes() | {"lex": LEX}).get(undeclared[1], "https://…")
        return f"add a line: @prefix {undeclared[1]}: <{space}> ."
    if "dot is expected" in reason:
        return "does the line before end in ' .'?"
    return "a statement ends in ' .'; its parts are joined by ' ; '; texts stand in \"quotation marks\""


class _Reader:
    """Reads the triples of a file as decisions."""

    def __init__(self, text: str, base: str, kinds: Collection[str], triples: Iterable[Triple], prefixes: dict[str, str]) -> None:
        self.text, self.base, self.kinds, self.prefixes = text, base, kinds, prefixes
        self.bases = sorted({base, DEFAULT_BASE}, key=lambda each: (-len(each), each))
        self.problems: list[Problem] = []
        self.subjects: dict[_Place, _Subject] = {}
        self.foreign: list[tuple[int, int]] = []
        self.declared = 0
        self.elsewhere: dict[str, list[Triple]] = {}
        self.share(triples)
        self.locate()

    def share(self, triples: Iterable[Triple]) -> None:
        """Put triples together by what they are about."""
        places: dict[str, _Place | None] = {}
        for triple in triples:
            iri = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
            if iri not in places:
                places[iri] = place(iri, self.bases)
            where = places[iri]
            if where:
                self.subjects.setdefault(where, _Subject(where)).said.append((triple.predicate.value, triple.object))
            else:
                self.elsewhere.setdefault(iri, []).append(triple)

    def locate(self) -> None:
        """Find the statements of each subject."""
        line_of = lines_of(self.text)
        outside: dict[str, int] = {}
        for start, end, iri in statements(self.text, self.base):
            if iri is None:
                self.declared = end
                continue
            where = place(iri, self.bases)
            subject = self.subjects.get(where) if where else None
            if subject:
                subject.line = subject.line or line_of(start)
                subject.blocks.append((start, end))
            else:
                outside.setdefault(iri, line_of(start))
                self.foreign.append((start, end))
        for iri, triples in self.elsewhere.items():
            self.problems += self.misplaced(iri, triples, outside.get(iri, 1))

    def misplaced(self, iri: str, triples: Sequence[Triple], line: int) -> Iterator[Problem]:
        """Tell of what ought to be a decision and has no IRI that could be one."""
        for triple in triples:
            kind = _class_of(triple.object) if triple.predicate.value == TYPE else ""
            if triple.predicate.value == REJECTED or (kind and kind in self.kinds):
                shown = f"<{iri}>" if iri else "a thing without a name"
                yield Problem(line, f"{shown} is no IRI of this vocabulary", f"begin it with {self.base}{kind or 'initiative'}/")
                return

    def page(self) -> Page:
        entries: list[Entry] = []
        groups = [Group((block,)) for block in self.foreign]
        named = {where: self.name(subject) for where, subject in self.subjects.items()}
        for subject in self.subjects.values():
            kind = self.kind(subject)
            if not kind or not self.known(subject):
                groups.append(Group(tuple(subject.blocks)))
                continue
            found = [tidied(each) for each in self.entries(subject, named)]
            if not found:
                self.problems.append(Problem(subject.line, f"{subject.shown} has no name", "give it a skos:prefLabel, or a lex:rejected"))
            entries += found
            groups.append(Group(tuple(subject.blocks), tuple(dict.fromkeys(each.key for each in found)), subject))
        groups.sort(key=lambda each: each.blocks)
        form = _Written(self.prefixes, self.declared, frozenset(self.subjects), all(each.blocks for each in self.subjects.values()))
        return Page(self.text, tuple(entries), tuple(groups), tuple(self.problems), len(self.text), form=form)

    # -- one subject -------------------------------------------------------------------------

    def kind(self, subject: _Subject) -> str:
        """Tell the kind of a subject, or nothing if it is no business of the vocabulary."""
        where = subject.place
        said = [each for each in map(_class_of, subject.all(TYPE)) if each and each != "entity"]
        wrong = [each for each in said if each not in self.kinds]
        if wrong:
            self.problems.append(unknown(subject.line, "kind", wrong[0], self.kinds))
        elif where.kind not in self.kinds:
            if said or any(predicate in _USED for predicate, _ in subject.said):
                self.problems.append(unknown(subject.line, "kind", where.kind, self.kinds))
        elif set(said) - {where.kind}:
            other = next(each for each in said if each != where.kind)
            both = "is of two kinds, the other" if where.kind in said else "is said to be of another kind,"
            what = f"{subject.shown} {both} {other!r}"
            self.problems.append(Problem(subject.line, what, f"give each kind a line of its own, this one as {other}:{where.end}"))
        else:
            return where.kind
        return ""

    def known(self, subject: _Subject) -> bool:
        """Say whether every term of the vocabularies used is one; tell of those that are not."""
        before = len(self.problems)
        for predicate in dict.fromkeys(predicate for predicate, _ in subject.said):
            space, term = next(((each, predicate[len(each) :]) for each in (ONTOLOGY, SKOS, LEX) if predicate.startswith(each)), ("", ""))
            if not space or predicate in _USED or (space == SKOS and term in _OF_SKOS):
                continue
            prefix = {ONTOLOGY: ":", SKOS: "skos:", LEX: "lex:"}[space]
            usable = [each[len(space) :] for each in sorted(_USED) if each.startswith(space)]
            near = guess(term, usable)
            hint = f"did you mean {prefix}{near}?" if near else f"known: {', '.join(prefix + each for each in usable)}"
            if predicate == f"{SKOS}narrower":
                hint = "write skos:broader on the narrower theme"
            self.problems.append(Problem(subject.line, f"kg does not read {prefix}{term} here", hint))
        return len(self.problems) == before

    def texts(self, subject: _Subject, predicate: str) -> list[str]:
        """List the texts of a predicate; tell of what is none."""
        if len(subject.texts(predicate)) < len(subject.all(predicate)):
            term = predicate.rpartition("#")[2]
            self.problems.append(Problem(subject.line, f"the {term} of {subject.shown} is no text", 'write it in "quotation marks"'))
        return [each.value for each in subject.texts(predicate)]

    def name(self, subject: _Subject) -> str:
        """Give the main name of a subject: its first label without a language or in English, else its first."""
        labels = subject.texts(NAME) or subject.texts(LABEL)
        if labels:
            return next(filter(_english, labels), labels[0]).value
        # What is only said about a country that everybody knows.
        return countries.label(subject.place.end) if subject.place.kind == "country" and not subject.all(REJECTED) else ""

    def entries(self, subject: _Subject, named: dict[_Place, str]) -> Iterator[Entry]:
        """Read the decisions on a subject: what it is called, and what it is not."""
        name = named[subject.place]
        rejected = self.texts(subject, REJECTED)
        notes = self.texts(subject, NOTE)[:1]
        lists: dict[str, Any] = {key: tuple(self.texts(subject, predicate)) for key, predicate in TEXTS.items()}
        lists |= {key: tuple(self.things(subject, key, named)) for key in THINGS}
        lists["aliases"] = (*self.texts(subject, NAME), *lists["aliases"])
        said = Entry(subject.place.kind, name or (rejected or [""])[0], **lists, note="".join(notes), line=subject.line)
        if name:
            yield said._replace(end=subject.place.end)
        elif rejected:
            yield said._replace(rejected=True)
        for each in rejected[not name :]:
            yield Entry(subject.place.kind, each, rejected=True, line=subject.line)

    def things(self, subject: _Subject, key: str, named: dict[_Place, str]) -> Iterator[str]:
        """List what a subject refers to: countries by their codes, others by their names."""
        wanted = "country" if key == "countries" else REFERENCES[key] or subject.place.kind
        for node in subject.all(THINGS[key]):
            where = place(node.value, self.bases) if isinstance(node, NamedNode) else None
            if not where or where.kind != wanted:
                self.problems.append(_no_thing(subject, key, wanted, node))
            elif key != "countries":
                yield named.get(where) or (countries.label(where.end) if wanted == "country" else "") or self.nameless(subject, where)
            elif countries.label(where.end):
                yield where.end
            else:
                self.problems.append(unknown_country(subject.line, where.end))

    def nameless(self, subject: _Subject, where: _Place) -> str:
        """Make a name of the end of an IRI that nothing names, if it is the end that this name would have."""
        name = where.end.replace("-", " ")
        if slug(name) != where.end:
            what = f"{subject.shown} refers to {where.kind}:{where.end}, which has no name"
            self.problems.append(Problem(subject.line, what, f'add a line: {where.kind}:{where.end} skos:prefLabel "…" .'))
        return name


def _no_thing(subject: _Subject, key: str, kind: str, node: Node) -> Problem:
    """Tell of a reference that leads to no thing of the kind that it ought to."""
    end = "…"
    if isinstance(node, Literal):
        end = Entry(kind, node.value).ending
    said = f"a text, {node.value!r}" if isinstance(node, Literal) else str(node)
    return Problem(subject.line, f"the {THINGS[key].rpartition('#')[2]} of {subject.shown} is {said}", f"write it as {kind}:{end}")


def _class_of(node: Node) -> str:
    """Give the kind that a class of the ontology stands for, or ""."""
    iri = node.value if isinstance(node, NamedNode) else ""
    return iri.removeprefix(ONTOLOGY).casefold() if iri.startswith(ONTOLOGY) else ""


def _english(label: Literal) -> bool:
    return (label.language or "en").split("-")[0] == "en"


def place(iri: str, bases: Iterable[str]) -> _Place | None:
    """Tell the kind and the end of an entity's IRI, if it is one.

    >>> place("https://example.org/kg/theme/open-data", [DEFAULT_BASE])
    _Place(kind='theme', end='open-data')
    """
    base = next((base for base in (COUNTRIES, *bases) if iri.startswith(base)), "")
    kind, _, end = ("country", "", iri[len(base) :]) if base == COUNTRIES else iri[len(base) :].partition("/")
    return _Place(kind, unquote(end)) if base and kind and end and not re.search("[/#?]", end) else None


# -- writing -------------------------------------------------------------------------------------


def head(base: str, kinds: Collection[str]) -> dict[str, str]:
    """Give the prefixes of a file that kg writes."""
    own = sorted(kind for kind in set(kinds) - set(CLASSES) if _PREFIX.fullmatch(kind))
    return {"": ONTOLOGY, "skos": SKOS, "lex": LEX} | {kind: f"{base}{kind}/" for kind in (*CLASSES, *own)}


def write(entries: Sequence[Entry], base: str) -> str:
    """Write decisions as a file."""
    prefixes = head(base, {entry.kind for entry in entries})
    writer = _Pen(Page("", form=_Written(prefixes)), entries, base)
    lines = [f"{line}\n" for entry in entries for line in writer.lines([entry], None)]
    return HEAD + "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in prefixes.items()) + "\n" + "".join(lines)


class _Pen:
    """Writes decisions with the prefixes of one file, and adds those that it lacks."""

    def __init__(self, page: Page, entries: Sequence[Entry], base: str) -> None:
        self.page, self.base = page, base
        self.form: _Written = page.form
        self.prefixes = dict(self.form.prefixes)
        self.possible = head(base, {entry.kind for entry in entries})
        self.added: dict[str, str] = {}
        self.ends: dict[Key, str] = {}
        for entry in entries:
            if not entry.rejected:
                self.ends.setdefault(entry.key, entry.ending)
        self.accepted = {_Place(kind, end) for (kind, _), end in self.ends.items()}
        self.taken = self.accepted | self.form.subjects

    def lines(self, entries: Sequence[Entry], group: Group | None) -> list[str]:
        old: _Subject | None = group.rest if group else None
        found = [each for start, end in (group.blocks if group else ()) for each in comments(self.page.text, start, end)]
        keeper = next((entry for entry in entries if not entry.rejected), entries[0])
        return found + [self.line(entry, old if entry is keeper else None, old) for entry in entries]

    def line(self, entry: Entry, old: _Subject | None, where: _Subject | None) -> str:
        """Write a decision; ``old`` is what was said of its subject, ``where`` what gives up its IRI."""
        parts = [*self.labels(entry, old)]
        for key, predicate in THINGS.items():
            parts += [(predicate, self.thing(entry, key, name)) for name in getattr(entry, key)]
        if entry.note:
            parts += [(NOTE, each) for each in self.texts(entry.note, NOTE, old)]
        parts += self.rest(entry, old)
        said: dict[str, list[str]] = {}
        for predicate, term in parts:
            said.setdefault(predicate, []).append(term)
        end = self.free(entry, where) if entry.rejected else entry.ending
        written = [f"{'a' if each == TYPE else self.short(each)} {', '.join(dict.fromkeys(terms))}" for each, terms in said.items()]
        return f"{self.iri(entry.kind, end)} {' ; '.join(written)} ."

    def labels(self, entry: Entry, old: _Subject | None) -> Iterator[tuple[str, str]]:
        """Write the class and the names; a name in a language stays in it."""
        if not entry.rejected and entry.kind in CLASSES:
            yield TYPE, self.short(f"{ONTOLOGY}{entry.kind.capitalize()}")
        main = REJECTED if entry.rejected else NAME
        yield from ((main, each) for each in self.texts(entry.name, main, old))
        # The main name in other languages; what is English would be read as the main name.
        kept = [each for each in old.texts(NAME) if each.value in entry.aliases and not _english(each)] if old and not entry.rejected else []
        yield from ((NAME, str(each)) for each in kept)
        for key, predicate in TEXTS.items():
            for name in getattr(entry, key):
                if key == "hidden" or name not in {each.value for each in kept}:
                    yield from ((predicate, each) for each in self.texts(name, predicate, old))

    def texts(self, value: str, predicate: str, old: _Subject | None) -> list[str]:
        """Write a text, in all languages that the file had it in."""
        same = [str(each) for each in old.texts(predicate) if each.value == value] if old else []
        return same or [str(Literal(value))]

    def rest(self, entry: Entry, old: _Subject | None) -> Iterator[tuple[str, str]]:
        """Write what kg has no use for."""
        if old is None:
            return
        own = f"{ONTOLOGY}{entry.kind.capitalize()}" if entry.kind in CLASSES else ""
        noted = old.all(NOTE)[:1]
        for predicate, node in old.said:
            if predicate == TYPE and (entry.rejected or (isinstance(node, NamedNode) and node.value == own)):
                continue
            if predicate in _USED and (predicate != NOTE or node in noted):
                continue
            if not isinstance(node, NamedNode | Literal):
                raise Unwritable(old.blocks[0][0], f"{entry.name!r} holds a nested thing")
            yield predicate, self.short(node.value) if isinstance(node, NamedNode) else str(node)

    def thing(self, entry: Entry, key: str, name: str) -> str:
        if key == "countries":
            return self.iri("country", name)
        kind = REFERENCES[key] or entry.kind
        return self.iri(kind, self.ends.get(Entry(kind, name).key) or Entry(kind, name).ending)

    def free(self, entry: Entry, where: _Subject | None) -> str:
        """Find an IRI for what is rejected that nothing else has, so that what is said of it is its own."""
        end = entry.ending
        number = 1
        own = where.place if where and where.place not in self.accepted else None
        while (each := _Place(entry.kind, end if number == 1 else f"{end}-{number}")) in self.taken and each != own:
            number += 1
        self.taken.add(each)
        return each.end

    def iri(self, kind: str, end: str) -> str:
        """Write an entity's IRI under the base that the file uses."""
        spaces = (f"{self.base}{kind}/", f"{DEFAULT_BASE}{kind}/", COUNTRIES if kind == "country" else "")
        space = next((each for each in spaces if each in self.prefixes.values()), spaces[0])
        return self.short(space + escaped(end))

    def short(self, iri: str) -> str:
        """Shorten an IRI with the prefixes of the file, or one that is added to it."""
        for prefix, space in self.prefixes.items():
            if iri.startswith(space) and local(iri[len(space) :]):
                return f"{prefix}:{iri[len(space) :]}"
        for prefix, space in self.possible.items():
            if prefix not in self.prefixes and iri.startswith(space) and local(iri[len(space) :]):
                self.prefixes[prefix] = self.added[prefix] = space
                return f"{prefix}:{iri[len(space) :]}"
        return f"<{iri}>"

    def heading(self) -> list[Edit]:
        """Declare the prefixes that the lines written so far need."""
        if not self.added:
            return []
        end = line_end(self.page.text)
        lines = [f"@prefix {prefix}: <{space}> ." for prefix, space in self.added.items()]
        at = self.form.end
        rest = _REST.match(self.page.text, at)
        at = rest.end() if rest and at else at
        return [Edit(at, at, "".join(line + end for line in lines) if at == 0 else "".join(end + line for line in lines))]


def pen(page: Page, entries: Sequence[Entry], base: str) -> _Pen:
    """Make what writes decisions into this file.

    Raises:
        Unwritable: not every subject was found in the text.
    """
    if not page.form.whole:
        raise Unwritable(0, "its statements cannot be told apart")
    return _Pen(page, entries, base)
