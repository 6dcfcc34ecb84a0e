"""Findings as SARIF 2.1.0, which code scanning and editors read (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kg import __version__
from kg.check.findings import CODES, Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_ROOT = "SRCROOT"


def document(found: Sequence[Finding], source: Path, here: Path) -> dict[str, Any]:
    """Write findings as one run; files are named as seen from the folder ``here``, if the notes are below it."""
    root = here if source.is_relative_to(here) else source
    below = source.relative_to(root).as_posix()
    rules = [_rule(code) for code in dict.fromkeys([*CODES, *sorted(each.code for each in found)])]
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": "kg", "semanticVersion": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": root.as_uri().rstrip("/") + "/"}},
        "results": [_result(each, numbers[each.code], "" if below == "." else f"{below}/") for each in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    known = CODES.get(code)
    meaning = known.meaning if known else "found by an extractor"
    level = _LEVELS[known.severity if known else "warning"]
    return {
        "id": code,
        "shortDescription": {"text": f"{meaning[:1].upper()}{meaning[1:]}."},
        "help": {"text": f"See docs/check.md, {code}. To leave it out, write <!-- kg-ignore: {code} --> in the note, or [check] in kg.toml."},
        "defaultConfiguration": {"level": level},
    }


def _result(found: Finding, rule: int, below: str) -> dict[str, Any]:
    file = {"uri": quote(f"{below}{found.path}"), "uriBaseId": _ROOT}
    place: dict[str, Any] = {"artifactLocation": file}
    if found.line:
        place["region"] = _region(found.line, found.column, found.end_column)
    said = f"{found.message}. {found.fix[:1].upper()}{found.fix[1:]}" if found.fix else found.message
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": said},
        "locations": [{"physicalLocation": place}],
    }
    if found.edit:
        region = _region(found.edit.line, found.edit.column, found.edit.column + len(found.edit.old))
        change = {"artifactLocation": file, "replacements": [{"deletedRegion": region, "insertedContent": {"text": found.edit.new}}]}
        result["fixes"] = [{"description": {"text": f"Write {found.edit.new!r}."}, "artifactChanges": [change]}]
    return result


def _region(line: int, column: int, end: int) -> dict[str, int]:
    region = {"startLine": line}
    if column:
        region["startColumn"] = column
        if end > column:
            region["endColumn"] = end
    return region


__all__ = ["document"]
