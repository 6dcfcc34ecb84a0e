"""What tells whether an answer that a client has is still the answer (RFC 9110, section 8.8 and 13.1)."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from kg import __version__

_DECIDED = frozenset(("start", "editor", "view", "description", "void", "search", "complete"))
_CHANGES = re.compile(r"\b(?:rand|now|uuid|struuid|service)\b|\\u", re.IGNORECASE)
"""What may make a query give something else each time."""
_TAGS = re.compile(r'(?:W/)?("[^"]*")')
_ENCODINGS = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?P<weight>[\d.]+)\s*)?(?=,|$)", re.IGNORECASE)


def tag(*parts: str | bytes) -> str:
    """Make a weak entity tag of what decides an answer.

    >>> tag("a"), tag("a") == tag(b"a"), tag("a", "b") == tag("ab")
    ('W/"ypeBEsobvcr6wjGzmiPcTaeG7_gUfE5y"', True, False)
    """
    digest = sha256()
    for each in parts:
        data = each.encode("utf-8", "surrogatepass") if isinstance(each, str) else each
        digest.update(b"%d:" % len(data) if len(parts) > 1 else b"")
        digest.update(data)
    return f'W/"{urlsafe_b64encode(digest.digest()[:24]).decode()}"'


def of_job(job: Mapping[str, Any], generation: str, rows: int) -> str:
    """Give the tag of an answer before it is made, where the job and the generation alone decide it; else "".

    Pages of notes show the files as they are now, and questions with names may be written in the vault at any time.

    >>> of_job({"do": "query", "text": "ASK {}"}, "g", 9)[:3], of_job({"do": "query", "text": "ASK { FILTER(rand() > 0.5) }"}, "g", 9)
    ('W/"', '')
    """
    match job["do"]:
        case "thing":
            decided = "/note/" not in job["path"] + job["iri"]
        case "query":
            decided = not _CHANGES.search(job["text"])
        case do:
            decided = do in _DECIDED
    return tag(__version__, generation, str(rows), json.dumps(job, sort_keys=True)) if decided else ""


def known(header: str | None, current: str) -> bool:
    """Say whether ``If-None-Match`` names the tag of an answer, so that the client has it.

    >>> known('"a", W/"b"', 'W/"b"'), known("*", 'W/"b"'), known('"b"', 'W/"b"'), known(None, 'W/"b"'), known('"c"', 'W/"b"')
    (True, True, True, False, False)
    """
    if header is None or not current:
        return False
    return header == "*" or current.removeprefix("W/") in _TAGS.findall(header[:4000])


def packs(header: str | None) -> bool:
    """Say whether ``Accept-Encoding`` takes gzip.

    >>> packs("gzip, br"), packs("br;q=1, gzip;q=0"), packs("*"), packs(None), packs("xgzip")
    (True, False, True, False, False)
    """
    found = _ENCODINGS.search(header[:4000]) if header else None
    return found is not None and (found["weight"] is None or found["weight"].strip("0.") != "")


__all__ = ["known", "of_job", "packs", "tag"]
