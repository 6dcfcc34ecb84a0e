"""``kg build``."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from kg import config, store
from kg.cli import CONTEXT, chosen, graph_option, say, warn
from kg.config import Config
from kg.errors import KgError, StoreError, UsageError, visible
from kg.terminal import bar, clear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.pipeline import Report
    from kg.rebuild import Progress
    from kg.vault import Skipped

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
@click.option("--shacl", is_flag=True, help="Check what changed by shapes, too (kg check --shacl checks everything).")
@click.option("--watch", "-w", "watched", is_flag=True, help="Go on: build again whenever a note changes, until Ctrl-C.")
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
    shacl: bool,
    watched: bool,
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
      kg build notes --watch
      kg build s3://bucket/notes -o shards --engine dask --scheduler tcp://10.0.0.1:8786
    """
    if watched and strict:
        raise UsageError("--watch goes on whatever it finds, and --strict ends with what it found", hint="choose one")
    if engine or scheduler:
        if watched or shacl:
            raise UsageError("shards are written once, and checked as a graph", hint="leave out --watch and --shacl")
        from kg.commands.shards import write

        elsewhere = notes is not None and ("://" in notes or "::" in notes)
        notes_of, _, settled = (None, None, None) if elsewhere else places(Path(notes) if notes else None, None)
        write(str(notes_of or notes), output, settled, jobs, detail or "", engine or "dask", scheduler, names, strict=strict, quiet=quiet)
        return
    if notes and "://" in notes:
        raise click.UsageError("Notes that are elsewhere are built as shards: add --engine dask or --engine pool.")
    asked = Asked(Path(notes) if notes else None, Path(found) if (found := output or chosen()) else None, jobs, detail)
    _, folder, settings = places(asked.notes, asked.output)
    live = store.live(folder)
    before = _hashes(live) if live and shacl else {}
    began = time.monotonic()
    report = built(asked, full=full, progress=None if quiet else bar(_drawn))
    clear()
    left_out(report.skipped)
    if not quiet:
        _print_report(report, time.monotonic() - began)
        _read_as(report, asked)
    if shacl:
        _shaped(folder, settings, before)
    if strict and (report.skipped or report.broken):
        raise KgError(f"{len(report.skipped):,} files left out, {report.broken:,} broken links (--strict)")
    if watched:
        from kg.commands.watching import watch

        watch(asked, report, quiet=quiet)


class Asked(NamedTuple):
    """What is to be built, and how: the notes and the graph's folder, if they were named, processes, and how much of the text."""

    notes: Path | None
    output: Path | None
    jobs: int
    detail: str | None


def built(asked: Asked, *, full: bool = False, progress: Progress | None = None) -> Report:
    """Build once."""
    from kg import pipeline

    source, folder, settings = places(asked.notes, asked.output)
    live = store.live(folder)
    if live and live.manifest.detail == store.LOADED:
        raise StoreError(f"{folder}: this graph was loaded from {live.manifest.source}", hint="kg load changes it; build into another folder with -o")
    if asked.detail:
        settings = replace(settings, detail=asked.detail)
    elif live and settings.root is None:
        settings = replace(settings, detail=live.manifest.detail)  # as it was built before
    return pipeline.build(source, folder, settings, full=full, jobs=asked.jobs, progress=progress)


def left_out(skipped: Sequence[Skipped]) -> None:
    """Name files that could not be read, the first of them."""
    for each in skipped[:SHOWN]:
        warn(f"left out {each}")
    if len(skipped) > SHOWN:
        warn(f"left out {len(skipped) - SHOWN:,} more files")


def _hashes(live: store.Generation) -> dict[str, str]:
    """Give the hash of every note in a graph, by its IRI."""
    from kg.triples import iri_of, pairs

    return dict(pairs(live.open(), iri_of("schema:sha256")))


def _shaped(folder: Path, settings: Config, before: dict[str, str]) -> None:
    """Check by shapes what notes say that were added or changed.

    Raises:
        KgError: something is an error.
    """
    from kg import check
    from kg.check import judged, shapes
    from kg.check.reports import line_of
    from kg.graph import Graph

    live = store.current(folder)
    changed = {iri for iri, sha in _hashes(live).items() if before.get(iri) != sha}
    if not changed:
        return
    known = check.Checked(Graph(live), settings)
    found = shapes.findings(known, progress=bar(_drawn_of_shapes), notes=changed if before else None)
    clear()
    told = list(judged.told(found, check.settings(known, settings), known.texts, sorted(known.paths.values()), check.codes(known)))
    for each in told:
        click.echo(visible(line_of(each)))
    if any(each.severity == "error" for each in told):
        raise KgError("the graph is not as its shapes say (--shacl)", hint="it is built; mend the notes, and build again")


def _drawn_of_shapes(stage: str, drawn: str, done: int, total: int) -> str:
    return f"{stage:<9}{drawn} {done:,} of {total:,}"


def places(notes: Path | None, output: Path | None) -> tuple[Path, Path, Config]:
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


def _print_report(report: Report, seconds: float) -> None:
    say(changes(report) or "nothing changed")
    found = report.links - report.broken
    share = f" ({100 * found / report.links:.1f} %)" if report.links else ""
    say(f"{report.notes:,} notes, {report.links:,} links, {found:,} resolved{share}, {report.issues:,} issues")
    if not report.notes:
        warn("there is no .md file here that kg may read")
    say(f"graph: {near(report.folder)}  ({seconds:.1f} s)")


def _read_as(report: Report, asked: Asked) -> None:
    """Tell that the links alone decided how they are read: nothing else would show it."""
    from kg import dialect

    source, _, settings = places(asked.notes, asked.output)
    live = store.live(report.folder)
    written = live.manifest.dialect if live else ""
    if written in dialect.LABEL_FIRST and not dialect.detect(source, settings.dialect).label_first:
        say(
            f'links are read as [[words|note]], as in a {written}, for so most of them lead to a note; dialect = "obsidian" in kg.toml reads [[note|words]]'
        )


def changes(report: Report) -> str:
    """Tell how many notes were added, changed and removed; "" if none."""
    found = [
        f"{sign} {count:,} {word}"
        for sign, count, word in (("+", report.added, "added"), ("~", report.changed, "changed"), ("-", report.removed, "removed"))
        if count
    ]
    return "  ".join(found)


def near(folder: Path) -> Path:
    """Write a folder as it is reached from here, if it is below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
