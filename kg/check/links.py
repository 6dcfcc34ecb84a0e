"""Links that lead nowhere, or perhaps elsewhere: broken, ambiguous, guessed, to the note itself."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from os import sep
from os.path import relpath
from urllib.parse import quote

from kg import corpus, fragments, index, names, resolve, vault
from kg.check.findings import Edit, Finding
from kg.check.known import Checked, Issue, wanted
from kg.check.near import one_apart, slip
from kg.check.written import at, retargeted

CODES = frozenset(("broken-link", "broken-heading", "broken-block", "ambiguous-link", "loose-link"))
_NAMED = 3
"""Places, notes and rivals that a message names."""


def findings(known: Checked) -> Iterator[Finding]:
    """Find what is wrong with links."""
    waiting = {(issue.note, issue.line) for issue in known.issues if issue.code in CODES}
    rows: dict[_Words, list[index.LinkRow]] = defaultdict(list)
    for row in known.links:
        if (row.note, row.line) in waiting:
            for end in {"", f" has no heading {row.section!r}", f" has no block {row.section}"}:
                rows[row.note, row.line, row.target or f"#{row.section}", end].append(row)
    taken: dict[tuple[str, _Words], int] = defaultdict(int)
    for issue in known.issues:
        if issue.code not in CODES:
            continue
        said = next((each for each in _words(issue) if taken[issue.code, each] < len(rows.get(each, ()))), None)
        if not said:  # the graph knows of it, its place it does not
            yield Finding(issue.note, issue.line, 0, issue.code, issue.text)
            continue
        row = rows[said][taken[issue.code, said]]
        taken[issue.code, said] += 1
        yield _found(known, row, issue.code, *_ABOUT[issue.code](known, row))
    yield from _to_itself(known)


_Words = tuple[str, int, str, str]
"""Note, line and target of a link, and the end of the message on it, by which those of one line are told apart."""
_ENDS = {"broken-heading": " has no heading ", "broken-block": " has no block "}


def _words(issue: Issue) -> Iterator[_Words]:
    """Give what may tell the link that an issue is about: its target ends at a bracket, and may hold some."""
    sign = _ENDS.get(issue.code)
    text = issue.text
    end = f"{sign}{text.rpartition(sign)[2]}" if sign else ""
    closing = "]]" if text.startswith("[[") else ")"
    place = text.find(closing)
    while place >= 0:
        yield issue.note, issue.line, text[len(closing) : place], end
        place = text.find(closing, place + 1)


def _found(known: Checked, row: index.LinkRow, code: str, message: str, fix: str, edit: Edit | None) -> Finding:
    line = known.texts.line(row.note, row.line)
    here = at(line, row.column, label_first=known.label_first)
    end = row.column + len(here.text) if here else 0
    return Finding(row.note, row.line, row.column, code, message, fix, end, edit=edit)


def written(known: Checked, row: index.LinkRow) -> str:
    """Write a link's target as in a message, with its heading, in the brackets that it stands in."""
    target = f"{row.target}{f'#{row.section}' if row.section else ''}"
    return f"({target})" if _in_markdown(known, row) else f"[[{target}]]"


def _in_markdown(known: Checked, row: index.LinkRow) -> bool:
    """Say whether a link is in Markdown's own form."""
    here = known.texts.line(row.note, row.line)[row.column - 1 : row.column + 2].removeprefix("!")
    return here.startswith("[") and not here.startswith("[[")


def _to(known: Checked, path: str, row: index.LinkRow) -> str:
    """Write a link to another note in the form of this one."""
    if not _in_markdown(known, row):
        return known.shown(path, row.note)
    return f"({quote(relpath(path, row.note.rpartition('/')[0] or '.').replace(sep, '/'))})"


About = tuple[str, str, Edit | None]


def _broken(known: Checked, row: index.LinkRow) -> About:
    key = names.key(wanted(row) or "")
    last = names.key(vault.cut(row.target.replace("\\", "/").rpartition("/")[2]))
    wanting = known.missing.get(key, [])
    others = list(islice((each for each in wanting if each != row), _NAMED))
    first, end = (side(wanting, row[:2], key=lambda each: each[:2]) for side in (bisect_left, bisect_right))
    many = len(wanting) - (end - first)  # but for what stands in this line
    also = _as_well([*wanting[: min(first, _NAMED)], *wanting[end : end + _NAMED]][:_NAMED], many)
    near = [] if corpus.is_day(row.target) else [name for key in known.near.like(last) for name in known.table.names[key]]
    paths = list(dict.fromkeys(each.path for each in near))[:_NAMED]
    heading = next((each for each in known.headings.get(last, ()) if each.note not in paths), None)
    mend = []
    if paths:
        mend.append(f"did you mean {' or '.join(_to(known, each, row) for each in paths)}?")
    if heading:
        mend.append(f"{heading.note}:{heading.line} has a heading of this name: [[{vault.cut(heading.note)}#{fragments.linked(heading.text)}]]")
    return (
        f"{written(known, row)}: no note has this name{also}",
        "; ".join(mend) or "write the note, or mend the name",
        _sure(known, row, others, paths),
    )


