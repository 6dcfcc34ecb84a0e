"""Words in capitals: what they are made of, and the few that say what they are not."""

from __future__ import annotations

from functools import lru_cache

from kg import lexicon
from kg.countries import places
from kg.extract.lazily import pattern

CAPITAL = lexicon.CAPITALS
WORD = rf"[{CAPITAL}]\w*(?:[-'’./&+]\w+)*"
"""A word in capitals, with what may be glued to it: Anti-corruption, Queen's, R&D."""


def wordset(text: str) -> frozenset[str]:
    """Make a set of words that are written in one string, so that a long list stays readable."""
    return frozenset(text.split())


STARTS = wordset(
    "A About According Across After Again Against All Along Alongside Also Although An And Another Any Are Around As At Based Because Before Behind Beyond Both But By Can Cannot Consequently Could "
    "Currently Despite Do Does During Each Even Eventually Every Examples Finally First For Former From Furthermore Guest Guests Has Have Having He Hence Her Here His How However I If In Including Indeed Initially "
    "Instead Is It Its Key Last Later Like Likewise Make Many May Meanwhile More Moreover Most Must My Namely New Next No Nor Not Notably Now Of On Once One Only Or Other Our Over Overall Perhaps Previously "
    "Rather Recently Said Says Second She Should Similarly Since So Some Speaker Speakers Still Such Than Thanks That The Their Then There Therefore These They Third This Those Through Thus To Today "
    "Together Two Ultimately Under Unlike Until Upon Use Using Via Was We Were What When Where Whether Which While Who Why Will With Within Without Would Yet You Your"
)
"""Words that open a sentence or a clause, and so are in capitals for that alone."""
INNER = wordset("A An As At By For From In It Its The Their These They This To We While With")
"""Of these, the ones that end a name if they stand in the middle of a run of capitals."""
CALENDAR = wordset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
_POSSESSIVE = pattern(r"['’]s$")
# Endings of the words of reports, which are seldom those of names.
_ENDS = tuple(
    sorted(
        wordset(
            "able als ance ed ence ers ful graphy ible ical ics ies ing ings ions ism isms ities ity ive ly ment ments ness ogy ology ors ous ship tion wide"
        )
    )
)
_PEOPLES = ("emish", "ese", "ian", "ish", "lsh")
_NO_PEOPLES = wordset("British-style Civilian Equestrian Guardian Librarian Pedestrian Publish Establish Flourish Distinguish")


def national(word: str) -> bool:
    """Say whether a word is a country or has the form of an adjective for the people of a place.

    >>> national("Danish"), national("Bavarian"), national("Digital")
    (True, True, False)
    """
    return word in places() or word in ("European", "Federal") or (len(word) > 4 and word.endswith(_PEOPLES) and word not in _NO_PEOPLES)


def derived(word: str) -> bool:
    """Say whether a word has the ending of a common noun or an adjective.

    >>> derived("Transformation"), derived("Quill")
    (True, False)
    """
    return len(word) > 6 and word.casefold().endswith(_ENDS)


def usual(text: str, word: str) -> bool:
    """Say whether a word also stands in a text in small letters.

    >>> usual("The harbour is the Harbour Agency's", "Harbour"), usual("No harbours", "Harbour")
    (True, False)
    """
    return _small(text).holds(word.casefold())


class _Small:
    """The words of a text, put together when so many have been asked for that looking for each would take longer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, bool] = {}
        self.words: frozenset[str] = frozenset()

    def holds(self, word: str) -> bool:
        """Say whether a word stands in the text with neither a letter nor a digit beside it."""
        known = self.known.get(word)
        if known is None:
            known = self.known[word] = self._holds(word)
        return known

    def _holds(self, word: str) -> bool:
        if len(self.known) > _MANY:
            self.words = self.words or frozenset(_LETTERS.findall(self.text))
            if any(part not in self.words for part in _LETTERS.findall(word)):
                return False
        return _stands(self.text, word)


_small = lru_cache(maxsize=4)(_Small)
_LETTERS = pattern(r"[^\W_]+")
_MANY = 500
"""words that are looked for one by one"""


def _stands(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        if not text[at - 1 : at].isalnum() and not text[at + len(word) : at + len(word) + 1].isalnum():
            return True
        at = text.find(word, at + 1)
    return False


def bare(word: str) -> str:
    """Cut what makes a word a possessive, and a full stop.

    >>> bare("Council's"), bare("Nations'"), bare("Inc.")
    ('Council', 'Nations', 'Inc')
    """
    return _POSSESSIVE.sub("", word) if word[-2:] in ("'s", "’s") else word.rstrip("'’.")


def wrapped(text: str, end: int) -> bool:
    """Say whether the line that ends at a position is a full one, so that its last words go on in the next.

    >>> wrapped("A heading\\nNext", 9), wrapped("x" * 70 + "\\nnext", 70)
    (False, True)
    """
    return end - (text.rfind("\n", 0, end) + 1) >= _FULL


_FULL = 60
"""characters of a line that has been wrapped"""
