"""The grammar of SPARQL queries, over the tokens of ``guard``: where a query stops being one, and its parts.

The engine tells neither the place nor the word that is wrong: it looks ahead by letters, and names what it
tried last. Here one token is looked at after the other, so that the first that cannot stand where it does
is known, and all that could. Nothing is refused here; the engine decides what runs.

Source: SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/#grammar) and what 1.2 adds (triple terms,
reifiers, LATERAL), with operators in one flat rule: precedence does not matter to who only recognises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from kg import guard
from kg.guard import Token

RULES = """
query      = prologue ( select | construct | describe | ask ) values? END
prologue   = ( 'BASE' IRI | prefix | 'VERSION' STRING )*
prefix     = 'PREFIX' SPACE IRI
select     = 'SELECT' ( 'DISTINCT' | 'REDUCED' )? ( '*' | projected+ ) dataset* where modifiers
projected  = VARIABLE | '(' expression 'AS' VARIABLE ')'
construct  = 'CONSTRUCT' ( template dataset* where modifiers | dataset* 'WHERE' template modifiers )
describe   = 'DESCRIBE' ( '*' | ( VARIABLE | iri )+ ) dataset* where? modifiers
ask        = 'ASK' dataset* where modifiers
dataset    = 'FROM' 'NAMED'? iri
where      = 'WHERE'? group
modifiers  = grouping? having? order? ( limit offset? | offset limit? )?
grouping   = 'GROUP' 'BY' ( builtin | call | '(' expression ( 'AS' VARIABLE )? ')' | VARIABLE )+
having     = 'HAVING' constraint+
order      = 'ORDER' 'BY' ( ( 'ASC' | 'DESC' ) bracketed | constraint | VARIABLE )+
limit      = 'LIMIT' NUMBER
offset     = 'OFFSET' NUMBER
template   = '{' triples? '}'
group      = '{' ( select values? | body ) '}'
body       = triples? ( part '.'? triples? )*
part       = optional | minus | graph | service | filter | bind | values | lateral | union
optional   = 'OPTIONAL' group
minus      = 'MINUS' group
graph      = 'GRAPH' ( VARIABLE | iri ) group
service    = 'SERVICE' 'SILENT'? ( VARIABLE | iri ) group
lateral    = 'LATERAL' group
filter     = 'FILTER' constraint
bind       = 'BIND' '(' expression 'AS' VARIABLE ')'
union      = group ( 'UNION' group )*
values     = 'VALUES' ( VARIABLE '{' datum* '}' | '(' VARIABLE* ')' '{' ( '(' datum* ')' )* '}' )
datum      = 'UNDEF' | iri | literal | tripleterm
triples    = statement ( '.' statement )* '.'?
statement  = compound properties? | node properties
properties = verb objects ( ';' ( verb objects )? )*
verb       = VARIABLE | path
objects    = object ( ',' object )*
object     = ( compound | node ) annotation
annotation = ( '~' ( VARIABLE | iri | BLANK )? | '{' '|' properties '|' '}' )*
compound   = '[' properties ']' | '(' ( compound | node )+ ')' | '<' '<' ( compound | node ) verb object '>' '>'
node       = VARIABLE | iri | literal | BLANK | '[' ']' | '(' ')' | tripleterm
tripleterm = '<' '<' '(' node verb node ')' '>' '>'
path       = step ( ( '/' | '|' ) step )*
step       = '^'? ( iri | 'a' | '!' ( inset | '(' ( inset ( '|' inset )* )? ')' ) | '(' path ')' ) ( '?' | '*' | '+' )?
inset      = '^'? ( iri | 'a' )
iri        = IRI | NAME
literal    = STRING ( LANGUAGE | '^^' iri )? | ( '+' | '-' )? NUMBER | 'true' | 'false'
constraint = bracketed | builtin | call | exists
bracketed  = '(' expression ')'
expression = operand ( OPERATOR operand | 'NOT'? 'IN' listed )*
listed     = '(' ( expression ( ',' expression )* )? ')'
operand    = '!'* ( '+' | '-' )? ( bracketed | exists | builtin | call | VARIABLE | iri | literal | tripleterm )
exists     = 'NOT'? 'EXISTS' group
call       = iri '(' 'DISTINCT'? ( expression ( ',' expression )* )? ')'
builtin    = FUNCTION '(' 'DISTINCT'? ( '*' | expression ( ',' expression )* ( ';' 'SEPARATOR' '=' STRING )? )? ')'
"""

AGGREGATES = {"COUNT": "1", "SUM": "1", "MIN": "1", "MAX": "1", "AVG": "1", "SAMPLE": "1", "GROUP_CONCAT": "1"}
FUNCTIONS = AGGREGATES | {
    "STR": "1", "LANG": "1", "LANGMATCHES": "2", "DATATYPE": "1", "BOUND": "1", "IRI": "1", "URI": "1", "BNODE": "0-1", "RAND": "0", "ABS": "1",
    "CEIL": "1", "FLOOR": "1", "ROUND": "1", "CONCAT": "0-", "STRLEN": "1", "SUBSTR": "2-3", "REPLACE": "3-4", "UCASE": "1", "LCASE": "1",
    "ENCODE_FOR_URI": "1", "CONTAINS": "2", "STRSTARTS": "2", "STRENDS": "2", "STRBEFORE": "2", "STRAFTER": "2", "YEAR": "1", "MONTH": "1",
    "DAY": "1", "HOURS": "1", "MINUTES": "1", "SECONDS": "1", "TIMEZONE": "1", "TZ": "1", "NOW": "0", "UUID": "0", "STRUUID": "0", "MD5": "1",
    "SHA1": "1", "SHA256": "1", "SHA384": "1", "SHA512": "1", "COALESCE": "0-", "IF": "3", "STRLANG": "2", "STRDT": "2", "SAMETERM": "2",
    "ISIRI": "1", "ISURI": "1", "ISBLANK": "1", "ISLITERAL": "1", "ISNUMERIC": "1", "REGEX": "2-3", "ISTRIPLE": "1", "TRIPLE": "3",
    "SUBJECT": "1", "PREDICATE": "1", "OBJECT": "1", "LANGDIR": "1", "HASLANG": "1", "HASLANGDIR": "1", "STRLANGDIR": "3", "ADJUST": "2",
}  # fmt: skip
"""Every function and how many values it takes: ``2``, ``2-3``, ``0-`` for any number."""
_OPERATORS = frozenset(("||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/"))
_SORTS = {"VARIABLE": "variable", "IRI": "iri", "STRING": "string", "NUMBER": "number", "LANGUAGE": "language", "BLANK": "blank"}


@dataclass(slots=True)
class Node:
    """A rule that matched: its name and what it is made of; ``start`` and ``end`` are places in the text."""

    rule: str
    parts: list[Node | Token] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.parts[0].start if self.parts else 0

    @property
    def end(self) -> int:
        last = self.parts[-1] if self.parts else None
        return last.end if isinstance(last, Node) else last.start + len(last.text) if last else 0

    def nodes(self, *rules: str) -> Iterator[Node]:
        """Give the nodes right below this one, of some rules."""
        return (each for each in self.parts if isinstance(each, Node) and (not rules or each.rule in rules))

    def under(self, rule: str) -> Iterator[Node]:
        """Give all nodes of a rule at any depth, in the order of the text."""
        for each in self.nodes():
            if each.rule == rule:
                yield each
            yield from each.under(rule)

    def words(self) -> list[str]:
        """Give the texts of the tokens right below this node."""
        return [each.text for each in self.parts if isinstance(each, Token)]

    def tokens(self) -> Iterator[Token]:
        """Give all tokens of this node, in the order of the text."""
        for each in self.parts:
            if isinstance(each, Node):
                yield from each.tokens()
            else:
                yield each


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a query gave: a tree, or the token at which it fails, what could stand there, and within which rules."""

    tokens: tuple[Token, ...]
    tree: Node | None
    at: int = 0
    wanted: frozenset[str] = frozenset()
    within: tuple[str, ...] = ()


