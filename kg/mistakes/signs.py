"""Signs and names: quotation marks, what cannot be seen, texts and addresses without an end, names that hold too much."""

from __future__ import annotations

import unicodedata

from kg.mistakes.stop import Advice, Stop
from kg.names import KINDS, Names, slug

_CURVED = "“”„‟«»‘’‚‛‹›"


def characters(stop: Stop) -> Advice | None:
    """Find a sign that only looks like one of SPARQL, or that cannot be seen."""
    for at, token in enumerate(stop.tokens):
        if at > stop.at:
            return None
        if token.text in _CURVED:
            return Advice('use straight quotes: "…"', at, f"{token.text} is no quotation mark of SPARQL")
        if token.sort == "other" and (unicodedata.category(token.text) in ("Cf", "Cc", "Co", "Cn") or token.text == "\ufffd"):
            name = unicodedata.name(token.text, "a control character").lower()
            return Advice("delete it, or type the line again", at, f"there is a character that cannot be seen (U+{ord(token.text):04X}, {name})")
    return None


def unended(stop: Stop) -> Advice | None:
    """Find a text or an IRI without an end at or before the wrong token."""
    for at, token in enumerate(stop.tokens[: stop.at + 1]):
        if token.sort == "other" and token.text in "\"'":
            line_end = stop.text.find("\n", token.start)
            rest = stop.text[token.start + 1 : line_end if line_end >= 0 else len(stop.text)]
            hint = f"add {token.text} where it ends"
            if not rest.strip() or line_end >= 0:
                hint += '; a text over several lines stands in """…"""'
            return Advice(hint, at, f"the text that begins with {token.text} does not end")
    begun = stop.at if stop.word() == "<" else stop.at - 1
    if stop.tokens[begun : begun + 1] and stop.tokens[begun].text in ("<", "<=") and "OPERATOR" not in stop.wanted:
        start = stop.tokens[begun].start
        close = stop.text.find(">", start)
        inside = stop.text[start + 1 : close] if close > 0 else ""
        if inside and "\n" not in inside and not set(inside) & set('{}<"?$;'):
            written = stop.text[start:close].replace(" ", "%20").replace("\\", "/") + ">"
            return Advice(f"write {written}", begun, "an address holds no blank or other sign that ends it")
        if close < 0 and len(stop.tokens) > begun + 1 and stop.glued(begun + 1 - stop.at):
            return Advice("add > where it ends", begun, "the address that begins with < does not end")
    return None


def glued(stop: Stop) -> str | Advice | None:
    """Find a name with a prefix that goes on with what no such name may hold."""
    for by in (0, 1):
        at = stop.at - by
        first = at - 1
        if first < 0 or stop.tokens[first].sort != "name" or not stop.glued(-by):
            continue
        name, sign = stop.tokens[first], stop.token(-by)
        if not sign.text or (by and sign.text != "/"):
            continue
        prefix, _, local = name.text.partition(":")
        if prefix in ("http", "https", "urn", "file", "mailto") and prefix not in stop.names.declared():
            end = name.start
            while end < len(stop.text) and not stop.text[end].isspace() and stop.text[end] not in '<>"{}|^`\\;,)':
                end += 1
            return Advice(f"write <{stop.text[name.start : end].rstrip('.')}>", first, "an address stands in angle brackets")
        if not local and sign.sort == "string":
            return f"no quotes after a prefix: {prefix}:{'PT' if prefix == 'country' else 'name'}"
        if sign.text[0] in "/'&+@!*=~$(" and (local or sign.text == "/"):
            end = sign.start
            while end < len(stop.text) and not stop.text[end].isspace() and stop.text[end] not in '<>"{}|^`\\;,':
                end += 1
            whole = stop.text[name.start : end].rstrip(".")
            while whole.endswith(")") and whole.count(")") > whole.count("("):
                whole = whole[:-1]
            if whole == name.text + sign.text:
                continue
            return Advice(f"write {_written(whole, stop.names)}", first, f"a name with a prefix cannot hold {sign.text[0]}")
    before = stop.token(-1)
    comment = stop.text.rfind("#", 0, stop.token().start)
    owner = next((each for each in reversed(stop.tokens[: stop.at]) if each.start < comment), None)
    if owner and owner.sort == "name" and owner.start + len(owner.text) == comment:
        line = stop.text[owner.start :].split("\n")[0].split()[0].rstrip(";,.")
        return Advice(f"write {_written(line, stop.names)}", stop.tokens.index(owner), "# begins a comment, so the rest of the line does not count")
    if before.sort == "name" and before.text.endswith(":") and len(before.text) > 1 and stop.token().sort in ("word", "number"):
        return f"no blank after the colon: {before.text}{stop.token().text}"
    return None


def _written(name: str, names: Names) -> str:
    """Write a name that its prefix cannot carry as an IRI, relative to the base where that is shorter."""
    prefix, _, local = name.partition(":")
    if prefix == "note" and "%" not in local:
        path, number, end = local.partition("#")
        return f"<{names.note(path).removeprefix(names.base)}{number}{end}>"
    if prefix in KINDS and "%" not in local:
        return f"<{names.entity(prefix, slug(local)).removeprefix(names.base)}>"
    space = names.declared().get(prefix, "")
    return f"<{(space + local).removeprefix(names.base)}>" if space else f"<…{local}>"


__all__ = ["characters", "glued", "unended"]
