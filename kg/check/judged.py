"""How bad a finding is, and whether it is to be told: by kg.toml, by comments in notes, by options.

    [check]
    severity = { orphan = "off", "broken-link" = "warning" }
    ignore = ["ambiguous-timestamp", "orphan: daily/**"]

In a note ``<!-- kg-ignore: broken-link -->`` or ``%% kg-ignore: broken-link %%`` is about its own line, or about the
next one where it stands alone; ``kg-ignore-file`` about the whole note; without a code, about all of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from kg.check.findings import CODES, SEVERITIES, Finding
from kg.check.texts import Texts
from kg.config import FILE, Config
from kg.errors import ConfigError, Place, UsageError
from kg.guard import guess

_COMMENT = re.compile(r"(?:<!--|%%)[ \t]*kg-ignore(?P<file>-file)?\b[ \t]*:?(?P<codes>[^\n]*?)[ \t]*(?:-->|%%)")
_FENCE = re.compile(r"[ \t]*(?:>[ \t]*)*(?P<fence>`{3,}|~{3,})")
_SEPARATORS = re.compile(r"[\s,;]+")


class Settings(NamedTuple):
    """What kg.toml and options say: severities by code, codes that are ignored, and where (a glob of paths)."""

    severities: dict[str, str]
    ignored: tuple[tuple[str, str], ...]
    only: frozenset[str] = frozenset()

    def severity(self, found: Finding) -> str:
        """Say how bad a finding is."""
        given = self.severities.get(found.code)
        if given is None and found.severity:
            return found.severity
        return given or (CODES[found.code].severity if found.code in CODES else "warning")

    def hides(self, found: Finding) -> bool:
        """Say whether a finding is not to be told."""
        if self.only and found.code not in self.only:
            return True
        return any(code in (found.code, "*") and fnmatchcase(found.path, glob) for code, glob in self.ignored)


def settings(config: Config, known: Collection[str], only: Iterable[str] = (), ignore: Iterable[str] = ()) -> Settings:
    """Read the settings; ``known`` are codes that extractors of others have used.

    Raises:
        ConfigError: kg.toml names a code or a severity that there is not.
        UsageError: an option names such a code.
    """
    codes = {*CODES, *known}
    where = Place(str(config.root / FILE)) if config.root else None
    for code, severity in config.severity:
        if code not in codes:
            raise ConfigError(f"[check] severity: {_unknown(code)}", at=where, hint=_guess(code, codes))
        if severity not in SEVERITIES:
            raise ConfigError(f"[check] severity of {code}: {severity!r} is none", at=where, hint=f"known: {', '.join(SEVERITIES)}")
    ignored = []
    for each in config.ignore:
        code, _, glob = (part.strip() for part in each.partition(":"))
        if code not in codes:
            raise ConfigError(f"[check] ignore: {_unknown(code)}", at=where, hint=_guess(code, codes))
        ignored.append((code, glob or "*"))
    for option, given in (("--only", only), ("--ignore", ignore)):
        for code in given:
            if code not in codes:
                raise UsageError(f"{option}: {_unknown(code)}", hint=_guess(code, codes))
    return Settings(dict(config.severity), (*ignored, *((code, "*") for code in ignore)), frozenset(only))


def _unknown(code: str) -> str:
    return f"unknown code {code!r}"


def _guess(code: str, codes: Collection[str]) -> str:
    near = guess(code, sorted(codes))
    return f"did you mean {near!r}?" if near else f"known: {', '.join(sorted(codes))}"


class Ignored(NamedTuple):
    """What comments of one note ignore: codes by line, those of the whole note, and what they name that is no code."""

    lines: dict[int, set[str]]
    whole: set[str]
    unknown: list[Finding]

    def hides(self, found: Finding) -> bool:
        """Say whether a finding in this note is not to be told."""
        here = self.whole | self.lines.get(found.line, set())
        return found.code in here or "*" in here


def ignored(path: str, lines: list[str], codes: Collection[str]) -> Ignored:
    """Read the comments of a note.

    >>> ignored("a.md", ["[[b]] %% kg-ignore: broken-link %%"], CODES).lines
    {1: {'broken-link'}}
    """
    found = Ignored(defaultdict(set), set(), [])
    for number, match in _comments(lines):
        line = lines[number - 1]
        alone = not (line[: match.start()] + line[match.end() :]).strip(" \t\r>*-")
        about = next((at for at in range(number + 1, len(lines) + 1) if lines[at - 1].strip()), number) if alone else number
        named = [each for each in _SEPARATORS.split(match["codes"]) if each]
        for code in named:
            if code not in codes:
                column = line.index(code, match.start("codes")) + 1
                found.unknown.append(Finding(path, number, column, "unknown-ignore", _unknown(code), _guess(code, codes), column + len(code)))
        (found.whole if match["file"] else found.lines[about]).update(named or ("*",))
    return found._replace(lines=dict(found.lines))


def _comments(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Give the comments outside of code, with their lines."""
    fence = ""
    for number, line in enumerate(lines, start=1):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark["fence"]
        elif mark and mark["fence"].startswith(fence) and not line[mark.end() :].strip():
            fence = ""
        elif not fence and "kg-ignore" in line:
            yield from ((number, each) for each in _COMMENT.finditer(line) if line.count("`", 0, each.start()) % 2 == 0)


def told(found: Iterable[Finding], given: Settings, texts: Texts, paths: Iterable[str], codes: Collection[str]) -> Iterator[Finding]:
    """Give the findings that are to be told, each with its severity, and what comments name that is no code."""
    by_note = {path: ignored(path, texts.lines(path), codes) for path in paths if "kg-ignore" in texts.text(path)}
    for each in (*found, *(unknown for note in by_note.values() for unknown in note.unknown)):
        severity = given.severity(each)
        if severity == "off" or given.hides(each) or (each.path in by_note and by_note[each.path].hides(each)):
            continue
        yield each._replace(severity=severity)


__all__ = ["Ignored", "Settings", "ignored", "settings", "told"]
