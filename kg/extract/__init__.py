"""What a note's words name: extractors, and running them over a document.

An extractor is a pure function of one note; it sees no other, so its results depend on the note's text
and its own ``version`` alone. Ours and those of other packages are found alike, under the entry point
``kg.extractors``; see docs/extractors.md for how to write one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kg import kinds
from kg.config import Config
from kg.errors import ConfigError, KgError
from kg.extract.lazily import pattern
from kg.model import Document, Flaw, Mention
from kg.names import key

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_ARTICLE = pattern(r"^(?:the|an?)[ \n]", re.IGNORECASE)

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
AUTHORS = "properties"
"""That of ours which guesses nothing: front matter and fields, as their author wrote them."""
OPTIONAL = {"spacy": "kg.extract.spacy_entities:Spacy"}
"""Ours that a setting of the same name in kg.toml switches on."""
OWN = {**BUILTIN, **OPTIONAL, "vocabulary": "kg.vocabulary"}
"""Names that no other package can give its extractor."""
GROUP = "kg.extractors"
DISTRIBUTION = "kgnotes"


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


_last: list[tuple[Document, tuple[str, list[int]]]] = []
"""The note that was asked for last, and its texts joined: one extractor asks after the other."""


def joined(document: Document) -> tuple[str, list[int]]:
    """Join the texts of a note by :data:`SEAM`, to be searched as one; and say where each begins."""
    if not _last or _last[0][0] is not document:
        written = texts(document)
        starts = list(accumulate((len(text) + len(SEAM) for text in written[:-1]), initial=0))
        _last[:] = [(document, (SEAM.join(written), starts))]
    return _last[0][1]


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
            own = getattr(extractor, "flaws", _none)(document)
            wrong: list[Placed] = []
            for at, mention in placed if extractor.name in OWN else _foreign(extractor, placed):
                if 0 <= at < len(written) and written[at][mention.start : mention.end] == mention.surface != "" and mention.start >= 0:
                    found.setdefault(at, []).append(mention)
                else:
                    wrong.append(Placed(at, mention))
        except KgError:
            raise  # something to be told to the person at the keyboard, once
        except Exception as error:  # noqa: BLE001 - whatever another package raises
            reason = str(error).partition("\n")[0]
            flaws.append(Flaw("extractor-failed", 1, f"the extractor {extractor.name!r} failed: {type(error).__name__}: {reason}"))
            continue
        flaws += own
        if wrong:
            flaws.append(_unverified(extractor.name, document, wrong))
    _unread(document, written, found)
    mentions: list[tuple[Mention, ...]] = [()] * len(written)
    for at, said in found.items():
        mentions[at] = tuple(sorted(said, key=_order) if len(said) > 1 else said)
    return Named(document, tuple(mentions), tuple(flaws))


_ADDRESS = pattern(r"\b[a-z][a-z0-9+.-]*://[^\s<>\"]+", re.IGNORECASE)
_AUTHORED = ("property", "tag")


def _unread(document: Document, written: Sequence[str], found: dict[int, list[Mention]]) -> None:
    """Leave out what is named in no words of the note: in addresses, and in names of files that it shows; but what an author states under a key."""
    files = [(at, link.target) for at, part in enumerate(document.parts, start=1) for link in part.links if link.embed and not link.label]
    shown = {at: [file for there, file in files if there == at and written[at].find(file) >= 0] for at, _ in files}
    for at in [each for each in found if each in shown or "://" in written[each]]:
        stretches = [match.span() for match in _ADDRESS.finditer(written[at])]
        for file in shown.get(at, ()):
            stretches += [match.span() for match in re.finditer(re.escape(file), written[at])]
        found[at] = [
            each for each in found[at] if each.rule in _AUTHORED or not any(start <= each.start and each.end <= end for start, end in stretches)
        ]


def _none(_: Document) -> list[Flaw]:
    return []


def _unverified(name: str, document: Document, wrong: list[Placed]) -> Flaw:
    """Say of the mentions of an extractor that do not quote the note where they should have stood, in one flaw for all."""
    at, mention = wrong[0]
    lines = [document.title_line, *(part.line for part in document.parts)]
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    said = f"the extractor {name!r} names {mention.surface!r}, which is not where it says{more}"
    return Flaw("unverified-mention", lines[at] if 0 <= at < len(lines) else 1, said)


def _foreign(extractor: Extractor | Surveyor, placed: Iterable[Placed]) -> list[Placed]:
    """Give what another package's extractor names, as ours would say it.

    Keys are made normal, but for those of a lexicon and codes of countries; a rule bears the extractor's
    name, as ``robots:built``, so that it cannot be taken for one of ours.
    """
    lexicon = getattr(extractor, "lexicon", None)
    known = lexicon.concepts if lexicon else {}
    kinds_found = finds(extractor)
    found = []
    for at, each in placed:
        kind, key, surface, start, end, rule = each
        if kind not in kinds_found:
            raise ValueError(f"it names {surface!r} of the kind {kind!r}, which is not among its kinds")
        if kind != "country" and (kind, key) not in known:
            key = normal(key)
        found.append(Placed(at, Mention(kind, key, surface, int(start), int(end), rule if rule in ECHOES else f"{extractor.name}:{rule}")))
    return found


def _order(mention: Mention) -> tuple[int, int, Mention]:
    return mention.start, -mention.end, mention


def _placed(extractor: Extractor | Surveyor, document: Document, written: Sequence[str]) -> list[Placed]:
    survey = getattr(extractor, "survey", None)
    if survey:
        return list(survey(document))
    find = extractor.find  # type: ignore[union-attr]
    if getattr(extractor, "seams", False):
        text, starts = joined(document)
        return [inside(starts, mention) for mention in find(text)]
    return [Placed(at, mention) for at, text in enumerate(written) for mention in find(text)]


def inside(starts: Sequence[int], mention: Mention) -> Placed:
    """Say in which of the texts, searched as one to save a call for each, a mention stands."""
    kind, key, surface, start, end, rule = mention
    at = bisect_right(starts, start) - 1
    return Placed(at, Mention(kind, key, surface, start - starts[at], end - starts[at], rule))


def finds(extractor: Extractor | Surveyor) -> tuple[str, ...]:
    """Give the kinds of what an extractor names; one that does not say so may name all that the ontology has."""
    said: Sequence[str] = getattr(extractor, "kinds", ())
    return tuple(said) or tuple(kinds.BUILTIN)


def precision(extractors: Sequence[Extractor | Surveyor]) -> dict[tuple[str, str], float]:
    """Give the precision of rules, by kind and name; a rule that is not there makes facts."""
    found: dict[tuple[str, str], float] = {}
    for extractor in extractors:
        prefix = "" if extractor.name in OWN else f"{extractor.name}:"
        for rule, share in getattr(extractor, "confidence", {}).items():
            found |= {(kind, f"{prefix}{rule}"): float(share) for kind in finds(extractor)}
    return found


ECHOES = frozenset({"again", "acronym", "unexplained"})
"""Rules that repeat a name found elsewhere in the note; they are no evidence of their own."""
GUESSES = frozenset({"spacy"})
"""Rules of a model. They suggest what no rule finds and no author says, and change nothing that either does."""


def installed(config: Config | None = None) -> tuple[Extractor | Surveyor, ...]:
    """Give the extractors: ours, then those that other packages add, in order of their names.

    Raises:
        ConfigError: the settings leave one out that is not there; one cannot be loaded; two have one name.
    """
    config = config or Config()
    registered = _registered(config)
    ours = (_made(_load(name, registered), config) for name in BUILTIN if name not in config.without)
    return (*ours, *_added(config, registered))


def builtin(config: Config | None = None) -> tuple[Extractor | Surveyor, ...]:
    """Give the extractors that come with kg, as the settings have them, whatever else is installed."""
    config = config or Config()
    return tuple(_made(_load(name, {}), config) for name in BUILTIN if name not in config.without)


def authored(config: Config) -> tuple[Extractor | Surveyor, ...]:
    """Give the extractor of what authors state, after that which knows the countries that they may mean."""
    return tuple(_made(_load(name, {}), config) for name in ("countries", AUTHORS) if name not in config.without)


def fingerprint(config: Config) -> list[str]:
    """Sum up what finds names: our own source, which costs a tenth of importing it, and the names and versions of others.

    Raises:
        ConfigError: as :func:`installed` has it.
    """
    own = sha256(b"\0".join(each.read_bytes() for each in sorted(Path(__file__).parent.glob("*.py")))).hexdigest()
    return [own, *(f"{each.name} {each.version}" for each in _added(config, _registered(config)))]


def _registered(config: Config) -> dict[str, EntryPoint]:
    """Give what is registered under :data:`GROUP`, by name; what the settings leave out must be there."""
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for each in entry_points(group=GROUP):
        place = OWN.get(each.name) or found.get(each.name, each).value
        if each.value == place:
            found[each.name] = each
        elif each.name not in config.without and not (each.name in OWN and each.dist and each.dist.name == DISTRIBUTION):
            # One of ours may be registered for an older source than this; all others are somebody else's.
            hint = f'uninstall {_package(each)}, or leave both out: without = ["{each.name}"] in [extract] of kg.toml'
            raise ConfigError(f"two extractors are called {each.name!r}: {place} and {each.value}", hint=hint)
    known = list({**BUILTIN, **OPTIONAL, **found})
    for name in config.without:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise ConfigError(f"no extractor is called {name!r}", hint=f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}")
    return found


def _added(config: Config, registered: Mapping[str, EntryPoint]) -> list[Extractor | Surveyor]:
    """Give the extractors that the settings switch on, and those that other packages add."""
    switched = [name for name in OPTIONAL if getattr(config, name) and name not in config.without]
    others = sorted(name for name in registered if name not in OWN and name not in config.without)
    return [*(_load(name, registered)(config) for name in switched), *(_theirs(registered[name], config) for name in others)]


def _theirs(entry: EntryPoint, config: Config) -> Extractor | Surveyor:
    """Make the extractor of another package, which may be broken."""
    try:
        made = _made(entry.load(), config)
        said = made.name, made.version, callable(getattr(made, "survey", None) or made.find)  # type: ignore[union-attr]
        float(max([*getattr(made, "confidence", {}).values(), 0]))
    except Exception as error:  # noqa: BLE001 - whatever another package raises
        reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        hint = f'mend or uninstall {_package(entry)}, or leave it out: without = ["{entry.name}"] in [extract] of kg.toml'
        raise ConfigError(f"the extractor {entry.name!r} ({entry.value}) cannot be loaded: {reason}", hint=hint) from None
    if said[0] != entry.name:
        raise ConfigError(
            f"the extractor {entry.name!r} ({entry.value}) calls itself {said[0]!r}", hint="its name and that of its entry point must be one"
        )
    return made


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value.partition(":")[0]


def _made(kind: Any, config: Config) -> Extractor | Surveyor:
    made: Extractor = kind(config.languages) if getattr(kind, "polyglot", False) else kind()
    return made


def _load(name: str, registered: Mapping[str, EntryPoint]) -> Any:
    """Load one of ours: as it is registered, or from its place where kg runs without being installed."""
    if name in registered:
        return registered[name].load()
    module, _, attribute = OWN[name].partition(":")
    return getattr(import_module(module), attribute)
