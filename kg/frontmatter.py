"""Front matter as written, in YAML or, between two lines of +++, in TOML: text, lists and tables of text, never a number, a date or a boolean.

YAML would read ``12:34:56`` as 45296 and ``no`` as False, so nothing is converted. Anchors and
aliases are refused (a few of them fill the memory), as is a block over 64 kB. A block that is not
YAML still gives its ``key: rest of line`` lines, with a flaw that says what is wrong: a title with a
colon in it must not cost the note its title.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from kg import kinds, timecodes, untyped
from kg.addresses import youtube
from kg.model import Flaw, Link, Property, Value
from kg.names import nfc

LARGEST = 64_000

_BLOCK = re.compile(r"---[ \t]*\r?\n(?:(.*?)(?:\r\n|\n))??(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OPEN = re.compile(r"---[ \t]*\r?\n[A-Za-z_][\w-]*:[ \t\r\n]|\+\+\+[ \t]*\r?\n[A-Za-z_][\w-]*[ \t]*=")
_TOML = re.compile(r"\+\+\+[ \t]*\r?\n(?:(.*?)(?:\r\n|\n))??\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL)


DESCRIBES = {
    "country": "country",
    "countries": "country",
    "theme": "theme",
    "themes": "theme",
    "organisation": "organisation",
    "organisations": "organisation",
    "organization": "organisation",
    "organizations": "organisation",
    "keywords": "theme",
    "tag": "tag",
    "tags": "tag",
    "broader": "broader",
    "related": "related",
}
"""Keys that describe what a note is about, and what each says; their lines are passages of the note."""

KIN = frozenset({"broader", "related"})
"""Of these what joins two themes; between others they are properties of the vault's own."""
NAMING = frozenset({"title", "alias", "aliases", "type"})
"""Keys that say what a note is called, and of what kind it is."""
OWN = frozenset(DESCRIBES) | NAMING | {"duration"}
"""Keys that say something else than a property of the vault's own: names, kinds, what the note is about."""
KEYS = ("videoId", "video")
"""Keys that hold a video's id or address, unless the settings name others."""

_COMMAS = frozenset(["country", "theme", "tag", "broader", "related"])
_LINKED = re.compile(r"!?\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")


def given(properties: Mapping[str, Property], key: str) -> Property | None:
    """Give what stands under a key, in whatever capitals it is written.

    >>> given({"Title": Property("A note", 2)}, "title")
    Property(value='A note', line=2)
    """
    if key in properties:
        return properties[key]
    size = len(key)
    for name, each in properties.items():
        if len(name) == size and name.casefold() == key.casefold():
            return each
    return None


def texts(given: Property | None) -> list[str]:
    """Read a property as a list of texts: a list, or one text with commas."""
    if given is None:
        return []
    parts: Iterable[Value] = given.value.split(",") if isinstance(given.value, str) else given.value
    # A list in a list of one is what YAML makes of a link without quotes.
    flat = (each[0] if isinstance(each, list) and len(each) == 1 else each for each in parts)
    return [nfc(each.strip()) for each in flat if isinstance(each, str) and each.strip()]


def video(properties: Mapping[str, Property], keys: Iterable[str] = KEYS) -> str | None:
    """Give the id of the video that a note is made from."""
    for key in keys:
        found = given(properties, key)
        if found and isinstance(found.value, str):
            value = found.value.strip()
            named = youtube(value)
            if named or (len(value) == 11 and youtube(f"https://youtu.be/{value}")):
                return named or value
    return None


def silent(properties: Mapping[str, Property], keys: Iterable[str] = KEYS, known: Collection[str] = kinds.BUILTIN) -> frozenset[str]:
    """Give the keys, in small letters, that state nothing in a note, since kg has a meaning for them and for what it says under them.

    ``keys`` are those of videos, ``known`` the kinds of things. A length is that of a video.

    >>> sorted(OWN - KIN - silent({"type": Property("book", 2), "duration": Property("4 hours", 3), "Title": Property("A note", 4)}))
    ['duration', 'type']
    """
    keys = tuple(keys)
    of = video(properties, keys)
    found = set(OWN if of else OWN - {"duration"}) - KIN | {key.casefold() for key in keys if of}
    for key, each in properties.items():
        match key.casefold():
            case "type" if not all(kinds.named(plain(text), known) for text in texts(each)):
                found.discard("type")
            case "duration" if not (isinstance(each.value, str) and timecodes.length(each.value)):
                found.discard("duration")
            case "title" if not isinstance(each.value, str):
                found.discard("title")
    return frozenset(found)