def _sure(known: Checked, row: index.LinkRow, others: list[index.LinkRow], paths: list[str]) -> Edit | None:
    """Give the edit of a broken link that has exactly one sure answer.

    That is a slip in one word, for the name of one note and no other, in a name that nobody else asks for; and the word as it
    is written stands nowhere else in the vault, since then it is one.
    """
    if others or not paths or "/" in row.target or "\\" in row.target:
        return None
    target = wanted(row) or ""
    meant: dict[str, str] = {}
    for path in paths:
        stem = vault.cut(path.rpartition("/")[2])
        word = slip(target, stem)
        if word:
            meant[path] = word
        elif one_apart(names.key(target), names.key(stem)):
            return None  # something else is as near
    if len(meant) != 1:
        return None
    ((path, word),) = meant.items()
    if known.texts.stands_elsewhere(word, known.paths.values(), (row.note, row.line)):
        return None
    return _edit(known, row, path)


def _edit(known: Checked, row: index.LinkRow, path: str) -> Edit | None:
    name = known.spelling(path, row.note)
    found = retargeted(known.texts.line(row.note, row.line), row.line, row.column, name, label_first=known.label_first) if name else None
    return found if found and found.old != found.new else None


def _as_well(rows: list[index.LinkRow], many: int) -> str:
    """Say where else a name is wanted: the first of so many links."""
    shown = list(dict.fromkeys(f"{row.note}:{row.line}" for row in rows))
    more = many - len(rows)
    rest = f" and {more:,} more" if more > 0 else ""
    return f"; {', '.join(shown)}{rest} {'wants' if len(shown) == 1 and not rest else 'want'} it as well" if shown else ""


def _ambiguous(known: Checked, row: index.LinkRow) -> About:
    found = resolve.resolve(known.table, wanted(row) or "", row.note)
    rivals = [each for each in (row.found, *found.others) if each]
    named = ", ".join(rivals[:_NAMED]) + (f" and {len(rivals) - _NAMED:,} more" if len(rivals) > _NAMED else "")
    clear = [f"[[{vault.cut(each)}]]" for each in rivals[:_NAMED]]
    return f"{written(known, row)} could mean {named}; {row.found} is taken", f"write which: {' or '.join(clear)}", None


def _loose(known: Checked, row: index.LinkRow) -> About:
    edit = _edit(known, row, row.found)
    message = f"{written(known, row)} is taken to mean {row.found}, since only its letters and digits agree"
    return message, f"write {_to(known, row.found, row)}", edit


def _heading(known: Checked, row: index.LinkRow) -> About:
    path = row.found or row.note
    there, keys, alike = known.within(path)
    last = names.key(row.section.rpartition("#")[2])
    near = [keys[each] for each in keys if last and each.startswith(last)][:_NAMED] or [
        keys[each] for each in alike.like(last) or alike.like(names.key(row.section))
    ]
    near = [each for heading in near if (each := fragments.linked(heading)) and each != row.section]  # never what is written
    mend = f"did you mean {' or '.join(f'[[{row.target}#{each}]]' for each in near)}?" if near else f"it has {_some(there)}"
    return f"{written(known, row)}: {path} has no heading {row.section!r}", mend, None


def _some(headings: list[str]) -> str:
    if not headings:
        return "no heading at all"
    shown = ", ".join(repr(each) for each in headings[:_NAMED])
    return f"{shown} and {len(headings) - _NAMED:,} more" if len(headings) > _NAMED else shown


def _block(known: Checked, row: index.LinkRow) -> About:
    path = row.found or row.note
    return f"{written(known, row)}: {path} has no block {row.section}", f"write {row.section} at the end of the block that is meant", None


_ABOUT: dict[str, Callable[[Checked, index.LinkRow], About]] = {
    "broken-link": _broken,
    "ambiguous-link": _ambiguous,
    "loose-link": _loose,
    "broken-heading": _heading,
    "broken-block": _block,
}


def _to_itself(known: Checked) -> Iterator[Finding]:
    for row in known.links:
        if row.found == row.note and row.role == "link" and not row.section:
            message = f"{'!' if row.embed else ''}{written(known, row)} links this note to itself"
            yield _found(known, row, "self-link", message, "link to one of its headings, as [[#heading]], or make it plain words", None)


__all__ = ["CODES", "findings", "written"]