def pieces(text: str) -> tuple[Token, ...]:
    """Cut a query as ``guard`` does, with blank nodes and numbers such as ``.5`` in one piece.

    >>> [each.text for each in pieces("_:x :y .5")]
    ['_:x', ':y', '.5']
    """
    found: list[Token] = []
    for token in guard.tokens(text):
        last = found[-1] if found else None
        if last and last.start + len(last.text) == token.start:
            if last.text == "_" and token.sort == "name":
                found[-1] = Token("blank", f"_{token.text}", last.start)
                continue
            if last.text == "." and token.sort == "number" and (len(found) < 2 or found[-2].start + len(found[-2].text) < last.start):
                found[-1] = Token("number", f".{token.text}", last.start)
                continue
        found.append(token)
    return tuple(found)


def read(text: str) -> Reading:
    """Read a query.

    >>> read("SELECT * { ?s ?p ?o }").tree is not None
    True
    >>> reading = read("SELECT * { ?s ?p }")
    >>> reading.tokens[reading.at].text, "VARIABLE" in reading.wanted
    ('}', True)
    """
    run = _Run(pieces(text))
    found: list[Node | Token] = []
    try:
        ended = _rules()["query"](run, 0, found)
    except RecursionError:
        return Reading(run.tokens, None)
    if ended < 0:
        return Reading(run.tokens, None, run.farthest, frozenset(run.wanted), run.within)
    (tree,) = found
    return Reading(run.tokens, tree if isinstance(tree, Node) else None)


# -- the rules as functions --------------------------------------------------------------------


