"""``kg serve``."""

from __future__ import annotations

import click

from kg.cli import CONTEXT, chosen, graph_option, say, warn
from kg.errors import KgError, UsageError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command(context_settings=CONTEXT)
@graph_option
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="The address to listen on; 0.0.0.0 is all of them.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, metavar="N", help="The port; 0 is any that is free.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option(
    "--timeout", type=click.FloatRange(0, 3600), default=10.0, show_default=True, metavar="S", help="Seconds that a query may take; 0 is any."
)
@click.option("--max-rows", type=click.IntRange(0), default=10_000, show_default=True, metavar="N", help="Rows of one answer at most; 0 is any.")
@click.option("--workers", type=click.IntRange(1, 64), default=4, show_default=True, metavar="N", help="Processes that answer short queries.")
@click.option("--cors", "origins", metavar="ORIGIN", multiple=True, help="Let pages of a site ask, such as https://app.example.org.")
@click.option("--allow-host", "names", metavar="NAME", multiple=True, help="Another name by which the server is called, behind a proxy.")
@click.option("--token", envvar="KG_TOKEN", default="", metavar="SECRET", help="Ask everybody for a token [default: $KG_TOKEN].")
@click.option("--allow-service", "services", metavar="PREFIX", multiple=True, help="Permit SERVICE to ask addresses that begin so.")
@click.option("--log", "logs", is_flag=True, help="Write a line for each request on standard error.")
def serve(
    host: str,
    port: int,
    opens: bool,
    timeout: float,
    max_rows: int,
    workers: int,
    origins: tuple[str, ...],
    names: tuple[str, ...],
    token: str,
    services: tuple[str, ...],
    logs: bool,
) -> None:
    """Serve the graph on the web: a SPARQL endpoint, a page for every thing.

    Read-only, and only for this machine unless --host says otherwise. Whatever a query does, it ends in
    time; a build beside it is picked up within a second. Ctrl-C ends it.

    \b
    Examples:
      kg serve --open
      kg serve --port 8000 --timeout 5
      curl -G localhost:8080/sparql --data-urlencode 'query=SELECT * { ?s ?p ?o } LIMIT 3' -H 'Accept: text/csv'
      KG_TOKEN=secret kg serve --host 0.0.0.0 --allow-host graph.example.org
    """
    try:
        import uvicorn  # noqa: F401

        from kg import serve as web
        from kg.serve.gate import Rules
    except ImportError as error:
        raise KgError(f"kg serve needs {error.name}, which is not installed", hint="pip install 'kgnotes[serve]'") from None
    from kg import store
    from kg.serve.services import prefix

    for origin in origins:
        _checked(origin)
    most = web.Limits(timeout, max_rows, workers, tuple(map(prefix, services)))
    folder = store.located(chosen()).resolve()
    found = store.current(folder)  # says what is wrong before anything is started
    listening = web.listen(host, port)
    taken = listening.getsockname()[1]
    shown = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else f'[{host}]' if ':' in host else host}:{taken}/"  # noqa: S104
    say(f"serving {found.manifest.title} at {shown}  (Ctrl-C ends it)")
    if host not in _LOOPBACK and not token:
        warn("everybody who reaches this machine can read the graph and its notes; --token asks them for a secret")
    if opens and click.launch(shown):
        warn("no browser could be started; open the address yourself")
    web.serve(folder, listening, Rules.of(host, names=names, origins=origins, token=token), most, warn=warn, log=say if logs else None)


def _checked(origin: str) -> None:
    """Refuse what is no origin; * would let every site read the notes of whoever runs this."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(origin)
        fine = parts.scheme in ("http", "https") and parts.hostname and origin == f"{parts.scheme}://{parts.netloc}" and origin == origin.lower()
    except ValueError:
        fine = False
    if not fine:
        raise UsageError(f"{origin!r} is no origin", hint="a scheme and a host in small letters, such as https://app.example.org, and no path")
