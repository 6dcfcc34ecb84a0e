"""Which second a timestamp means: by its form, by the note's style, by the other notes on its video.

    certain    its form leaves one reading
    inferred   two readings, and one is far more likely than the other
    ambiguous  two readings, and neither is
    odd        no reading: no time that a video can have

``01:10:00`` is one hour ten in most notes and one minute ten in those that write M:SS:00. What
settles it is what other notes on the same video cite, how this note writes its other times, and that
a note tends to follow the video. The weights are logarithms of chances; they were set on rewritten
notes whose true times are known (docs/decisions/0007-time.md).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from kg.timecodes import readings

VERSION = "1"
"""Changes whenever the same timestamps would be read differently."""

SURE = 0.97
"""An inferred reading is at least so likely."""
MIXED = 0.1
"""Above this a note writes M:SS and a filler at least now and then."""
STRAY = 0.05
"""How many times far past what others cite are minutes and seconds with frames behind them."""
NEAR, FAR = 5, 20
"""Seconds: a reading against the style needs a citation this near, and none this near to the other reading."""
TOGETHER = 600
"""Seconds: two notes that cite times this close show that the video goes on so long."""


class Reading(NamedTuple):
    """What a timestamp means: ``second`` is the best reading, or None; ``others`` could be meant, too."""

    status: str
    second: int | None
    others: tuple[int, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the second may be claimed."""
        return self.status in ("certain", "inferred")


class Cited(NamedTuple):
    """What all notes on a video cite: how many notes each second; how long the video surely is (0: unknown), and its length, where an author gave it."""

    notes: Mapping[int, int] = MappingProxyType({})
    reach: int = 0
    duration: int = 0


@dataclass(frozen=True)
class Evidence:
    """What the other notes on a video cite: sorted seconds, and how long the video surely is (0: unknown).

    ``duration`` is its length, where the author gave it.
    """

    seconds: tuple[int, ...] = ()
    reach: int = 0
    duration: int = 0


def certain(raws: Iterable[str], longest: int) -> list[int]:
    """Give the seconds that timestamps mean by form alone, sorted, each once.

    >>> certain(["00:25:05", "01:10:00", "15:27:00"], 21600)
    [927, 1505]
    """
    return sorted({possible[0] for raw in raws if len(possible := readings(raw, longest)) == 1})


def cited(said: Mapping[tuple[int, ...], int], duration: int = 0) -> Cited:
    """Put together what all notes on a video cite: sorted seconds, each with how many notes cite just those.

    >>> cited({(10, 600): 2, (10, 70): 1})
    Cited(notes={10: 3, 600: 2, 70: 1}, reach=600, duration=0)
    """
    notes: dict[int, int] = {}
    for seconds, count in said.items():
        for second in seconds:
            notes[second] = notes.get(second, 0) + count
    # The last time that two notes agree to be within the video.
    latest = sorted((seconds[-1] for seconds, count in said.items() if seconds for _ in range(min(count, 2))), reverse=True)
    reach = next((one for one, two in pairwise(latest) if one - two <= TOGETHER), 0)
    return Cited(notes, reach, duration)


def evidence(known: Cited, own: Collection[int] = ()) -> Evidence:
    """Give what the other notes on a video cite; ``own`` are the seconds that the note itself does.

    >>> evidence(cited({(10, 600): 1, (10, 70): 1}), (10, 600))
    Evidence(seconds=(10, 70), reach=600, duration=0)
    """
    mine = frozenset(own)
    return Evidence(tuple(sorted(second for second, count in known.notes.items() if count > (second in mine))), known.reach, known.duration)


def settle(raws: Sequence[str], known: Evidence, longest: int) -> list[Reading]:
    """Read a note's timestamps, in the order they stand in it.

    >>> [each.second for each in settle(["00:01:00", "01:10:00", "00:01:20"], Evidence((69, 71)), 21600)]
    [60, 70, 80]
    """
    limit = min(longest, known.duration or longest)
    possible = [readings(raw, limit) for raw in raws]
    if known.reach or known.duration:
        possible = [_possible(raw, each, limit, known) for raw, each in zip(raws, possible, strict=True)]
    if set(map(len, possible)) <= {1}:  # most notes
        return [_alone(each[0]) for each in possible]
    style = _style(raws)
    chances = _chances(raws, possible, known, style)
    return [
        _alone(each[0]) if len(each) == 1 else _verdict(raw, each, chance, known, style)
        for raw, each, chance in zip(raws, possible, chances, strict=True)
    ]


@lru_cache(maxsize=65536)
def _alone(second: int) -> Reading:
    return Reading("certain", second)


def _possible(raw: str, found: tuple[int, ...], limit: int, known: Evidence) -> tuple[int, ...]:
    """Add to the readings found by form; a time far past what others cite of the video may have a last field that means nothing."""
    beyond = not found if known.duration else bool(known.reach and found and min(found) > known.reach + TOGETHER)
    if not beyond:  # nearly all
        return found
    fields = raw.strip("[]: ").split(":")
    if len(fields) == 3 and all(map(_number, fields)):
        minutes, seconds = int(fields[0]), int(fields[1])
        if seconds < 60 and minutes * 60 + seconds <= limit:
            return tuple(dict.fromkeys((*found, minutes * 60 + seconds)))
    return found


