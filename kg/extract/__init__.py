"""What a note's words name: extractors, and running them over a document.

An extractor is a pure function of one note; it sees no other, so its results depend on the note's text
and its own ``version`` alone. Ours and those of other packages are found alike, under the entry point
``kg.extractors``; see docs/extractors.md for how to write one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from kg.config import Config
from kg.errors import ConfigError
from kg.model import Document, Flaw, Mention
from kg.names import key

_ARTICLE = re.compile(r"^(?:the|an?)[ \n]", re.IGNORECASE)

BUILTIN = {
    "countries": "kg.extract.countries:Countries",
    "initiatives": "kg.extract.initiatives:Initiatives",
    "organisations": "kg.extract.organisations:Organisations",
    "people": "kg.extract.people:People",
    "themes": "kg.extract.themes:Themes",
    "unexplained": "kg.extract.unexplained:Unexplained",
    "properties": "kg.extract.properties:Properties",
}
"""Ours, by name, in the order in which they run; each is an entry point in pyproject.toml as well."""


class Extractor(Protocol):
    """Finds entities that a text names.

    ``confidence`` (optional) is the precision of each rule; one that is not there makes facts.
    One that sets ``seams = True`` may be given the texts of a note joined by :data:`SEAM`.
    """

    name: str
    version: str

    def find(self, text: str) -> list[Mention]:
        """List what the text names, in reading order."""
        ...


class Surveyor(Protocol):
    """An extractor that needs to see how a note is made: its headings, labels and lists."""

    name: str
    version: str

    def survey(self, document: Document) -> list[Placed]:
        """List what a note names, each with the text that it stands in (see :func:`texts`)."""
        ...


class Placed(NamedTuple):
    """A mention, and the position of its text in :func:`texts`."""

    at: int
    mention: Mention


class Named(NamedTuple):
    """A document, and what each of its :func:`texts` names."""

    document: Document
    mentions: tuple[tuple[Mention, ...], ...]
    flaws: tuple[Flaw, ...] = ()
    """What went wrong in an extractor: it failed, or it named what is not in the text."""


SEAM = "\n\x1d\n"
"""Stands between the texts of a note when they are searched in one go; no form matches across it."""


@lru_cache(maxsize=65536)
def normal(name: str) -> str:
    """Give what two spellings of one name have in common, articles aside; the ``key`` of a mention.

    >>> normal("The Talk-Cardiff Programme") == normal("Talk Cardiff programme")
    True
    """
    return key(_ARTICLE.sub("", name))


def texts(document: Document) -> list[str]:
    """Give the texts of a note that can name something: its title, then those of its sections and passages."""
    return [document.title, *(each.text for each in document.parts)]


def named(document: Document, extractors: Sequence[Extractor | Surveyor]) -> Named:
    """Run every extractor over the title, the headings and the passages of a document.

    What an extractor claims is checked against the text; one that fails costs the note a flaw, not the build.
    """
    written = texts(document)
    found: dict[int, list[Mention]] = {}
    flaws: list[Flaw] = []
    for extractor in extractors:
        try:
            placed = _placed(extractor, document, written)
        except Exception as error:  # noqa: BLE001 - whatever another package raises
            flaws.append(Flaw("extractor-failed", 1, f"the extractor {extractor.name!r} failed: {type(error).__name__}: {error}"))
            continue
        flaws += getattr(extractor, "flaws", _none)(document)
        foreign = extractor.name not in BUILTIN
        for at, mention in placed:
            if 0 <= at < len(written) and written[at][mention.start : mention.end] == mention.surface != "" and mention.start >= 0:
                found.setdefault(at, []).append(mention._replace(key=key(mention.key)) if foreign else mention)
            else:
                flaws.append(Flaw("unverified-mention", 1, f"the extractor {extractor.name!r} names {mention.surface!r}, which is not where it says"))
    return Named(document, tuple(tuple(sorted(found[at], key=_order)) if at in found else () for at in range(len(written))), tuple(flaws))


def _none(_: Document) -> list[Flaw]:
    return []


def _order(mention: Mention) -> tuple[int, int, Mention]:
    return mention.start, -mention.end, mention


def _placed(extractor: Extractor | Surveyor, document: Document, written: Sequence[str]) -> list[Placed]:
    survey = getattr(extractor, "survey", None)
    if survey:
        return list(survey(document))
    find = extractor.find  # type: ignore[union-attr]
    if getattr(extractor, "seams", False):
        starts = list(accumulate((len(text) + len(SEAM) for text in written), initial=0))
        return [_inside(starts, mention) for mention in find(SEAM.join(written))]
    return [Placed(at, mention) for at, text in enumerate(written) for mention in find(text)]


def _inside(starts: Sequence[int], mention: Mention) -> Placed:
    """Say in which of the texts, searched as one to save a call for each, a mention stands."""
    at = bisect_right(starts, mention.start) - 1
    return Placed(at, mention._replace(start=mention.start - starts[at], end=mention.end - starts[at]))


def precision(extractors: Sequence[Extractor | Surveyor]) -> dict[tuple[str, str], float]:
    """Give the precision of rules, by kind and name; a rule that is not there makes facts."""
    found: dict[tuple[str, str], float] = {}
    for extractor in extractors:
        for kind in getattr(extractor, "kinds", ()):
            found |= {(kind, rule): share for rule, share in getattr(extractor, "confidence", {}).items()}
    return found


ECHOES = frozenset({"again", "acronym", "unexplained"})
"""Rules that repeat a name found elsewhere in the note; they are no evidence of their own."""


def installed(config: Config | None = None) -> tuple[Extractor | Surveyor, ...]:
    """Give the extractors: ours, then those that other packages add, in order of their names.

    Raises:
        ConfigError: the settings leave one out that is not there.
    """
    return (*builtin(config), *_added(config or Config()))


def _added(config: Config) -> list[Extractor | Surveyor]:
    from importlib.metadata import entry_points

    added = {each.name: each for each in entry_points(group="kg.extractors") if each.name not in BUILTIN}
    for name in config.without:
        if name not in BUILTIN and name not in added:
            known = [*BUILTIN, *added]
            near = get_close_matches(name, known, n=1)
            raise ConfigError(f"no extractor is called {name!r}", hint=f"did you mean {near[0]!r}?" if near else f"installed: {', '.join(known)}")
    return [each.load()() for name, each in sorted(added.items()) if name not in config.without]


def fingerprint(config: Config) -> list[str]:
    """Sum up what finds names: our own source, which costs a tenth of importing it, and the names and versions of others.

    Raises:
        ConfigError: the settings leave one out that is not there.
    """
    own = sha256(b"\0".join(each.read_bytes() for each in sorted(Path(__file__).parent.glob("*.py")))).hexdigest()
    return [own, *(f"{each.name} {each.version}" for each in _added(config))]


def builtin(config: Config | None = None) -> tuple[Extractor | Surveyor, ...]:
    """Give the extractors that come with kg, as the settings have them."""
    config = config or Config()
    return tuple(_made(_load(place), config) for name, place in BUILTIN.items() if name not in config.without)


def _made(kind: Any, config: Config) -> Extractor | Surveyor:
    made: Extractor = kind(config.languages) if getattr(kind, "polyglot", False) else kind()
    return made


def _load(place: str) -> type[Extractor] | type[Surveyor]:
    module, _, name = place.partition(":")
    found: type[Extractor] = getattr(import_module(module), name)
    return found
