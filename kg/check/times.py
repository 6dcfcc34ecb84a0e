"""Timestamps that no video can have, or that could be hours or minutes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kg.check.findings import Finding
from kg.check.known import Checked

CODES = {
    "odd-timestamp": "correct it after listening: no minute or second is past 59, and no video longer than [video] longest",
    "ambiguous-timestamp": "say how long the video is, as duration: 1:28:00 in the note or [video] durations in kg.toml, or write all of h:mm:ss",
}
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def findings(known: Checked) -> Iterator[Finding]:
    """Find doubtful timestamps, with their columns."""
    seen: Counter[tuple[str, int, str]] = Counter()
    for issue in known.issues:
        if issue.code not in CODES:
            continue
        quoted = _QUOTED.match(issue.text)
        raw = (quoted[1] or quoted[2] or "") if quoted else ""
        # What is shown is what a reader checks, not what stands in the tag before it.
        line = known.texts.line(issue.note, issue.line)
        nth = seen[issue.note, issue.line, raw]
        seen[issue.note, issue.line, raw] += 1
        tagged = known.texts.column(issue.note, issue.line, f">[{raw}]", nth) or known.texts.column(issue.note, issue.line, f">{raw}<", nth)
        column = tagged + (2 if line[tagged : tagged + 1] == "[" else 1) if tagged else known.texts.column(issue.note, issue.line, raw, nth)
        yield Finding(issue.note, issue.line, column, issue.code, issue.text, CODES[issue.code], column and column + len(raw))


__all__ = ["CODES", "findings"]
