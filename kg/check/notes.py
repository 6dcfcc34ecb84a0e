"""Notes as such: orphans, titles and aliases that two of them share, names for things of two kinds, what could not be read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from kg import frontmatter, kinds, logseq, names, settled
from kg.check.findings import Finding
from kg.check.known import Checked, wanted
from kg.resolve import KINDS
from kg.triples import iri_of, pairs, subjects

_SKIPPED = re.compile(r"(?P<path>.*):1: (?P<reason>.*) \[(?P<code>[a-z-]+)\]", re.DOTALL)
_MEND = {
    "front-matter": "write it as 'key: value' lines between two lines of ---; a value that holds a colon or begins with a sign needs quotes",
    "wrapped-note": "remove the line that opens the code block, and the one that closes it",
    "encoding": "save the file as UTF-8",
    "unknown-country": "write the name of a country, or its code of two letters",
    "unverified-mention": "tell the author of the extractor",
    "extractor-failed": "tell the author of the extractor, or leave it out with [extract] without in kg.toml",
    "unreadable": "give yourself the right to read it, or leave it out with [notes] skip in kg.toml",
    "too-large": "raise [notes] largest in kg.toml, or leave it out with skip",
    "symlink": "put the notes into the vault, or leave the link out with [notes] skip in kg.toml",
    "name": "give the file another name",
    "not-a-file": "remove it, or leave it out with [notes] skip in kg.toml",
}


def orphans(known: Checked) -> Iterator[Finding]:
    """Find the notes that no link leads to or starts from."""
    joined = {row.note for row in known.links if wanted(row)} | {row.found for row in known.links if row.found != row.note}
    for path in sorted(set(known.paths.values()) - joined):
        yield Finding(path, 1, 1, "orphan", "no note links here, and this one links to none", "link it from a note that has to do with it")


def shared_titles(known: Checked) -> Iterator[Finding]:
    """Find the notes whose title an earlier one has; names of files alone may be the same in two folders."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path in sorted(known.titles):
        row = known.titles[path]
        if known.texts.column(path, row.line, row.text):
            groups[names.spaced(row.text)].append(path)
    for group in groups.values():
        first = known.titles[group[0]]
        for path in group[1:]:
            row = known.titles[path]
            column = known.texts.column(path, row.line, row.text)
            message = f"the title {row.text!r} is that of {first.note}:{first.line} as well"
            yield Finding(
                path, row.line, column, "duplicate-title", message, "give one of them another title, or make one note of both", column + len(row.text)
            )


def shared_aliases(known: Checked) -> Iterator[Finding]:
    """Find the aliases to which another note answers, by an alias too, or by any other of its names."""
    seen: dict[str, str] = {}
    for path, alias in known.aliases:
        key = names.unpunctuated(alias)
        others = [each for each in known.table.names.get(names.key(alias), ()) if each.path != path and names.unpunctuated(each.name) == key]
        firm = min((each for each in others if each.kind != "alias"), key=lambda each: list(KINDS).index(each.kind), default=None)
        first = seen.setdefault(key, path)
        if firm is None and first == path:
            continue
        other, kind = (firm.path, firm.kind) if firm else (first, "alias")
        line, column = _alias(known, path, alias)
        message = f"the alias {alias!r} is also that of {other}, by {KINDS[kind]}"
        yield Finding(
            path,
            line,
            column,
            "duplicate-alias",
            message,
            "keep it in the note that links with this name shall lead to",
            column and column + len(alias),
        )


def _alias(known: Checked, path: str, alias: str) -> tuple[int, int]:
    """Find where an alias stands in the front matter."""
    found = frontmatter.read(known.texts.text(path))
    end = known.texts.text(path).count("\n", 0, found.body)
    starts = [given.line for key, given in found.properties.items() if key.casefold() in ("alias", "aliases")]
    for number in range(min(starts, default=1), end + 1):
        column = known.texts.column(path, number, alias)
        if column:
            return number, column
    return min(starts, default=1), 0


def clashes(known: Checked) -> Iterator[Finding]:
    """Find the names that stand for things of two kinds, such as a theme and an initiative."""
    store = known.graph.store
    entities = set(subjects(store, iri_of("rdf:type"), iri_of(":Entity")))
    called: dict[str, dict[str, str]] = defaultdict(dict)
    for iri, label in pairs(store, iri_of("rdfs:label")):
        if iri in entities:
            called[names.key(label)][iri] = label
    pages = dict(pairs(store, iri_of(":page")))
    for _, group in sorted(called.items()):
        if len({_kind(known, iri) for iri in group}) > 1:
            yield _clash(known, group, pages)


def _kind(known: Checked, iri: str) -> str:
    return iri.removeprefix(known.graph.names.base).partition("/")[0]


