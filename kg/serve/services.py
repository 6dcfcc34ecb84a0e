"""Which other servers a query may ask by SERVICE: none, or those whose addresses begin as they were allowed to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from kg.errors import QueryError, UsageError
from kg.guard import numbers_read, tokens

_STEPS = re.compile(r"/(?:\.|%2e){1,2}(?:[/?#]|$)", re.IGNORECASE)


def prefix(text: str) -> str:
    """Read what ``--allow-service`` says; a host alone is the whole of that host, and of no longer one.

    >>> prefix("https://query.example.org")
    'https://query.example.org/'

    Raises:
        UsageError: it is no beginning of an address.
    """
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and parts.hostname and not parts.username and not re.search(r"[\s<>\"{}|\\^`]", text)
        whole = text if parts.path else f"{text}/"
    except ValueError:
        fine, whole = None, ""
    if not fine:
        raise UsageError(f"{text!r} is no beginning of an address", hint="such as https://query.wikidata.org/sparql")
    return whole


def check(text: str, allowed: tuple[str, ...]) -> bool:
    """Say whether a query may use the network, which it may if each SERVICE in it names an allowed address.

    >>> check("ASK { SERVICE <https://a.example/sparql> { ?s ?p ?o } }", ("https://a.example/",))
    True

    Raises:
        QueryError: one names another address, a variable or a prefixed name.
    """
    if not allowed:
        return False
    cut = [each.text for each in tokens(numbers_read(text))]
    for at, word in enumerate(cut):
        # SERVICESILENT is two words to the engine, and SERVICEa:b may be a word and a name: such are refused.
        if not word.upper().startswith("SERVICE") or word.startswith(("<", '"', "'")):
            continue
        rest = cut[at + 1 :]
        if rest and rest[0].upper() == "SILENT":
            rest = rest[1:]
        address = rest[0][1:-1] if rest and rest[0][:1] == "<" else ""
        if word.upper() not in ("SERVICE", "SERVICESILENT") or not address.startswith(allowed) or _STEPS.search(address):
            told = ", ".join(allowed)
            raise QueryError("refused: SERVICE asks a server that is not allowed", hint=f"allowed are addresses in <> that begin with {told}")
    return True


__all__ = ["check", "prefix"]
