"""How well a graph says what annotated notes say: ``make gold``.

Builds a graph of the notes as anybody would, reads from it what it says of the annotated ones, and
prints the table of the annotations' own scorer, the same for facts alone, and the precision of every
rule. Annotations are read from KG_GOLD (a file, or a folder of them; else shared/gold, found upward),
the notes from KG_OECD, the scorer from KG_SCORER. None of them is part of the project, so that nothing
in it can have been learnt from their names. With -v, what is wrong and what is missed is listed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kg import clock, corpus, index, markdown, pipeline, vault  # noqa: E402
from kg.config import Config  # noqa: E402
from kg.graph import Graph, open_graph  # noqa: E402
from kg.model import Document, Mentioned  # noqa: E402

CONFIG = Config()
KINDS = {"initiatives": "initiative", "organisations": "organisation", "persons": "person", "themes": "theme"}
PREDICATES = {
    ("initiative", "country"): "implementedIn",
    ("organisation", "country"): "basedIn",
    ("initiative", "organisation"): "ledBy",
    ("person", "organisation"): "affiliatedWith",
    ("initiative", "theme"): "addressesTheme",
}


def found(name: str, variable: str) -> Path:
    """Find a folder beside the checkout, or where an environment variable says."""
    given = os.environ.get(variable)
    beside = [folder / "shared" / name for folder in ROOT.parents]
    return Path(given) if given else next((each for each in beside if each.is_dir()), beside[0])


def links(graph: Graph, note: str) -> list[dict[str, Any]]:
    """List the links of a note as the annotations have them."""
    return [{"line": each.line, "target": each.target, "resolved": each.found or None} for each in index.links(graph.generation.index, note)]


def countries(mentions: Iterable[Mentioned], lines: list[str]) -> list[dict[str, Any]]:
    """List the countries that a note names, each with its place in its line as the annotations count it."""
    seen: dict[tuple[int, str], int] = defaultdict(int)
    rows = []
    for each in (each for each in mentions if each.kind == "country"):
        start = cleaned(lines[each.line - 1]).find(each.surface, seen[each.line, each.surface])
        seen[each.line, each.surface] = start + 1
        rows.append({"line": each.line, "code": each.key, "start": start, "end": start + len(each.surface)})
    return rows


def called(mentions: Iterable[Mentioned], kind: str, titles: dict[str, str]) -> list[dict[str, Any]]:
    """List the things of a kind that a note names, each once, with all its spellings there and the rules that found it."""
    spelt: dict[str, dict[str, None]] = {}
    rules: dict[str, set[str]] = {}
    for each in (each for each in mentions if each.kind == kind):
        # The annotations call a theme by the title of the note that it is the subject of.
        spelt.setdefault(each.key, {})[titles.get(each.key, "") or " ".join(each.surface.split())] = None
        rules.setdefault(each.key, set()).add(each.rule)
    return [
        {"key": key, "name": min(each), "label": min(each), "aliases": sorted(each)[1:], "rules": sorted(rules[key])} for key, each in spelt.items()
    ]


def relations(graph: Graph, mentions: list[Mentioned], note: str, *, suggested: bool) -> list[dict[str, Any]]:
    """List what the claims of a note say, in the words of the annotations."""
    asked = "SELECT ?s ?p ?o ?rule { ?c :note ?n; rdf:subject ?s; rdf:predicate ?p; rdf:object ?o; :rule ?rule }"
    rows = graph.query(asked.replace("?n;", f"<{graph.names.note(note)}>;"), suggested=suggested).rows
    surfaces: dict[str, str] = {}
    for each in sorted(mentions, key=lambda each: (-len(each.surface), each.line)):  # the whole name, not its letters
        surfaces.setdefault(graph.names.entity(each.kind, each.key), " ".join(each.surface.split()))
    base = graph.names.base
    said = []
    for subject, verb, thing, rule in (map(str, row) for row in rows):
        kinds = (subject.removeprefix(base).partition("/")[0], thing.removeprefix(base).partition("/")[0])
        if kinds in PREDICATES and verb.rpartition("#")[2] == kinds[1]:
            code = thing.rpartition("/")[2]
            name = code if kinds[1] == "country" else surfaces.get(thing, code)
            said.append({"subject": surfaces.get(subject, ""), "predicate": PREDICATES[kinds], "object": name, "rule": rule})
    return said


def cleaned(line: str) -> str:
    """Write a line as the annotations see it: without tags, link targets and stars."""
    line = re.sub(r"\s?<a\b[^>]*>.*?</a>", "", line)
    line = re.sub(r"\[\[([^\[\]]*)\]\]", lambda match: match[1].rpartition("|")[2].strip(), line)
    return line.replace("**", "").removeprefix("title: ")


def timestamps(document: Document, cited: dict[str, list[int]]) -> list[dict[str, Any]]:
    """List the timestamps of a note with the second that is claimed of each, or None."""
    said = Counter(map(tuple, cited.values()))
    known = clock.evidence(clock.cited(said, corpus.duration(document)), cited.get(document.path, ()))
    stamps = corpus.stamps(document)
    read = clock.settle([stamp.code for stamp in stamps], known, CONFIG.longest)
    return [
        {"line": stamp.line, "raw": stamp.written or stamp.shown, "seconds": each.second if each.known else None}
        for stamp, each in zip(stamps, read, strict=True)
    ]


def times(folder: Path) -> tuple[dict[str, Document], dict[str, dict[str, list[int]]]]:
    """Read every note, and what is cited of each video by whom."""
    notes = (vault.read(folder, each.path, CONFIG.largest) for each in vault.listing(folder).found)
    read = {note.path: markdown.read(note) for note in notes if not isinstance(note, vault.Skipped)}
    cited: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for path, document in read.items():
        video = corpus.source(document, CONFIG)
        if video:
            cited[video][path] = clock.certain((stamp.code for stamp in corpus.stamps(document)), CONFIG.longest)
    return read, cited


def predict(graph: Graph, note: str, lines: list[str], titles: dict[str, str], *, suggested: bool) -> dict[str, Any]:
    """Give what the graph says of one note, with what it suggests or without."""
    named = [each for each in index.mentions(graph.generation.index, note) if not each.why and (suggested or each.fact)]
    return {
        "note": note,
        "links": links(graph, note),
        "countries": countries(named, lines),
        **{key: called(named, kind, titles if kind == "theme" else {}) for key, kind in KINDS.items()},
        "relations": relations(graph, named, note, suggested=suggested),
    }


def inputs() -> tuple[list[Path], Path, Any]:
    """Give the files of annotations, the folder of notes, and the annotations' own scorer; without them there is nothing to do."""
    gold, notes = found("gold", "KG_GOLD"), found("corpus/oecd", "KG_OECD")
    files = [gold] if gold.is_file() else sorted(gold.glob("*.json"))
    scorer = found("gold", "KG_SCORER") / "score.py"
    if not files or not notes.is_dir() or not scorer.is_file():
        sys.exit("no annotated notes here; say where with KG_GOLD, KG_OECD and KG_SCORER")
    return files, notes, _module(scorer)


