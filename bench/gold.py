"""How well a graph says what annotated notes say: ``make gold``.

Reads the annotations and their own scorer from KG_GOLD (or shared/gold, found upward), predicts with
the same functions that a build uses, and prints the scorer's table. The annotations are not part of
the project, so that nothing in it can have been learnt from their names.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kg import clock, corpus, extract, markdown, vault  # noqa: E402
from kg.config import Config  # noqa: E402
from kg.extract import Named  # noqa: E402
from kg.extract.relations import relations  # noqa: E402
from kg.model import Document, Mention  # noqa: E402
from kg.resolve import Table, resolve, table, wanted  # noqa: E402

CONFIG = Config()


def found(name: str, variable: str) -> Path:
    """Find a folder beside the checkout, or where an environment variable says."""
    given = os.environ.get(variable)
    beside = [folder / "shared" / name for folder in ROOT.parents]
    return Path(given) if given else next((each for each in beside if each.is_dir()), beside[0])


def documents(folder: Path) -> dict[str, Document]:
    """Read every note of a folder."""
    notes = (vault.read(folder, each.path, CONFIG.largest) for each in vault.listing(folder).found)
    return {note.path: markdown.read(note) for note in notes if not isinstance(note, vault.Skipped)}


def links(document: Document, known: Table) -> list[dict[str, Any]]:
    """List the links of a note as the annotations have them."""
    written = [*document.channels, *(link for part in document.parts for link in part.links)]
    return [{"line": link.line, "target": link.target, "resolved": resolve(known, wanted(link) or "", document.path).path} for link in written]


def countries(named: Named, lines: list[str]) -> list[dict[str, Any]]:
    """List the countries that a note names, each with its place in its line as the annotations count it."""
    document = named.document
    texts: list[tuple[int, str, tuple[Mention, ...]]] = [(document.title_line, document.title, named.title)]
    texts += [(part.line, part.text, said) for part, said in zip(document.parts, (*named.sections, *named.passages), strict=True)]
    seen: dict[tuple[int, str], int] = defaultdict(int)
    rows = []
    for first, text, mentions in texts:
        for mention in (each for each in mentions if each.kind == "country"):
            line = first + text.count("\n", 0, mention.start)
            start = cleaned(lines[line - 1]).find(mention.surface, seen[line, mention.surface])
            seen[line, mention.surface] = start + 1
            rows.append({"line": line, "code": mention.key, "start": start, "end": start + len(mention.surface)})
    return rows


def initiatives(named: Named) -> list[str]:
    """List the initiatives that a note names, each once."""
    found = {
        mention.key: mention.surface for said in (named.title, *named.sections, *named.passages) for mention in said if mention.kind == "initiative"
    }
    return sorted(found.values())


def related(named: Named) -> list[dict[str, Any]]:
    """List the countries of initiatives, as the annotations call that."""
    return [
        {"subject": each.subject.surface, "predicate": "implementedIn", "object": each.object.key}
        for part, said in zip(named.document.passages, named.passages, strict=True)
        for each in relations(part.text, said)
    ]


def cleaned(line: str) -> str:
    """Write a line as the annotations see it: without tags, link targets and stars."""
    line = re.sub(r"\s?<a\b[^>]*>.*?</a>", "", line)
    line = re.sub(r"\[\[([^\[\]]*)\]\]", lambda match: match[1].rpartition("|")[2].strip(), line)
    return line.replace("**", "").removeprefix("title: ")


def timestamps(document: Document, cited: dict[str, list[int]]) -> list[dict[str, Any]]:
    """List the timestamps of a note with the second that is claimed of each, or None."""
    others = [seconds for path, seconds in cited.items() if path != document.path]
    known = clock.evidence(others, cited.get(document.path, ()), corpus.duration(document))
    stamps = corpus.stamps(document)
    read = clock.settle([stamp.code for stamp in stamps], known, CONFIG.longest)
    return [
        {"line": stamp.line, "raw": stamp.written or stamp.shown, "seconds": each.second if each.known else None}
        for stamp, each in zip(stamps, read, strict=True)
    ]


def main() -> None:
    """Predict, score, print."""
    gold, notes = found("gold", "KG_GOLD"), found("corpus/oecd", "KG_OECD")
    if not (gold / "dev.json").is_file() or not notes.is_dir():
        sys.exit("no annotated notes here; say where with KG_GOLD and KG_OECD")
    read = documents(notes)
    known = table(((path, offer) for path, document in read.items() for offer in corpus.offers(document, CONFIG)), {})
    cited: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for path, document in read.items():
        video = corpus.source(document, CONFIG)
        if video:
            cited[video][path] = clock.certain((stamp.code for stamp in corpus.stamps(document)), CONFIG.longest)
    wanted_notes = [each["note"] for each in json.loads((gold / "dev.json").read_text(encoding="utf-8"))["notes"]]
    predicted = []
    for path in wanted_notes:
        document = read[path]
        named = extract.named(document, extract.builtin())
        predicted.append(
            {
                "note": path,
                "links": links(document, known),
                "countries": countries(named, (notes / path).read_text(encoding="utf-8").split("\n")),
                "timestamps": timestamps(document, cited[corpus.source(document, CONFIG) or ""]),
                "initiatives": [{"name": name} for name in initiatives(named)],
                "organisations": [],
                "persons": [],
                "themes": [],
                "relations": related(named),
            }
        )
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump({"notes": predicted}, file)
        file.flush()
        subprocess.run([sys.executable, str(gold / "score.py"), str(gold / "dev.json"), file.name], check=True)


if __name__ == "__main__":
    main()
