"""The command line: a table of commands, each in a file of its own that loads when it is called.

Here is only what all of them share: finding the graph, telling errors, exit codes. Data goes to
standard output, everything else to standard error.

    0 fine   1 problems found, or the job failed   2 wrong usage   130 interrupted   141 broken pipe
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn, TypeVar

import click

from kg import __version__
from kg.errors import ConfigError, KgError, NoteError, UsageError, VocabularyError, visible
from kg.guard import guess
from kg.prompt import at_once, promptly, working

COMMANDS = {
    "init": "Set up a folder of notes: write kg.toml and say what comes next.",
    "build": "Build or update the graph of a folder of notes.",
    "query": "Ask the graph in SPARQL.",
    "search": "Find words in titles, headings and passages.",
    "show": "Show one thing: what is said of it, and what stands beside it.",
    "path": "Show how two things are joined: the shortest chains, with the sentences that say so.",
    "explain": "Say why the graph says something: the rule, the words, the lines.",
    "stats": "Count what the graph holds, and name its hubs.",
    "check": "Find what is wrong in the notes, with the line and the mend.",
    "diff": "Compare two states of the graph: notes, links, facts, entities, issues.",
    "export": "Write the graph as Turtle or another format.",
    "view": "Write the interactive page.",
    "serve": "Serve the graph on the web: a SPARQL endpoint, a page for every thing.",
    "push": "Send the graph to a SPARQL server.",
    "load": "Make a graph of RDF files, to ask, view and export it like any other.",
    "infer": "Work out what follows from the graph by the ontology, and whether it contradicts itself.",
    "mcp": "Let assistants ask the graph, by the Model Context Protocol.",
    "suggest": "Decide on what rules only suggest, with the sentences that speak for it.",
}
"""Every command and its one line, as ``kg --help`` lists them: to make a graph, to ask it, to judge it, files, and decisions; a test compares them with the commands."""

EPILOG = """\b
Examples:
  kg build notes
  kg query 'SELECT ?note ?line { ?p :names country:PT; :note ?note; :line ?line }'
  kg export -o graph.ttl
  kg view -o graph.html --open

