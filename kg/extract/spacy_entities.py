"""Names that a model of spaCy finds, as suggestions: ``spacy = "en_core_web_sm"`` in ``[extract]`` of kg.toml.

    ORG                                 organisation
    PERSON, PER                         person
    EVENT, LAW, PRODUCT, WORK_OF_ART    initiative

Everything else is left alone; countries have an extractor of their own. A model gives no reason and is
wrong more often than our rules, so what it finds is never a fact, however many notes have it: one rule,
``spacy``, of a precision that only suggests. It neither displaces nor renames what rules and authors say.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from kg.config import Config
from kg.countries import places
from kg.errors import ConfigError
from kg.extract import Placed, normal, texts
from kg.extract.capitals import CALENDAR, STARTS, derived, usual, wordset
from kg.model import Document, Mention

CONFIDENCE = {"spacy": 0.15}
"""Precision of what en_core_web_sm adds to our rules: one in six of a hundred that were read, none of 24 on annotated notes.

It is below what makes facts, and below what makes one of a name that many notes have.
"""
KINDS = {
    "ORG": "organisation",
    "PERSON": "person",
    "PER": "person",
    "EVENT": "initiative",
    "LAW": "initiative",
    "PRODUCT": "initiative",
    "WORK_OF_ART": "initiative",
}
LONGEST = 80
"""characters of a name"""

_EDGES = " \n\t\"'“”‘’«»()[]{}*_,;:.!?–—-"
_ARTICLE = re.compile(r"(?:the|an?|this|its|their)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_BROKEN = re.compile(r"[\n\"“”():]")
_WORD = re.compile(r"[^\W\d_]+")
_EVERYDAY = wordset(
    "AI API APIs CEO CO2 COVID COVID19 COVID-19 Covid Covid-19 CSV FAQ GDP HR ICT ID IP IT IoT KPI KPIs LLM LLMs NGO NGOs PDF PPE R&D RPA SDG SDGs SME SMEs STEM TV VR"
)
"""What models take for organisations and is none."""
# What needs the tags of a tagger or the tree of a parser is a rule of the pipeline's own.
_RULES = frozenset({"entity_ruler", "span_ruler"})
_UNUSED = frozenset({"tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "trainable_lemmatizer"})
_INSTALL = "pip install kgnotes[spacy]"


class Spacy:
    """The extractor that asks a pipeline of spaCy, by its name or its folder; the folder is seen from kg.toml."""

    name = "spacy"
    kinds = ("initiative", "organisation", "person")
    confidence = CONFIDENCE

    def __init__(self, config: Config) -> None:
        self.pipeline = config.spacy
        folder = (config.root or Path()) / config.spacy
        self.folder = folder if (folder / "meta.json").is_file() else None
        self.version = _version(self.pipeline, self.folder)

    def survey(self, document: Document) -> list[Placed]:
        """List what the pipeline takes for names in the running text of a note; in headings and labels every word may have a capital."""
        nlp = _loaded(self.pipeline, self.folder)
        written = texts(document)
        note = "\n".join(written)
        found = []
        first = 1 + len(document.sections)
        said = (each.text[len(each.label) :] for each in document.passages)
        for at, (passage, read) in enumerate(zip(document.passages, nlp.pipe(said), strict=True), start=first):
            found += [Placed(at, each) for each in _mentions(read, len(passage.label), note)]
        return found


def _mentions(read: Any, begin: int, note: str) -> Iterator[Mention]:
    for entity in read.ents:
        kind = KINDS.get(entity.label_)
        surface = _trimmed(entity.text) if kind else ""
        if kind and surface and _may_name(surface, note):
            start = begin + entity.start_char + entity.text.index(surface)
            yield Mention(kind, normal(surface), surface, start, start + len(surface), "spacy")


def _trimmed(text: str) -> str:
    """Leave out what a name does not begin or end with: an article, marks, a possessive.

    >>> _trimmed("the City of Cardiff's"), _trimmed('"Talk Cardiff",')
    ('City of Cardiff', 'Talk Cardiff')
    """
    text = _POSSESSIVE.sub("", text.strip(_EDGES))
    article = _ARTICLE.match(text)
    return text[article.end() if article else 0 :].strip(_EDGES)


def _may_name(text: str, note: str) -> bool:
    """Say whether a text can be a name: on one line, not too long, no country, and with a word of its own.

    Such a word has a capital, or a script that has none, and is not written small elsewhere in the note.

    >>> _may_name("Tidemark Trust", "Trust is all"), _may_name("Trust", "We trust."), _may_name("trust", ""), _may_name("Norway", "")
    (True, False, False, False)
    """
    if not 1 < len(text) <= LONGEST or _BROKEN.search(text) or text in places() or text in _EVERYDAY:
        return False
    return any(_own(word, note) for word in _WORD.findall(text))


def _own(word: str, note: str) -> bool:
    if word[0] != word[0].upper():
        return False
    return word == word.casefold() or not (word in STARTS or word in CALENDAR or derived(word) or usual(note, word))


# -- the pipeline ------------------------------------------------------------------------------------


def _version(pipeline: str, folder: Path | None) -> str:
    """Tell one pipeline from another without loading it, which takes seconds.

    Raises:
        ConfigError: spaCy, or the pipeline, is not there.
    """
    try:
        spacy = metadata.version("spacy")
    except metadata.PackageNotFoundError:
        raise ConfigError(f"spacy = {pipeline!r} in [extract] of kg.toml needs spaCy, which is not installed", hint=_INSTALL) from None
    if folder:
        parts = sorted(each for each in folder.rglob("*") if each.is_file())
        told = [(str(each.relative_to(folder)), each.stat().st_size, each.stat().st_mtime_ns) for each in parts]
        return f"{spacy} {sha256(repr(told).encode()).hexdigest()[:16]}"
    try:
        return f"{spacy} {pipeline} {metadata.version(pipeline)}"
    except (metadata.PackageNotFoundError, ValueError):
        raise ConfigError(f"spaCy has no pipeline {pipeline!r}", hint=_hint(pipeline)) from None


def _hint(pipeline: str) -> str:
    known = sorted({each.name for each in metadata.entry_points(group="spacy_models")})
    near = get_close_matches(pipeline, known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    if re.fullmatch(r"[a-z]{2,3}_\w+", pipeline):
        return f"python -m spacy download {pipeline}"
    others = f"{', '.join(known)}, or " if known else ""
    return f"name {others}the folder of one, as seen from kg.toml"


@lru_cache(maxsize=2)
def _loaded(pipeline: str, folder: Path | None) -> Any:
    """Load a pipeline, once a process.

    Raises:
        ConfigError: what is there is no pipeline, or one of another version of spaCy.
    """
    import spacy

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they are for whoever trains pipelines
            nlp = spacy.load(folder or pipeline)
    except Exception as error:  # noqa: BLE001 - whatever a pipeline raises
        reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        raise ConfigError(f"the pipeline {pipeline!r} of spaCy cannot be loaded: {reason}", hint="python -m spacy validate") from None
    for each in list(_idle(nlp)):
        nlp.disable_pipe(each)
    return nlp


def _idle(nlp: Any) -> Iterator[str]:
    """List the parts of a pipeline that have nothing to do with names, and those that serve only such parts: two fifths of the time."""
    there = set(nlp.pipe_names)
    if _RULES & {nlp.get_pipe_meta(each).factory for each in there}:
        return
    unused = there & _UNUSED
    for each in nlp.pipe_names:
        serves = set(getattr(nlp.get_pipe(each), "listening_components", ()))
        if each in unused or (serves and not serves & (there - unused)):
            yield each
