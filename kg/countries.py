"""Countries by their names: every way in which the lexicon of them, ``ontology/countries.ttl``, is asked for one.

    places       every form: names, those of peoples, abbreviations, capitals
    is_country   whether words are one of them, or whose something is
    code_in_any  the code by a name in any language, as authors state it
    paged        the code of the country that a note is the page of
    ambiguous    whether a name may be somebody's as well
    code         the code by an English name, as vocabularies and questions have it
    label        the English name by the code

What a country's name means in a sentence is asked in :mod:`kg.extract.countries`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg import lexicon, names, ontology

ALSO_PEOPLE = frozenset(("Chad", "China", "Cuba", "Egypt", "Georgia", "India", "Ireland", "Israel", "Jordan", "Kenya", "Malta", "Monaco"))
"""Names of countries that are first names as well."""
DISHES = frozenset(("Turkey",))
"""Names of countries that are something to eat as well."""


@lru_cache(maxsize=1)
def places() -> dict[str, lexicon.Term]:
    """Give every form of the lexicon of countries."""
    known = lexicon.read(ontology.path("countries.ttl"), "country")
    return {term.surface: term for group in known.terms.values() for term in group}


def is_country(words: str) -> bool:
    """Say whether words name a country or its people, or are an adjective of them.

    >>> is_country("South Africa"), is_country("Kenya's"), is_country("Nairobi"), is_country("Harbour")
    (True, True, True, False)
    """
    if words[-1:] in "s'’":
        words = words.removesuffix("'s").removesuffix("’s").removesuffix("'").removesuffix("’")
    return words in places()


# -- as authors state them -------------------------------------------------------------------------


def code_in_any(value: str, *, codes: bool = True) -> str:
    """Give the code of a country by its name in any language, or by its code; "" if it is none.

    Without ``codes``, a name that is a first name or a dish as well is none, either: a page called Chad may be a person's, a tag a recipe's.

    >>> code_in_any("gh"), code_in_any("Ghana"), code_in_any("it", codes=False), code_in_any("Chad", codes=False), code_in_any("turkey", codes=False)
    ('GH', 'GH', '', '', '')
    """
    folded = value.casefold()
    if not codes and len(folded) < 4:
        return ""
    return _codes().get(folded, "") if codes or folded not in _otherwise() else ""


def paged(kind: str, title: str) -> str:
    """Give the code of the country that a note with a title is the page of, as its author says by its ``kind`` or as the title does; "" if of none.

    >>> paged("theme", "Ghana"), paged("theme", "Chad"), paged("country", "Chad"), paged("person", "Ghana")
    ('GH', '', 'TD', '')
    """
    return code_in_any(title, codes=kind == "country") if kind in ("theme", "country") else ""


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Map every code and every label of a country, in any case, to its code."""
    known = lexicon.read(ontology.path("countries.ttl"), "country")
    spelt = {term.surface.casefold(): term.key for group in known.terms.values() for term in group if term.rule == "name"}
    called = {text.casefold(): each.key for each in known.concepts.values() for _, text in each.labels}
    return {**called, **spelt, **{each.key.casefold(): each.key for each in known.concepts.values()}}


def ambiguous(name: str) -> bool:
    """Say whether a name is a country's, and may be somebody's.

    >>> ambiguous("Jordan"), ambiguous("Portugal"), ambiguous("Jordan Reed")
    (True, False, False)
    """
    return name in ALSO_PEOPLE or name.casefold() in _otherwise()


@lru_cache(maxsize=1)
def _otherwise() -> frozenset[str]:
    """Give the names, in small letters, that mean something else as often: first names, a state, a dish."""
    known = lexicon.read(ontology.path("countries.ttl"), "country")
    given = frozenset(term.surface.casefold() for group in known.terms.values() for term in group if term.given)
    return given | {"georgia", *map(str.casefold, DISHES)}


# -- in English ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _english() -> tuple[dict[str, str], dict[str, str]]:
    """Give the English name of every country by its code, and the codes by all its names."""
    known = lexicon.read(ontology.path("countries.ttl"), "country")
    called = {concept.key: concept.label for concept in known.concepts.values()}
    terms = sorted(term for group in known.terms.values() for term in group)
    spelt = {names.key(term.surface): term.key for term in terms if term.rule in ("name", "abbreviation")}
    return called, spelt | {names.key(text): end for end, text in called.items()}


def labels() -> list[str]:
    """List the English names of all countries, sorted."""
    return sorted(_english()[0].values())


def label(code: str) -> str:
    """Give the English name of a country by its code, or "" if there is none.

    >>> label("PT"), label("QQ")
    ('Portugal', '')
    """
    return _english()[0].get(code, "")


def code(text: str) -> str:
    """Give the ISO code of a country by its code or one of its English names, or "".

    >>> code("Portugal"), code("uk"), code("pt"), code("Portugl")
    ('PT', 'GB', 'PT', '')
    """
    upper = text.strip().upper()
    return upper if label(upper) else _english()[1].get(names.key(text), "")


@lru_cache(maxsize=1)
def _long_codes() -> dict[str, str]:
    # The European Union's list of countries, which the lexicon names for each, goes by the codes of three letters.
    found = re.findall(r"^country:([A-Z]{2}) a |authority/country/([A-Z]{3})>", ontology.text("countries.ttl"), re.MULTILINE)
    codes, last = {}, ""
    for short, long in found:
        last = short or last
        if long:
            codes[long] = last
    return codes


def short_code(code: str) -> str:
    """Give the ISO code of two letters for one of three, or "".

    >>> short_code("PRT"), short_code("GBR"), short_code("XXX")
    ('PT', 'GB', '')
    """
    return _long_codes().get(code.upper(), "")
