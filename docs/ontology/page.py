"""Write the pages on the ontology: index.html, terms.md and diagram.svg, from kg.ttl, shapes.ttl and examples.md.

    python docs/ontology/page.py            write them beside this file
    python docs/ontology/page.py FOLDER     write them elsewhere

The page is one file without scripts that needs no network. Each term has its local name as anchor, so that
the page can answer at the address of the namespace itself. The same files give the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from rdflib import DCTERMS, OWL, RDFS, SKOS, Namespace

import diagram
from terms import HERE, Ontology, Term, read

VANN = Namespace("http://purl.org/vocab/vann/")
KINDS = {"class": "Classes", "object": "Properties that lead to things", "data": "Properties that hold values"}
LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish"}
STYLE = """
:root{--paper:#fff;--ink:#1c2430;--soft:#5c6675;--rule:#dde2e9;--tint:#f4f6f9;--link:#1d4f91;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--paper:#14181e;--ink:#e6eaf0;--soft:#9aa5b4;--rule:#2c343f;--tint:#1c222a;--link:#8ab8f5}}
*{box-sizing:border-box}html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
a{color:var(--link)}h1{font-size:1.9rem;line-height:1.2;margin:.2em 0}h2{margin:3rem 0 1rem;font-size:1.4rem;border-bottom:1px solid var(--rule)}
h3{margin:0;font-size:1.15rem}h3 a{color:inherit;text-decoration:none}h3 a:hover,h3 a:focus{text-decoration:underline}
.soft,dt,small{color:var(--soft)}code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}code{overflow-wrap:anywhere}
pre{margin:.3rem 0;padding:.7rem .9rem;background:var(--tint);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
section.term{margin:1.2rem 0;padding:1rem 1.1rem;border:1px solid var(--rule);border-radius:8px}section.term:target{border-color:var(--link);box-shadow:0 0 0 1px var(--link)}
.term p{margin:.5rem 0}dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.25rem 1rem;margin:.7rem 0}dd{margin:0;min-width:0}
.index{columns:12rem;padding:0;list-style:none;margin:.5rem 0}.wide{margin-inline:calc(50% - min(50vw - 1rem,46rem));overflow-x:auto;border:1px solid var(--rule);border-radius:8px}.wide svg{display:block;min-width:1150px;width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;margin:.4rem 0}th{text-align:left;font-weight:500;color:var(--soft)}td,th{padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--link)}
@media (max-width:38rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}h1{font-size:1.5rem}}
@media print{details>*{display:block}.wide svg{min-width:0}}
"""


def html(ontology: Ontology) -> str:
    """Write the page."""
    title, version = ontology.said(DCTERMS.title), ontology.said(OWL.versionInfo)
    body = [
        f"<header><p class=soft>Version {version}, {ontology.said(DCTERMS.modified)}</p><h1>{title}</h1><p>{escape(ontology.said(DCTERMS.description))}</p>",
        f"<p>{escape(ontology.said(RDFS.comment))}</p>{_facts(ontology)}</header>",
        f'<h2 id="page-diagram">The whole at a glance</h2><div class=wide tabindex=0>{diagram.svg(ontology)}</div>',
        '<h2 id="page-terms">All terms</h2>', *_index(ontology),
        *(part for kind, heading in KINDS.items() for part in _terms(ontology, kind, heading)),
        '<h2 id="page-others">Terms of other vocabularies that the data uses</h2>', _others(ontology),
        '<h2 id="page-changes">What changed</h2>', f"<p>{escape(ontology.said(SKOS.changeNote))}</p>",
    ]  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{title} {version}</title><meta name="description" content="{escape(ontology.said(DCTERMS.description))}">'
        f'<link rel="alternate" type="text/turtle" href="../../ontology/kg.ttl"><style>{STYLE}</style>'
        f'<script type="application/ld+json">{_metadata(ontology)}</script></head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"
    )


def _facts(ontology: Ontology) -> str:
    rows = {
        "Namespace": f"<code>{ontology.said(VANN.preferredNamespaceUri)}</code>, as <code>{ontology.said(VANN.preferredNamespacePrefix)}:</code>; queries may write <code>:</code> alone",
        "About the name": escape(ontology.said(SKOS.scopeNote)),
        "This version": f"<code>{ontology.said(OWL.versionIRI)}</code>",
        "Version before": f"<code>{ontology.said(OWL.priorVersion)}</code>",
        "Licence": f'<a href="{ontology.said(DCTERMS.license)}">Creative Commons Attribution 4.0</a>',
        "To cite it": escape(ontology.said(DCTERMS.bibliographicCitation)),
        "Files": '<a href="../../ontology/kg.ttl">kg.ttl</a> (the ontology), <a href="../../ontology/shapes.ttl">shapes.ttl</a> (SHACL), '
        '<a href="../../ontology/context.jsonld">context.jsonld</a> (JSON-LD), <a href="README.md">README.md</a> (how to use and extend it)',
        "Profile": "OWL 2 DL and OWL 2 RL; checked with HermiT",
    }
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{said}</dd>' for name, said in rows.items())}</dl>"


def _index(ontology: Ontology) -> Iterator[str]:
    for kind, heading in KINDS.items():
        links = "".join(f'<li><a href="#{each.name}">{each.name}</a></li>' for each in ontology.terms if each.kind == kind)
        yield f"<p><b>{heading}</b></p><ul class=index>{links}</ul>"


def _terms(ontology: Ontology, kind: str, heading: str) -> Iterator[str]:
    yield f'<h2 id="page-{kind}">{heading}</h2>'
    yield from (_term(each, ontology) for each in ontology.terms if each.kind == kind)


def _term(term: Term, ontology: Ontology) -> str:
    above, below = ("Kind of", "Kinds of it") if term.kind == "class" else ("Means also", "Narrower")
    rows = {
        "In words": "; ".join(f"<span lang={language}>{escape(text)}</span> ({LANGUAGES[language]})" for language, text in _ordered(term.labels)),
        "IRI": f"<code>{term.iri}</code>",
        above: _links(term.parents),
        below: _links(term.children),
        "Of": _links(term.domain),
        "Leads to" if term.kind == "object" else "Values": _links(term.range),
        "At most": "one value" if term.functional else "",
        "Never also": _links(term.disjoint),
        "Compare": _links(term.see),
        "Remarks": "<br>".join(map(escape, term.remarks)),
    }
    example = ontology.queries[term.name]
    command = f"<details><summary>Ask: {escape(example.question)}</summary><pre>{escape(example.query)}</pre><small>Answered {example.where}.</small></details>"
    return (
        f'<section class=term id="{term.name}"><h3><a href="#{term.name}">{term.name}</a></h3><p>{escape(term.definition)}</p>'
        f"<dl>{''.join(f'<dt>{name}</dt><dd>{said}</dd>' for name, said in rows.items() if said)}</dl>"
        f"{_properties(term, ontology)}{''.join(f'<pre>{escape(each)}</pre>' for each in term.examples)}{command}</section>"
    )


def _properties(term: Term, ontology: Ontology) -> str:
    """List what a thing of a class has, and how many values."""
    if term.kind != "class":
        return ""
    own = {f"kg:{term.name}", *(each for each in term.parents if each.startswith("kg:"))}
    found = [(each.name, _links(each.range)) for each in ontology.terms if own & set(each.domain)]
    foreign = sorted(name for of, name in ontology.counts if of == term.name and ":" in name)
    rows = [
        f"<tr><td>{_links([name if ':' in name else f'kg:{name}'])}</td><td>{leads}</td><td>{ontology.counts.get((term.name, name), 'any')}</td></tr>"
        for name, leads in (*found, *((name, "") for name in foreign))
    ]
    return f"<table><tr><th>Property</th><th>Leads to</th><th>How many</th></tr>{''.join(rows)}</table>" if rows else ""


def _others(ontology: Ontology) -> str:
    rows = (
        f'<tr id="{each.name}"><td>{_links([each.name])}</td><td>{"class" if each.kind == "class" else "property"}</td><td>{escape(" ".join(each.remarks))}</td></tr>'
        for each in ontology.used
    )
    reified = "A claim has <code>rdf:subject</code>, <code>rdf:predicate</code> and <code>rdf:object</code>; every named thing has a plain <code>rdfs:label</code>."
    return f"<table><tr><th>Term</th><th></th><th>What it is used for</th></tr>{''.join(rows)}</table><p>{reified}</p>"


def _links(names: Iterable[str]) -> str:
    def link(name: str) -> str:
        own = name.removeprefix("kg:")
        return f'<a href="#{own}">{own}</a>' if own != name else f"<code>{name}</code>"

    return ", ".join(map(link, names))


def _ordered(labels: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, labels[language]) for language in LANGUAGES if language in labels]


def _metadata(ontology: Ontology) -> str:
    """Say what the page is to programs that look for data sets and vocabularies."""
    facts = {
        "@context": "https://schema.org/",
        "@type": "DefinedTermSet",
        "@id": str(ontology.header),
        "name": ontology.said(DCTERMS.title),
        "description": ontology.said(DCTERMS.description),
        "version": ontology.said(OWL.versionInfo),
        "license": ontology.said(DCTERMS.license),
        "dateModified": ontology.said(DCTERMS.modified),
        "creator": {"@type": "Organization", "name": ontology.said(DCTERMS.creator)},
    }
    return json.dumps(facts).replace("<", "\\u003c")


_TABLE = """Made from [kg.ttl](../../ontology/kg.ttl) by `make ontology-docs`. [How it fits together](README.md), [a query for every term](examples.md);
`index.html` has examples, languages and alignments as well.
"""


def markdown(ontology: Ontology) -> str:
    """Write the table of terms for readers of the repository."""
    parts = [f"# The terms of the ontology, version {ontology.said(OWL.versionInfo)}\n\n{_TABLE}"]
    for kind, heading in KINDS.items():
        terms = [each for each in ontology.terms if each.kind == kind]
        if kind == "class":
            parts.append(f"\n## {heading}\n\n| class | is a | what it means |\n|---|---|---|\n")
            parts += (f"| `{each.name}` | {_plain(each.parents)} | {each.definition} |\n" for each in terms)
        else:
            parts.append(f"\n## {heading}\n\n| property | of | leads to | what it means |\n|---|---|---|---|\n")
            parts += (f"| `{each.name}` | {_plain(each.domain)} | {_plain(each.range)} | {each.definition} |\n" for each in terms)
    parts.append("\n## Terms of other vocabularies that the data uses\n\n| term | what it is used for |\n|---|---|\n")
    parts += (f"| `{each.name}` | {' '.join(each.remarks)} |\n" for each in ontology.used)
    return "".join(parts)


def _plain(names: Iterable[str]) -> str:
    return ", ".join(each.removeprefix("kg:") for each in names)


def main(folder: Path) -> None:
    """Write the files."""
    ontology = read()
    folder.mkdir(parents=True, exist_ok=True)
    made = {"index.html": html(ontology), "terms.md": markdown(ontology), "diagram.svg": diagram.svg(ontology, "index.html")}
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE)
