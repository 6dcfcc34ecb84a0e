"""What authors have settled for a vault, in the folder of its kg.toml or of its notes: settings, kinds, decisions.

One rule for all who need it: the build, and the review of what rules suggest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from kg import config, contexts, kinds, logseq
from kg.config import Config
from kg.errors import ConfigError
from kg.vault import Skipped

if TYPE_CHECKING:
    from kg.corpus import Context


def context(given: Config, notes: Path) -> Context:
    """Read what authors have settled for the whole vault.

    Raises:
        KgError: a file of theirs says something that kg does not understand.
    """
    from kg import corpus, vocabulary  # a question of which only the folder matters does without them

    folder = home(given, notes)
    known = kinds.read(folder)
    _known(given, known)
    path = vocabulary.find(folder)
    entries = vocabulary.read(path, given.base, known).entries if path else ()
    return corpus.Context(given, known, vocabulary.decisions(entries))


def composed(given: Config, notes: Path) -> tuple[Config, tuple[Skipped, ...]]:
    """Add to settings what keys mean by the vault's JSON-LD context, and how Logseq writes days; gives what is left out of the first as well."""
    found = contexts.read(notes)
    if days := logseq.written_days(notes):
        given = replace(given, days=days)
    if not found.there:
        return given, ()
    return replace(given, context=replace(found, flaws=())), tuple(Skipped(each.path, "context", each.text, each.line) for each in found.flaws)


def home(given: Config, notes: Path) -> Path:
    """Give the folder in which authors settle things: that of kg.toml, or of the notes."""
    return given.root or notes


def settings(notes: Path, graph: Path | None = None) -> Config:
    """Read the settings by which a build makes ``graph`` of a folder of notes: beside the graph if it is about them, else the nearest upward.

    Raises:
        ConfigError: kg.toml says something that kg does not understand.
    """
    beside = graph.parent / config.FILE if graph else None
    if beside and beside.is_file():
        found = config.read(beside)
        if (beside.parent / found.folder).resolve() == notes:
            return found
    path = config.find(notes)
    return config.read(path) if path else Config()


def _known(given: Config, known: Mapping[str, kinds.Kind]) -> None:
    """Refuse a kind in kg.toml that there is not."""
    for name, kind in (*given.folders, *given.tags):
        if kind not in known:
            near = get_close_matches(kind, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}; ontology/*.ttl may declare more"
            raise ConfigError(f"{name!r} is to be of the unknown kind {kind!r}", hint=hint)
