"""Brackets, clauses, groups and triples: what is missing, what is one too many, what stands in the wrong order."""

from __future__ import annotations

from kg import ontology
from kg.guard import Token, guess
from kg.mistakes.habits import ENDS, ORDER
from kg.mistakes.stop import Advice, Stop

_SORTS = frozenset(("VARIABLE", "IRI", "NAME", "STRING", "NUMBER", "LANGUAGE", "BLANK", "SPACE", "FUNCTION", "OPERATOR", "END"))


def brackets(stop: Stop) -> str | Advice | None:
    """Find a bracket that was closed by another one, by none, or that closes nothing."""
    pairs = {")": "(", "]": "[", "}": "{"}
    opened: list[Token] = []
    for token in stop.tokens[: stop.at]:
        if token.sort == "open":
            opened.append(token)
        elif token.sort == "close" and opened and opened[-1].text == pairs[token.text]:
            opened.pop()
    word = stop.word()
    if word in pairs and (not opened or opened[-1].text != pairs[word]):
        if not any(each.text == pairs[word] for each in opened):
            crossed = opened and opened[-1].text in "([" and word in ")]"
            return (
                f"the {opened[-1].text} before it is closed by {_closing(opened[-1].text)}"
                if crossed
                else f"this {word} closes nothing: take it away"
            )
        return f"the {opened[-1].text} before it is not closed: add {_closing(opened[-1].text)}"
    if not stop.token().text and opened:
        missing = "".join(_closing(each.text) for each in reversed(opened))
        return f"add {' '.join(missing)} at the end" if len(opened) < 10 else f"{len(opened)} brackets are not closed"
    return None


def _closing(bracket: str) -> str:
    return {"(": ")", "[": "]", "{": "}"}[bracket]


def clauses(stop: Stop) -> str | Advice | None:
    """Look at what follows the closing brace."""
    word, before = stop.word(), stop.word(-1)
    if before in ("ORDER", "GROUP") and stop.wanted == {"BY"}:
        return f"write {before} BY"
    if before in ("LIMIT", "OFFSET"):
        return f"a whole number follows {before}" + (", not a negative one" if word == "-" else "")
    if "END" not in stop.wanted:
        return None
    if word == ";":
        return "take the semicolon away; one query at a time" if stop.word(1) else "take the semicolon away"
    if word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE"):
        return "one query at a time" if word not in ("PREFIX", "BASE") else f"{word} comes before the query"
    if word in ("INSERT", "DELETE"):
        return "a query only asks; the graph changes when the notes do (kg build)"
    if word in ("WHERE", "JOIN", "AND", "FILTER", "OPTIONAL", "UNION", "MINUS", "BIND", "FROM", "WITH"):
        return f"{word} comes before the braces" if word == "FROM" else "everything to find stands within one pair of outer braces"
    if word in ENDS:
        return f"the order is {ORDER}"
    if word == "," and "LIMIT" in (stop.word(-2), stop.word(-1)):
        return f"write LIMIT {stop.token(1).text or '10'} OFFSET {stop.token(-1).text}"
    if word == ",":
        return "no commas: ORDER BY ?a ?b"
    return None


def groups(stop: Stop) -> str | Advice | None:
    """Look at what wants braces, and at VALUES."""
    word, before = stop.word(), stop.word(-1)
    if "{" in stop.wanted and before in ("OPTIONAL", "MINUS", "UNION", "EXISTS", "WHERE", "LATERAL"):
        return f"what follows {before} stands in braces: {before} {{ … }}"
    if "{" in stop.wanted and "graph" in stop.within[-2:]:
        return "what to find in a graph stands in braces: GRAPH ?g { … }"
    if before == "GRAPH":
        return "say which graph, or give it a variable: GRAPH ?g { … }"
    if "select" in stop.within[2:] and "modifiers" in stop.within and word not in ENDS:
        return "a query within a query stands in braces of its own: { SELECT … { … } LIMIT 5 }"
    if word == "UNION":
        return "both sides of UNION stand in braces: { … } UNION { … }"
    if "values" in stop.within[-2:] and word == ",":
        return "no commas between values"
    if "values" in stop.within[-2:] and stop.token().sort == "variable":
        return "several variables stand in brackets: VALUES (?a ?b) { (1 2) }"
    return None


