"""``kg stats``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import click

from kg.cells import cells, cut
from kg.cli import CONTEXT, chosen, columns, format_option, graph_option, write_json
from kg.errors import visible
from kg.graph import open_graph
from kg.stats import Stats

_WIDE = 80
"""columns, where there is no terminal to tell"""


@click.command(context_settings=CONTEXT)
@graph_option
@format_option("text", "json")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def stats(form: str, as_json: bool) -> None:
    """Count what the graph holds, and name its hubs.

    \b
    Examples:
      kg stats
      kg stats --format json | jq .quality.links
    """
    graph = open_graph(chosen())
    found = graph.stats()
    if as_json or form == "json":
        write_json(asdict(found))
        return
    for line in _page(visible(graph.title), found, columns(_WIDE)):
        click.echo(line)


def _page(title: str, found: Stats, width: int) -> Iterator[str]:
    built = found.built
    yield f"{title}: {found.triples:,} triples from {visible(str(built['from']))}"
    when = datetime.fromisoformat(str(built["when"])).astimezone()
    by = f" by kg {visible(str(built['kg']))}" if built["kg"] else ""
    sizes = ", ".join(f"{part} {_size(int(built[f'{part} bytes']))}" for part in ("graph", "index", "cache"))
    yield f"built {when:%Y-%m-%d %H:%M}{by}, detail {built['detail']}{_dialect(str(built['dialect']))}; {sizes}"
    for name, counts in (("Things", found.things), ("Properties", found.properties), ("Issues", found.issues)):
        if counts:
            yield f"\n{click.style(name, bold=True)}"
            yield from _grid([(visible(each), count) for each, count in counts.items()], width)
    yield f"\n{click.style('Quality', bold=True)}"
    yield from _quality(found.quality, width)
    if found.hubs:
        yield f"\n{click.style('Most mentioned', bold=True)}"
    size = max((len(kind) for kind in found.hubs), default=0)
    for kind, hubs in found.hubs.items():
        yield _row(f"  {kind:<{size}}  ", [(visible(label), count) for _, label, count in hubs], width)


def _grid(counts: list[tuple[str, int]], width: int) -> Iterator[str]:
    """Write counts in columns, read from the top down."""
    digits = max(len(f"{count:,}") for _, count in counts)
    room = digits + max(cells(name) for name, _ in counts) + 4
    columns = max(min(width // room, len(counts)), 1)
    rows = -(-len(counts) // columns)
    for at in range(rows):
        row = [f"{count:>{digits + 2},}  {cut(name, width - digits - 4)}" for name, count in counts[at::rows]]
        yield "".join(f"{each}{' ' * (room - cells(each))}" for each in row).rstrip()


def _quality(quality: dict[str, dict[str, int]], width: int) -> Iterator[str]:
    """Write one line for each sort: how many, and how many of which."""
    links, stamps, notes = quality["links"], quality["timestamps"], quality["notes"]
    facts, waiting = quality["facts"], quality["suggestions"]
    total = sum(links.values())
    lines = (
        ("links", total, [*_some(links, but="broken"), f"{links['broken']:,} broken{_share(links['broken'], total)}"]),
        ("timestamps", sum(stamps.values()), [f"{stamps['certain']:,} certain", *_some(stamps, but="certain")]),
        ("facts", facts["all"], [f"{facts['with evidence']:,} with evidence", *_some({"by the vocabulary": facts["by the vocabulary"]})]),
        ("suggestions", sum(waiting.values()), [*_some(waiting), *(["waiting for kg suggest"] if any(waiting.values()) else [])]),
        (
            "notes",
            notes["all"],
            [
                f"{notes['naming an entity']:,} name an entity{_share(notes['naming an entity'], notes['all'])}",
                f"{notes['naming more than themes']:,} more than themes",
                *_some({"without links": notes["without links"], "left out": notes["left out"]}),
            ],
        ),
    )
    digits = max(len(f"{count:,}") for _, count, _ in lines)
    for name, count, parts in lines:
        if count or name == "notes":
            yield from _folded(f"  {name:<11}  {count:>{digits},}  ", parts, width)


def _some(counts: dict[str, int], but: str = "") -> list[str]:
    return [f"{count:,} {name}" for name, count in counts.items() if count and name != but]


def _share(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.1f} %)" if whole else ""


def _folded(begin: str, parts: list[str], width: int) -> Iterator[str]:
    """Write parts after a beginning, and what does not fit on lines below it."""
    line, indent = begin, " " * (len(begin) if width >= _WIDE else 4)
    for part in (*(f"{each}, " for each in parts[:-1]), *parts[-1:]):
        if cells(line) + cells(part.rstrip()) > width and line.strip():
            yield line.rstrip()
            line = indent
        line += part
    yield line.rstrip()


def _row(begin: str, hubs: list[tuple[str, int]], width: int) -> str:
    """Write hubs on one line, as many as fit; the first is cut if need be."""
    line = begin
    for label, count in hubs:
        more = f"{label} {count:,}" if line == begin else f", {label} {count:,}"
        if cells(line) + cells(more) > width:
            return line if line != begin else f"{begin}{cut(label, max(width - cells(begin) - len(f' {count:,}'), 8))} {count:,}"
        line += more
    return line


def _size(count: int) -> str:
    """Write a number of bytes for people.

    >>> _size(900), _size(35_100_000)
    ('900 bytes', '35.1 MB')
    """
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def _dialect(name: str) -> str:
    return f", links as in {name}" if name and name != "obsidian" else ""
