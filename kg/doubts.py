"""What makes an answer doubtful, or empty: terms that are not there, variables without a value."""

from __future__ import annotations

from kg import guard, ontology


def doubts(text: str) -> list[str]:
    """Name what a query asks for that the ontology does not have, with a guess.

    >>> doubts("SELECT * { ?p :name ?x }")
    ['the ontology has no term :name; did you mean :names?']
    """
    found = []
    known: list[str] = []
    for token in guard.tokens(text):
        prefix, colon, local = token.text.partition(":")
        if token.sort == "name" and colon and local and prefix in ("", "kg"):
            known = known or ontology.terms()
            if local not in known:
                near = guard.guess(local, known)
                found.append(f"the ontology has no term {token.text}" + (f"; did you mean {prefix}:{near}?" if near else ""))
    found += [f"{name} occurs once only, so it has no value" for name in _alone(text)]
    return list(dict.fromkeys(found))


def _alone(text: str) -> list[str]:
    """List variables that are asked for and occur nowhere else."""
    cut = [token.text for token in guard.tokens(text)]
    if "{" not in cut or cut[:1] == [] or cut[0].upper() != "SELECT":
        return []
    head, body = cut[: cut.index("{")], cut[cut.index("{") :]
    return [name for name in head if name[0] in "?$" and name not in body and "AS" not in [each.upper() for each in head]]
