"""Hostile notes: each is read, or left out with a reason, and its two healthy neighbours survive."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

import kg
from kg import cli, extract, frontmatter, markdown
from kg.config import LANGUAGES, Config
from kg.model import Note

FINE = ""
"""There is nothing to say of it."""
ANY = "*"
"""Something may be, and it does not matter what."""


def head(yaml: str) -> bytes:
    return f"---\n{yaml}\n---\n# Bad\n\n[[one]]\n".encode("utf-8", "surrogatepass")


TEXTS: dict[str, tuple[bytes, str]] = {
    # -- encodings --
    "UTF-16, little end first": ("# Bad [[one]]\n".encode("utf-16"), "encoding"),
    "UTF-16, big end first": (b"\xfe\xff" + "# Bad [[one]]\n".encode("utf-16-be"), "encoding"),
    "UTF-16 cut in the middle of a character": ("# Bad [[one]]\n".encode("utf-16")[:-1], "encoding"),
    "a BOM": (b"\xef\xbb\xbf---\ntitle: Bad\n---\n[[one]]\n", FINE),
    "two BOMs": (b"\xef\xbb\xbf\xef\xbb\xbf# Bad [[one]]\n", FINE),
    "a BOM in the middle": ("# Bad\n\n\ufeff[[one]]\n".encode(), FINE),
    "Latin-1": (b"# Bad\n\ncaf\xe9 [[one]]\n", "encoding"),
    "NUL": (b"# Bad\x00\n\n[[one]]\n", "encoding"),
    "nothing but NUL": (bytes(5000), "encoding"),
    "a lone surrogate, as some write it": (b"# Bad \xed\xa0\x80 [[one]]\n", "encoding"),
    "overlong UTF-8": (b"# Bad \xc0\xaf [[one]]\n", "encoding"),
    "past the last character": (b"# Bad \xf4\x90\x80\x80 [[one]]\n", "encoding"),
    "control characters": (b"# Bad \x01\x02\x1b[2J\x07\x7f [[one]]\n", FINE),
    "controls of the second sort": ("# Bad \x85\x9b31m [[one]]\n".encode(), FINE),
    "directions turned around": ("# Bad \u202eevil\u2066\u200f [[one]]\n".encode(), FINE),
    "line ends of old Macs": (b"---\rtitle: Bad\r---\r# Bad\r\r[[one]]\r", FINE),
    "every sort of line end": ("# Bad\r\n\n\r\x0b\x0c\x1c\u2028\u2029[[one]]\n".encode(), FINE),
    "characters that are none": ("# Bad \ufffe\uffff\U0001ffff [[one]]\n".encode(), FINE),
    "marks on marks": (f"# Bad e{chr(0x301) * 5000} [[one]]\n".encode(), FINE),
    "nothing": (b"", FINE),
    "one byte": (b"\xff", "encoding"),
    # -- YAML --
    "an anchor": (head("a: &x 1"), "front-matter"),
    "a bomb of aliases": (
        head("a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]" for n in range(9))),
        "front-matter",
    ),
    "an alias of itself": (head("a: &a [*a]"), "front-matter"),
    "a tag that would run something": (head("a: !!python/object/apply:os.system ['touch /tmp/kg-was-here']"), FINE),
    "a tag of its own": (head("a: !mine {b: c}"), FINE),
    "a merge key": (head("<<: {title: Merged}\nb: c"), FINE),
    "a merge key and an alias": (head("x: &x {a: b}\n<<: *x"), "front-matter"),
    "lists a thousand deep": (head("a: " + "[" * 1000 + "]" * 1000), "front-matter"),
    "lists that are never closed": (head("a: " + "[" * 20_000), "front-matter"),
    "tables a thousand deep": (head("a: " + "{a: " * 1000 + "}" * 1000), "front-matter"),
    "blocks a hundred deep": (head("\n".join(" " * n + "a:" for n in range(100))), "front-matter"),
    "a key twice": (head("title: First\ntitle: Second"), FINE),
    "a key that is a list": (head("? [a, b]\n: c"), FINE),
    "a text of 60 kB": (head("a: " + "x" * 60_000), FINE),
    "a megabyte of it": (head("a: b\n" * 200_000), "front-matter"),
    "a number of many digits": (head("a: " + "9" * 50_000), FINE),
    "no YAML": (head("\t{]: %@`"), "front-matter"),
    "a directive": (head("%YAML 9.9"), "front-matter"),
    "two documents": (head("a: b\n--- \nc: d"), FINE),
    "a colon in the title": (head("title: Government: beyond"), "front-matter"),
    "dates and numbers that are none": (head("date: 2020-13-45\nb: .inf\nc: 0o99\nd: 1e999999"), FINE),
    "a block that is never closed": (b"---\ntitle: Bad\n# Bad\n\n[[one]]\n", "front-matter"),
    "controls in it": (head("title: a\x07b"), FINE),
    "surrogates and NUL by their numbers": (head('a: "\\ud800"\nb: "x\\0y"\nc: "\\U00110000"'), "front-matter"),
    "NUL by its number": (head('title: "x\\0y"'), FINE),
    "moments for keys": (head("2024-01-01: a\n12:34:56: b\ntrue: c\n~: d\n1.5: e"), FINE),
    "a length of 5,000 digits": (head(f"videoId: JkIhnK7qf-w\nduration: {'9' * 5000}"), FINE),
    "a length of 5,000 hours": (head(f"videoId: JkIhnK7qf-w\nduration: PT{'9' * 5000}H"), FINE),
    "other values than are meant": (head("title: [a]\naliases: {a: b}\nvideoId: [x]\ntype: {a: b}\ncountry: [[]]\nbroader: {a: [b]}\ndate: {}"), ANY),
    # -- Markdown --
    "opening brackets": (b"# Bad\n\n" + b"[" * 100_000, FINE),
    "opening links": (b"# Bad\n\n" + b"[[" * 50_000, FINE),
    "pictures that are never closed": (b"# Bad\n\n" + b"![" * 50_000, FINE),
    "a link in the words of a picture": (b"# Bad\n\n![[ |h`[[one]]]]\n", FINE),
    "a link that begins nobody knows where": (b"# Bad\n\n![[ [[ |hx\xc3\xa9\x01z]]]]|h`v[[z]`]\n", ANY),
    "pictures in pictures": (b"# Bad\n\n" + b"![[a|b [[one]] " * 5_000 + b"]]" * 5_000, ANY),
    "timestamps that are none": ('---\nvideoId: JkIhnK7qf-w\nduration: 600\n---\n<a yt data-t="">²:³:¹</a> <a yt>99999:1:1</a>\n'.encode(), ANY),
    "links in links": (b"# Bad\n\n" + b"[[a|" * 25_000 + b"]]" * 25_000, ANY),
    "stars": (b"# Bad\n\n" + b"*a **b " * 15_000, FINE),
    "ticks": (b"# Bad\n\n" + b" ".join(b"`" * (n % 300 + 1) for n in range(1000)), FINE),
    "quotes in quotes": (b"# Bad\n\n" + b"> " * 20_000 + b"x", FINE),
    "bullets in bullets": (b"# Bad\n\n" + b"".join(b" " * (2 * n) + b"- x\n" for n in range(300)), FINE),
    "bullets on one line": (b"# Bad\n\n" + b"- " * 20_000 + b"x", FINE),
    "tags that are never closed": (b"# Bad\n\n" + b"<a " * 30_000, FINE),
    "comments that are never closed": (b"# Bad\n\n" + b"<!-- " * 30_000, FINE),
    "a table of many columns": (b"# Bad\n\n" + b"|a" * 5_000 + b"|\n" + b"|-" * 5_000 + b"|\n" + b"|b" * 5_000 + b"|\n", FINE),
    "a fence that is never closed": (b"# Bad\n\n```\n" + b"[[one]]\n" * 1000, ANY),
    "references that name each other": (b"# Bad\n\n[a]: b\n" + b"[a][" * 30_000, FINE),
    "footnotes": (b"# Bad\n\n" + b"[^a]" * 20_000 + b"\n\n[^a]: [^a]\n", FINE),
    "headings seven deep and more": (b"#" * 50_000 + b" Bad\n", FINE),
    "many headings": (b"# Bad\n\n" * 10_000, ANY),
    "one line of a megabyte": (b"# Bad\n\n" + b"word " * 200_000, FINE),
    "one word of a megabyte": (b"# Bad\n\n" + b"x" * 1_000_000, FINE),
    # -- what breaks writers --
    "an IRI with everything": (b'# Bad\n\n[[a<b>"{c}|^`\\d e]] [[#^]] [[%zz]] [[..]] [[/]] [[//x]] [[a:b]] [[\xe2\x80\xae]]\n', ANY),
    "literals with everything": (b'# Bad """ \\" \\ \\u0041 \' ]]> &amp; <b> --> {{x}} ${y}\n\nIn "Portugal" \\n \\.\n', ANY),
    "formulas": (b'---\naliases: ["=cmd|\' /C calc\'!A0", "+1", "-1", "@SUM(1)"]\n---\n# =HYPERLINK("http://x","y")\n', FINE),
    "a page of the web": (b"# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [[one|<svg onload=alert(1)>]] </script><script>x\n", ANY),
}
"""What a note holds, and the code of the issue that is told."""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "one.md").write_text("# One\n\n[[two]] in Portugal.\n")
    (notes / "two.md").write_text("# Two\n\n[[one]] in Denmark.\n")
    return notes