class Said(NamedTuple):
    """One line of front matter that describes: the key as written, what that means, its line, and its values."""

    key: str
    meaning: str
    line: int
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line in words."""
        return f"{self.key}: {', '.join(self.values)}"


def said(properties: Mapping[str, Property], *, label_first: bool = False) -> list[Said]:
    """List what a note's front matter says of what it is about; with ``label_first``, the words of a link stand before the bar.

    >>> [each.text for each in said({"country": Property(["[[Ghana]]", "Chile"], 2), "colour": Property("red", 3)})]
    ['country: Ghana, Chile']
    """
    found = []
    for key, given in properties.items():
        meaning = DESCRIBES.get(key.casefold())
        values = tuple(dict.fromkeys(_values(given.value, label_first, meaning))) if meaning else ()
        if meaning and values:
            found.append(Said(key, meaning, given.line, values))
    return sorted(found, key=lambda each: each.line)


def tags(properties: Mapping[str, Property]) -> list[str]:
    """List the tags in a note's front matter.

    >>> tags({"tags": Property("#one two/three", 2)})
    ['one', 'two/three']
    """
    return [each for key in ("tags", "tag") if (found := given(properties, key)) for each in _values(found.value, False, "tag")]


def _values(value: Value, label_first: bool, meaning: str) -> list[str]:
    if isinstance(value, dict):
        return []
    if isinstance(value, list):
        return [each for one in value for each in _values(one, label_first, "tag" if meaning == "tag" and "#" in str(one) else "")]
    parts = _parts(value, meaning) if meaning in _COMMAS and "[[" not in value else [value]
    words = (plain(nfc(each), label_first=label_first) for each in parts)
    return [" ".join(each.split()).lstrip("#") for each in words if each.strip()]


def _parts(value: str, meaning: str) -> list[str]:
    """Part names at commas, and tags at blanks as well, unless the commas or signs say where each ends."""
    if meaning != "tag" or "," in value:
        return [each for part in value.split(",") for each in (re.split(r"\s+(?=#)", part) if meaning == "tag" else [part])]
    return value.split()


def plain(text: str, *, label_first: bool = False) -> str:
    """Give a text with the names that its links lead to in their place; with ``label_first``, these stand after the bar.

    >>> plain("[[terms/Initiative|see]]"), plain("[[see|terms/Initiative]]", label_first=True)
    ('Initiative', 'Initiative')
    """

    def name(match: re.Match[str]) -> str:
        inside = match[2] if label_first and match[2] is not None else match[1]
        return inside.partition("#")[0].strip(" \\").rpartition("/")[2]

    return _LINKED.sub(name, text) if "[[" in text else text


FIELD = r"[^\x00-/:-@\[-`{-~\s\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f\uff00-\uff0f][^\x00-\x1f!-,.:-@\[-^`{-~\u2000-\u200b\u200e-\u206f\u2e00-\u2e7f\u3000-\u303f\uff00-\uff0f]{0,60}?"
"""The key of a field in the text, as in ``key:: value``: letters, marks, digits, emoji, blanks, ``-``, ``_`` and ``/``, as in Dataview."""
_JOINING = re.compile(r"[\s\0&+/|·–—-]|\b(?:and|or)\b")
_ASIDE = re.compile(r"\([^()\0]*\)")
_ITEM = re.compile(r"(?:[,;]|^)[ \t]*(?:(?:and|or|&)[ \t]+)?([^,;\0]+)(?=[,;]|$)")


def parted(value: str, links: deque[str]) -> list[tuple[int, str, bool]]:
    """Cut the value of a field into its links and the words that are values beside them: where each begins, and whether it is a link.

    ``links`` are the words of the links in it, in their order; those that are found are taken from it. A value that begins
    with a link is a list, and so is one without words beside a link between two commas; else it is a sentence, and a text as
    a whole.

    >>> parted("Ana, Bob, Carl and Eva", deque(["Ana", "Carl", "Eva"]))
    [(0, 'Ana', True), (5, 'Bob', False), (10, 'Carl', True), (19, 'Eva', True)]
    >>> parted("She met Eva, the mayor.", deque(["Eva"]))
    [(0, 'She met Eva, the mayor.', False), (8, 'Eva', True)]
    >>> parted("#Ana, Bob", deque(["Ana"]))
    [(1, 'Ana', True), (6, 'Bob', False)]
    """
    found: list[tuple[int, str, bool]] = []
    pieces, seen = [], 0
    while links and (start := _word(value, links[0], seen)) >= 0:
        # A link with the sign of a tag before it is one all the same: #[[Ana]].
        sign = value[seen:start].endswith("#") and not value[max(seen, start - 2) : start - 1].isalnum()
        pieces += [value[seen : start - sign], "\0" * (sign + len(links[0]))]
        found.append((start, links[0], True))
        seen = start + len(links.popleft())
    rest = "".join((*pieces, value[seen:]))
    listed = rest.lstrip().startswith("\0") or not any("\0" in each and _JOINING.sub("", each) for each in re.split("[,;]", rest))
    if found and listed:
        rest = _ASIDE.sub(lambda each: " " * len(each[0]), rest)
        found += [(each.start(1), each[1].rstrip(), False) for each in _ITEM.finditer(rest)]
    else:
        found.append((0, value.strip(), False))
    return sorted(each for each in found if each[1].strip())


def _word(text: str, words: str, start: int) -> int:
    """Find words that no letter or digit stands beside; -1 if they are not there."""
    at = text.find(words, start) if words else -1
    while at >= 0 and (_glued(text, at) or _glued(text, at + len(words))):
        at = text.find(words, at + 1)
    return at


def _glued(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


_LINK = re.compile(r"(!?)\[\[([^\[\]|#\r\n]*)(#[^\[\]|\r\n]*)?(\|[^\[\]\r\n]*)?\]\]")
_KEY = re.compile(r"""[ \t]*(?:-[ \t]+)*(?:"([^"\r\n]+)"[ \t]*|'([^'\r\n]+)'[ \t]*|([^\s:#"'\[\]{},-][^:\r\n\[\]"']*)):(?=[ \t]|$)""")
_ASSIGNED = re.compile(r"""[ \t]*(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([\w.-]+))[ \t]*=""")
_TABLE = re.compile(r"""[ \t]*\[{1,2}[ \t]*[\w"'-][^\[\]]*\]{1,2}[ \t]*(?:#.*|\r)?$""")
"""A line of TOML that begins a table, or one of several."""
_LONG = re.compile(r"\"{3}|'{3}")
_REMARK = re.compile(r"""(?:[^"'#]|"[^"]*"|'[^']*'|(?<![ \t])#)*?[ \t](?=#)""")
_BETWEEN = re.compile(r"""["'][ \t]*,[ \t]*["']""")


class Linked(NamedTuple):
    """A line of front matter that holds links: the key it stands under, its line, its words, and the links."""

    key: str
    line: int
    text: str
    links: tuple[Link, ...]


def links(head: str, *, label_first: bool = False) -> list[Linked]:
    """List the lines of a note's front matter that hold links, in whatever key, text or list they stand.

    With ``label_first``, the words of a link stand before the bar.

    They are found in the text itself, so that each has its line and column; what YAML makes of
    ``up: [[Beta]]`` without quotes is a list in a list, and a link to whoever wrote it.

    >>> [(each.text, each.line, each.links[0].column) for each in links('---\\nup:\\n  - "[[Beta|the second]]"\\n---\\n')]
    [('up: the second', 3, 6)]
    """
    if "[[" not in head:
        return []
    found: list[Linked] = []
    key, start = "", 0
    toml, long = head[0] == "+", False
    form = _ASSIGNED if toml else _KEY
    for number, line in enumerate(head.split("\n" if "\n" in head else "\r"), start=1):
        if toml and not long and _TABLE.match(line):
            key = ""
        elif not line.lstrip().startswith("#"):
            named = form.match(line)
            key = nfc(named[1] or named[2] or named[3].rstrip(" \t")) if named else key
            if key and "[[" in line:
                value = line[named.end() :] if named else line
                remark = _REMARK.match(line)
                end = remark.end() if remark else len(line)
                here = [
                    _link(match, key, start, number, label_first=label_first)
                    for match in _LINK.finditer(line, len(line) - len(value), end)
                    if _asks(match)
                ]
                words = _BETWEEN.sub(", ", _LINK.sub(partial(_shown, label_first=label_first), value[: len(value) - len(line) + end]))
                text = " ".join(nfc(words).strip(" \t\r-[]\"',|>").split())
                found += [Linked(key, number, f"{key}: {text}", tuple(here))] if here else []
            long ^= toml and len(_LONG.findall(line)) % 2 == 1
        start += len(line) + 1
    return found


def _asks(match: re.Match[str]) -> bool:
    return bool(match[2].strip() or (match[3] or "").strip("# \t"))


def _link(match: re.Match[str], key: str, start: int, line: int, *, label_first: bool = False) -> Link:
    # In a text in quotes the bar may be escaped, as in a table.
    target = nfc(" ".join(match[2].rstrip("\\").split()))
    label = None if match[4] is None else nfc(" ".join(match[4][1:].split()))
    section = (match[3] or "").rstrip("\\").removeprefix("#").strip()
    place = start + match.start(), start + match.end(), line, match.start() + 1
    found = Link(target, label, section, bool(match[1]), *place, "property", key)
    return found.turned() if label_first else found


def shown(value: str, *, label_first: bool = False) -> str:
    """Give a value with its links as a reader sees them.

    >>> shown("She met [[Eva|the mayor]].")
    'She met the mayor.'
    """
    return _LINK.sub(partial(_shown, label_first=label_first), value) if "[[" in value else value


def _shown(match: re.Match[str], *, label_first: bool = False) -> str:
    return _link(match, "", 0, 0, label_first=label_first).shown


WHOLE = re.compile(r"!?\[\[[^\[\]]+\]\]")
"""A link that is all of a value."""


def words(value: str, *, label_first: bool = False) -> str:
    """Give a value in the words that it is known by, with its links as a reader sees them; "" if it says nothing.

    >>> words("  red\\n  wine"), words("null")
    ('red wine', '')
    """
    found = nfc(" ".join(shown(value, label_first=label_first).split()))
    return "" if found in ("null", "~") else found


def lines(properties: Mapping[str, Property], linked: Iterable[Linked], without: Container[str], *, label_first: bool = False) -> list[Linked]:
    """List the keys of front matter that have values which are no links, as lines; what the lines in ``linked`` say is not said again.

    ``without`` are keys, in small letters, that mean something else; what :func:`said` says is not said again either.

    >>> lines({"tools": Property(["saw", "rope"], 2), "up": Property("[[Beta]]", 3)}, links('---\\n\\nup: "[[Beta]]"'), ())[0].text
    'tools: saw, rope'
    """
    told: dict[str, list[str]] = {}
    for each in linked:
        told.setdefault(each.key, []).append(each.text)
    found = []
    for key, given in properties.items():
        if key.casefold() not in DESCRIBES and key.casefold() not in without:
            here = "\n".join(told.get(nfc(key), ()))
            said = [each for each in dict.fromkeys(_words(given.value, bool(here), label_first, bare=False)) if not here or each not in here]
            if said:
                found.append(Linked(nfc(key), given.line, f"{nfc(key)}: {', '.join(said)}", ()))
    return sorted(found, key=lambda each: each.line)


def _words(value: Value, linked: bool, label_first: bool, *, bare: bool) -> Iterator[str]:
    if isinstance(value, str):
        # In a list in a list, which is what YAML makes of a link without quotes, there are no words.
        found = "" if linked and (bare or WHOLE.fullmatch(value.strip())) else words(value, label_first=label_first)
        if found:
            yield found
    elif isinstance(value, list):
        for each in value:
            yield from _words(each, linked, label_first, bare=bare or (isinstance(each, list) and len(each) == 1))


class FrontMatter(NamedTuple):
    """The properties of a note, where its body starts (code points), and what was wrong."""

    properties: dict[str, Property]
    body: int
    flaws: tuple[Flaw, ...]


def read(text: str, start: int = 0) -> FrontMatter:
    """Read the front matter of a note, if it begins with one; ``start`` is where the note itself begins.

    >>> read("---\\ntitle: A note\\nvideoId: -x1\\n---\\nHello").properties["title"]
    Property(value='A note', line=2)
    """
    if start:
        return _after(start, text)
    block = (_TOML if text[:1] == "+" else _BLOCK).match(text)
    if not block:
        flaws = (Flaw("front-matter", 1, f"the front matter is not closed: a line of {text[:3]} is missing"),) if _OPEN.match(text) else ()
        return FrontMatter({}, 0, flaws)
    content = block[1] or ""
    if len(content) > LARGEST:
        return FrontMatter({}, block.end(), (Flaw("front-matter", 1, f"longer than {LARGEST:,} characters"),))
    if text[0] == "+":
        return FrontMatter(*untyped.of_toml(content, block.end()))
    simple = untyped.simple(content)
    if simple is not None:
        return FrontMatter(simple, block.end(), ())
    return FrontMatter(*untyped.of_yaml(content, block.end()))


def _after(start: int, text: str) -> FrontMatter:
    """Read front matter that begins further down."""
    lines = text.count("\n", 0, start)
    found = read(text[start:])
    return FrontMatter(
        {key: given._replace(line=given.line + lines) for key, given in found.properties.items()},
        found.body + start if found.body else 0,
        tuple(each._replace(line=each.line + lines) for each in found.flaws),
    )
