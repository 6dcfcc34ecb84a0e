"""Where a query stops being one, and what to do about it: the values that the other modules here pass on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kg import guard
from kg.errors import Place, QueryError
from kg.guard import Token
from kg.names import Names

EXAMPLE = "SELECT ?note { ?note :mentions country:PT }"


class Advice(NamedTuple):
    """What to do instead; ``at`` is the token to point at and ``problem`` what is wrong, where they differ from what was found."""

    hint: str
    at: int = -1
    problem: str = ""


@dataclass(frozen=True)
class Stop:
    """The first token that cannot stand where it does, what could, and the rules around it."""

    text: str
    tokens: tuple[Token, ...]
    at: int
    wanted: frozenset[str]
    within: tuple[str, ...]
    names: Names

    def word(self, by: int = 0) -> str:
        """Give a token by its distance from the wrong one, keywords in capitals."""
        token = self.token(by)
        return token.text.upper() if token.sort == "word" else token.text

    def token(self, by: int = 0) -> Token:
        at = self.at + by
        return self.tokens[at] if 0 <= at < len(self.tokens) else Token("end", "", len(self.text))

    def glued(self, by: int = 0) -> bool:
        """Say whether a token begins where the one before it ends."""
        before = self.token(by - 1)
        return self.token(by).start == before.start + len(before.text)


def placed(problem: str, text: str, start: int, hint: str = "") -> QueryError:
    """Make the error that shows a line of the query with a caret."""
    line, column = guard.position(text, start)
    return QueryError(f"{problem}\n{guard.pointed(text, line, column)}", at=Place("query", line, column), hint=hint)


__all__ = ["EXAMPLE", "Advice", "Stop", "placed"]