def codes(graph: kg.Graph, path: str = "bad.md") -> set[str]:
    return {str(row[0].value) for row in graph.query("SELECT ?c { ?i a :Issue; :code ?c; :note [:path ?p] }", p=path).terms}  # type: ignore[union-attr]


def healthy(graph: kg.Graph) -> bool:
    return graph.query(
        "ASK { note:one :linksTo note:two; :mentions country:PT. note:two :linksTo note:one; :mentions country:DK }"
    ).truth and not codes(graph, "one.md") | codes(graph, "two.md")


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_read_and_its_neighbours_survive(vault: Path, name: str) -> None:
    data, expected = TEXTS[name]
    (vault / "bad.md").write_bytes(data)
    report = kg.build(vault)
    graph = kg.open(vault)
    assert (report.notes, report.skipped) == (3, ())
    assert healthy(graph)
    if expected != ANY:
        assert codes(graph) - {"broken-link", "ambiguous-link"} == ({expected} if expected else set())
    assert (vault / "bad.md").read_bytes() == data
    text = graph.export()
    triples = set(parse(text.encode(), format=RdfFormat.TURTLE))
    assert {each.triple for each in parse(graph.export(form="ntriples").encode(), format=RdfFormat.N_TRIPLES)} == {each.triple for each in triples}