\b
Shell completion: eval "$(_KG_COMPLETE=bash_source kg)"   (or zsh_source, fish_source)
"""

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
Function = TypeVar("Function", bound=Callable[..., Any])


class _ReaderGone(Exception):
    """Whoever read our output has ended, as ``| head`` does; click would make a failure of it."""


class _Lazy(click.Group):
    """Commands by name; their modules load only when they are called."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _ReaderGone from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"kg.commands.{cmd_name}"), cmd_name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = guess(args[0], list(COMMANDS))
            hint = f"Did you mean '{near}'?" if near else f"Commands: {', '.join(COMMANDS)}."
            raise click.UsageError(f"No such command '{args[0]}'. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def graph_option(command: Function) -> Function:
    """Add ``-g/--graph``, which may stand before or after the name of the command."""
    return click.option(
        "-g",
        "--graph",
        "graph",
        metavar="DIR",
        expose_value=False,
        callback=_remember,
        help="The graph's folder [default: nearest .kg upward, or $KG_GRAPH].",
    )(command)


def format_option(*forms: str, note: str = "") -> Callable[[Function], Function]:
    """Add ``--format`` for what a command prints in one of some forms, of which the first is what it does by itself."""
    return click.option(
        "--format", "form", type=_Form(forms, case_sensitive=False), default=forms[0], show_default=True, help=f"How to write it{note}."
    )


class _Form(click.Choice[str]):
    """The name of a format; another is told as every command tells it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from kg.choices import choose

        return choose(str(value), {str(each): () for each in self.choices})


def suggested_option(command: Function) -> Function:
    """Add ``--suggested``, for commands that ask."""
    return click.option("--suggested", is_flag=True, help="Count what rules only suggest as well (see kg suggest).")(command)


def endpoint_option(command: Function) -> Function:
    """Add ``--endpoint``, for commands that can ask a graph on a server."""
    return click.option("--endpoint", metavar="URL", default="", help="Ask a SPARQL server instead of a graph on this machine.")(command)


def _remember(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.ensure_object(dict)
        ctx.find_root().obj = {"graph": value}


def chosen() -> str | None:
    """Give what ``-g`` says, if it was given."""
    found = click.get_current_context().find_root().obj
    return found.get("graph") if found else None


@click.command(cls=_Lazy, context_settings=CONTEXT, epilog=EPILOG, no_args_is_help=True)
@graph_option
@click.version_option(__version__, "-V", "--version", prog_name="kg")
def cli() -> None:
    """Turn a folder of wiki-linked Markdown notes into a knowledge graph.

    Ask it in SPARQL, export it, open it as a page; every fact leads back to its file, line and sentence.
    """


def say(text: str, **style: Any) -> None:
    """Print a line for the person, on standard error; in colour on a terminal only."""
    click.secho(visible(text), err=True, color=_coloured(), **style)


def warn(text: str) -> None:
    """Print a warning on standard error."""
    click.echo(f"{click.style('note:', fg='yellow')} {visible(text)}", err=True, color=_coloured())


def write_json(value: Any) -> None:
    """Print a value for programs; named tuples become objects, at any depth."""
    import json

    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=1))


def plain(value: Any) -> Any:
    """Make objects of named tuples, lists of tuples.

    >>> from kg.model import Flaw
    >>> plain([Flaw("unknown-country", 3, "none")])
    [{'code': 'unknown-country', 'line': 3, 'text': 'none'}]
    """
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def columns(elsewhere: int = 80) -> int:
    """Give the columns of a line: those of the terminal, but 40 at least, or those that are right where there is none."""
    return max(shutil.get_terminal_size().columns, 40) if sys.stdout.isatty() else elsewhere


def many(count: int, what: str) -> str:
    """Write a number with its word.

    >>> many(1, "note"), many(1200, "note")
    ('1 note', '1,200 notes')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _coloured() -> bool | None:
    """Say whether colours are off (https://no-color.org); None leaves it to whether there is a terminal."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _prepare() -> None:
    """Make the standard streams usable, closed or not, in whatever encoding the system has."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed, as by >&-
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - lives as long as we do
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and end the process."""
    _prepare()
    with promptly():
        code = run(arguments)
        at_once()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        code = _unwritable(error)
    if threading.active_count() > 1:
        # A query that ran out of time goes on in its thread and would hold the process.
        os._exit(code)
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and give the exit code."""
    CONTEXT["color"] = _coloured()
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _terminated)
    try:
        working()
        code = cli.main(args=arguments, prog_name="kg", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except _ReaderGone:
        return _unwritable(OSError(errno.EPIPE, ""))
    except (click.Abort, KeyboardInterrupt):
        if _terminations:  # watchfiles makes a KeyboardInterrupt of any signal
            return 128 + _terminations[-1]
        say("interrupted")
        return 130
    except KgError as error:
        _tell(error)
        return 2 if isinstance(error, (ConfigError, UsageError, NoteError, VocabularyError)) else 1
    except OSError as error:
        return _unwritable(error)
    except MemoryError:
        _tell(KgError("not enough memory", hint="close other programs, or split the notes"))
        return 1


def _tell(error: KgError) -> None:
    first, *rest = str(error).split("\n")
    click.echo(f"{click.style('error:', fg='red', bold=True)} {visible(first)}", err=True, color=_coloured())
    for line in rest:
        say(line)


def _unwritable(error: OSError) -> int:
    if error.errno in (errno.EPIPE, errno.EINVAL):
        # Python would flush standard output once more at the end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    where = f"{error.filename}: " if error.filename else ""
    if error.errno == errno.ENOENT and not where:
        where = "the current folder: "
    _tell(KgError(f"{where}{error.strerror or error}"))
    return 1


_terminations: list[int] = []


def _terminated(number: int, frame: object) -> NoReturn:
    _terminations.append(number)
    raise SystemExit(128 + number)