class _Run:
    """One reading under way: how far it came, and what was wanted there."""

    __slots__ = ("farthest", "folded", "stack", "tokens", "wanted", "within")

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.folded = [each.text.upper() if each.sort == "word" else each.text for each in tokens]
        self.farthest = 0
        self.wanted: set[str] = set()
        self.within: tuple[str, ...] = ()
        self.stack: list[str] = []

    def fail(self, at: int, wanted: str) -> int:
        if at > self.farthest or not self.wanted:
            self.farthest, self.wanted, self.within = at, {wanted}, tuple(self.stack)
        elif at == self.farthest:
            self.wanted.add(wanted)
        return -1


_Match = Callable[[_Run, int, "list[Node | Token]"], int]
"""Matches from a token on, adds what it is made of to a list, and gives the token after it, or -1."""


@cache
def _rules() -> dict[str, _Match]:
    rules: dict[str, _Match] = {}
    for line in RULES.strip().split("\n"):
        name, _, body = line.partition(" = ")
        words = re.findall(r"'[^']+'[?*+]?|\w+[?*+]?|[(|]|\)[?*+]?", body)
        rules[name.strip()] = _named(name.strip(), _choice(words, rules))
    return rules


def _choice(words: list[str], rules: dict[str, _Match]) -> _Match:
    """Read alternatives up to a closing bracket; takes what it reads from ``words``."""
    options: list[list[_Match]] = [[]]
    while words and words[0][0] != ")":
        word = words.pop(0)
        if word == "|":
            options.append([])
            continue
        if word == "(":
            inner = _choice(words, rules)
            word = words.pop(0)
        else:
            inner = _one(word.rstrip("?*+") if word[0] != "'" else word[: word.rindex("'") + 1], rules)
        options[-1].append(_repeated(inner, word[-1]) if word[-1] in "?*+" else inner)
    chains = [each[0] if len(each) == 1 else _sequence(tuple(each)) for each in options]
    return chains[0] if len(chains) == 1 else _first(tuple(chains))


def _named(name: str, inner: _Match) -> _Match:
    def match(run: _Run, at: int, out: list[Node | Token]) -> int:
        run.stack.append(name)
        parts: list[Node | Token] = []
        ended = inner(run, at, parts)
        run.stack.pop()
        if ended >= 0 and (parts or name == "query"):
            out.append(Node(name, parts))
        return ended

    return match


def _sequence(chain: tuple[_Match, ...]) -> _Match:
    def match(run: _Run, at: int, out: list[Node | Token]) -> int:
        kept = len(out)
        for each in chain:
            at = each(run, at, out)
            if at < 0:
                del out[kept:]
                return -1
        return at

    return match


def _first(options: tuple[_Match, ...]) -> _Match:
    def match(run: _Run, at: int, out: list[Node | Token]) -> int:
        for each in options:
            ended = each(run, at, out)
            if ended >= 0:
                return ended
        return -1

    return match


def _repeated(inner: _Match, times: str) -> _Match:
    def match(run: _Run, at: int, out: list[Node | Token]) -> int:
        ended = inner(run, at, out)
        if ended < 0:
            return -1 if times == "+" else at
        while times != "?":
            further = inner(run, ended, out)
            if further <= ended:
                break
            ended = further
        return ended

    return match


def _one(word: str, rules: dict[str, _Match]) -> _Match:
    if word[0] == "'":
        return _literally(word[1:-1])
    if word.isupper():
        return _sort(word)

    def rule(run: _Run, at: int, out: list[Node | Token]) -> int:
        return rules[word](run, at, out)  # which may not be known yet

    return rule


def _literally(text: str) -> _Match:
    # Keywords have no case, but for "a"; true and false stand for themselves in small letters.
    wanted = text.upper() if text != "a" else text

    def match(run: _Run, at: int, out: list[Node | Token]) -> int:
        if at < len(run.tokens) and (run.folded[at] == wanted if text != "a" else run.tokens[at].text == "a"):
            out.append(run.tokens[at])
            return at + 1
        return run.fail(at, text)

    return match


def _sort(name: str) -> _Match:
    sort = _SORTS.get(name, "")

    def fits(run: _Run, at: int) -> bool:
        token = run.tokens[at]
        match name:
            case "NAME":
                return token.sort == "name"
            case "SPACE":
                return token.sort == "name" and token.text.endswith(":")
            case "FUNCTION":
                return token.sort == "word" and run.folded[at] in FUNCTIONS
            case "OPERATOR":
                return token.sort == "operator" and token.text in _OPERATORS
        return token.sort == sort

    def match(run: _Run, at: int, out: list[Node | Token]) -> int:
        if name == "END" and at == len(run.tokens):
            return at
        if name != "END" and at < len(run.tokens) and fits(run, at):
            out.append(run.tokens[at])
            return at + 1
        return run.fail(at, name)

    return match


__all__ = ["AGGREGATES", "FUNCTIONS", "Node", "Reading", "pieces", "read"]