def test_what_breaks_writers_breaks_none(vault: Path, tmp_path: Path) -> None:
    import rdflib

    for number, name in enumerate(
        name for name in TEXTS if name.startswith(("an IRI", "literals", "formulas", "a page", "directions", "controls of"))
    ):
        (vault / f"bad{number}.md").write_bytes(TEXTS[name][0])
    kg.build(vault)
    graph = kg.open(vault)
    wanted = len(list(parse(graph.export(header=False).encode(), format=RdfFormat.TURTLE)))
    for form in ("turtle", "ntriples"):
        assert len(rdflib.Graph().parse(data=graph.export(header=False, form=form), format={"turtle": "turtle", "ntriples": "nt"}[form])) == wanted
    assert len(list(parse(graph.export(header=False, form="rdfxml").encode(), format=RdfFormat.RDF_XML))) == wanted
    assert json.loads(graph.export(form="jsonld"))
    for table in ("csv-nodes", "csv-edges"):
        rows = list(csv.reader(io.StringIO(graph.export(form=table))))
        assert len({len(row) for row in rows}) == 1
    page = graph.view()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_nothing_steers_the_terminal(vault: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("control characters", "controls of the second sort", "directions turned around"):
        (vault / f"{len(name)}.md").write_bytes(TEXTS[name][0] + b"\nBad \x1b]0;title\x07 \xe2\x80\xae [[no\x1b[31mwhere]] in Portugal.\n")
    folder = str(vault / ".kg")
    cli.run(["build", str(vault), "-o", folder])
    for command in (["search", "bad"], ["show", "Portugal"], ["stats"], ["query", "SELECT ?s ?o { ?s rdfs:label ?o }"], ["explain", "Portugal"]):
        assert cli.run([command[0], "-g", folder, *command[1:]]) == 0
    told = "".join(capfd.readouterr())
    assert len(told) > 500
    assert [each for each in told if (each < " " and each != "\n") or "\x7f" <= each <= "\x9f" or each in "\u202e\u2066\u200f"] == []


# -- files that are no notes ---------------------------------------------------------------------


def pipe(path: Path) -> None:
    os.mkfifo(path)


def bound(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the address of a socket may have 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def device(path: Path) -> None:
    try:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero, which has no end
    except OSError:
        pytest.skip("only root makes devices")


def outside(path: Path) -> None:
    (path.parent.parent / "secret.md").write_text("# Secret of Ghana\n")
    path.symlink_to(path.parent.parent / "secret.md")


def folder_outside(path: Path) -> None:
    (path.parent.parent / "secrets").mkdir()
    (path.parent.parent / "secrets" / "secret.md").write_text("# Secret of Ghana\n")
    path.symlink_to(path.parent.parent / "secrets")


def unreadable(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path.write_text("x")
    path.chmod(0)


@pytest.mark.skipif(os.name == "nt", reason="files of POSIX")
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (pipe, "not-a-file"),
        (bound, "not-a-file"),
        (device, "not-a-file"),
        (outside, "symlink"),
        (folder_outside, "symlink"),
        (unreadable, "unreadable"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_is_no_file_of_the_vault_is_named_and_left_out(vault: Path, make: Callable[[Path], None], code: str) -> None:
    make(vault / "bad.md")
    report = kg.build(vault)
    assert [(each.path, each.code) for each in report.skipped] == [("bad.md", code)]
    assert healthy(kg.open(vault))
    assert "Secret" not in kg.open(vault).export()


def test_links_in_loops_end(vault: Path) -> None:
    (vault / "loop").symlink_to(vault)
    (vault / "self.md").symlink_to(vault / "self.md")
    (vault / "sub").mkdir()
    (vault / "sub" / "up").symlink_to(vault, target_is_directory=True)
    (vault / "dangling.md").symlink_to(vault / "nowhere.md")
    report = kg.build(vault)
    assert report.notes == 2
    assert healthy(kg.open(vault))


@pytest.mark.skipif(sys.platform != "linux", reason="names that Linux allows")
@pytest.mark.parametrize(
    "name",
    [
        "x" * 252,
        "é" * 126,
        "a\nb",
        "a\tb",
        " ",
        "a ",
        "'\"",
        "a\\b",
        "-rf",
        "$(x)",
        "\u202eevil",
        "\x1b[31m",
        "%2e%2e",
        "CON",
        "a;b",
        "[[x]]",
        "{}",
        "#",
    ],
)
def test_a_note_of_any_name_is_read(vault: Path, name: str) -> None:
    (vault / f"{name}.md").write_text("# Bad\n\n[[one]]\n")
    assert kg.build(vault).notes == 3
    graph = kg.open(vault)
    assert healthy(graph)
    assert len(graph.query("SELECT ?x { ?x :linksTo note:one }").terms) == 2
    assert list(parse(graph.export().encode(), format=RdfFormat.TURTLE))


def test_a_line_of_50_megabytes_is_left_out_and_read_where_it_may_be(vault: Path) -> None:
    with (vault / "bad.md").open("wb") as file:
        file.write(b"word " * 10_000_000)
    assert [(each.path, each.code) for each in kg.build(vault).skipped] == [("bad.md", "too-large")]
    assert healthy(kg.open(vault))


# -- time grows as the text does -----------------------------------------------------------------

LINEAR: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "[" * n,
    "links": lambda n: "[[" * n,
    "links in links": lambda n: "[[a|" * n + "]]" * n,
    "pictures": lambda n: "![" * n,
    "quotes": lambda n: "> " * n + "x",
    "stars": lambda n: "*a **b " * n,
    "tags": lambda n: "<a " * n,
    "comments": lambda n: "<!-- %% " * n,
    "ticks": lambda n: "` `` " * n,
    "stamps": lambda n: "[00:12:05] " * n,
    "headings": lambda n: "## A b\n\n" * n,
    "lines": lambda n: "a\n" * n,
    "blanks": lambda n: " " * n,
    "ends of lines": lambda n: "\r" * n,
    "dashes": lambda n: "---\n" * n,
    "keys": lambda n: "---\n" + "a: b\n" * n,
    "fields": lambda n: "a:: b\n" * n,
    "colons": lambda n: "a:" * n,
    "pictures in pictures": lambda n: "![[a|b [[c]] " * (n // 10) + "]]" * (n // 10),
    "links on one line": lambda n: "[[a|b]] " * (n // 4),
    "links and timestamps on one line": lambda n: "[[a]] [00:12:05] " * (n // 4),
    "tags and blocks": lambda n: "#a ((64a0b1c2-0000-4000-8000-0123456789ab)) " * (n // 4),
    "queries": lambda n: "{{query [[a]] " * (n // 4),
    "blocks of Org": lambda n: "#+BEGIN_SRC\n[[a]]\n" * (n // 4),
    "ids": lambda n: "@ID:x 20240501120000 " * (n // 4),
    "one word": lambda n: "a" * n,
    "one word in quotation marks": lambda n: f'a = "{"a" * n}"\n',
    "one line of dashes": lambda n: "-" * n,
    "fields in brackets": lambda n: "(a:: b) " * n + "[[x]]",
    "fields in fields": lambda n: "(a:: " * (n // 4) + ")" * (n // 4) + "[[x]]",
}


@pytest.mark.parametrize("name", LINEAR)
def test_time_grows_as_the_text_does(name: str) -> None:
    def took(many: int) -> float:
        text = LINEAR[name](many)
        best = 1e9
        for _ in range(3):
            began = time.process_time()
            markdown.read(Note("n.md", text, ""), tagged=True)
            frontmatter.read(f"---\n{text}\n---\n")
            frontmatter.read(f"+++\n{text}\n+++\n")
            best = min(best, time.process_time() - began)
        return best

    # Twice the text takes twice the time; the square of it would take four times as long, and 16 for four times the text.
    assert took(20_000) < 9 * max(took(5_000), 0.004)


NAMED: dict[str, Callable[[int], str]] = {
    "a title that is a country and a name": lambda n: "# Jordan\n\n" + "Jordan\n\n" * n,
    "countries between backticks": lambda n: "`a` Portugal " * n,
    "paragraphs of them": lambda n: "`a` Portugal\n\n" * n,
    "other ones each time": lambda n: "".join(f"`Portugal {each}` Portugal " for each in range(n)),
    "long ones": lambda n: "".join(f"`Portugal {each} {'a' * 300}` Portugal " for each in range(n // 8)),
    "adjectives that are joined": lambda n: "portugais et danois, " * n,
    "owners": lambda n: "Owner: Georgia\n" * n,
    "tags of pages": lambda n: "".join(f"#[[Open data {each}]] " for each in range(n)),
    "tags of pages with long names": lambda n: "".join(f"#[[Open {'a' * 64} {each}]] " for each in range(n)),
    "tags and links to headings": lambda n: "".join(f"[[#h{each}]] #t{each} " for each in range(n)),
}
"""Texts that name as many things as they are long."""


@pytest.mark.parametrize("name", NAMED)
def test_time_grows_as_what_is_named_does(name: str) -> None:
    extractors = extract.builtin(Config(language=", ".join(LANGUAGES)))

    def took(many: int) -> float:
        document = markdown.read(Note("n.md", NAMED[name](many), ""), tagged=True)
        best = 1e9
        for _ in range(3):
            began = time.process_time()
            assert extract.named(document, extractors).flaws == ()
            best = min(best, time.process_time() - began)
        return best

    assert took(4_000) < 9 * max(took(1_000), 0.004)
