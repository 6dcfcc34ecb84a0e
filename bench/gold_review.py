"""What a review of candidates is worth: ``make gold-review``.

Builds a graph of the notes, takes the first 400 candidates for initiatives in their order, and lets a
reviewer who knows the annotated notes answer those that stand in one of them: accepted if it is an
initiative there, else rejected. The others are passed over, as are those that nobody could answer.
The answers go into a vocabulary in a folder of its own, never beside the notes; the graph is built
again, and both graphs are scored by the annotations' own scorer. Where things are is told as for
``bench/gold.py``; with -v, every answer is listed, and what is missed after it.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from gold import CONFIG, _names, called, inputs
from kg import index, pipeline, settled, vocabulary
from kg.candidates import Candidate, candidates
from kg.extract import normal
from kg.graph import Graph, open_graph
from kg.review import accepted, rejected

QUESTIONS = 400


def main() -> None:
    """Build, answer, build again, score both."""
    files, notes, score = inputs()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        config = replace(CONFIG, root=home)
        pipeline.build(notes, home / "graph", config)
        graph = open_graph(home / "graph")
        asked = candidates(graph, settled.context(config, notes), kinds=("initiative",))
        for file in files:
            reviewed(file, graph, asked, home, notes, score)


def reviewed(file: Path, graph: Graph, asked: list[Candidate], home: Path, notes: Path, score: Any) -> None:
    """Answer from one file of annotated notes, and print what that changes."""
    annotated = json.loads(file.read_text(encoding="utf-8"))["notes"]
    first = asked[:QUESTIONS]
    known = {each["note"]: each["initiatives"] for each in annotated}
    answers = [(each, right) for each in first if (right := answer(each, known, score)) is not None]
    path = home / "vocabulary.yaml"
    base, kinds = graph.names.base, settled.context(CONFIG, notes).kinds
    entries: dict[Any, Any] = {}
    for each, right in answers:
        entry = accepted(each.kind, each.name, each.spellings, entries) if right else rejected(each.kind, each.name)
        path_entries = vocabulary.add(path, [entry], base, kinds).entries
        entries = {(one.kind, key): one for one in path_entries for key in map(normal, one.spellings)}
    second = home / file.stem
    shutil.copytree(home / "graph", second)
    pipeline.build(notes, second, replace(CONFIG, root=home))
    after = open_graph(second)
    yes = sum(right for _, right in answers)
    print(
        f"\n{file.name}: {len(first)} candidates of {len(asked)}; {len(answers)} stand in annotated notes: {yes} accepted, {len(answers) - yes} rejected"
    )
    for suggested, what in ((True, "facts and suggestions"), (False, "facts alone")):
        print(f"  {what:22s} before {line(graph, annotated, score, suggested=suggested)}")
        print(f"  {'':22s} after  {line(after, annotated, score, suggested=suggested)}")
    if "-v" in sys.argv:
        for at, each in enumerate(first):
            for one, right in answers:
                if one is each:
                    print(f"  {at + 1:3d} {'yes' if right else 'no '} {each.name!r} {each.rules[0]} in {len(each.paths)} notes")
        for missed in missing(after, annotated, asked, score):
            print(f"  missed {missed}")
    path.unlink(missing_ok=True)


def answer(candidate: Candidate, known: dict[str, Any], score: Any) -> bool | None:
    """Say whether a candidate is an initiative, or nothing if no annotated note has it."""
    here = [known[path] for path in candidate.paths if path in known]
    if not here:
        return None
    return any(alike(score, [candidate.name, *candidate.spellings], _names(one)) for each in here for one in each)


def alike(score: Any, one: list[str], other: list[str]) -> bool:
    """Say whether some name of one thing is, leniently, some name of another."""
    return any(score.lvl(a, b) for a in one for b in other)


def said(graph: Graph, note: str, *, suggested: bool) -> list[dict[str, Any]]:
    """List the initiatives that a graph names in a note."""
    return called([each for each in index.mentions(graph.generation.index, note) if not each.why and (suggested or each.fact)], "initiative", {})


def line(graph: Graph, annotated: list[dict[str, Any]], score: Any, *, suggested: bool) -> str:
    """Give the scores of a graph, strict and lenient."""
    predicted = {each["note"]: {"initiatives": said(graph, each["note"], suggested=suggested)} for each in annotated}
    strict, lenient = (score.names(annotated, predicted, "initiatives", level) for level in (2, 1))
    return f"strict F1 {strict['F1']:.3f}   lenient P {lenient['P']:.3f} R {lenient['R']:.3f} F1 {lenient['F1']:.3f}"


def missing(graph: Graph, annotated: list[dict[str, Any]], asked: list[Candidate], score: Any) -> Iterator[str]:
    """Tell what a graph does not name as a fact, and the place of the candidate that is it, if there is one."""
    for each in annotated:
        names = [[one["name"], *one["aliases"]] for one in said(graph, each["note"], suggested=False)]
        for one in each["initiatives"]:
            if not one.get("optional") and not any(alike(score, spelt, _names(one)) for spelt in names):
                places = [at + 1 for at, it in enumerate(asked) if each["note"] in it.paths and alike(score, [it.name, *it.spellings], _names(one))]
                yield f"{_names(one)} in {each['note']}: candidate {places or 'none'}"


if __name__ == "__main__":
    main()
