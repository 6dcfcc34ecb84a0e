"""What a query looks for: its triple patterns, by the braces they stand in.

    Group      what stands between one pair of braces
    Element    a triple pattern, a FILTER, an OPTIONAL and so on, in the order of the text
    Pattern    subject, property, object
    Term       a variable, an IRI written out in full, a literal

Only read here; whether the graph has any of it is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kg import grammar
from kg.grammar import Node
from kg.guard import Token
from kg.names import STANDARD_PREFIXES, Names
from kg.terms import unescaped

RDF_TYPE = STANDARD_PREFIXES["rdf"] + "type"


class Term(NamedTuple):
    """A part of a pattern: ``sort`` is variable, iri, literal or other; ``value`` has no prefix, quote or escape.

    ``more`` is the language tag of a literal with its @, or the IRI of its type.
    """

    sort: str
    value: str
    text: str
    more: str = ""


class Step(NamedTuple):
    """A property on a path; ``inverse`` when it is walked backwards, ``many`` when any number of times or none."""

    term: Term
    inverse: bool = False
    many: bool = False


class Pattern(NamedTuple):
    """Subject, property and object; ``steps`` are the properties of a path in order, none if it branches."""

    subject: Term
    verb: Term
    object: Term
    steps: tuple[Step, ...]
    properties: tuple[Term, ...]

    @property
    def text(self) -> str:
        return f"{self.subject.text} {self.verb.text} {self.object.text}"


@dataclass(slots=True)
class Element:
    """One thing that a group asks for. ``kind`` is triple, filter, optional, minus, union, graph, group, bind, values, service, lateral."""

    kind: str
    text: str
    node: Node
    pattern: Pattern | None = None
    groups: list[Group] = field(default_factory=list)

    def variables(self) -> set[str]:
        return {each.text[1:] for each in self.node.tokens() if each.sort == "variable"}


@dataclass(slots=True)
class Group:
    """What stands between one pair of braces, in order; ``select`` when it is a query of its own."""

    elements: list[Element] = field(default_factory=list)
    select: Node | None = None

    def patterns(self, *, needed: bool = False) -> Iterator[Pattern]:
        """Give the patterns of this group and those inside, or only those without which there is no answer."""
        for each in self.elements:
            if each.pattern:
                yield each.pattern
            for inner in each.groups:
                if not needed or each.kind in ("graph", "group", "lateral"):
                    yield from inner.patterns(needed=needed)

    def all(self) -> Iterator[Group]:
        """Give this group and those inside."""
        yield self
        for each in self.elements:
            for inner in each.groups:
                yield from inner.all()


@dataclass(frozen=True, slots=True)
class Question:
    """A query taken apart: its form, what stands before it, and its outermost group."""

    form: str
    head: Node
    prologue: str
    group: Group
    tree: Node
    prefixes: dict[str, str]
    base: str


def question(text: str, names: Names) -> Question | None:
    """Take a query apart; ``None`` if it has no braces or cannot be read.

    >>> asked = question("SELECT * { ?p :names country:PT }", Names())
    >>> [each.text for each in asked.group.patterns()]
    ['?p :names country:PT']
    """
    tree = grammar.read(text).tree
    head = next(tree.nodes("select", "construct", "describe", "ask"), None) if tree else None
    if tree is None or head is None:
        return None
    prologue = next(tree.nodes("prologue"), None)
    reader = _Reader(text, names, prologue)
    where = next(head.nodes("where"), None)
    if where is not None:
        (outer,) = where.nodes("group")
        group = reader.group(outer)
    else:
        group = Group([each for template in head.nodes("template") for each in reader.triples(template)])
    return Question(head.rule, head, text[prologue.start : prologue.end] if prologue else "", group, tree, reader.prefixes, reader.base)


class _Reader:
    """Reads the groups of one query; knows its prefixes."""

    def __init__(self, text: str, names: Names, prologue: Node | None) -> None:
        self.text, self.base = text, names.base
        self.prefixes = dict(names.declared())
        last = ""
        for token in prologue.tokens() if prologue else ():
            if token.sort == "iri" and last.upper() == "BASE":
                self.base = token.text[1:-1]
            elif token.sort == "iri":
                self.prefixes[last[:-1]] = self.resolved(token.text[1:-1])
            last = token.text

    def resolved(self, address: str) -> str:
        from urllib.parse import urljoin

        return address if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address) else urljoin(self.base, address) if address else self.base

    def group(self, node: Node) -> Group:
        select = next(node.nodes("select"), None)
        if select is not None:
            (where,) = select.nodes("where")
            (outer,) = where.nodes("group")
            return Group(self.group(outer).elements, select)
        found = Group()
        for body in node.nodes("body"):
            for part in body.nodes():
                if part.rule == "triples":
                    found.elements += self.triples(part)
                else:
                    (inner,) = part.nodes()
                    groups = list(inner.nodes("group"))
                    groups += [each for exists in inner.under("exists") for each in exists.nodes("group")]
                    kind = "group" if inner.rule == "union" and len(groups) == 1 else inner.rule
                    found.elements.append(Element(kind, self.text[inner.start : inner.end], inner, None, [self.group(each) for each in groups]))
        return found

    def triples(self, node: Node) -> Iterator[Element]:
        for statement in node.under("statement"):
            first = next(statement.nodes())
            simple = first.rule == "node" and not any(True for rule in ("compound", "tripleterm") for _ in statement.under(rule))
            if not simple or any(each.text in ("~", "{") for each in statement.tokens()):
                yield Element("triple", self.text[statement.start : statement.end] + " .", statement)
                continue
            subject = self.term(first)
            for properties in statement.nodes("properties"):
                verb: Node = properties
                for part in properties.nodes():
                    if part.rule == "verb":
                        verb = part
                        continue
                    for each in part.nodes("object"):
                        target = self.term(next(each.nodes("node")))
                        pattern = self.pattern(subject, verb, target)
                        whole = Node("", [*first.tokens(), *verb.tokens(), *each.tokens()])
                        yield Element("triple", pattern.text + " .", whole, pattern)

    def pattern(self, subject: Term, verb: Node, target: Term) -> Pattern:
        text = self.text[verb.start : verb.end]
        tokens = list(verb.tokens())
        named = tuple(self.of_token(each) for each in tokens if each.sort in ("name", "iri") or each.text == "a")
        if len(tokens) == 1:
            term = self.of_token(tokens[0])
            return Pattern(subject, term, target, (Step(term),) if term.sort == "iri" else (), named)
        steps: list[Step] = []
        inverse = False
        for token in tokens:
            if token.text == "^":
                inverse = True
            elif token.text in ("*", "+", "?"):
                if not steps:
                    break
                steps[-1] = steps[-1]._replace(many=True)
            elif token.sort in ("name", "iri") or token.text == "a":
                steps.append(Step(self.of_token(token), inverse))
                inverse = False
            elif token.text != "/":
                steps = []
                break
        return Pattern(subject, Term("other", "", text), target, tuple(steps), named)

    def term(self, node: Node) -> Term:
        tokens = list(node.tokens())
        text = self.text[node.start : node.end]
        if tokens[0].sort == "string":
            more = tokens[1].text if len(tokens) == 2 else self.of_token(tokens[2]).value if len(tokens) == 3 else ""
            return Term("literal", unquoted(tokens[0].text), text, more)
        if len(tokens) == 1:
            return self.of_token(tokens[0])
        if tokens[-1].sort == "number":
            return Term("literal", text.replace(" ", ""), text, _number(tokens[-1].text))
        return Term("other", text, text)

    def of_token(self, token: Token) -> Term:
        match token.sort:
            case "variable":
                return Term("variable", token.text[1:], token.text)
            case "iri":
                return Term("iri", self.resolved(unescaped(token.text[1:-1])), token.text)
            case "name":
                prefix, _, local = token.text.partition(":")
                return Term("iri", self.prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local), token.text)
            case "number":
                return Term("literal", token.text, token.text, _number(token.text))
        if token.text == "a":
            return Term("iri", RDF_TYPE, "a")
        if token.text.lower() in ("true", "false"):
            return Term("literal", token.text.lower(), token.text, STANDARD_PREFIXES["xsd"] + "boolean")
        return Term("other", token.text, token.text)


def _number(text: str) -> str:
    return STANDARD_PREFIXES["xsd"] + ("double" if "e" in text.lower() else "decimal" if "." in text else "integer")


def unquoted(text: str) -> str:
    r"""Give what stands between the quotes of a text in a query.

    >>> unquoted('"it\\\'s"'), unquoted("'''x'''")
    ("it's", 'x')
    """
    size = 3 if text[:3] in ('"""', "'''") and len(text) >= 6 else 1
    return unescaped(text[size:-size])


__all__ = ["RDF_TYPE", "Element", "Group", "Pattern", "Question", "Step", "Term", "question", "unquoted"]
