"""What the whole vault makes of a name: a fact or a suggestion, how it is spelt, whether it is another name of something.

Notes offer what they find under ``name:kind/key`` (see :mod:`kg.corpus`); so do entity pages and the
author's vocabulary. Here the offers of all of them (:data:`kg.model.OfferKind` has what each kind says)
become one :class:`Standing`; an author's word wins over every rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kg.extract import normal
from kg.model import OfferKind
from kg.names import slug

FACT = 0.9
"""A rule that is right so often makes facts; less, and a person is asked."""
SEEN = 3
MIDDLE = 0.7
"""A name that rules of middle precision find in so many notes is a fact, too (docs/decisions/0011-suggestions.md)."""

_CLAIMS: tuple[tuple[OfferKind, OfferKind], ...] = (("claim", "page"), ("claimed", "title"), ("claimer", "alias"))
"""What is claimed by one note alone is so."""


class Standing(NamedTuple):
    """How one name stands.

    ``label`` is shown, ``spellings`` are its others, but for capitals; ``end`` ends its IRI; ``pages`` are paths of notes.
    ``share`` is the precision of the best rule that found it. ``same`` is the kind and key of what it is another name of, as ``organisation/cityofcardiff``.
    """

    label: str
    spellings: tuple[str, ...] = ()
    fact: bool = True
    share: float = 1.0
    end: str = ""
    pages: tuple[str, ...] = ()
    same: str = ""
    rejected: bool = False
    shared: bool = False
    """Whether two notes name it, a note is its page, or the author decided on it."""
    taken: bool = False
    """Whether it is the name of something else, which a note is the page of."""
    contested: bool = False
    """Whether notes have it as their title that are the page of nothing, since each of them could be that of another thing."""


def standing(offers: Iterable[tuple[OfferKind, str, int]], key: str = "") -> Standing | None:
    """Settle one name from what is offered of it: kinds of offers and values, each with how many notes offer it.

    Under one key a note may offer a name that has a key of its own, such as the short one that comes after a long one. What the
    thing is called, and its IRI, are of this key's own spellings, so that no two names are one thing by chance.

    >>> standing([("name", "We Are On It", 1), ("name", "Estamos On", 2)], "weareonit").label
    'We Are On It'
    >>> standing([("name", "Talk Cardiff", 2), ("rule", "0.97", 1), ("short", "TC", 1)])
    Standing(label='Talk Cardiff', spellings=('TC',), fact=True, share=0.97, end='talk-cardiff', pages=(), same='', rejected=False, shared=False, taken=False, contested=False)
    """
    said: dict[OfferKind, dict[str, int]] = {}  # no Counter: making one costs as much as all the rest
    for kind, value, count in offers:
        said.setdefault(kind, {})[value] = count
    if not said:
        return None
    claimed = said.get("claimed", {})
    contested = bool(claimed) and _contested(claimed)
    if claimed and not contested:
        for offered, meant in _CLAIMS:
            if offered in said:
                said[meant] = said[offered] | said.get(meant, {})
    if "guess" in said and "name" not in said:
        said["name"] = said["guess"]
    same = min(said.get("same", ("",)))
    labels = said.get("label")
    spelt = said.get("name") or said.get("short") or claimed or {"": 1}
    own = [each for each in spelt if normal(each) == key] if key and len(spelt) > 1 else spelt
    label = min(labels or said.get("title") or (min(own or spelt, key=lambda spelling: (-spelt[spelling], spelling)),))
    # Of a page, and in the vocabulary, the author says what else it is called; however notes spell it, it is that.
    folded = label.casefold()
    kinds = ("alias",) if labels or "title" in said else ("name", "short", "alias")
    others = {each for kind in kinds if kind in said for each in said[kind] if each != label and each.casefold() != folded}
    authored = bool(labels or same)
    sure = said.get("rule", {})
    share = float(max(sure)) if sure and not authored else 1.0
    fact = share >= FACT or "page" in said or sum(count for share, count in sure.items() if float(share) >= MIDDLE) >= SEEN
    end = min(said.get("end", ("",))) or slug(label if authored or not key or normal(label) == key else key)
    return Standing(
        label,
        tuple(sorted(others)),
        fact,
        share,
        end,
        tuple(sorted(said.get("page", ()))),
        same,
        "no" in said and not authored,
        authored,
        "taken" in said and not authored,
        contested,
    )


def _contested(titles: dict[str, int]) -> bool:
    """Say whether two notes have one title, but for capitals; each comes with how many notes have it."""
    return max(titles.values()) > 1 or len({each.casefold() for each in titles}) < len(titles)
