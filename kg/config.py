"""kg.toml: every setting, its default, and what it is for.

    [notes]
    folder = "."                       # where the notes are, from kg.toml
    skip = ["templates/**"]            # globs of paths that kg does not read
    largest = 16_000_000               # bytes; a larger file is named, not read
    language = "en"                    # of the notes, such as "fr" or "en, fr"; English names are always known
    dialect = "auto"                   # of the links: obsidian, logseq, foam, zk; dendron and github-wiki have [[words|target]]

    [graph]
    base = "https://example.org/kg/"   # IRIs begin with this; it ends in /
    title = ""                         # of the graph, in exports and the view; "" is the folder's name
    licence = ""                       # of the graph, in exports: an address, or an SPDX identifier such as "CC-BY-4.0"
    detail = "evidence"                # how much of the text is in the graph: notes, evidence, passages

    [video]
    keys = ["videoId", "video"]        # front-matter keys that hold a video's id or address
    longest = 21600                    # seconds; a timestamp past this is not hours:minutes:seconds
    durations = {}                     # length by id, such as { JkIhnK7qf-w = "1:28:00" }; settles doubtful timestamps

    [types]
    folders = {}                       # what notes are the page of, by folder, such as { People = "person" }
    tags = {}                          # the same by tag, such as { company = "organisation" }; front matter's type goes before both

    [extract]
    without = []                       # extractors that are not used, such as ["people"]
    spacy = ""                         # a pipeline of spaCy that suggests names, such as "en_core_web_sm"; pip install kgnotes[spacy]

    [view]
    links = "file"                     # where the page's links to notes lead: file, obsidian, none, or "https://notes.example.org/{stem}"
    [check]
    severity = {}                      # of what kg check finds, by code: error, warning, info, off; such as { orphan = "off" }
    ignore = []                        # codes that kg check does not tell of, everywhere or in some notes: ["orphan: daily/**"]

    [properties]                       # what a key of the notes means, such as: up = "skos:broader"; else vault:up

A setting that is not listed here is an error, never ignored.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kg import contexts
from kg.contexts import Context
from kg.errors import ConfigError, Place
from kg.names import DEFAULT_BASE, ONTOLOGY, STANDARD_PREFIXES, WELL_KNOWN, legal_base, slug
from kg.timecodes import length

FILE = "kg.toml"
DETAILS = ("notes", "evidence", "passages")
"""From least to most: notes and entities; passages that name or cite something; all passages."""
DIALECTS = ("auto", "obsidian", "logseq", "foam", "zk", "dendron", "github-wiki")
"""Of links; auto is found out from what a tool leaves beside the notes."""
RELATIONS = ("country", "organisation", "theme")
"""Properties of kg's own that a key of the notes may mean; kg says all others itself."""
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
"""Those in which kg knows the names of countries."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one vault; ``root`` is the folder that holds kg.toml, if there is one."""

    folder: str = "."
    skip: tuple[str, ...] = ()
    largest: int = 16_000_000
    language: str = "en"
    dialect: str = "auto"
    base: str = DEFAULT_BASE
    title: str = ""
    licence: str = ""
    detail: str = "evidence"
    keys: tuple[str, ...] = ("videoId", "video")
    longest: int = 6 * 3600
    durations: tuple[tuple[str, int], ...] = ()
    folders: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    spacy: str = ""
    links: str = "file"
    properties: tuple[tuple[str, str], ...] = ()
    # What is told of a graph changes nothing in it: these are no part of what a build depends on.
    severity: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    ignore: tuple[str, ...] = field(default=(), repr=False)
    root: Path | None = None
    context: Context = contexts.NONE
    """What keys mean by the vault's JSON-LD context, which is no setting of kg.toml and goes after them."""
    days: str = ""
    """How Logseq writes a day by the settings that stand beside the notes, such as ``dd-MM-yyyy``; no setting of kg.toml either."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the notes, by their codes.

        >>> Config(language="fr, en").languages
        ('en', 'fr')
        """
        return tuple(sorted({code.strip() for code in self.language.split(",")}))


SECTIONS = {
    "notes": ("folder", "skip", "largest", "language", "dialect"),
    "graph": ("base", "title", "licence", "detail"),
    "video": ("keys", "longest", "durations"),
    "types": ("folders", "tags"),
    "extract": ("without", "spacy"),
    "view": ("links",),
    "check": ("severity", "ignore"),
    "properties": (),
}
"""Every setting by section; those of [properties] are the author's own keys."""


def find(start: Path) -> Path | None:
    """Look for kg.toml in a folder and in those above it."""
    for folder in (start, *start.parents):
        path = folder / FILE
        if path.is_file():
            return path
    return None


