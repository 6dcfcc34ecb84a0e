"""``kg build --engine``: the graph as shards."""

from __future__ import annotations

import time
from contextlib import nullcontext

import click

from kg import shards
from kg.cli import say, warn
from kg.config import Config
from kg.errors import KgError
from kg.shards.engines import Pool, dask
from kg.terminal import bar, clear

SHOWN = 10
"""Notes that could not be read are named up to this many."""


def write(
    notes: str,
    output: str | None,
    settings: Config | None,
    jobs: int,
    detail: str,
    engine: str,
    scheduler: str,
    names: str,
    *,
    strict: bool,
    quiet: bool,
) -> None:
    """Write the graph as shards, and tell how it went."""
    if output is None:
        raise click.UsageError("Say with -o where the shards go.")
    if scheduler and engine != "dask":
        raise click.UsageError("--scheduler is one of Dask's.")
    began = time.monotonic()
    try:
        with nullcontext(Pool(jobs)) if engine == "pool" else dask(scheduler, jobs) as tasks:
            report = shards.build(notes, output, settings, tasks, detail=detail, names=names, progress=None if quiet else bar(_drawn))
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


def _drawn(stage: str, drawn: str, done: int, total: int) -> str:
    return f"{stage:<9}{drawn} {done:,} of {total:,} notes"