def _clash(known: Checked, group: dict[str, str], pages: dict[str, str]) -> Finding:
    counts = Counter({iri: len(subjects(known.graph.store, iri_of(":names"), iri)) for iri in group})
    paged = [iri for iri in sorted(group) if pages.get(iri) in known.paths]
    ordered = paged + sorted((iri for iri in group if iri not in paged), key=lambda iri: (-counts[iri], iri))
    label = group[ordered[0]]
    told = " and ".join(f"{_article(_kind(known, iri))} ({_where(known, iri, pages)})" for iri in ordered)
    message = f"{label!r} is {told}"
    if paged:
        path = known.paths[pages[paged[0]]]
        row = known.titles[path]
        column = known.texts.column(path, row.line, row.text)
        other = _kind(known, next(iri for iri in ordered if iri != paged[0]))
        fix = f"if it is one thing, say so in the front matter of {path}, as type: {other}, or decide with kg suggest --retype"
        return Finding(path, row.line, column, "entity-clash", message, fix, column and column + len(row.text))
    place = min((_first(known, iri) for iri in ordered), default=("", 0, 0))
    column = known.texts.column(place[0], place[1], label)
    fix = "if it is one thing, decide which: kg suggest --retype makes it of one kind, kg suggest --merge one of both"
    return Finding(place[0], place[1], column, "entity-clash", message, fix, column and column + len(label))


def _article(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeio' else 'a'} {kind if kind in kinds.BUILTIN else repr(kind)}"


def _where(known: Checked, iri: str, pages: dict[str, str]) -> str:
    if pages.get(iri) in known.paths:
        return f"{known.paths[pages[iri]]} is its page"
    path, line, _ = _first(known, iri)
    return f"{path}:{line}" if path else "by the vocabulary"


def _first(known: Checked, iri: str) -> tuple[str, int, int]:
    """Give the first place that names a thing."""
    store = known.graph.store
    found = []
    for part in subjects(store, iri_of(":names"), iri):
        note = known.paths.get(part.partition("#")[0], "")
        found += [(note, int(line), 0) for _, line in pairs(store, iri_of(":line"), part)]
    if found:
        return min(found)
    # Of labels that one note alone uses the graph has no passage: the note holds them all the same.
    label = min((each for _, each in pairs(store, iri_of("rdfs:label"), iri)), default="").casefold()
    for path in sorted(known.paths[note] for note in subjects(store, iri_of(":mentions"), iri) if note in known.paths):
        lines = known.texts.lines(path)
        return path, next((number for number, line in enumerate(lines, start=1) if label in line.casefold()), 1), 0
    return "", 0, 0


def unknown_types(known: Checked) -> Iterator[Finding]:
    """Find the types that are no kinds of thing, each where it stands first."""
    if not pairs(known.graph.store, f"{known.graph.names.base}property/type"):
        return
    there = kinds.read(settled.home(known.config, known.source))
    found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for path in sorted(known.paths.values()):
        text = known.texts.text(path)
        front = frontmatter.read(text)
        given = frontmatter.given(logseq.head(text, front.body) | front.properties, "type")
        for each in dict.fromkeys(map(frontmatter.plain, frontmatter.texts(given))):
            if given and not kinds.named(each, there):
                found[names.slug(each)].append((path, given.line, each))
    for places in found.values():
        path, line, each = places[0]
        column = known.texts.column(path, line, each)
        more = f", here and in {len(places) - 1} more notes" if len(places) > 2 else ", here and in another note" if len(places) > 1 else ""
        message = f"{each!r} is no kind that kg knows{more}: it is kept as vault:type"
        mend = f"write one of {', '.join(sorted(there))}, or declare a kind of your own in ontology/*.ttl"
        yield Finding(path, line, column or 1, "unknown-type", message, mend, column and column + len(each))


def flaws(known: Checked) -> Iterator[Finding]:
    """Give what the build found wrong with notes, but for links and timestamps."""
    for issue in known.issues:
        if issue.code.endswith(("-link", "-heading", "-block", "-timestamp")):
            continue
        quoted = re.match(r"'([^']+)'", issue.text)
        words = "\ufffd" if issue.code == "encoding" else quoted[1] if quoted else ""
        column = known.texts.column(issue.note, issue.line, words) if words else 0
        # What is wrong is said by the message; what to do about it, by the mend.
        message = re.split(r"; save |: remove ", issue.text)[0]
        yield Finding(issue.note, issue.line, column or 1, issue.code, message, _MEND.get(issue.code, ""), column and column + len(words))


def left_out(known: Checked) -> Iterator[Finding]:
    """Give the files that the build left out."""
    for said in known.graph.generation.manifest.skipped:
        found = _SKIPPED.fullmatch(said)
        if found:
            reason, _, _ = found["reason"].partition("; give")
            yield Finding(found["path"], 0, 0, found["code"], f"left out: {reason}", _MEND.get(found["code"], ""))


__all__ = ["clashes", "flaws", "left_out", "orphans", "shared_aliases", "shared_titles"]
