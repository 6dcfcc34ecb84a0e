"""``kg build``."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import config, store
from kg.cli import CONTEXT, chosen, graph_option, say, warn
from kg.config import Config
from kg.errors import BusyError, KgError, StoreError, UsageError
from kg.terminal import bar, clear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.pipeline import Progress, Report
    from kg.vault import Skipped

SHOWN = 10
"""Notes that could not be read are named up to this many."""


@click.command(context_settings=CONTEXT)
@click.argument("notes", required=False, type=click.Path(path_type=Path))
@graph_option
@click.option(
    "-o",
    "--output",
    "output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The graph's folder [default: .kg beside the notes' kg.toml, else here].",
)
@click.option("--full", is_flag=True, help="Read every note again, whatever changed.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), default=1, show_default=True, metavar="N", help="Processes that read notes.")
@click.option("--detail", type=click.Choice(config.DETAILS), help="How much of the text is in the graph [default: evidence].")
@click.option("--strict", is_flag=True, help="Exit with 1 if a note could not be read or a link leads nowhere.")
@click.option("--watch", "-w", "watched", is_flag=True, help="Go on: build again whenever a note changes, until Ctrl-C.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but problems.")
def build(notes: Path | None, output: Path | None, full: bool, jobs: int, detail: str | None, strict: bool, watched: bool, quiet: bool) -> None:
    """Build or update the graph of a folder of notes.

    Only what changed since the last build is read again. The notes are never written to, and
    the graph before this build stays whole whatever happens.

    \b
    Examples:
      kg build notes
      kg build notes -o /tmp/graph --jobs 2
      kg build --full --strict
      kg build notes --watch
    """
    if watched and strict:
        raise UsageError("--watch goes on whatever it finds, and --strict ends with what it found", hint="choose one")
    output = output or (Path(found) if (found := chosen()) else None)
    report = _once(notes, output, full=full, jobs=jobs, detail=detail, quiet=quiet)
    if strict and (report.skipped or report.broken):
        raise KgError(f"{len(report.skipped):,} files left out, {report.broken:,} broken links (--strict)")
    if watched:
        _watch(notes, output, report, jobs=jobs, detail=detail, quiet=quiet)


def _once(notes: Path | None, output: Path | None, *, full: bool, jobs: int, detail: str | None, quiet: bool) -> Report:
    began = time.monotonic()
    report = _built(notes, output, full=full, jobs=jobs, detail=detail, progress=None if quiet else bar(_drawn))
    clear()
    _left_out(report.skipped)
    if not quiet:
        _told(report, time.monotonic() - began)
    return report


def _built(
    notes: Path | None, output: Path | None, *, full: bool = False, jobs: int = 1, detail: str | None = None, progress: Progress | None = None
) -> Report:
    from kg import pipeline

    source, folder, settings = _places(notes, output)
    live = store.live(folder)
    if live and live.manifest.detail == store.LOADED:
        raise StoreError(f"{folder}: this graph was loaded from {live.manifest.source}", hint="kg load changes it; build into another folder with -o")
    if detail:
        settings = replace(settings, detail=detail)
    elif live and settings.root is None:
        settings = replace(settings, detail=live.manifest.detail)  # as it was built before
    return pipeline.build(source, folder, settings, full=full, jobs=jobs, progress=progress)


def _left_out(skipped: Sequence[Skipped]) -> None:
    for each in skipped[:SHOWN]:
        warn(f"left out {each}")
    if len(skipped) > SHOWN:
        warn(f"left out {len(skipped) - SHOWN:,} more files")


def _watch(notes: Path | None, output: Path | None, report: Report, *, jobs: int, detail: str | None, quiet: bool) -> None:
    """Build whenever something changes, a line for each time; what goes wrong is told, and then it goes on."""
    from kg import vault
    from kg.watch import Event, events

    source, folder, settings = _places(notes, output)
    known = config.find((notes or Path.cwd()).resolve())
    if not quiet:
        say(f"watching {_near(source)}; Ctrl-C ends it")
    emptied, told = False, ""
    for event in events(source, folder, known.parent if known else None):
        if event is Event.GONE:
            warn(f"{source} is gone; the graph is kept, and updated when it is back")
            continue
        began = time.monotonic()
        try:
            if report.notes and not vault.listing(source, settings.skip, without=folder).found:
                if not emptied:
                    warn(f"{source} has no notes any more; the graph is kept; if that is meant, kg build empties it")
                emptied = True
                continue
            emptied = False
            before, report = report, _again(notes, output, jobs=jobs, detail=detail)
            told = ""
        except KgError as error:
            if str(error) != told:
                warn(str(error))
            told = str(error)
            continue
        _left_out([each for each in report.skipped if each not in before.skipped])
        changes = _changes(report)
        if not quiet and (changes or event is Event.BACK):
            say(f"{time.strftime('%H:%M:%S')}  {changes or 'nothing changed'}  ({time.monotonic() - began:.1f} s)")


def _again(notes: Path | None, output: Path | None, *, jobs: int, detail: str | None) -> Report:
    """Build, or wait for another build and then do."""
    for _ in range(50):
        try:
            return _built(notes, output, jobs=jobs, detail=detail)
        except BusyError:
            time.sleep(0.2)
    return _built(notes, output, jobs=jobs, detail=detail)


def _places(notes: Path | None, output: Path | None) -> tuple[Path, Path, Config]:
    """Decide where the notes are, where the graph goes, and by which settings."""
    named = output or os.environ.get("KG_GRAPH") or None
    here = Path.cwd()
    path = config.find((notes or here).resolve()) if notes is None or notes.is_dir() else None
    settings = config.read(path) if path else Config()
    if notes is None:
        folder = store.located(named) if named else store.find(here)
        live = store.live(folder) if folder and not path else None
        source = path.parent / settings.folder if path else Path(live.manifest.source) if live else Path()
    else:
        source = path.parent / settings.folder if path and path.parent == notes.resolve() else notes
    if named:
        folder = Path(named)
        # A folder that holds the notes stands for the .kg in it, as it does for the commands that read.
        inside = source.resolve() == folder.resolve() or folder.resolve() in source.resolve().parents
        return source, folder / store.FOLDER if inside and folder.is_dir() and not store.ours(folder) else store.located(folder), settings
    if path:
        return source, path.parent / store.FOLDER, settings
    above = store.find(here)
    live = store.live(above) if above else None
    if above and live and Path(live.manifest.source) == source.resolve():
        return source, above, settings
    return source, Path(store.FOLDER), settings


def _drawn(stage: str, drawn: str, done: int, total: int) -> str:
    return f"{stage:<9}{drawn} " + (f"{done:,} of {total:,} notes" if stage == "reading" else f"{total:,} notes")


def _told(report: Report, seconds: float) -> None:
    say(_changes(report) or "nothing changed")
    found = report.links - report.broken
    share = f" ({100 * found / report.links:.1f} %)" if report.links else ""
    say(f"{report.notes:,} notes, {report.links:,} links, {found:,} resolved{share}, {report.issues:,} issues")
    if not report.notes:
        warn("there is no .md file here that kg may read")
    say(f"graph: {_near(report.folder)}  ({seconds:.1f} s)")


def _changes(report: Report) -> str:
    changes = [
        f"{sign} {count:,} {word}"
        for sign, count, word in (("+", report.added, "added"), ("~", report.changed, "changed"), ("-", report.removed, "removed"))
        if count
    ]
    return "  ".join(changes)


def _near(folder: Path) -> Path:
    """Write a folder as it is reached from here, if it is below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