def triples(stop: Stop) -> str | Advice | None:
    """Look at subject, property and object."""
    word, token = stop.word(), stop.token()
    if not {"triples", "body"} & set(stop.within):
        return None
    if word == "^" and stop.token(-1).sort == "string":
        return f"two signs stand before a type: {stop.token(-1).text}^^{stop.token(1).text}"
    if word == "@" and stop.token(-1).sort == "string":
        return f"a language follows the sign: {stop.token(-1).text}@en"
    if word == "{" and stop.token(1).sort == "number":
        return f"SPARQL counts no steps; write {stop.token(-1).text}/{stop.token(-1).text} for two, {stop.token(-1).text}+ for any number"
    if "a" in stop.wanted and "STRING" not in stop.wanted:  # a property is wanted
        if word == "A" and token.text == "A":
            return "write a small a"
        if word == "IS" or word == "HAS":
            return "take the word away" if stop.word(1) == "A" or stop.token(1).sort == "name" else "a property stands between subject and object"
        if token.sort == "string":
            return "a property is a name such as rdfs:label, without quotes"
        if token.sort == "blank":
            return "a property is a name or a variable"
        if word in ("-", "<-", "-["):
            return "a property stands between subject and object: ?a :linksTo ?b"
    if token.sort == "word" and stop.token(-1).text.startswith("'") and stop.glued():
        return Advice('in a text with an apostrophe use double quotes: "it\'s"', stop.at - 1)
    if token.sort == "word":
        near = _term(token.text, a_class=stop.word(-1) == "A") if "NAME" in stop.wanted else ""
        if near:
            return f"did you mean :{near}?"
    if word == "?" or stop.word(-1) == "?":
        return Advice("a variable has a name, such as ?x", stop.at if word == "?" else stop.at - 1)
    if "." in stop.wanted and ";" in stop.wanted:
        if token.sort in ("name", "iri") and stop.word(-2) == "," and stop.token(-1).sort in ("variable", "name", "iri"):
            return Advice("a comma goes on with another object of the same property; a new subject needs a full stop", stop.at - 2)
        if token.sort in ("variable", "name", "iri", "blank", "string", "number") or word in ("(", "["):
            return f"a full stop is missing before {token.text}" if token.sort != "string" else "a full stop, a comma or a semicolon is missing"
    if word == "}" and "STRING" in stop.wanted:
        return "a triple is subject, property and object: the object is missing" if "VARIABLE" in stop.wanted else None
    if word == "}" and "a" in stop.wanted:
        return "a triple is subject, property and object: two are missing"
    if word == "." and stop.word(-1) == ".":
        return "one full stop is enough"
    if word == ",":
        return "a comma stands between objects, a semicolon between properties, a full stop between triples"
    return None


def _term(word: str, *, a_class: bool) -> str:
    """Find the class or property of the ontology that a word is, but for the colon and letters."""
    terms = [each for each in ontology.terms() if each[0].isupper() == a_class]
    exact = {each.casefold(): each for each in terms}.get(word.casefold(), "")
    return exact or (guess(word, terms) if len(word) > 3 else "")


def misspelt(stop: Stop) -> str | Advice | None:
    """Guess which of the keywords that may stand here was meant, and then which word in general."""
    token = stop.token()
    if token.sort != "word":
        return None
    words = sorted(each for each in stop.wanted if each.isupper() and each.isalpha() and each not in _SORTS)
    near = guess(token.text, words) if len(token.text) > 1 else ""
    if near:
        return f"did you mean {near}?"
    if "STRING" in stop.wanted or "IRI" in stop.wanted:
        return f'a name has a prefix (:{token.text}), a variable a question mark (?{token.text}), a text quotes ("{token.text}")'
    return None


__all__ = ["brackets", "clauses", "groups", "misspelt", "triples"]
