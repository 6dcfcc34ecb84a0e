"""``kg build``."""

from __future__ import annotations

import os
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import config, store
from kg.cli import CONTEXT, chosen, graph_option, say, warn
from kg.config import Config
from kg.errors import KgError, StoreError
from kg.terminal import bar, clear

if TYPE_CHECKING:
    from kg.pipeline import Report

SHOWN = 10
"""Notes that could not be read are named up to this many."""


@click.command(context_settings=CONTEXT)
@click.argument("notes", required=False)
@graph_option
@click.option(
    "-o",
    "--output",
    "output",
    metavar="DIR",
    help="The graph's folder [default: .kg beside the notes' kg.toml, else here].",
)
@click.option("--full", is_flag=True, help="Read every note again, whatever changed.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), default=1, show_default=True, metavar="N", help="Processes that read notes.")
@click.option("--detail", type=click.Choice(config.DETAILS), help="How much of the text is in the graph [default: evidence].")
@click.option("--engine", type=click.Choice(["pool", "dask"]), help="Write shards for kg load and kg push: with processes here, or with Dask.")
@click.option("--scheduler", metavar="ADDRESS", default="", help="The scheduler of Dask, such as tcp://10.0.0.1:8786 [default: workers of our own].")
@click.option(
    "--names", type=click.Choice(["auto", "memory", "disk", "join"]), default="auto", show_default=True, help="How shards know of each other."
)
@click.option("--strict", is_flag=True, help="Exit with 1 if a note could not be read or a link leads nowhere.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but problems.")
def build(
    notes: str | None,
    output: str | None,
    full: bool,
    jobs: int,
    detail: str | None,
    engine: str | None,
    scheduler: str,
    names: str,
    strict: bool,
    quiet: bool,
) -> None:
    """Build or update the graph of a folder of notes.

    Only what changed since the last build is read again. The notes are never written to, and
    the graph before this build stays whole whatever happens.

    \b
    Examples:
      kg build notes
      kg build notes -o /tmp/graph --jobs 2
      kg build --full --strict
      kg build s3://bucket/notes -o shards --engine dask --scheduler tcp://10.0.0.1:8786
    """
    if engine or scheduler:
        _scattered(notes, output, jobs, detail, engine or "dask", scheduler, names, strict, quiet)
        return
    from kg import pipeline

    if notes and "://" in notes:
        raise click.UsageError("Notes that are elsewhere are built as shards: add --engine dask or --engine pool.")
    source, folder, settings = _places(Path(notes) if notes else None, Path(found) if (found := output or chosen()) else None)
    live = store.live(folder)
    if live and live.manifest.detail == store.LOADED:
        raise StoreError(f"{folder}: this graph was loaded from {live.manifest.source}", hint="kg load changes it; build into another folder with -o")
    if detail:
        settings = replace(settings, detail=detail)
    elif live and settings.root is None:
        settings = replace(settings, detail=live.manifest.detail)  # as it was built before
    began = time.monotonic()
    report = pipeline.build(source, folder, settings, full=full, jobs=jobs, progress=None if quiet else bar(_drawn))
    clear()
    for each in report.skipped[:SHOWN]:
        warn(f"left out {each}")
    if len(report.skipped) > SHOWN:
        warn(f"left out {len(report.skipped) - SHOWN:,} more files")
    if not quiet:
        _told(report, time.monotonic() - began)
    if strict and (report.skipped or report.broken):
        raise KgError(f"{len(report.skipped):,} files left out, {report.broken:,} broken links (--strict)")


def _scattered(
    notes: str | None, output: str | None, jobs: int, detail: str | None, engine: str, scheduler: str, names: str, strict: bool, quiet: bool
) -> None:
    """Write the graph as shards."""
    from kg import shards
    from kg.shards.engines import Pool, dask

    if output is None:
        raise click.UsageError("Say with -o where the shards go.")
    if scheduler and engine != "dask":
        raise click.UsageError("--scheduler is one of Dask's.")
    elsewhere = notes is not None and ("://" in notes or "::" in notes)
    source, settings = (notes or "", None) if elsewhere else _settled(notes)
    began = time.monotonic()
    try:
        with nullcontext(Pool(jobs)) if engine == "pool" else dask(scheduler, jobs) as tasks:
            report = shards.build(source, output, settings, tasks, detail=detail or "", names=names, progress=None if quiet else bar(_drawn))
    finally:
        clear()
    for each in report.skipped[:SHOWN]:
        warn(f"left out {each}")
    if len(report.skipped) > SHOWN:
        warn(f"left out {len(report.skipped) - SHOWN:,} more files")
    if not quiet:
        kept = f", {report.kept:,} of them by an earlier run" if report.kept else ""
        say(f"{report.notes:,} notes, {report.links:,} links, {report.broken:,} broken, {report.issues:,} issues")
        say(f"{report.quads:,} quads in {report.shards:,} shards{kept}: {output}  ({time.monotonic() - began:.1f} s)")
    if strict and (report.skipped or report.broken):
        raise KgError(f"{len(report.skipped):,} files left out, {report.broken:,} broken links (--strict)")


def _settled(notes: str | None) -> tuple[str, Config]:
    source, _, settings = _places(Path(notes) if notes else None, None)
    return str(source), settings


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
    changes = [
        f"{sign} {count:,} {word}"
        for sign, count, word in (("+", report.added, "added"), ("~", report.changed, "changed"), ("-", report.removed, "removed"))
        if count
    ]
    say("  ".join(changes) or "nothing changed")
    found = report.links - report.broken
    share = f" ({100 * found / report.links:.1f} %)" if report.links else ""
    say(f"{report.notes:,} notes, {report.links:,} links, {found:,} resolved{share}, {report.issues:,} issues")
    if not report.notes:
        warn("there is no .md file here that kg may read")
    say(f"graph: {_near(report.folder)}  ({seconds:.1f} s)")


def _near(folder: Path) -> Path:
    """Write a folder as it is reached from here, if it is below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
