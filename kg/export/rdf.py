"""Turtle, TriG, N-Triples and N-Quads: text that a person can read, a diff can compare and every tool can load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kg import turtle
from kg.export.said import Said, by_subject, expanded, place, predicates
from kg.names import Names
from kg.terms import TYPE


def as_turtle(parts: list[Said], names: Names) -> Iterator[str]:
    """Write parts one after the other, each in order of its subjects."""
    used: set[str] = set()
    shorten = turtle.shortener(names, used)
    body = "\n".join(text for part in parts for text in _blocks(part, shorten))
    yield turtle.head(used, names)
    yield body


def as_trig(parts: list[Said], graphs: Mapping[str, Said], names: Names) -> Iterator[str]:
    """Write parts as the default graph, and then the named graphs."""
    used: set[str] = set()
    shorten = turtle.shortener(names, used)
    body = ["\n".join(text for part in parts for text in _blocks(part, shorten))]
    for graph, said in graphs.items():
        inner = "\n".join(_blocks(said, shorten, "    "))
        body.append(f"\n{shorten(graph)} {{\n{inner}}}\n")
    yield turtle.head(used, names)
    yield from body


def as_ntriples(parts: list[Said]) -> Iterator[str]:
    """Write a triple on every line, in order of subjects, properties, objects."""
    for part in parts:
        yield from _lines(part, " .\n")


def as_nquads(parts: list[Said], graphs: Mapping[str, Said]) -> Iterator[str]:
    """Write the default graph, and then the named graphs."""
    yield from as_ntriples(parts)
    for graph, said in graphs.items():
        yield from _lines(said, f" {graph} .\n")


def _lines(said: Said, end: str) -> Iterator[str]:
    for subject, properties in by_subject(said, sorted(said)):
        yield "".join(f"{subject} {predicate} {expanded(thing)}{end}" for predicate, *things in properties for thing in things)


def _blocks(said: Said, shorten: Callable[[str], str], indent: str = "") -> Iterator[str]:
    """Write a text for each subject; the loop that half a million times goes through decides how fast all of this is."""
    found: dict[str, list[str]] = {}
    for predicate in predicates(said):
        verb = f" ;\n{indent}    {'a' if predicate == TYPE else shorten(predicate)} "
        last = ""
        stated: list[str] = []
        for row in sorted(said[predicate]):
            subject, thing = row.split("\t")
            if thing[-1] != '"':  # not a plain text, as four in ten are
                thing = shorten(thing)
            if subject == last:
                stated += (", ", thing)
                continue
            last = subject
            if subject in found:
                stated = found[subject]
                stated += (verb, thing)
            else:
                found[subject] = stated = [verb, thing]
    cut = len(indent) + len(" ;\n    ")
    for subject in sorted(found, key=place):
        yield f"{indent}{shorten(subject)} {''.join(found[subject])[cut:]} .\n"
