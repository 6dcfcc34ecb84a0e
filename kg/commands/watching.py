"""``kg build --watch``: what is built again, and told, whenever notes change."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from kg import vault
from kg.cli import say, warn
from kg.commands.build import Asked, built, changes, left_out, near, places
from kg.config import find
from kg.errors import BusyError, KgError
from kg.watch import Event, events

if TYPE_CHECKING:
    from kg.pipeline import Report


def watch(asked: Asked, report: Report, *, quiet: bool) -> None:
    """Build whenever something changes, a line for each time; what goes wrong is told, and then it goes on."""
    source, folder, settings = places(asked.notes, asked.output)
    known = find((asked.notes or Path.cwd()).resolve())
    if not quiet:
        say(f"watching {near(source)}; Ctrl-C ends it")
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
            before, report = report, _again(asked)
            told = ""
        except KgError as error:
            if str(error) != told:
                warn(str(error))
            told = str(error)
            continue
        left_out([each for each in report.skipped if each not in before.skipped])
        done = changes(report)
        if not quiet and (done or event is Event.BACK):
            say(f"{time.strftime('%H:%M:%S')}  {done or 'nothing changed'}  ({time.monotonic() - began:.1f} s)")


def _again(asked: Asked) -> Report:
    """Build, or wait for another build and then do."""
    for _ in range(50):
        try:
            return built(asked)
        except BusyError:
            time.sleep(0.2)
    return built(asked)
