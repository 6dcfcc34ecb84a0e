"""Which second a timestamp means."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg import corpus, markdown
from kg.clock import Evidence, certain, cited, evidence, settle
from kg.model import Note

LONGEST = 21_600
HOUR = tuple(range(5, 3600, 20))
"""What other notes cite of a video of one hour."""


NOTHING = Evidence()


def told(raws: list[str], known: Evidence = NOTHING) -> list[str]:
    return [f"{each.status} {each.second}" for each in settle(raws, known, LONGEST)]


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("00:25:05", 1505), ("25:05:00", 1505), ("15:27:27", 927), ("15:27:00", 927), ("12:34", 754), ("1:02:03", 3723),
        ("01:04:15:00", 3855), ("25:14:18", 1514), ("07:27:07", 447), ("75:10", 4510),
    ],
)  # fmt: skip
def test_some_forms_leave_one_reading(raw: str, seconds: int) -> None:
    assert told([raw]) == [f"certain {seconds}"]


@pytest.mark.parametrize("raw", ["07:38:81", "99:99:99", "12:75", "hello", ""])
def test_what_is_no_time_has_no_reading(raw: str) -> None:
    assert told([raw]) == ["odd None"]


def test_nothing_else_known_one_hour_ten_stays_open() -> None:
    (read,) = settle(["01:10:00"], NOTHING, LONGEST)
    assert (read.status, {read.second, *read.others}) == ("ambiguous", {70, 4200})


def test_a_note_that_writes_minutes_and_a_filler_does_so_throughout() -> None:
    known = evidence(cited({HOUR: 2}))
    raws = ["03:00:00", "04:10:00", "05:20:00", "25:05:00", "26:10:00", "31:00:00"]
    assert told(raws, known) == ["inferred 180", "inferred 250", "inferred 320", "certain 1505", "certain 1570", "certain 1860"]


def test_a_note_that_writes_hours_may_end_in_a_full_minute() -> None:
    raws = ["00:58:10", "00:59:20", "01:00:00", "01:01:07", "01:02:30"]
    assert told(raws, evidence(cited({tuple(range(1800, 5400, 20)): 2})))[2] == "inferred 3600"


def test_a_late_time_needs_more_than_a_doubt() -> None:
    assert told(["00:10:00", "01:21:09"], evidence(cited({(10, 600, 1200): 1, (30, 610, 1210): 1})))[1] == "certain 4869"


def test_the_length_of_the_video_settles_what_is_beyond_it() -> None:
    assert told(["01:10:00"], Evidence(duration=3600)) == ["certain 70"]


def test_a_video_is_as_long_as_two_notes_agree() -> None:
    assert cited({(10, 3000): 1, (20, 2900): 1, (5, 9000): 1}).reach == 3000


times = st.lists(st.integers(0, 5399), min_size=1, max_size=25)


@given(times)
def test_hours_minutes_and_seconds_are_always_among_the_readings(seconds: list[int]) -> None:
    raws = [f"{each // 3600:02d}:{each // 60 % 60:02d}:{each % 60:02d}" for each in seconds]
    for each, read in zip(seconds, settle(raws, Evidence(), LONGEST), strict=True):
        assert each in (read.second, *read.others)


@given(times, st.lists(times, max_size=4))
def test_what_is_claimed_of_minutes_and_seconds_is_so(seconds: list[int], others: list[list[int]]) -> None:
    """Notes in M:SS and a filler, on a video that others cite around the same times."""
    raws = [f"{each // 60:02d}:{each % 60:02d}:00" for each in seconds]
    known = evidence(cited(Counter(tuple(sorted(set(each) | set(seconds))) for each in others)))
    read = settle(raws, known, LONGEST)
    assert [each.second for each in read if each.status == "certain"] == [
        second for second, each in zip(seconds, read, strict=True) if each.status == "certain"
    ]
    assert certain(raws, LONGEST) == sorted({each.second for each in read if each.second is not None and each.status == "certain"})


@pytest.mark.parametrize(
    ("value", "seconds"), [("5280", 5280), ("1:28:00", 5280), ("28:05", 1685), ("PT1H28M", 5280), ("PT90S", 90), ("long", 0), ("1", 1)]
)
def test_a_duration_may_be_written_in_three_ways(value: str, seconds: int) -> None:
    document = markdown.read(Note("a.md", f"---\nduration: {value}\n---\n", ""))
    assert corpus.duration(document) == seconds


def test_durations_may_be_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nvideoId: JkIhnK7qf-w\n---\nSaid in Ghana. [01:10:00]\n")
    kg.build(tmp_path)
    assert kg.open(tmp_path).query("ASK { ?i :code 'ambiguous-timestamp' }").truth
    (tmp_path / "kg.toml").write_text('[video]\ndurations = { JkIhnK7qf-w = "58:00" }\n')
    kg.build(tmp_path)
    assert kg.open(tmp_path).query("ASK { ?p :at <https://youtu.be/JkIhnK7qf-w?t=70> }").truth
    (tmp_path / "kg.toml").write_text('[video]\ndurations = { JkIhnK7qf-w = "long" }\n')
    with pytest.raises(kg.KgError, match="no length of time"):
        kg.build(tmp_path)
