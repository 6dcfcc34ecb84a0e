"""``kg init``."""

from __future__ import annotations

from pathlib import Path

import click

from kg import config
from kg.cli import CONTEXT, say
from kg.errors import KgError
from kg.vault import listing


@click.command(context_settings=CONTEXT)
@click.argument("folder", default=".", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Set up a folder of notes: write kg.toml and say what comes next.

    \b
    Examples:
      kg init
      kg init ~/notes
    """
    path = folder / config.FILE
    found = listing(folder)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(config.TEMPLATE)
    except FileExistsError:
        raise KgError(f"{path}: is there already", hint="edit it, or remove it first") from None
    except OSError as error:
        raise KgError(f"{path}: cannot be written: {error.strerror}") from None
    say(f"wrote {path}; {len(found.found):,} notes here")
    say(f"next: kg build{'' if folder == Path('.') else f' {folder}'}")
