"""What keys mean by a JSON-LD context: ``context.jsonld`` at the top of the notes, as Vault-LD has it.

    {"@context": [{"ex": "https://example.org/terms#", "stars": {"@id": "ex:stars", "@type": "xsd:integer"}}, "more/context.jsonld"]}

Prefixes, terms, ``@vocab``, ``@base``, ``@language`` and names for ``@id`` and ``@type`` are read. Of a list, later entries go before
earlier ones; a text in it is another file of the vault. How values are gathered in lists (``@container``) changes nothing here.
Nothing is fetched: a context on the web is left out, and told. Whatever cannot be read is told once, with its line, and the rest holds.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin

from kg.names import STANDARD_PREFIXES, slug

FILE = "context.jsonld"
LARGEST = 1_000_000
"""Bytes of one context."""
MOST = 100
"""Files of which a context may be composed."""
_RDF, _XSD = STANDARD_PREFIXES["rdf"], STANDARD_PREFIXES["xsd"]
TYPE, SAME = f"{_RDF}type", f"{STANDARD_PREFIXES['owl']}sameAs"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_KEYWORDS = {"@id": SAME, "@type": TYPE}
_SILENT = frozenset({"@container", "@protected", "@prefix", "@index", "@version", "@propagate", "@context", "@nest", "@direction"})
"""Keywords that change nothing in how keys and values of front matter are read."""


class Term(NamedTuple):
    """What a key means: its property ("": nothing, the key is left out), how its values are read, and their language (None: as the context says).

    ``kind`` is ``@id`` or ``@vocab`` where values are IRIs, a datatype's IRI, or "" where they are typed by how they are written.
    """

    iri: str
    kind: str = ""
    language: str | None = None


class Flaw(NamedTuple):
    """What could not be read of a context: file, line from 1, and why."""

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class Context:
    """What the keys of a vault mean. Terms are by key as written; ``flaws`` are what was left out."""

    terms: tuple[tuple[str, Term], ...] = ()
    vocab: str = ""
    base: str = ""
    language: str = ""
    flaws: tuple[Flaw, ...] = ()
    there: bool = False

    def term(self, key: str) -> Term | None:
        """Give what a key means: as it is written, else but for capitals, blanks and underscores; None if the context does not say.

        >>> Context((("made by", Term("https://example.org/by")),), there=True).term("Made_by ")
        Term(iri='https://example.org/by', kind='', language=None)
        """
        if not self.there:
            return None
        if term := self._written.get(key) or self._alike.get(slug(key)):
            return term
        if key in ("@type", "type"):
            return Term(TYPE, "@vocab")
        if key == "@id":
            return Term(SAME, "@id")
        iri = self.expanded(key)
        return Term(iri) if iri else None

    def expanded(self, text: str) -> str:
        """Give the IRI of a term, a prefixed name, an IRI or a name of the vocabulary; "" if it is none.

        >>> Context((("ex", Term("https://example.org/")),)).expanded("ex:a")
        'https://example.org/a'
        """
        known = self._written
        if text in known:
            return known[text].iri
        prefix, colon, local = text.partition(":")
        if colon and not local.startswith("//") and prefix in known and known[prefix].iri:
            iri = known[prefix].iri + local
        elif colon and (local.startswith("//") or prefix in ("urn", "mailto", "tag")):
            iri = text
        else:
            iri = self.vocab + text if self.vocab and not colon else ""
        return iri if _IRI.fullmatch(iri) else ""

    def reference(self, text: str, kind: str) -> str:
        """Give the IRI that a value means, resolved from the base if it is relative; "" if it is none."""
        known = self.expanded(text) if kind == "@vocab" or ":" in text else ""
        if known or kind == "@vocab" or not self.base or _IRI.match(text):
            return known
        iri = urljoin(self.base, text) if not self.base.endswith("#") else self.base + text
        return iri if _IRI.fullmatch(iri) else ""

    @cached_property
    def _written(self) -> dict[str, Term]:
        """Terms by key; each statement of a vault asks."""
        return dict(self.terms)

    @cached_property
    def _alike(self) -> dict[str, Term]:
        """The first of the terms that differ in capitals, blanks and underscores alone."""
        return {folded: each for name, each in reversed(self.terms) if (folded := slug(name))}

    @cached_property
    def mapped(self) -> frozenset[str]:
        """The keys, in small letters, that mean something here whatever they mean elsewhere."""
        return frozenset({name.casefold() for name, _ in self.terms} | {"@type", "@id", "type"}) if self.there else frozenset()


NONE = Context()


def read(notes: Path) -> Context:
    """Read the context of a folder of notes; without one, none."""
    if not (notes / FILE).is_file():
        return NONE
    reader = _Reader(notes)
    reader.file(FILE)
    return reader.context()


class _Reader:
    """Contexts of one vault, in the order in which they hold."""

    def __init__(self, notes: Path) -> None:
        self.notes = notes
        self.given: dict[str, tuple[Any, str]] = {}  # definition and file by term
        self.flaws: list[Flaw] = []
        self.texts: dict[str, str] = {}
        self.open: list[str] = []
        self.vocab = self.base = self.language = ""
        self.read = 0

    def flaw(self, path: str, word: str, text: str) -> None:
        """Tell what is left out, at the line where a word stands first."""
        written = self.texts.get(path, "")
        at = written.find(json.dumps(word, ensure_ascii=False)) if word else -1
        self.flaws.append(Flaw(path, written.count("\n", 0, at) + 1 if at >= 0 else 1, text))

    def file(self, path: str, named: str = "", name: str = "") -> None:
        """Read one file; ``named`` is the file that names it by ``name``."""
        self.read += 1
        if self.read > MOST:
            if self.read == MOST + 1:
                self.flaw(named or path, name, f"more than {MOST} files make up the context")
            return
        try:
            raw = (self.notes / path).read_bytes()
            if len(raw) > LARGEST:
                raise ValueError(f"larger than {LARGEST:,} bytes")
            self.texts[path] = raw.decode("utf-8-sig")
            given = json.loads(self.texts[path])
        except json.JSONDecodeError as error:
            self.flaws.append(Flaw(path, error.lineno, f"not valid JSON ({error.msg}): this context is not used"))
        except (OSError, ValueError, RecursionError) as error:
            reason = getattr(error, "strerror", None) or (str(error) if type(error) is ValueError else type(error).__name__)
            self.flaw(named or path, name, f"{path} cannot be read: {reason}")
        else:
            self.open.append(path)
            self.entry(given.get("@context", given) if isinstance(given, dict) else given, path)
            self.open.pop()

    def entry(self, given: object, path: str) -> None:
        """Take up one context: a table, the name of a file, or a list of such."""
        if isinstance(given, list):
            for each in given:
                self.entry(each, path) if not isinstance(each, list) else self.flaw(path, "@context", "a list in a list is no context")
        elif isinstance(given, str):
            self.named(given, path)
        elif isinstance(given, dict):
            self.table(given, path)
        elif given is None:
            self.given.clear()
            self.vocab = self.base = self.language = ""
        else:
            self.flaw(path, "@context", f"{given!r} is no context")

    def named(self, name: str, path: str) -> None:
        """Take up the context in another file of the vault."""
        if "://" in name or name.startswith("//"):
            self.flaw(path, name, f"{name} is on the web, and nothing is fetched: save it in the vault, and name the file here")
            return
        steps: list[str] = []
        for step in (*([] if name.startswith("/") else path.split("/")[:-1]), *name.split("/")):
            if step == ".." and not steps:
                self.flaw(path, name, f"{name} lies outside the vault")
                return
            if step == "..":
                steps.pop()
            elif step not in ("", "."):
                steps.append(step)
        there = "/".join(steps)
        if there in self.open:
            self.flaw(path, name, f"{name} is a part of itself")
        elif not (self.notes / there).resolve().is_relative_to(self.notes.resolve()):
            self.flaw(path, name, f"{name} lies outside the vault")
        else:
            self.file(there, path, name)

    def table(self, given: dict[str, Any], path: str) -> None:
        for key, value in given.items():
            if key in ("@vocab", "@base"):
                self.root(key, value, path)
            elif key == "@language":
                if value is None or (isinstance(value, str) and _LANGUAGE.fullmatch(value)):
                    self.language = value or ""
                else:
                    self.flaw(path, key, f"{value!r} is no language")
            elif key == "@import":
                self.entry(value, path) if isinstance(value, str) else self.flaw(path, key, f"{value!r} is no context")
            elif key.startswith("@"):
                if key not in _SILENT:
                    self.flaw(path, key, f"the keyword {key} is not read")
            else:
                self.given[key] = (value, path)

    def root(self, key: str, value: object, path: str) -> None:
        """Take up where names of the vocabulary, or relative IRIs, begin."""
        known = value is None or value == "" or (isinstance(value, str) and _IRI.fullmatch(value))
        prefixed = self.iri(value, set()) if isinstance(value, str) and not known else ""
        if not known and not prefixed:
            self.flaw(path, key, f"{value!r} is no IRI")
        elif key == "@vocab":
            prefix = isinstance(value, str) and "://" not in value
            self.vocab = (self.iri(value, set()) if prefix and isinstance(value, str) else "") or str(value or "")
        elif len(self.open) == 1:  # a base holds in the file that states it, and notes are of the first
            self.base = prefixed or str(value or "")

    def context(self) -> Context:
        """Give what all of it says, worked out term by term."""
        terms = {key: term for key, (value, path) in self.given.items() if (term := self.term(key, value, path))}
        flaws = tuple(dict.fromkeys(self.flaws))
        return Context(tuple(sorted(terms.items())), self.vocab, self.base, self.language, flaws, there=True)

    def term(self, key: str, value: object, path: str) -> Term | None:
        if value is None:
            return Term("")
        if isinstance(value, str):
            if value in _KEYWORDS:
                return Term(_KEYWORDS[value], "@vocab" if value == "@type" else "@id")
            iri = self.iri(value, {key})
            if not iri:
                self.flaw(path, key, f"{key} means {value!r}, which is no IRI")
            return Term(iri) if iri else None
        if not isinstance(value, dict):
            self.flaw(path, key, f"{key} means {value!r}, which is no IRI")
            return None
        return self.defined(key, value, path)

    def defined(self, key: str, value: dict[str, Any], path: str) -> Term | None:
        """Read the definition of a term in full."""
        unknown = sorted(each for each in value if each.startswith("@") and each not in _SILENT | {"@id", "@type", "@language"})
        for each in unknown:
            self.flaw(path, key, f"{key} has {each}, which is not read")
        given = value.get("@id", key)
        if given is None:
            return Term("")
        if given in _KEYWORDS:
            return Term(_KEYWORDS[given], "@vocab" if given == "@type" else "@id")
        iri = self.iri(given, {key}) if isinstance(given, str) else ""
        if "@reverse" in value or not iri:
            if "@reverse" not in value:
                self.flaw(path, key, f"{key} means {given!r}, which is no IRI")
            return None
        kind, language = value.get("@type"), value.get("@language")
        if kind in ("@none", "@json"):
            kind = f"{_XSD}string"
        elif kind not in (None, "@id", "@vocab"):
            known = self.iri(kind, {key}) if isinstance(kind, str) else ""
            if not known:
                self.flaw(path, key, f"{key} has values of the type {kind!r}, which is no IRI")
            kind = known
        if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
            self.flaw(path, key, f"{key} has values in {language!r}, which is no language")
            language = None
        return Term(iri, kind or "", "" if "@language" in value and language is None else language)

    def iri(self, text: str, within: set[str]) -> str:
        """Work out an IRI, with prefixes that may be defined later; ``within`` are terms whose meaning is being asked for."""
        prefix, colon, local = text.partition(":")
        if text in self.given and text not in within:
            iri = self.meant(text, within)
        elif colon and local.startswith("//"):
            iri = text
        elif colon and prefix in self.given and prefix not in within:
            start = self.meant(prefix, within)
            iri = start + local if start else ""
        elif colon and prefix in ("urn", "mailto", "tag"):
            iri = text
        elif colon and prefix in STANDARD_PREFIXES and prefix:
            iri = STANDARD_PREFIXES[prefix] + local
        else:
            iri = self.vocab + text if self.vocab and not colon else ""
        return iri if _IRI.fullmatch(iri) else ""

    def meant(self, term: str, within: set[str]) -> str:
        value = self.given[term][0]
        given = value.get("@id", term) if isinstance(value, dict) else value
        return self.iri(given, within | {term}) if isinstance(given, str) else ""


__all__ = ["FILE", "NONE", "Context", "Flaw", "Term", "read"]