def main() -> None:
    """Build, predict, score, print."""
    files, notes, score = inputs()
    with tempfile.TemporaryDirectory() as folder:
        pipeline.build(notes, Path(folder) / "graph", CONFIG)
        graph = open_graph(Path(folder) / "graph")
        read, cited = times(notes)
        titles = {theme.rpartition("/")[2]: label for theme, label in graph.query("SELECT ?t ?l { ?t a :Theme; rdfs:label ?l }")}
        for file in files:
            annotated = json.loads(file.read_text(encoding="utf-8"))["notes"]
            paths = [each["note"] for each in annotated]
            lines = {path: (notes / path).read_text(encoding="utf-8").split("\n") for path in paths}
            all_said = [predict(graph, path, lines[path], titles, suggested=True) for path in paths]
            for each in all_said:
                document = read[each["note"]]
                each["timestamps"] = timestamps(document, cited[corpus.source(document, CONFIG) or ""])
            facts = [predict(graph, path, lines[path], titles, suggested=False) for path in paths]
            print(f"\n{file.name}: facts and suggestions")
            print(table(score, file, all_said))
            print(f"{file.name}: facts alone")
            print("\n".join(line for line in table(score, file, facts).split("\n") if not line.startswith(("links", "timestamps", "countries"))))
            rules(annotated, all_said, score, verbose="-v" in sys.argv)


def table(score: Any, file: Path, predicted: list[dict[str, Any]]) -> str:
    """Give the scorer's own table."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as out, redirect_stdout(StringIO()) as said:
        json.dump({"notes": predicted}, out)
        out.flush()
        score.main(str(file), out.name)
        return said.getvalue()


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rules(annotated: list[dict[str, Any]], predicted: list[dict[str, Any]], score: Any, *, verbose: bool) -> None:
    """Print how often each rule was right; what is optional in the annotations counts neither way."""
    for key in KINDS:
        right: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for gold, said in zip(annotated, predicted, strict=True):
            used = set()
            for each in said[key]:
                hits = [
                    at
                    for at, one in enumerate(gold[key])
                    if any(_same(score, key, a, b) for a in [each["name"], *each["aliases"]] for b in _names(one))
                ]
                used.update(hits)
                if verbose and not hits:
                    print(f"  wrong {key[:-1]} {[each['name'], *each['aliases']]} {each['rules']} in {gold['note']}")
                for rule in each["rules"]:
                    right[rule] += any(not gold[key][at].get("optional") for at in hits)
                    wrong[rule] += not hits
            for at, one in enumerate(gold[key]):
                if verbose and at not in used and not one.get("optional"):
                    print(f"  missed {key[:-1]} {_names(one)} {one.get('source', '')} in {gold['note']}")
        _told(key, right, wrong)
    right, wrong = Counter(), Counter()
    for gold, said in zip(annotated, predicted, strict=True):
        for each in said["relations"]:
            hits = [one for one in gold["relations"] if one["predicate"] == each["predicate"] and _related(score, one, each)]
            name = f"{each['predicate']} {each['rule']}"
            right[name] += any(not one.get("optional") for one in hits)
            wrong[name] += not hits
            if verbose and not hits:
                print(f"  wrong {each} in {gold['note']}")
        for one in gold["relations"]:
            if (
                verbose
                and not one.get("optional")
                and not any(one["predicate"] == each["predicate"] and _related(score, one, each) for each in said["relations"])
            ):
                print(f"  missed {one} in {gold['note']}")
    _told("relations", right, wrong)


def _related(score: Any, one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(score.lvl(one["subject"], other["subject"]) and score.lvl(one["object"], other["object"]))


def _names(one: dict[str, Any]) -> list[str]:
    return [one.get("name") or one["label"], *one.get("aliases", [])]


def _told(what: str, right: Counter[str], wrong: Counter[str]) -> None:
    print(f"{what}: " + ", ".join(f"{rule} {right[rule]}/{right[rule] + wrong[rule]}" for rule in sorted(right | wrong)))


def _same(score: Any, key: str, one: str, other: str) -> bool:
    if key != "themes":
        return bool(score.lvl(one, other))
    a, b = set(score.norm(one).split()), set(score.norm(other).split())
    return score.norm(one) == score.norm(other) or len(a & b) >= 0.5 * max(1, len(a | b))


if __name__ == "__main__":
    main()
