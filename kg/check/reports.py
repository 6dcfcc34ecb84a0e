"""Findings as lines for editors and ``grep``, and as objects for programs; :mod:`kg.check.sarif` has the third form."""

from __future__ import annotations

from typing import Any

from kg.check.findings import CODES, Finding


def plain(found: Finding) -> dict[str, Any]:
    """Write a finding for programs: ``fix`` is in words, ``edit`` what ``--fix`` would do, or null."""
    edit = found.edit and {**found.edit._asdict(), "end_column": found.edit.column + len(found.edit.old)}
    known = CODES.get(found.code)
    return {
        "code": found.code,
        "severity": found.severity,
        "path": found.path,
        "line": found.line,
        "column": found.column,
        "end_column": found.end_column,
        "message": found.message,
        "fix": found.fix,
        "edit": edit,
        "help": known.meaning if known else "found by an extractor",
    }


def line_of(found: Finding) -> str:
    """Write a finding as compilers do, for editors and ``grep``.

    >>> line_of(Finding("a.md", 3, 5, "broken-link", "[[b]]: no note has this name", "did you mean [[c]]?", severity="error"))
    'a.md:3:5: error broken-link: [[b]]: no note has this name; did you mean [[c]]?'
    """
    fix = f"; {found.fix}" if found.fix else ""
    return f"{found.place}: {found.severity} {found.code}: {found.message}{fix}"


__all__ = ["line_of", "plain"]
