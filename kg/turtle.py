"""Triples written as Turtle that a person can read and a diff can compare.

Sorted N-Triples in, Turtle out: used prefixes first, ``a`` before other predicates, one predicate a
line, a blank line between subjects. The same triples give the same bytes. It never parses or
changes a literal: what the store wrote is what is printed, only names become shorter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby

from kg.names import STANDARD_PREFIXES, Names

_RDF_TYPE = f"<{STANDARD_PREFIXES['rdf']}type>"
_LABEL = f"<{STANDARD_PREFIXES['rdfs']}label>"
_XSD = STANDARD_PREFIXES["xsd"]
_SIMPLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
# Not "." or ".." between slashes: an IRI may have them, and a reader would resolve them away.
RELATIVE = re.compile(r"(?!(?:[^?#]*/)?\.{1,2}(?:[/?#]|$))[^/:?#][^:]*")
"""What may be left of an IRI when a base is taken off its front."""
_INTEGER = re.compile(rf'"([+-]?[0-9]+)"\^\^<{re.escape(_XSD)}integer>')
_TYPED = re.compile(r'(".*")\^\^(<[^>]*>)', re.DOTALL)


@cache
def _local() -> re.Pattern[str]:
    """Compile what may stand after a prefix: 6 ms, and most names are plain."""
    # PN_CHARS_BASE of the Turtle grammar: \w would let superscripts and more through.
    base = (
        "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
        "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
    )
    code = "%[0-9A-Fa-f]{2}"
    return re.compile(rf"(?:[{base}0-9_]|{code})(?:(?:[{base}0-9_.\-\u00b7\u0300-\u036f\u203f-\u2040]|{code})*(?:[{base}0-9_\-\u00b7]|{code}))?")


def local(text: str, start: int = 0) -> bool:
    """Say whether the rest of an IRI, from a place on, may stand after a prefix as it is.

    >>> local("open-data"), local("a/b")
    (True, False)
    """
    return bool(_SIMPLE.fullmatch(text, start) or _local().fullmatch(text, start))


def written(term: object) -> str:
    """Write a term of the engine in N-Triples; the engine itself leaves the brackets of a triple term away."""
    if type(term).__name__ == "Triple":
        return f"<<( {written(getattr(term, 'subject', ''))} {getattr(term, 'predicate', '')} {written(getattr(term, 'object', ''))} )>>"
    return str(term)


def shortener(names: Names, used: set[str] | None = None) -> Callable[[str], str]:
    """Make the function that shortens terms of one vault, triple terms too; it adds the prefixes it uses to ``used``.

    >>> shorten = shortener(Names())
    >>> shorten("<https://w3id.org/kgnotes/ontology#Note>"), shorten('"5"^^<http://www.w3.org/2001/XMLSchema#integer>')
    (':Note', '5')
    """
    # ":" rather than "kg:" for the ontology, as queries write it. A local name has neither "/" nor "#", so that its namespace ends at the last of them.
    known = {space: prefix for prefix, space in names.prefixes().items() if prefix != "kg"}
    # Relative names need a base with an authority, which every reader resolves in the same way.
    base = names.base if names.base.startswith(("http://", "https://")) else None
    memory: dict[str, str] = {}

    def iri(term: str) -> str:
        text = term[1:-1]
        cut = max(text.rfind("/"), text.rfind("#")) + 1
        prefix = known.get(text[:cut])
        if prefix is not None and local(text, cut):
            if used is not None:
                used.add(prefix)
            return f"{prefix}:{text[cut:]}"
        if base and text.startswith(base) and RELATIVE.fullmatch(text, len(base)):
            if used is not None:
                used.add("@base")
            return f"<{text[len(base) :]}>"
        return term

    def shorten(term: str) -> str:
        if term[-1] == '"':  # a plain text, as four in ten are
            return term
        short = memory.get(term)
        if short is None:
            if len(memory) > 200_000:
                memory.clear()
            short = memory[term] = anew(term)
        return short

    def anew(term: str) -> str:
        if term[0] == "<" and term[1] != "<":
            return iri(term)
        if term.startswith("<<( "):
            return f"<<( {' '.join(map(shorten, term[4:-4].split(' ', 2)))} )>>"
        if term[-1] != ">" or term[0] != '"':
            return term
        whole = _INTEGER.fullmatch(term)
        if whole:
            return whole[1]
        typed = _TYPED.fullmatch(term)
        return f"{typed[1]}^^{shorten(typed[2])}" if typed else term

    return shorten


def ordered(lines: Iterable[str]) -> list[str]:
    """Sort N-Triples so that a note comes before its passages; drops repeated lines."""
    subjects: dict[str, list[str]] = {}
    for line in set(lines):
        subjects.setdefault(line[: line.index(" ")], []).append(line)
    found: list[str] = []
    for subject in sorted(subjects, key=_place):
        found += sorted(subjects[subject])
    return found


def _place(subject: str) -> str:
    # Without the closing bracket, which would sort "a#p" before "a".
    return subject[:-1] if subject[0] == "<" else subject


def write(lines: Iterable[str], names: Names) -> str:
    """Write N-Triples lines (ordered here) as a Turtle document.

    >>> print(write(['<https://example.org/kg/note/a> <https://w3id.org/kgnotes/ontology#linksTo> <https://example.org/kg/note/b> .'], Names()))
    @prefix : <https://w3id.org/kgnotes/ontology#> .
    @prefix note: <https://example.org/kg/note/> .
    <BLANKLINE>
    note:a :linksTo note:b .
    <BLANKLINE>
    """
    used: set[str] = set()
    body = "\n".join(blocks(ordered(lines), shortener(names, used)))
    return head(used, names) + body


def head(used: set[str], names: Names) -> str:
    """Write the declarations of the prefixes used."""
    spaces = names.prefixes()
    declared = [f"@prefix {prefix}: <{spaces[prefix]}> .\n" for prefix in spaces if prefix in used]
    if "@base" in used:
        declared.insert(0, f"@base <{names.base}> .\n")
    return "".join(declared) + ("\n" if declared else "")


def blocks(lines: Iterable[str], shorten: Callable[[str], str], indent: str = "") -> Iterator[str]:
    """Write ordered lines, one text for each subject."""
    separator = f" ;\n{indent}    "
    ranks: dict[str, tuple[bool, bool, str]] = {}
    for subject, group in groupby(lines, key=_subject):
        skip = len(subject) + 1
        said: dict[str, list[str]] = {}
        for line in group:
            end = line.index(" ", skip)
            predicate = line[skip:end]
            if predicate not in ranks:
                ranks[predicate] = (predicate != _RDF_TYPE, predicate != _LABEL, predicate)
            said.setdefault(predicate, []).append(shorten(line[end + 1 : -2]))
        parts = [f"{'a' if each == _RDF_TYPE else shorten(each)} {', '.join(said[each])}" for each in sorted(said, key=ranks.__getitem__)]
        yield f"{indent}{shorten(subject)} {separator.join(parts)} .\n"


def _subject(line: str) -> str:
    return line[: line.index(" ")]
