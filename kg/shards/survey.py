"""Pass 1: what the notes of a chunk say, and what they offer to others and want of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg import corpus
from kg.extract import Named
from kg.model import Offer, OfferKind
from kg.passes import Workshop
from kg.shards import locations
from kg.shards.run import Job, Run, job
from kg.vault import Skipped

_FEW = 20
"""Chunks that are read once for two passes over what they tell."""


class Told(NamedTuple):
    """What a note, or the author's vocabulary, offers and wants; its title and what it is the page of, as "kind/title"; the sides of its links' bars."""

    path: str
    title: str
    page: str
    offers: tuple[tuple[str, OfferKind, str], ...]
    """Key, kind and value."""
    wants: tuple[tuple[str, str], ...]
    """Key and spelling."""
    sides: tuple[tuple[str, str], ...] = ()


def survey(run: Run, number: int) -> int:
    """Read and name the notes of a chunk; what is found is for pass 2. Gives how many names they offer."""
    about, shop = job(run), kit(run)
    paths: Sequence[str] | None = run.load(f"list/{number:05}")
    if paths is None:
        told = [Told(corpus.VOCABULARY, "", "", _rows(corpus.decided_offers(about.context)), tuple(corpus.decided_wants(about.context)))]
        named: list[Named] = []
        skipped: list[Skipped] = []
    else:
        found = [_read(about, shop, path) for path in paths]
        named = [each for each in found if not isinstance(each, Skipped)]
        skipped = [each for each in found if isinstance(each, Skipped)]
        told = [_survey_row(shop, each) for each in named]
    run.save(f"survey/{number:05}", (named, skipped))
    run.save(f"names/{number:05}", told)
    return sum(len(each.offers) for each in told)


def sides(run: Run, tasks: int) -> tuple[int, int, Callable[[bool], bool]]:
    """Count the links of which what stands before the bar, and what stands after it, is a note's name and the other is none.

    And say whether more than one note has such links, of the second side or of the first.
    """
    told = [run.load(f"names/{number:05}") for number in range(tasks)] if tasks < _FEW else None

    def every() -> Iterator[Told]:
        for number in range(tasks):
            yield from told[number] if told else run.load(f"names/{number:05}")

    named = {key for each in every() for key, kind, _ in each.offers if kind in ("stem", "alias")}
    counts = Counter[bool]()
    several: dict[bool, set[str]] = {True: set(), False: set()}
    for each in every():
        seconds = [other in named for one, other in each.sides if (one in named) != (other in named)]
        counts.update(seconds)
        for second in set(seconds):
            several[second].add(each.path)
    return counts[False], counts[True], lambda second: len(several[second]) > 1


@lru_cache(maxsize=4)
def kit(run: Run) -> Workshop:
    """Give what it takes to read the notes of a run, once for all tasks of a process."""
    about = job(run)
    return Workshop(about.source.path(), about.context.config, about.context, about.dialect)


def _read(about: Job, shop: Workshop, path: str) -> Named | Skipped:
    note = locations.read(about.source, path, about.context.config.largest)
    if isinstance(note, Skipped):
        return note
    try:
        return shop.named(note)
    except Exception as error:  # noqa: BLE001 - one note never ends a run of millions; it is told
        return Skipped(path, "failed", f"cannot be read: {type(error).__name__}: {error}")


def _survey_row(shop: Workshop, named: Named) -> Told:
    told = shop.remember(named)
    page = next((each.value for each in told.offers if each.kind == "entity"), "")
    return Told(told.path, named.document.title, page, _rows(told.offers), tuple(told.wants), tuple(told.sides))


def _rows(offers: Iterable[Offer]) -> tuple[tuple[str, OfferKind, str], ...]:
    return tuple(sorted((each.key, each.kind, each.value) for each in offers))


__all__ = ["Told", "kit", "sides", "survey"]
