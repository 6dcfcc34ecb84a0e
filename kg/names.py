"""Slugs, keys and IRIs: the only place where a string becomes a name.

    key(text)       what two spellings of one name have in common, however they are written
    slug(text)      the readable end of an entity's IRI
    Names(base)     mints every IRI of one vault, and knows its prefixes

IRIs are readable, stable and injective: two different paths never share one (a law in the tests).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

ONTOLOGY = "https://w3id.org/kgnotes/ontology#"
DEFAULT_BASE = "https://example.org/kg/"
KINDS = ("note", "country", "theme", "initiative", "organisation", "person", "channel")
"""Kinds of thing that have a prefix and a folder of their own under the base."""

STANDARD_PREFIXES = {
    "": ONTOLOGY,
    "kg": ONTOLOGY,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "schema": "http://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "yt": "https://youtu.be/",
}
WELL_KNOWN = {
    "bibo": "http://purl.org/ontology/bibo/",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "org": "http://www.w3.org/ns/org#",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
    "wd": "http://www.wikidata.org/entity/",
}
"""More prefixes that a query need not declare; no file is written with them."""

_SEPARATORS = re.compile(r"[\s_\-\u2010-\u2015]+")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._~-]")
_NOT_ANCHOR = re.compile(r"[^a-z0-9_ -]")


def _significant(character: str) -> bool:
    # Marks tell words apart in many scripts; + and # do in C, C++ and C#.
    return character.isalnum() or character in "+#" or unicodedata.category(character)[0] == "M"


def nfc(text: str) -> str:
    """Compose characters; most text is ASCII and passes untouched."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def spaced(text: str) -> str:
    """Fold case and read every run of blanks, ``_`` and ``-`` as one blank.

    >>> spaced("Public_Sector  -Innovation")
    'public sector innovation'
    """
    return _SEPARATORS.sub(" ", nfc(text).casefold()).strip()


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Fold a name down to its letters and digits, which every spelling of it shares.

    A name that has neither letters nor digits is its own key.

    >>> key("Mission-oriented_innovation"), key("C++"), key("!?")
    ('missionorientedinnovation', 'c++', '!?')
    """
    folded = nfc(text).casefold()
    kept = folded.replace(" ", "").replace("_", "").replace("-", "")
    if not kept.isalnum():
        kept = "".join(filter(_significant, folded))
    # Composed once more: marks that come together when what stood between them is dropped take another order.
    return nfc(kept) or folded.strip()


def unpunctuated(text: str) -> str:
    """Like :func:`spaced`, without any character that is no letter, digit or mark.

    >>> unpunctuated("What's next?")
    'whats next'
    """
    folded = spaced(text)
    if folded.replace(" ", "").isalnum():  # nearly all titles and targets of links
        return folded
    kept = [each for each in folded if each == " " or _significant(each)]
    return " ".join("".join(kept).split())


def slug(label: str) -> str:
    """Make the readable end of an entity's IRI: letters of every script, digits, single hyphens.

    Where more than case, blanks and hyphens would be lost, four hexadecimal digits of the label
    keep C, C++ and C# apart; they depend on the label alone, so the slug is stable.

    >>> slug("Digital Transformation"), slug("C")
    ('digital-transformation', 'c')
    >>> slug("C++") != slug("C#")
    True
    """
    folded = nfc(label).strip().casefold()
    if folded.replace(" ", "").replace("-", "").isalnum():  # nothing else is lost, as in 24 of 25 labels
        return "-".join(folded.replace("-", " ").split())
    kept = "".join(each if each.isalnum() or unicodedata.category(each)[0] == "M" else "-" for each in folded)
    name = re.sub("-+", "-", kept).strip("-")
    if re.sub(r"[\s_-]+", "", folded) != name.replace("-", ""):
        from hashlib import sha256  # one label in 25 needs it

        name = f"{name}-{sha256(folded.encode()).hexdigest()[:4]}".lstrip("-")
    return name


def anchor(heading: str) -> str:
    """Make the anchor that GitHub gives a heading, before repeats are numbered.

    >>> anchor("Key Innovations & Tools (2020)")
    'key-innovations--tools-2020'
    """
    if heading.isascii():
        return _NOT_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")
    kept = [each for each in nfc(heading).strip().lower() if each in " -_" or each.isalnum() or unicodedata.category(each)[0] == "M"]
    return "".join(kept).replace(" ", "-")


def digest(text: str) -> str:
    """Eight hexadecimal digits of a text, for the end of a passage's or issue's IRI.

    A CRC-32 is enough: ends are numbered where two in one note are equal, and it costs a fifth of
    a cryptographic hash.
    """
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def escaped(text: str) -> str:
    """Percent-encode one segment of a path so that it is legal in an IRI.

    Letters and digits of every script stay readable, if the text is in composed form; text that is
    not is encoded byte by byte, so that a decomposed twin of a path gets an IRI of its own.

    >>> escaped("Café & co"), escaped("a%20b")
    ('Café%20%26%20co', 'a%2520b')
    """
    if not _NOT_PLAIN.search(text):
        # A segment of dots alone would be a step up or nowhere to whoever resolves the IRI.
        return text if text.strip(".") else "%2E" * len(text)
    composed = unicodedata.is_normalized("NFC", text)
    return "".join(_encoded(each, composed) for each in text)


def _encoded(character: str, composed: bool) -> str:
    if character.isascii():
        plain = character.isalnum() or character in "._~-"
    else:
        # Letters, marks and digits only: format and bidi controls, private use and symbols that
        # RFC 3987 leaves out never stay raw.
        plain = composed and unicodedata.category(character)[0] in "LMN" and character < "\U000e0000"
    if plain:
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of one vault; ``base`` ends in ``/``.

    >>> names = Names()
    >>> names.note("folder/My note.md")
    'https://example.org/kg/note/folder/My%20note'
    >>> names.entity("country", "PT")
    'https://example.org/kg/country/PT'
    """

    base: str = DEFAULT_BASE

    def note(self, path: str) -> str:
        """Name a note by its path in the vault, without ``.md``."""
        stem = path.removesuffix(".md")
        return f"{self.base}note/{'/'.join(map(escaped, stem.split('/')))}"

    def entity(self, kind: str, end: str) -> str:
        """Name an entity by its kind and the end of its name (a slug or an ISO code)."""
        return f"{self.base}{kind}/{escaped(end)}"

    @property
    def suggested(self) -> str:
        """Name the graph that holds what is only suggested."""
        return f"{self.base}suggested"

    @property
    def vocabulary(self) -> str:
        """Name the author's vocabulary, as a source of claims."""
        return f"{self.base}vocabulary"

    def prefixes(self) -> dict[str, str]:
        """Map every predeclared prefix to its namespace, in the order they are printed.

        >>> Names().prefixes()["country"]
        'https://example.org/kg/country/'
        """
        return STANDARD_PREFIXES | {"vault": f"{self.base}property/"} | {kind: f"{self.base}{kind}/" for kind in KINDS}

    def declared(self) -> dict[str, str]:
        """Map every prefix that a query need not declare to its namespace.

        >>> Names().declared()["foaf"]
        'http://xmlns.com/foaf/0.1/'
        """
        return WELL_KNOWN | self.prefixes()


def legal_base(text: str) -> bool:
    """Say whether every IRI made from a base would be one: absolute, ending in ``/``, nothing to resolve.

    >>> legal_base("https://example.org/kg/"), legal_base("https://example.org/kg#")
    (True, False)
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*/", text):
        return False
    return not any(each in ("/./", "/../") for each in re.findall(r"(?=(/\.{1,2}/))", text))