def _style(raws: Sequence[str]) -> float:
    """Estimate how likely a note is to write M:SS and a filler, by how often it does."""
    three = [raw for raw in raws if raw.count(":") == 2]
    minutes = sum(map(_filled, three))
    # A note in H:MM:SS has a filler by chance in one of thirty.
    return min(0.98, max(0.02, (minutes + 0.5) / (len(three) + 1.5)))


def _chances(raws: Sequence[str], possible: Sequence[tuple[int, ...]], known: Evidence, style: float) -> list[list[float]]:
    """Give the chance of every reading of every timestamp: forward and backward through the note.

    A timestamp with one reading parts what is before it from what is after it, so only the doubtful
    runs between such are weighed: one timestamp in ten.
    """
    found = [[1.0] * len(each) for each in possible]
    places = [at for at, each in enumerate(possible) if each]
    start = 0
    while start < len(places):
        if len(possible[places[start]]) == 1:
            start += 1
            continue
        end = start
        while end < len(places) and len(possible[places[end]]) > 1:
            end += 1
        run = places[max(0, start - 1) : end + 1]
        weights = [[_weight(raws[at], second, possible[at], known, style) for second in possible[at]] for at in run]
        for at, chance in zip(run, _shares([possible[at] for at in run], weights), strict=True):
            found[at] = chance
        start = end
    return found


def _shares(possible: Sequence[tuple[int, ...]], weights: Sequence[list[float]]) -> list[list[float]]:
    forward = _along(possible, weights, _step)
    backward = _along(possible[::-1], weights[::-1], lambda later, earlier: _step(earlier, later))[::-1]
    found = []
    for ahead, behind, own in zip(forward, backward, weights, strict=True):
        total = [one + two - three for one, two, three in zip(ahead, behind, own, strict=True)]
        top = max(total)
        shares = [math.exp(value - top) for value in total]
        found.append([share / sum(shares) for share in shares])
    return found


def _along(possible: Sequence[tuple[int, ...]], weights: Sequence[list[float]], step: Callable[[int, int], float]) -> list[list[float]]:
    found = [weights[0]]
    for before, each, own in zip(possible, possible[1:], weights[1:], strict=False):
        last = found[-1]
        found.append(
            [weight + _sum([last[n] + step(earlier, second) for n, earlier in enumerate(before)]) for second, weight in zip(each, own, strict=True)]
        )
    return found


def _sum(logs: Sequence[float]) -> float:
    if len(logs) == 1:
        return logs[0]
    top = max(logs)
    return top + math.log(sum(math.exp(each - top) for each in logs))


@lru_cache(maxsize=65536)
def _step(earlier: int, later: int) -> float:
    """Weigh going from one time to the next: most steps are short and forward, some go anywhere."""
    gap = later - earlier
    near = math.exp(-gap / 90) / 90 if gap >= 0 else 0.12 * math.exp(gap / 120) / 120
    return math.log(0.85 * near + 0.15 / 7200)


def _weight(raw: str, second: int, each: Sequence[int], known: Evidence, style: float) -> float:
    weight = math.log(_density(second, known.seconds))
    if len(each) > 1:
        share = style if _filled(raw) else STRAY
        weight += math.log(share if second == min(each) else 1 - share)
    if known.reach and second > known.reach:
        weight -= min(6.0, (second - known.reach) / 300)
    return weight


def _density(second: int, cited: Sequence[int]) -> float:
    """Say how near other notes come to a second: three bells, of 2, 25 and 120 seconds, and a floor."""
    if not cited:
        return 1 / 7200
    gap = _gap(second, cited)
    return 0.45 * math.exp(-gap / 2) / 4 + 0.25 * math.exp(-gap / 25) / 50 + 0.2 * math.exp(-gap / 120) / 240 + 0.1 / 7200


def _gap(second: int, cited: Sequence[int]) -> int:
    at = bisect_left(cited, second)
    return min((abs(each - second) for each in cited[max(0, at - 1) : at + 1]), default=1_000_000)


def _verdict(raw: str, each: Sequence[int], chance: Sequence[float], known: Evidence, style: float) -> Reading:
    if not each:
        return Reading("odd", None)
    best = max(range(len(each)), key=lambda n: chance[n])
    others = tuple(second for n, second in enumerate(each) if n != best)
    sure = chance[best] >= SURE
    against = (each[best] == min(each)) != (style > 0.5)
    # Both readings of a first field of 1 to 3 lie within most videos, unless this one is known to be shorter.
    fits = not known.reach or min(others) <= known.reach + TOGETHER
    mixed = style > MIXED and 1 <= _first(raw) <= 3 and fits
    if sure and (against or mixed):
        # The wrong ones were always here; a citation beside the one reading and none by the other settles it.
        sure = _gap(each[best], known.seconds) <= NEAR and all(_gap(second, known.seconds) > FAR for second in others)
    if not _filled(raw) and not (sure and each[best] == min(each)):
        return Reading("certain", max(each))  # the other reading was only thought of since this one is late
    return Reading("inferred" if sure else "ambiguous", each[best], others)


@lru_cache(maxsize=65536)
def _filled(raw: str) -> bool:
    """Say whether the last of three fields is a filler: 00, or the seconds again."""
    fields = raw.strip("[]: ").split(":")
    return len(fields) == 3 and fields[2] in ("00", fields[1])


def _first(raw: str) -> int:
    digits = raw.strip("[]: ").partition(":")[0]
    return int(digits) if _number(digits) else 0


def _number(field: str) -> bool:
    """Say whether a field is a number; what people write between the tags of a timestamp may be anything, ² and 5,000 digits included."""
    return field.isdecimal() and len(field) <= 4
