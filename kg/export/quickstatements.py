"""QuickStatements, version 1: entities as new items of a Wikibase, with labels, aliases and what they are elsewhere.

Version 1 has no escapes: a text is what stands between the first and the last quotation mark of a field,
so that those inside it do no harm, but tabs and line ends do: they become blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.export.literals import Words, words
from kg.export.said import Said, by_subject, chosen, kept
from kg.names import ONTOLOGY
from kg.terms import ALT_LABEL, LABEL, PREF_LABEL, TYPE, bare, term

EXACT_MATCH = "P2888"
"""Wikidata's property for "exact match", an address."""
LONGEST = 250
"""Characters that a Wikibase lets a label, a description or an alias have."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SAME = (term("schema:sameAs"), term("skos:exactMatch"))


def as_quickstatements(said: Said, language: str, title: str) -> Iterator[str]:
    """Write one item after the other; labels without a language are in ``language``."""
    for _, properties in by_subject(kept(said, chosen(said, "facts", claims=False))):
        told = {predicate: things for predicate, *things in properties}
        plain = _texts(told.get(LABEL, []), language)
        labels = {each.language: each.text for each in reversed(plain + _texts(told.get(PREF_LABEL, []), language))}
        if not labels:
            continue
        yield "CREATE\n"
        for code, text in sorted(labels.items()):
            yield _line(f"L{code}", text)
        yield _line("Den", f"{_kind(told[TYPE])} named in {title}")
        for alias in sorted({*_texts(told.get(ALT_LABEL, []), language)}):
            if labels.get(alias.language) != alias.text:
                yield _line(f"A{alias.language}", alias.text)
        for iri in sorted({thing for same in _SAME for thing in told.get(same, ())}):
            yield f'LAST\t{EXACT_MATCH}\t"{bare(iri)}"\n'


def _texts(terms: list[str], language: str) -> list[Words]:
    found = [each for each in map(words, terms) if each]
    return [Words(each.text, (each.language or language).lower()) for each in found if each.text.strip()]


def _line(what: str, text: str) -> str:
    text = " ".join(_CONTROL.sub(" ", text).split())
    if len(text) > LONGEST:
        text = text[: LONGEST - 1].rstrip() + "…"
    return f'LAST\t{what}\t"{text}"\n'


def _kind(types: list[str]) -> str:
    names = [bare(each).removeprefix(ONTOLOGY) for each in types]
    return min((name for name in names if name.isalnum() and name != "Entity"), default="Entity").lower()
