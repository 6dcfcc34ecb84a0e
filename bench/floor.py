"""What no builder of this graph could go below, and what others need for the same: one step, in a process of its own.

python bench/floor.py read NOTES         the bytes of all notes
python bench/floor.py markdown NOTES     and pyromark's events
python bench/floor.py document NOTES     and kg's documents: links, sections, passages, timestamps
python bench/floor.py load GRAPH.nt      an Oxigraph store on disk of the triples, which are there already
python bench/floor.py rdflib GRAPH.nt    the same in rdflib, in memory
python bench/floor.py links NOTES        what obsidiantools reads: the graph of links (needs obsidiantools, nothing of kg)
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def read(notes: Path) -> int:
    """Read all notes."""
    return sum(len(path.read_bytes()) for path in notes.rglob("*.md"))


def markdown(notes: Path) -> int:
    """Parse all notes, and look at nothing."""
    from pyromark import events_with_range

    from kg.markdown import OPTIONS

    texts = (path.read_text(encoding="utf-8", errors="replace") for path in notes.rglob("*.md"))
    return sum(1 for text in texts for _ in events_with_range(text, options=OPTIONS))


def document(notes: Path) -> int:
    """Read all notes as kg does."""
    from kg import markdown, vault

    read = (vault.read(notes, each.path, 100_000_000) for each in vault.listing(notes).found)
    return sum(len(markdown.read(note).passages) for note in read if not isinstance(note, vault.Skipped))


def load(triples: Path) -> int:
    """Load triples into a store on disk."""
    from pyoxigraph import RdfFormat, Store

    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        store.bulk_load(path=str(triples), format=RdfFormat.N_TRIPLES, lenient=True)
        store.flush()
    return triples.stat().st_size


def rdflib(triples: Path) -> int:
    """Load triples into rdflib."""
    from rdflib import Graph

    return len(Graph().parse(triples, format="nt"))


def links(notes: Path) -> str:
    """Read the links with obsidiantools: notes, links, and how many of these find a note."""
    from obsidiantools.api import Vault

    vault = Vault(notes).connect()
    ends = [end for _, end in vault.graph.edges()]
    return f"{len(vault.md_file_index)} {len(ends)} {sum(end in vault.md_file_index for end in ends)}"


STEPS: dict[str, Callable[[Path], object]] = {each.__name__: each for each in (read, markdown, document, load, rdflib, links)}

if __name__ == "__main__":
    print(STEPS[sys.argv[1]](Path(sys.argv[2])))
