"""What people write out of habit, from SQL, Cypher, Turtle or another program, and what SPARQL writes instead.

Each function looks at where a query stops being one and gives advice, or nothing. Advice is only given where
the words leave no doubt what was meant.
"""

from __future__ import annotations

from kg import functions
from kg.grammar import AGGREGATES, FUNCTIONS
from kg.guard import guess
from kg.mistakes.stop import EXAMPLE, Advice, Stop

ENDS = frozenset(("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"))
ORDER = "SELECT … { … } GROUP BY … HAVING (…) ORDER BY … LIMIT … OFFSET …"
"""The clauses of a query in their order."""
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH", "UPDATE", "ALTER", "TRUNCATE", "MERGE"))
_FORMS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE"]
_ALIASES = {
    "UPPER": "UCASE", "LOWER": "LCASE", "TOUPPER": "UCASE", "TOLOWER": "LCASE", "LENGTH": "STRLEN", "LEN": "STRLEN", "SUBSTRING": "SUBSTR",
    "IFNULL": "COALESCE", "NVL": "COALESCE", "STARTSWITH": "STRSTARTS", "STARTS_WITH": "STRSTARTS", "ENDSWITH": "STRENDS", "MATCH": "REGEX",
    "MATCHES": "REGEX", "INCLUDES": "CONTAINS", "HAS": "CONTAINS", "AVERAGE": "AVG", "MEAN": "AVG", "TODAY": "NOW", "STRING_AGG": "GROUP_CONCAT",
    "LISTAGG": "GROUP_CONCAT", "STRING": "STR", "ISURL": "ISIRI", "CEILING": "CEIL", "RANDOM": "RAND", "EXISTS": "EXISTS",
}  # fmt: skip
_INSTEAD = {
    "AND": "write && for AND", "OR": "write || for OR", "NOT": "write ! for NOT, as in FILTER(!(?a > 5))",
    "LIKE": 'write CONTAINS(?text, "word"), or REGEX(?text, "pattern", "i")', "ILIKE": 'write REGEX(?text, "pattern", "i")',
    "IS": "write !BOUND(?x) for IS NULL, BOUND(?x) for IS NOT NULL", "BETWEEN": "write ?x >= 1 && ?x <= 5 for BETWEEN 1 AND 5",
    "CONTAINS": 'CONTAINS is a function: CONTAINS(?text, "word")', "MOD": "SPARQL has no remainder",
}  # fmt: skip
_QUOTES = "\"'"


def beginning(stop: Stop) -> str | Advice | None:
    """Look at how a query begins, and whether it is one."""
    if not stop.tokens:
        return Advice(f"try: {EXAMPLE}", problem="the query is empty")
    first = next((each for each in stop.tokens if each.text.upper() not in ("PREFIX", "BASE") and each.sort in ("word", "language")), stop.tokens[0])
    word = first.text.upper()
    if "SELECT" not in stop.wanted:
        return None
    if word == "@PREFIX":
        return "in a query it is PREFIX name: <…>, without @ and without a full stop"
    if stop.word() == "." and "PREFIX" in (stop.word(-3), stop.word(-2)):
        return "no full stop follows PREFIX name: <…> in a query"
    if word in _UPDATES and stop.token() == first:
        return "a query only asks; the graph changes when the notes do (kg build)"
    if word in ("MATCH", "OPTIONAL", "RETURN", "CALL", "UNWIND") and stop.token() == first:
        return f"this looks like Cypher; in SPARQL: {EXAMPLE}"
    near = guess(stop.token().text, _FORMS) if stop.token().sort == "word" else ""
    if near:
        return f"did you mean {near}?"
    if sum(each.sort == "word" for each in stop.tokens) > 2 and "{" not in stop.text:
        return f"a question in plain words is no query; in SPARQL: {EXAMPLE}"
    return f"a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, as in {EXAMPLE}"


