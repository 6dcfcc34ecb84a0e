"""Where a note's links lead, as triples: to notes, to parts of them, to notes that are missing; and what is wrong with a link.

[[note]]            the note, or one that is missing, with an issue
[[note#heading]]    its section as well; an issue if it has none such
((block))           the block, wherever it is
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from kg import corpus, fragments, names, vault
from kg.emission import Describer
from kg.model import Document, Link
from kg.names import Names
from kg.resolve import LOOSE, elsewhere, meant, resolve, wanted, whole
from kg.terms import CODE, IN_NOTE, INTEGER, ISSUE, LABEL, LINE, TEXT, TYPE, literal, term
from kg.world import World


class Citer(Describer):
    """Follows the links of one note; ``linked`` and ``cited`` gather the notes and the parts of this note that they lead to."""

    def __init__(self, document: Document, world: World) -> None:
        self.document = document
        self.iri = Names(world.config.base).note(document.path)
        super().__init__(self.iri, world)
        self.subject = f"<{self.iri}>"
        self.lines = self.out.said.private
        self.issues: dict[str, int] = {}
        self.linked: set[str] = set()
        self.inside = fragments.parts(document)
        self.cited = set(self.cited_elsewhere())

    def targets(self, links: Sequence[Link]) -> list[str]:
        """Give the IRIs that links point at, once each."""
        found: dict[str, None] = {}
        for link in links:
            path, iri = self.target(link)
            if iri and iri != self.subject:
                found[iri] = None
                self.linked.add(iri)
            part = self.fragment(link, path) if path and link.section and not self.entire(link, path) else ""
            if part:
                found[part] = None
        return list(found)

    def target(self, link: Link) -> tuple[str, str]:
        """Give the path ("" if there is none) and the IRI ("" if it asks for none) of the note that a link means."""
        if link.syntax == "block":
            path = self.block(link)[0]
            return path, f"<{self.names.note(path)}>" if path else ""
        target = wanted(link)
        if target is None:
            return ("" if link.target.strip() else self.document.path), ""
        found = meant(self.world.table, link, self.document.path)
        if found.path is None and elsewhere(link, self.world.kinds):
            return "", ""
        self.out.links += 1
        if found.path is None:
            self.out.broken += 1
            spelling = self.world.table.spelling(target)
            iri = f"<{self.names.note(spelling)}>"
            self.out.said.shared[iri] = (f"{iri} {TYPE} {term('MissingNote')} .", f"{iri} {LABEL} {literal(spelling)} .")
            self.issue("broken-link", link.line, f"{link.written}: no note has this name")
            return "", iri
        if found.others:
            rivals = ", ".join((found.path, *found.others[:3]))
            self.issue("ambiguous-link", link.line, f"{link.written} could be {rivals}; {found.path} was taken")
        elif found.tier in LOOSE:
            self.issue("loose-link", link.line, f"{link.written} was taken to mean {found.path}")
        return found.path, f"<{self.names.note(found.path)}>"

    def entire(self, link: Link, path: str) -> bool:
        """Say whether the hash sign of a link, which led to the note at a path, belongs to the name of that."""
        return bool(whole(link)) and resolve(self.world.table, wanted(link) or "", self.document.path).path != path

    def block(self, link: Link) -> tuple[str, str]:
        """Give the path of the note and the anchor of the block that a reference without a name means; an issue if there is none."""
        found = sorted((path, anchor) for kind, anchor, path in self.world.offered(f"block:{link.section[1:]}") if kind == "block")
        if not found:
            self.issue("broken-block", link.line, f"{link.written}: no note has this block")
        return found[0] if found else ("", "")

    def fragment(self, link: Link, path: str) -> str:
        """Give the IRI of the section or passage that a link goes on to in the note at a path; "" and an issue if it is not there."""
        own = path == self.document.path
        if link.syntax == "block":
            if own:
                self.cited.add(self.block(link)[1])
            return f"<{self.names.note(path)}#{names.escaped(self.block(link)[1])}>"
        within = self.inside if own else fragments.read(self.world.parts(path, wanted(link) or ""))
        anchor = fragments.anchor(within, link.section)
        if anchor is None:
            if link.section.startswith("^"):
                self.issue("broken-block", link.line, f"{link.written}: {path} has no block {link.section}")
            else:
                self.issue("broken-heading", link.line, f"{link.written}: {path} has no heading {link.section!r}")
            return ""
        if own:
            self.cited.add(anchor)
        return f"<{self.names.note(path)}#{names.escaped(anchor)}>"

    def cited_elsewhere(self) -> Iterator[str]:
        """Give the anchors of the sections and passages that links in other notes go on to."""
        for name, anchor in corpus.blocks(self.document):
            said = self.world.offered(f"block:{name}")
            if any(kind == "cited" for kind, *_ in said) and min(path for kind, _, path in said if kind == "block") == self.document.path:
                yield anchor
        for key in {each.key for each in corpus.answers(self.document, self.world.config.days)} - {""}:
            for _, value, source in self.world.offered(f"cited:{key}"):
                target, section = json.loads(value)
                if source != self.document.path and resolve(self.world.table, target, source).path == self.document.path:
                    yield fragments.anchor(self.inside, section) or ""

    def channel(self, link: Link) -> str | None:
        target = wanted(link)
        if target is None:
            return None
        path = resolve(self.world.table, target, self.document.path).path
        label = self.world.titles.get(path, target) if path else self.world.table.spelling(target)
        end = vault.cut(path) if path else label
        if path and len({each.path for each in self.world.table.names.get(names.key(end.rpartition("/")[2]), ()) if each.kind == "stem"}) > 1:
            end = f"{end} {names.digest(path)}"  # two notes whose names differ by case or blanks only
        iri = f"<{self.names.entity('channel', names.slug(end) or names.digest(end))}>"
        self.out.said.shared[iri] = (f"{iri} {TYPE} {term('Channel')} .", f"{iri} {LABEL} {literal(label)} .")
        return iri

    def issue(self, code: str, line: int, text: str) -> None:
        self.out.issued += 1
        digest = names.digest(f"{code} {text}")
        seen = self.issues.get(digest, 0) + 1
        self.issues[digest] = seen
        subject = f"<{self.iri}#i-{digest}{f'-{seen}' if seen > 1 else ''}>"
        self.lines += (
            f"{subject} {TYPE} {ISSUE} .",
            f"{subject} {IN_NOTE} {self.subject} .",
            f"{subject} {CODE} {literal(code)} .",
            f'{subject} {LINE} "{line}"{INTEGER} .',
            f"{subject} {TEXT} {literal(text)} .",
        )


__all__ = ["Citer"]