def read(path: Path) -> Config:
    """Read kg.toml.

    Raises:
        ConfigError: the file is not TOML, or holds an unknown setting or a value of another type.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigError("not UTF-8", at=Place(str(path), error.object.count(b"\n", 0, error.start) + 1), hint="save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ConfigError(f"not valid TOML: {why}", at=Place(str(path))) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", at=Place(str(path))) from None
    settings: dict[str, Any] = {}
    for section, values in given.items():
        if section not in SECTIONS or not isinstance(values, dict):
            raise _unknown("section", section, list(SECTIONS), path)
        if section == "properties":
            settings[section] = tuple(sorted((slug(key), _property(key, value, path)) for key, value in values.items()))
            continue
        for name, value in values.items():
            if name not in SECTIONS[section]:
                raise _unknown("setting", name, list(SECTIONS[section]), path)
            settings[name] = _checked(name, value, path)
    return _sane(replace(Config(**settings), root=path.parent.resolve()), path)


def _checked(name: str, value: object, path: Path) -> object:
    if name == "durations":
        return _durations(value, path)
    if name in SECTIONS["types"]:
        return _kinds(name, value, path)
    if name == "severity":
        return _severities(value, path)
    default = next(each.default for each in fields(Config) if each.name == name)
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        wanted = "a list of texts"
    elif isinstance(value, type(default)) and not isinstance(value, bool):
        return value
    else:
        wanted = "a text" if isinstance(default, str) else "a whole number"
    raise ConfigError(f"{name} must be {wanted}, not {value!r}", at=Place(str(path)))


def _durations(value: object, path: Path) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, dict):
        raise ConfigError("durations must be a table of lengths by the video's id", at=Place(str(path)))
    found = {}
    for video, given in value.items():
        seconds = length(given) if isinstance(given, str) else given
        if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
            hint = "write seconds, or a text such as 1:28:00"
            raise ConfigError(f"the duration of {video} is {given!r}, which is no length of time", at=Place(str(path)), hint=hint)
        found[video] = seconds
    return tuple(sorted(found.items()))


def _kinds(name: str, value: object, path: Path) -> tuple[tuple[str, str], ...]:
    if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return tuple(sorted(value.items()))
    raise ConfigError(f"{name} must be a table of kinds, not {value!r}", at=Place(str(path)), hint='such as { People = "person" }')


def _severities(value: object, path: Path) -> tuple[tuple[str, str], ...]:
    if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return tuple(sorted(value.items()))
    hint = 'such as { orphan = "off", "broken-link" = "warning" }'
    raise ConfigError(f"severity must be a table of error, warning, info or off by code, not {value!r}", at=Place(str(path)), hint=hint)


def _property(key: str, value: object, path: Path) -> str:
    """Give the IRI that a key of the notes means."""
    prefix, colon, local = str(value).partition(":")
    known = {**WELL_KNOWN, **STANDARD_PREFIXES}
    iri = f"{known[prefix]}{local}" if prefix in known else str(value).strip("<>")
    if not isinstance(value, str) or not colon or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", iri):
        raise ConfigError(f"{key} means {value!r}, which is no property", at=Place(str(path)), hint='such as up = "skos:broader", or a full IRI')
    if (iri.startswith(ONTOLOGY) and iri.removeprefix(ONTOLOGY) not in RELATIONS) or iri == f"{STANDARD_PREFIXES['rdf']}type":
        hint = f"a key can mean {', '.join(f':{each}' for each in RELATIONS)} or a property of others; [types] says what notes are the page of"
        raise ConfigError(f"{key} means {value!r}, which kg says itself", at=Place(str(path)), hint=hint)
    return iri


def _sane(config: Config, path: Path) -> Config:
    if not legal_base(config.base):
        better = config.base.rstrip("/#") + "/"
        hint = f"try {better!r}" if legal_base(better) else "such as https://example.org/kg/"
        raise ConfigError(f"base {config.base!r} must be an IRI that ends in /, without ? or #", at=Place(str(path)), hint=hint)
    if config.detail not in DETAILS:
        raise _unknown("detail", config.detail, list(DETAILS), path)
    if config.dialect not in DIALECTS:
        raise _unknown("dialect", config.dialect, list(DIALECTS), path)
    for code in config.languages:
        if code not in LANGUAGES:
            raise ConfigError(f"unknown language {code!r}", at=Place(str(path)), hint=f"known: {', '.join(LANGUAGES)}")
    return config


def _unknown(what: str, name: str, known: list[str], path: Path) -> ConfigError:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return ConfigError(f"unknown {what} {name!r}", at=Place(str(path)), hint=hint)


def _commented(line: str) -> str:
    line = line.removeprefix("    ")
    return line if not line or line.startswith("[") else f"# {line}"


_SETTINGS = [line for line in (__doc__ or "").split("\n") if line.startswith("    ") or not line][1:]

TEMPLATE = "# Settings of kg; every line is a default: remove the # to change it.\n" + "\n".join(map(_commented, _SETTINGS)).rstrip() + "\n"
"""What ``kg init`` writes: the settings above, as comments."""