def head(stop: Stop) -> str | Advice | None:
    """Look at what stands before the braces: columns, FROM, the template of CONSTRUCT."""
    word, rule = stop.word(), stop.within[-1] if stop.within else ""
    columns = "select" in stop.within and not {"where", "modifiers", "expression"} & set(stop.within)
    if columns and ("VARIABLE" in stop.wanted or stop.word(-1) == "*"):
        near = guess(word, ["DISTINCT", "REDUCED"] if "DISTINCT" in stop.wanted else ["WHERE", "FROM"]) if len(word) > 3 else ""
        if word in AGGREGATES and stop.word(1) == "(":
            return f"a calculated column stands in brackets and has a name: ({word}(…) AS ?{word.lower()})"
        if word == "TOP":
            return "write LIMIT 5 at the end, after the closing brace"
        if word == ",":
            return "no commas between variables"
        if word == "AS":
            return "rename in brackets: (?old AS ?new)"
        if word in ENDS:
            return f"{word}{' BY' if word in ('ORDER', 'GROUP') else ''} comes after the closing brace: {ORDER}"
        if near:
            return f"did you mean {near}?"
        if stop.word(-1) == "*" and stop.token().sort == "variable":
            return "* is every variable already; take * away, or the variables"
        if stop.token().sort in ("word", "string") and word != "A":
            return f"a variable begins with a question mark: ?{stop.token().text.strip(_QUOTES)}"
        return f"what to find stands in braces: {EXAMPLE}"
    if rule == "dataset" or "dataset" in stop.within[-2:]:
        if stop.word(-1) in ("FROM", "NAMED"):
            return f"FROM takes the name of a graph, and is seldom needed; what to find stands in braces: {EXAMPLE}"
        if stop.token().sort == "variable" and "ask" in stop.within:
            return "ASK is answered yes or no and takes no variables: ASK { … }"
    if "describe" in stop.within and "VARIABLE" in stop.wanted:
        return "say what: DESCRIBE country:PT"
    if "construct" in stop.within and stop.word(-1) == "CONSTRUCT":
        return "the triples to make stand in braces: CONSTRUCT { ?a :theme ?b } WHERE { … }"
    if "template" in stop.within and word in ("FILTER", "OPTIONAL", "BIND", "UNION"):
        return f"{word} belongs into the second pair of braces"
    if rule == "prefix":
        return "write PREFIX name: <http://…>, with a colon after the name and the address in angle brackets"
    return None


def expressions(stop: Stop) -> str | Advice | None:
    """Look at FILTER, BIND, HAVING, ORDER BY and calculated columns."""
    word = stop.word()
    constraint = stop.within[-2:-1] == ("constraint",) or stop.within[-1:] == ("constraint",)
    if word == "" and "OPERATOR" not in stop.wanted:
        return None
    if constraint and stop.word(-1) in ("FILTER", "HAVING") and not (stop.token().sort == "word" and stop.word(1) == "("):
        return f"the condition stands in brackets: {stop.word(-1)}(?x = 5)"
    if stop.word(-1) in ("ASC", "DESC") and "(" in stop.wanted:
        return f"what to sort by stands in brackets: {stop.word(-1)}(?x)"
    if "listed" in stop.within[-1:] and stop.word(-1) == "IN":
        return "the list stands in brackets: IN (1, 2)"
    if "builtin" in stop.within[-1:] and "(" in stop.wanted:
        return f"what goes into a function stands in brackets: {stop.word(-1)}(?x)"
    if "FUNCTION" in stop.wanted and stop.token().sort == "word" and stop.word(1) == "(":
        near = _ALIASES.get(word) or (_INSTEAD.get(word) and "") or guess(word, list(FUNCTIONS))
        if word.lower() in functions.NAMES and word not in _ALIASES:
            return f"kg's own functions have a colon: :{word.lower()}({functions.NAMES[word.lower()]})"
        if word == "ISNULL":
            return "write !BOUND(?x)"
        if near:
            return f"did you mean {near}?"
        return _INSTEAD.get(word) or "SPARQL has no such function"
    if "OPERATOR" in stop.wanted:
        return _operator(stop)
    if "FUNCTION" in stop.wanted:
        if word == "=" and stop.word(-1) in ("=", "!=", "<", ">"):
            return "write = to compare; == is not SPARQL" if stop.word(-1) == "=" else f"write {stop.word(-1)}= in one piece"
        if stop.token().sort == "word" and stop.word(-1) not in ("GROUP", "ORDER", "BY"):
            return _INSTEAD.get(word) or f'a text stands in quotes ("{stop.token().text}"), a variable has a question mark (?{stop.token().text})'
    if stop.wanted == {"IN"}:
        return "write NOT IN (…)"
    if stop.word(-1) == "NOT":
        return "write ! for NOT, as in FILTER(!(?a > 5)), or NOT EXISTS { … }"
    return None


def _operator(stop: Stop) -> str | Advice | None:
    word, after = stop.word(), stop.word(1)
    if word in _INSTEAD:
        return _INSTEAD[word]
    if word == "<>":
        return "write != for <>"
    if word in ("&", "|"):
        return f"write {word * 2}"
    if word == "%":
        return "SPARQL has no remainder"
    if word == ":=" or (word == ":" and after == "="):
        return "write = to compare, BIND(… AS ?x) to give a name"
    if stop.token().sort == "iri":
        return "put blanks around < and >, or it reads as an address"
    if word == ")" and "AS" in stop.wanted:
        kind = stop.word(-1) == ")" and "projected" in stop.within
        return "give the result a name: (COUNT(?x) AS ?count)" if kind else "give the result a name: … AS ?name)"
    if word == "," and "builtin" not in stop.within[-2:]:
        return None
    near = guess(word, ["IN", "NOT", "AS"]) if stop.token().sort == "word" and len(word) > 1 else ""
    return f"did you mean {near}?" if near else None


__all__ = ["ENDS", "ORDER", "beginning", "expressions", "head"]
