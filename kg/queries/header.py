"""The comments that a named query begins with: what it answers, what it needs to know.

    # title: Initiatives of a country, with the second that says so
    # group: Countries and initiatives
    # audience: analyst, journalist
    # description: A longer text,
    #     which goes on where a line is indented.
    # param country: Country — the country, by its name or code
    # param most: integer = 20 — at most so many rows
    # example: kg query --name initiatives-of-country country=Portugal
    # suggested: true

All are optional. The header ends with the first line that is no comment; other comments in it are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.errors import Place, QueryError
from kg.guard import guess
from kg.lookup import KINDS
from kg.names import STANDARD_PREFIXES, Names
from kg.parameters import insert, variables
from kg.values import Value, literal

KEYS = ("title", "group", "description", "audience", "example", "suggested")
LITERALS = {
    "text": (re.compile(r".*", re.DOTALL), "a text", "words", ""),
    "integer": (re.compile(r"[+-]?\d+", re.ASCII), "a whole number", "12", "integer"),
    "decimal": (re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII), "a number", "0.9", "decimal"),
    "boolean": (re.compile(r"true|false"), "true or false", "true", "boolean"),
    "date": (re.compile(r"-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII), "a date", "2020-05-07", "date"),
}
"""Types that are no things of the graph: how they are written, what they are called, an example, their datatype."""
TERMS = ("Class", "Property")
_LINE = re.compile(r"#+ ?(?P<key>\w+)(?: +(?P<name>[?$]?\w+))? *: ?(?P<rest>.*)")
_PARAM = re.compile(r"(?P<type>\S+)(?:\s*=\s*(?P<default>.*?))?(?:\s+[—–]\s+(?P<words>.*)|\s+--?\s+(?P<plain>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a query needs to know; ``default`` is ``None`` where there is none, ``line`` is of the file."""

    name: str
    type: str
    default: str | None = None
    words: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """What a query says of itself."""

    title: str = ""
    group: str = ""
    description: str = ""
    audience: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    example: str = ""
    suggested: bool = False


def read(text: str, path: str) -> Header:
    """Read the header of a query.

    Raises:
        QueryError: it says something that kg does not understand; with the line.
    """
    said: dict[str, str] = {}
    parameters: list[Parameter] = []
    for line, key, name, rest in _entries(text):
        at = Place(path, line)
        if key == "param":
            parameters.append(_parameter(name, rest, at, [each.name for each in parameters]))
        elif key in KEYS and not name:
            if key in said:
                raise QueryError(f"the header says {key} twice", at=at)
            said[key] = rest
        elif near := guess(key, [*KEYS, "param"]):
            raise QueryError(
                f"unknown word in the header: {key}", at=at, hint=f"did you mean {near}? (another comment may stand after the first blank line)"
            )
    present = variables(text)
    for each in parameters:
        if each.name not in present:
            near = guess(each.name, present)
            hint = f"did you mean {near}?" if near else f"it has {', '.join(f'?{one}' for one in present) or 'no variables'}"
            raise QueryError(f"the query has no ?{each.name}", at=Place(path, each.line), hint=hint)
    suggested = said.get("suggested", "false").strip().lower()
    if suggested not in ("true", "false"):
        raise QueryError(f"suggested is true or false, not {suggested!r}", at=Place(path))
    audience = tuple(each.strip() for each in said.get("audience", "").split(",") if each.strip())
    return Header(
        said.get("title", ""),
        said.get("group", ""),
        said.get("description", ""),
        audience,
        tuple(parameters),
        said.get("example", ""),
        suggested == "true",
    )


def body(text: str) -> str:
    """Give a query without its header.

    >>> body("# title: All\\n\\nASK {}\\n")
    'ASK {}\\n'
    """
    lines = text.splitlines(keepends=True)
    first = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[first:]).lstrip("\r\n")


def _entries(text: str) -> list[tuple[int, str, str, str]]:
    """Give line, key, name and text of each entry, with the lines that go on joined to it."""
    found: list[tuple[int, str, str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        match = _LINE.fullmatch(line.rstrip())
        if found and re.match(r"#+\s{3,}\S", line):
            at, key, name, rest = found[-1]
            found[-1] = (at, key, name, f"{rest} {line.lstrip('#').strip()}".strip())
        elif match and (match["name"] is None or guess(match["key"], ["param"])):
            found.append((number, match["key"].casefold(), (match["name"] or "").lstrip("?$"), match["rest"].strip()))
        elif re.match(r"#+ ?param\b", line, re.IGNORECASE):
            found.append((number, "param", "", ""))
    return found


def _parameter(name: str, rest: str, at: Place, known: list[str]) -> Parameter:
    hint = "such as: # param country: Country = Portugal — the country"
    match = _PARAM.fullmatch(rest)
    if not name or not match:
        raise QueryError("a parameter needs a name and a type", at=at, hint=hint)
    if name in known:
        raise QueryError(f"the header has the parameter {name} twice", at=at)
    kind = match["type"]
    exact = {each.casefold(): each for each in (*LITERALS, *TERMS, *KINDS)} | {"string": "text", "number": "decimal", "organization": "Organisation"}
    kind = exact.get(kind.casefold(), kind)
    if not re.fullmatch(r"[^\W\d_]\w*", kind) or (kind not in exact.values() and not kind[0].isupper()):
        near = guess(kind, list(exact.values()))
        hint = f"did you mean {near}?" if near else f"known: {', '.join((*LITERALS, *TERMS, *KINDS))}, and kinds of your own"
        raise QueryError(f"{kind!r} is no type of a parameter", at=at, hint=hint)
    default = match["default"]
    if default is not None:
        default = re.sub(r'^"(.*)"$', r"\1", default.strip())
    if default is not None and kind in LITERALS and not LITERALS[kind][0].fullmatch(default):
        raise QueryError(f"the default of {name} is {default!r}, which is not {LITERALS[kind][1]}", at=at, hint=f"such as {LITERALS[kind][2]}")
    return Parameter(name, kind, default, match["words"] or match["plain"] or "", at.line)


def stand_in(parameter: Parameter) -> Value:
    """Give some value of a parameter's type, for looking whether the query is one."""
    if parameter.type in LITERALS:
        _, _, example, datatype = LITERALS[parameter.type]
        return literal(example, STANDARD_PREFIXES["xsd"] + datatype if datatype else "")
    return Value(f"<{Names().base}>", literal=False)


def filled(text: str, header: Header) -> str:
    """Give a query with some value for each of its parameters."""
    return insert(text, {each.name: stand_in(each) for each in header.parameters})


__all__ = ["KEYS", "LITERALS", "TERMS", "Header", "Parameter", "body", "filled", "read"]
