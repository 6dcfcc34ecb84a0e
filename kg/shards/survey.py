"""Pass 1: what the notes of a chunk say, and what they offer to others and want of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kg import corpus, extract, markdown
from kg.extract import Extractor, Named, Surveyor
from kg.lexicon import Concept
from kg.pipeline import extractors
from kg.shards import locations
from kg.shards.run import Job, Run, job
from kg.vault import Skipped


class Told(NamedTuple):
    """What a note, or the author's vocabulary, offers and wants; its title and what it is the page of, as "kind/title"."""

    path: str
    title: str
    page: str
    offers: tuple[tuple[str, str, str], ...]
    """Key, kind and value."""
    wants: tuple[tuple[str, str], ...]
    """Key and spelling."""


class Tools(NamedTuple):
    """The extractors of a process, and what they know beforehand."""

    extractors: tuple[Extractor | Surveyor, ...]
    precision: dict[tuple[str, str], float]
    concepts: dict[tuple[str, str], Concept]


def survey(run: Run, number: int) -> int:
    """Read and name the notes of a chunk; what is found is for pass 2. Gives how many names they offer."""
    about, tools = job(run), kit(run)
    paths: Sequence[str] | None = run.load(f"list/{number:05}")
    if paths is None:
        told = [Told(corpus.VOCABULARY, "", "", _rows(corpus.decided_offers(about.context)), tuple(corpus.decided_wants(about.context)))]
        named: list[Named] = []
        skipped: list[Skipped] = []
    else:
        found = [_read(about, tools, path) for path in paths]
        named = [each for each in found if not isinstance(each, Skipped)]
        skipped = [each for each in found if isinstance(each, Skipped)]
        told = [_told(about, tools, each) for each in named]
    run.save(f"survey/{number:05}", (named, skipped))
    run.save(f"names/{number:05}", told)
    return sum(len(each.offers) for each in told)


@lru_cache(maxsize=4)
def kit(run: Run) -> Tools:
    """Give the extractors of a run, once for all tasks of a process."""
    context = job(run).context
    made = extractors(context.config, context.decisions.lexicon)
    lexicons = [getattr(each, "lexicon", None) for each in made]
    concepts = {name: concept for each in lexicons if each for name, concept in each.concepts.items()}
    return Tools(made, extract.precision(made), concepts)


def _read(about: Job, tools: Tools, path: str) -> Named | Skipped:
    note = locations.read(about.source, path, about.context.config.largest)
    if isinstance(note, Skipped):
        return note
    try:
        return extract.named(markdown.read(note, label_first=about.label_first), tools.extractors)
    except Exception as error:  # noqa: BLE001 - one note never ends a run of millions; it is told
        return Skipped(path, "failed", f"cannot be read: {type(error).__name__}: {error}")


def _told(about: Job, tools: Tools, named: Named) -> Told:
    document = named.document
    offers = {*corpus.offers(document, about.context), *corpus.named_offers(named, tools.concepts, tools.precision)}
    wants = {*corpus.wants(document, about.context), *corpus.named_wants(named)}
    page = next((each.value for each in sorted(offers) if each.kind == "entity"), "")
    return Told(document.path, document.title, page, _rows(offers), tuple(sorted(wants)))


def _rows(offers: object) -> tuple[tuple[str, str, str], ...]:
    return tuple(sorted((each.key, each.kind, each.value) for each in offers))  # type: ignore[attr-defined]


__all__ = ["Told", "Tools", "kit", "survey"]
