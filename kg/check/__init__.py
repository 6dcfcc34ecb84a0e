"""What is wrong or doubtful in the notes of a graph: each finding with its place, why, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg import settled
from kg.check import judged, links, notes, swallowed, times
from kg.check.findings import CODES, SEVERITIES, Code, Edit, Finding, in_order
from kg.check.judged import Settings
from kg.check.known import Checked
from kg.config import Config
from kg.store import LOADED, Generation

_CHECKS = (
    links.findings,
    swallowed.findings,
    notes.orphans,
    notes.shared_titles,
    notes.shared_aliases,
    notes.clashes,
    notes.unknown_types,
    notes.flaws,
    notes.left_out,
    times.findings,
)


def check(known: Checked, given: Settings, more: Iterable[Finding] = ()) -> list[Finding]:
    """Check the notes of a graph, in order of their places; ``more`` is what other checks found and settings decide on, too."""
    of_notes = known.graph.generation.manifest.detail != LOADED
    found: list[Finding] = [each for part in _CHECKS for each in part(known)] if of_notes else []
    return in_order(judged.told((*found, *more), given, known.texts, sorted(known.paths.values()), codes(known)))


def codes(known: Checked) -> set[str]:
    """Give every code that may be named: ours, and those that extractors of others have used."""
    return {*CODES, *(issue.code for issue in known.issues)}


def settings(known: Checked, config: Config, only: Iterable[str] = (), ignore: Iterable[str] = ()) -> Settings:
    """Read which codes are told, and how bad they are.

    Raises:
        ConfigError: kg.toml names a code or a severity that there is not.
        UsageError: an option names such a code.
    """
    return judged.settings(config, codes(known), only, ignore)


def settings_of(live: Generation) -> Config:
    """Read the settings by which a graph was made, as they are now.

    Raises:
        ConfigError: kg.toml says something that kg does not understand.
    """
    return settled.settings(Path(live.manifest.source), live.folder.parent) if live.manifest.detail != LOADED else Config()


def within(found: Iterable[Finding], paths: Iterable[str]) -> Iterator[Finding]:
    """Keep the findings in some notes or folders; all of them if none is named."""
    wanted = [each.strip("/") for each in paths]
    for each in found:
        if not wanted or any(each.path == path or path in ("", ".") or each.path.startswith(f"{path}/") for path in wanted):
            yield each


__all__ = ["CODES", "SEVERITIES", "Checked", "Code", "Edit", "Finding", "Settings", "check", "codes", "settings", "settings_of", "within"]
