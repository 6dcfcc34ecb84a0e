"""Queries that are well written and still wrong: a prefix that nobody declared, a column neither grouped nor counted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from kg import grammar
from kg.errors import QueryError
from kg.grammar import FUNCTIONS, Node
from kg.guard import Token, guess
from kg.mistakes.stop import placed
from kg.names import Names

_ESCAPE = re.compile(r"\\(?:[tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|(\\.?)", re.DOTALL)
_ELSEWHERE = {
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "gn": "http://www.geonames.org/ontology#",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "p": "http://www.wikidata.org/prop/",
    "sioc": "http://rdfs.org/sioc/ns#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "adms": "http://www.w3.org/ns/adms#",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "time": "http://www.w3.org/2006/time#",
}
"""Prefixes in wide use that a query must declare."""


def ill(text: str, tree: Node, names: Names) -> Iterator[QueryError]:
    """Give everything that is wrong with a query that reads well."""
    tokens = tuple(tree.tokens())
    if unknown := unknown_prefix(text, tokens, names):
        yield unknown
    for token in tokens:
        if token.sort == "string" and (wrong := next((each for each in _ESCAPE.finditer(token.text) if each[1]), None)):
            yield placed(f"{wrong[1]} means nothing in a text", text, token.start + wrong.start(), f"write \\{wrong[1]} for a backslash")
        if token.sort == "iri" and not _legal(token.text[1:-1], names):
            yield placed(f"{token.text} is no address", text, token.start, "write % and two digits for a sign that an address may not hold")
    for call in tree.under("builtin"):
        yield from _arity(text, call)
    for each in tree.under("values"):
        yield from _unequal(text, each)
    for select in (*([tree] if tree.rule == "select" else []), *tree.under("select")):
        yield from _columns(text, select)
    for group in tree.under("group"):
        yield from _rebound(text, group)
    for clause in (each for rule in ("limit", "offset") for each in tree.under(rule)):
        number = clause.parts[-1]
        if isinstance(number, Token) and (not number.text.isdigit() or len(number.text) > 19):
            yield placed("a whole number of at most 19 digits is wanted", text, number.start)
    yield from _blanks(text, tree)


def odd_blank(text: str, tokens: tuple[Token, ...]) -> QueryError | None:
    """Find what looks like a blank and is none to the engine, such as the no-break space of web pages."""
    end = 0
    for token in (*tokens, Token("end", "", len(text))):
        gap = re.sub(r"#[^\r\n]*", lambda comment: " " * len(comment[0]), text[end : token.start])
        if found := re.search(r"[^\S \t\r\n]", gap):
            name = unicodedata.name(found[0], "a control character").lower()
            return placed(f"there is a blank that is none in SPARQL (U+{ord(found[0]):04X}, {name})", text, end + found.start(), "type a plain one")
        end = token.start + len(token.text)
    return None


def unknown_prefix(text: str, tokens: tuple[Token, ...], names: Names) -> QueryError | None:
    """Find the first name whose prefix is neither declared nor known."""
    known = list(names.declared())
    for at, token in enumerate(tokens):
        if token.sort != "name":
            continue
        prefix = token.text.partition(":")[0]
        if at and tokens[at - 1].text.upper() == "PREFIX":
            known.append(prefix)
        elif prefix not in known:
            near = next((each for each in known if each.casefold() == prefix.casefold()), "") or guess(prefix, known)
            if prefix.lower() in _ELSEWHERE:
                hint = f"declare it first: PREFIX {prefix}: <{_ELSEWHERE[prefix.lower()]}>"
            elif near:
                hint = f"did you mean {near}: ?"
            else:
                hint = f"known: {' '.join(f'{each}:' for each in names.prefixes())}; others are declared first: PREFIX {prefix}: <…>"
            return placed(f"unknown prefix {prefix}:", text, token.start, hint)
    return None


def _legal(address: str, names: Names) -> bool:
    from pyoxigraph import NamedNode

    absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address)
    try:
        NamedNode(re.sub(r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}", "x", address if absolute else names.base + address))
    except ValueError:
        return False
    return True


def _arity(text: str, call: Node) -> Iterator[QueryError]:
    words = call.words()
    name = words[0].upper()
    given = sum(1 for _ in call.nodes("expression")) + ("*" in words)
    least, dash, most = FUNCTIONS[name].partition("-")
    if given < int(least) or (not dash and given > int(least)) or (most and given > int(most)):
        takes = f"{least} or {most}" if most else f"at least {least}" if dash else least
        hint = 'write GROUP_CONCAT(?x; SEPARATOR=", ")' if name == "GROUP_CONCAT" else "write COUNT(*), or COUNT(?x)" if name == "COUNT" else ""
        yield placed(f"{name} takes {takes} value{'s' if takes != '1' else ''}, not {given}", text, call.start, hint)
    if "*" in words and name != "COUNT":
        yield placed(f"{name} takes no *", text, call.start, f"say of what: {name}(?x)")
    if name == "BOUND" and given == 1 and [each.sort for each in call.tokens()][2:-1] != ["variable"]:
        yield placed("BOUND takes a variable", text, call.start)


def _unequal(text: str, values: Node) -> Iterator[QueryError]:
    """Find a row of VALUES that has more or fewer values than there are variables."""
    wide, given, start = 0, -1, values.start
    for part in values.parts[1:]:
        match part:
            case Token("variable"):
                wide += 1
            case Token(_, "(", start) if "{" in text[values.start : part.start]:
                given = 0
            case Token(_, ")") if given >= 0:
                if given != wide:
                    yield placed(
                        f"{given} value{'s' if given != 1 else ''} for {wide} variable{'s' if wide != 1 else ''}",
                        text,
                        start,
                        "UNDEF stands for none",
                    )
                given = -1
            case Node("datum"):
                given += given >= 0


def _columns(text: str, select: Node) -> Iterator[QueryError]:
    """Look at the variables after SELECT: named twice, named like one that has a value, neither grouped nor counted."""
    modifiers = next(select.nodes("modifiers"), Node(""))
    grouping = next(modifiers.nodes("grouping"), None)
    projected = list(select.nodes("projected"))
    counted = any(each.words()[0].upper() in grammar.AGGREGATES for part in (*projected, modifiers) for each in part.under("builtin"))
    if grouping and "*" in select.words():
        yield placed("SELECT * and GROUP BY do not go together", text, select.start, "name the columns: those of GROUP BY, and (COUNT(*) AS ?count)")
    keys = {each.text for each in grouping.parts if isinstance(each, Token) and each.sort == "variable"} if grouping else set()
    inside = {each.text for where in select.nodes("where") for each in where.tokens() if each.sort == "variable"}
    seen: set[str] = set()
    for column in projected:
        name = next(each for each in reversed(column.parts) if isinstance(each, Token) and each.sort == "variable")
        if name.text in seen:
            yield placed(
                f"{name.text} stands twice after SELECT", text, name.start, "name it once, or give the other one another name: (… AS ?other)"
            )
        renamed = len(column.parts) > 1
        if renamed and name.text in inside | keys:
            yield placed(f"{name.text} has a value already", text, name.start, "choose another name after AS")
        seen.add(name.text)
        loose = _loose(column, keys | seen) if renamed else [name]
        for each in loose:
            if (grouping or counted) and each.text not in keys:
                hint = (
                    f"beside COUNT and the like, name the others: GROUP BY {' '.join(sorted({*keys, each.text}))}"
                    if each.text in inside
                    else "it has no value in the braces"
                )
                yield placed(f"{each.text} is neither grouped nor counted", text, each.start, hint)


def _loose(node: Node, known: set[str]) -> list[Token]:
    """List the variables of a column that stand outside of COUNT and the like."""
    found: list[Token] = []
    for each in node.parts[:-2] if node.rule == "projected" else node.parts:
        if isinstance(each, Node):
            if each.rule != "group" and not (each.rule == "builtin" and each.words()[0].upper() in grammar.AGGREGATES):
                found += _loose(each, known)
        elif each.sort == "variable" and each.text not in known:
            found.append(each)
    return found


def _rebound(text: str, group: Node) -> Iterator[QueryError]:
    """Find BIND(… AS ?x) where ?x has a value already."""
    before: set[str] = set()
    for body in group.nodes("body"):
        for part in body.nodes():
            for bind in part.nodes("bind"):
                name = bind.parts[-2]
                if isinstance(name, Token) and name.text in before:
                    yield placed(f"{name.text} has a value already", text, name.start, f"choose another name, or compare: FILTER({name.text} = …)")
            before |= {each.text for each in part.tokens() if each.sort == "variable"}


def _blanks(text: str, tree: Node) -> Iterator[QueryError]:
    """Find a blank node that is named in two groups."""
    home: dict[str, Node] = {}
    for group in tree.under("body"):
        own = Counter(each.text for triples in group.nodes("triples") for each in triples.tokens() if each.sort == "blank")
        for name in own:
            if home.setdefault(name, group) is not group:
                token = next(each for triples in group.nodes("triples") for each in triples.tokens() if each.text == name)
                yield placed(f"{name} stands in two groups", text, token.start, f"use a variable: ?{name[2:]}")


__all__ = ["ill", "odd_blank", "unknown_prefix"]
