"""The graph itself: that its files are whole, that it holds what it says, that the words behind every claim are in the note.

What is checked does not trust what made it: the words are looked up in the file, without the reader of notes.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape

from kg import checksums, index, names
from kg.check.findings import Finding
from kg.check.known import Checked
from kg.check.texts import Texts
from kg.store import LOADED, Generation
from kg.triples import iri_of, least, pairs, subjects

Progress = Callable[[str, int, int], None]
_LINK = re.compile(r"!?\[\[[^\[\]\n|]*\\?\|([^\[\]\n]*)\]\]")
_ADDRESS = re.compile(r"\]\([^()\s]*\)|<[^<>\n]*>")


def findings(known: Checked, progress: Progress | None = None) -> list[Finding]:
    """Check a graph on disk; paths are those of notes, or of files in the graph's folder."""
    generation = known.graph.generation
    found = list(_files(generation))
    if found:  # nothing that is read from a damaged file says anything
        return found
    found += _counts(known)
    if generation.manifest.detail != LOADED:
        found += _notes(known)
        found += _claims(known, progress)
    return sorted(found)


def counted(known: Checked) -> str:
    """Say in a line what was looked at."""
    generation = known.graph.generation
    claims = len(subjects(known.graph.store, iri_of("rdf:type"), iri_of(":Claim")))
    return f"{len(generation.manifest.files):,} files, {len(known.graph.store):,} triples, {claims:,} claims"


def _wrong(path: str, code: str, message: str, line: int = 0) -> Finding:
    return Finding(path, line, 0, code, message)


def _files(generation: Generation) -> Iterator[Finding]:
    """Compare every byte with what was published; where nothing is known of that, sizes, and what Oxigraph and SQLite say as they read."""
    sums = generation.manifest.sums
    for name, why in checksums.damaged(generation.folder, sums, certain=True):
        yield _wrong(f"{generation.name}/{name}", "graph-file", why)
    if sums:
        return
    for name, size in sorted(generation.manifest.files.items()):
        path = generation.folder / name
        there = path.stat().st_size if path.is_file() else -1
        if there != size:
            said = "is missing" if there < 0 else f"has {there:,} bytes, not {size:,}"
            yield _wrong(f"{generation.name}/{name}", "graph-file", said)
    for file in sorted(generation.index.glob("*.sqlite")):
        try:
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                (said,) = db.execute("pragma quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            said = str(error)
        if said != "ok":
            yield _wrong(f"{generation.name}/index/{file.name}", "graph-file", f"is damaged: {str(said).split(chr(10))[0]}")
    try:
        for _ in generation.open():
            pass
    except (OSError, ValueError, RuntimeError) as error:
        first = str(error).partition("\n")[0]
        yield _wrong(f"{generation.name}/graph", "graph-file", f"is damaged: {first}")


def _counts(known: Checked) -> Iterator[Finding]:
    """Compare what the graph holds with what it says, and with its index."""
    said = known.graph.generation.manifest.counts
    store = known.graph.store
    sorts = Counter(sort.rpartition("#")[2] for _, sort in pairs(store, iri_of("rdf:type")))
    broken = sum(1 for _, code in pairs(store, iri_of(":code")) if code == "broken-link")
    for name, there in (("notes", sorts["Note"]), ("issues", sorts["Issue"]), ("broken", broken), ("triples", len(store))):
        if name in said and said[name] != there:
            yield _wrong(known.graph.generation.name, "graph-count", f"the graph says {said[name]:,} {name}, and holds {there:,}")
    paths = set(known.paths.values())
    for path in sorted(paths ^ known.titles.keys()):
        yield _wrong(path, "graph-count", "is in the graph and not in its index" if path in paths else "is in the index and not in the graph")


def _notes(known: Checked) -> Iterator[Finding]:
    """Compare the passages of the graph with those of the index."""
    texts = dict(pairs(known.graph.store, iri_of(":text")))
    base = known.graph.names
    held = {f"{base.note(row.note)}#{names.escaped(row.anchor)}": row for row in index.passages(known.graph.generation.index)}
    for iri in subjects(known.graph.store, iri_of("rdf:type"), iri_of(":Passage")):
        path = known.paths.get(iri.partition("#")[0], iri)
        row = held.get(iri)
        if row is None or row.text != texts.get(iri):
            yield _wrong(path, "graph-evidence", f"the passage <{iri}> is not that of the index", row.line if row else 0)


def _claims(known: Checked, progress: Progress | None) -> Iterator[Finding]:
    """Look up the words behind every claim in its note; of notes that changed since the build nothing can be said."""
    store = known.graph.store
    derived = dict(pairs(store, iri_of("prov:wasDerivedFrom")))
    evidence: dict[str, list[str]] = defaultdict(list)
    for side in ("", known.graph.names.suggested):
        for claim, part in pairs(store, iri_of(":evidence"), graph=side):
            evidence[claim].append(part)
    claims = [each for side in ("", known.graph.names.suggested) for each in subjects(store, iri_of("rdf:type"), iri_of(":Claim"), side)]
    words = {**least(store, iri_of("rdfs:label")), **least(store, iri_of(":text"))}
    lines = {iri: int(line) for iri, line in pairs(store, iri_of(":line"))}
    shas = {known.paths[iri]: sha for iri, sha in pairs(store, iri_of("schema:sha256")) if iri in known.paths}
    looked: set[str] = set()
    for done, claim in enumerate(sorted(claims)):
        if progress:
            progress("claims", done, len(claims))
        path = known.paths.get(claim.partition("#")[0], "")
        if not evidence[claim] and claim not in derived:
            yield _wrong(path or claim, "graph-evidence", f"the claim <{claim}> has no evidence")
        for part in evidence[claim]:
            there = known.paths.get(part.partition("#")[0], "")
            if part not in words or part not in lines or not there:
                yield _wrong(path or claim, "graph-evidence", f"the evidence <{part}> of <{claim}> is not in the graph")
            elif part not in looked:
                looked.add(part)
                note = known.texts.note(there)
                if note is not None and note.sha256 == shas.get(there) and not stands(words[part], known.texts, there, lines[part]):
                    yield _wrong(there, "graph-evidence", f"the words of <{part}> do not stand there: {words[part][:60]!r}", lines[part])


def stands(words: str, texts: Texts, path: str, line: int) -> bool:
    """Say whether the words of a passage stand in a note from a line on, whatever markup stands between them."""
    count = words.count("\n") + 1
    for reach in (count, count + 2, count + 40):
        written = " ".join(texts.lines(path)[line - 1 : line - 1 + reach])
        for plain in (written, _LINK.sub(r" \1 ", written), _ADDRESS.sub("]", _LINK.sub(r" \1 ", written))):
            if _letters(words) in _letters(plain) or _in_order(words, plain):
                return True
    return False


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, names.nfc(unescape(text))))


def _in_order(words: str, text: str) -> bool:
    """Say whether the words stand in a text in this order, with others between them."""
    rest = iter(re.findall(r"[^\W_]+", names.nfc(unescape(text))))
    return all(any(each == other for other in rest) for each in re.findall(r"[^\W_]+", names.nfc(words)))


__all__ = ["counted", "findings", "stands"]
