"""A word that must be one of some: found by any of its names, or answered with a guess."""

from __future__ import annotations

from collections.abc import Mapping

from kg.errors import UsageError
from kg.guard import guess


def choose(name: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """Find a format among names and their other names.

    Raises:
        UsageError: there is none; with a guess.

    >>> choose("MD", {"table": (), "markdown": ("md",)})
    'markdown'
    """
    folded = name.strip().lower()
    for main, others in known.items():
        if folded == main or folded in others:
            return main
    near = guess(folded, [each for main, others in known.items() for each in (main, *others)])
    raise UsageError(f"unknown format {name!r}", hint=f"did you mean {near}?" if near else f"known: {', '.join(known)}")


__all__ = ["choose"]
