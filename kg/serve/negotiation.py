"""Which form of an answer a client is given: what it accepts, weighed (RFC 9110, section 12.5.1), and what there is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

HTML = "text/html"
ROWS: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "html": (HTML, "application/xhtml+xml"),
    "table": ("text/plain",),
}
"""Forms of rows, and the media types that ask for them; the first names the answer. The first form goes to those who take anything."""
GRAPHS: Mapping[str, tuple[str, ...]] = {
    "turtle": ("text/turtle", "application/x-turtle", "text/plain"),
    "ntriples": ("application/n-triples",),
    "jsonld": ("application/ld+json", "application/json"),
    "xml": ("application/rdf+xml", "application/xml", "text/xml"),
    "html": (HTML, "application/xhtml+xml"),
}
"""The same for triples."""
NAMES: Mapping[str, str] = {
    "json": "json", "srj": "json", "xml": "xml", "srx": "xml", "rdf": "xml", "rdfxml": "xml", "csv": "csv", "tsv": "tsv", "html": "html", "text": "table",
    "table": "table", "turtle": "turtle", "ttl": "turtle", "ntriples": "ntriples", "nt": "ntriples", "jsonld": "jsonld", "json-ld": "jsonld",
}  # fmt: skip
"""What ``format=`` may say, beside media types; each is looked for in the forms of rows and in those of triples."""
PAGES: Mapping[str, tuple[str, ...]] = {
    "html": (HTML, "application/xhtml+xml"),
    **{form: GRAPHS[form] for form in ("turtle", "jsonld", "ntriples", "xml")},
}
ENDINGS = {".html": "html", ".ttl": "turtle", ".jsonld": "jsonld", ".json": "jsonld", ".nt": "ntriples", ".rdf": "xml"}
"""Endings of addresses that ask for a form."""
_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*", re.ASCII)
_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE | re.ASCII)
_LONGEST = 4000


class Accepted(NamedTuple):
    """A range of media types and its weight."""

    kind: str
    subtype: str
    weight: float


def accepted(header: str) -> list[Accepted]:
    """Read an ``Accept`` header; what is no media range in it is left out.

    >>> accepted("text/csv;q=0.5, application/*")
    [Accepted(kind='text', subtype='csv', weight=0.5), Accepted(kind='application', subtype='*', weight=1.0)]
    """
    found = []
    for part in header[:_LONGEST].split(","):
        said, *parameters = part.split(";")
        match = _RANGE.fullmatch(said)
        if not match:
            continue
        weights = [weight for each in parameters if (weight := _WEIGHT.fullmatch(each.strip()))]
        found.append(Accepted(match[1].lower(), match[2].lower(), float(weights[0][1]) if weights else 1.0))
    return found


def choose(header: str | None, forms: Mapping[str, Sequence[str]]) -> str | None:
    """Choose the form that a client likes best, or None if it takes none of them.

    Of those that it likes equally well, one that it names goes before one that it only allows.

    >>> choose("text/html;q=0.8, text/csv", ROWS), choose("*/*", ROWS), choose("image/png", ROWS), choose(None, GRAPHS)
    ('csv', 'json', None, 'turtle')
    """
    ranges = accepted(header) if header and header.strip() else []
    if not ranges:
        return next(iter(forms))
    best: tuple[float, int, int] = (0.0, 0, 0)
    chosen = None
    for at, (form, types) in enumerate(forms.items()):
        for media in types:
            kind, _, subtype = media.partition("/")
            # The most exact range says the weight, whatever a wider one says.
            exact, weight = max(
                (
                    ((each.subtype == subtype) + (each.kind == kind), each.weight)
                    for each in ranges
                    if each.kind in (kind, "*") and each.subtype in (subtype, "*")
                ),
                default=(0, 0.0),
            )
            if weight and (weight, exact, -at) > best:
                best, chosen = (weight, exact, -at), form
    return chosen


def asked(name: str, forms: Mapping[str, Sequence[str]]) -> str | None:
    """Give the form that ``format=`` names, by its own name or its media type; None if these forms have none such.

    >>> asked("csv", ROWS), asked("csv", GRAPHS), asked("text/turtle", GRAPHS)
    ('csv', None, 'turtle')
    """
    plain = name.strip().lower()
    for form, types in forms.items():
        if plain in types:
            return form
    form = NAMES.get(plain, "")
    if form == "json" and form not in forms:
        form = "jsonld"
    return form if form in forms else None


def media(form: str, forms: Mapping[str, Sequence[str]]) -> str:
    """Write the media type of a form, with its encoding where that needs to be said."""
    name = forms[form][0] if form != "table" else "text/plain"
    return f"{name}; charset=utf-8" if name.startswith("text/") else name


__all__ = ["ENDINGS", "GRAPHS", "HTML", "PAGES", "ROWS", "accepted", "asked", "choose", "media"]
