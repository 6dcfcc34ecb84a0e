"""The web application: which address is answered by whom. It reads requests and hands them on; workers do the work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kg.serve import limits, protocol, static, validators
from kg.serve.kept import Kept
from kg.serve.limits import Limits
from kg.serve.messages import Message
from kg.serve.metrics import Labels, Metrics
from kg.serve.negotiation import ENDINGS, GRAPHS, PAGES, asked, choose
from kg.serve.pool import Pool, opened
from kg.serve.problems import response
from kg.serve.replies import Problem

if TYPE_CHECKING:
    from starlette.types import Receive

_LOOK = 0.25
"""seconds between looks at which generation is live: an edit under kg build --watch shall be served within a second"""
_PATIENCE = 30.0
"""seconds for a page of ours: none is asked by a client's query, and the slowest draws the whole graph"""
_KEPT = frozenset(("start", "editor", "view", "description", "void", "thing"))
"""Pages that take long, and are the same for everybody until the graph changes."""
_VARIES = "Accept, Accept-Encoding"
Endpoint = Callable[[Request], Awaitable[Response]]


class Site:
    """One graph on the web."""

    def __init__(self, folder: Path, most: Limits, metrics: Metrics, warn: Callable[[str], None]) -> None:
        self.folder, self.most, self.metrics, self.warn = folder, most, metrics, warn
        self.pool = Pool(most, metrics)
        self.kept = Kept()
        self.drawing = asyncio.Semaphore(1)
        """Held while the whole graph is drawn, which takes seconds of a processor: one at a time, whoever asks."""
        self.backlog: Callable[[], int] = lambda: 0
        """Gives the bytes of answers that wait for slow readers."""

    def application(self) -> Starlette:
        """Make the application."""
        get = ["GET"]
        routes = [
            *(Route(path, self._page("sparql", self.sparql), methods=["GET", "POST"]) for path in ("/sparql", "/sparql/")),
            Route("/healthz", self._page("health", self.health), methods=get),
            Route("/metrics", self._page("metrics", self.numbers), methods=get),
            Route("/.well-known/void", self._page("void", self.void), methods=get),
            Route("/assets/{name}", self._page("assets", self.asset), methods=get),
            Route("/", self._page("start", self._job("start")), methods=get),
            Route("/search", self._page("search", self._job("search")), methods=get),
            Route("/queries/{name:path}", self._page("queries", self._job("named")), methods=get),
            Route("/view", self._page("view", self._job("view")), methods=get),
            Route("/complete", self._page("complete", self._job("complete")), methods=get),
            Route("/about", self._page("thing", self.thing), methods=get),
            Route("/{path:path}", self._page("thing", self.thing), methods=get),
        ]
        return Starlette(routes=routes, lifespan=self.living, exception_handlers={405: _not_allowed})

    @asynccontextmanager
    async def living(self, _app: Starlette) -> AsyncIterator[None]:
        """Answer from the live generation, whichever that is, until the server ends."""
        self.pool.serve(*opened(self.folder))
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            await self.pool.close()

    async def _watch(self) -> None:
        said = ""
        while True:
            await asyncio.sleep(_LOOK)
            found, trouble = opened(self.folder)
            self.pool.serve(found, trouble)
            if trouble != said:
                self.warn(trouble or "the graph is back")
                said = trouble

    # -- endpoints ---------------------------------------------------------------------------------------

    def _page(self, name: str, endpoint: Endpoint) -> Endpoint:
        """Count an endpoint's requests under a name, and tell its problems."""

        async def counted(request: Request) -> Response:
            request.scope["page"] = name
            try:
                return await endpoint(request)
            except Problem as problem:
                return response(problem, _accept(request))

        return counted

    def _job(self, do: str) -> Endpoint:
        """Make an endpoint of a page that a worker writes."""

        async def page(request: Request) -> Response:
            given = protocol.parameters(request.scope["query_string"])
            job = {"do": do, "given": given, "name": request.path_params.get("name", "")}
            return await self._asked(request, job, self.most.seconds if do in ("named", "search", "complete") else None)

        return page

    async def sparql(self, request: Request) -> Response:
        """Answer by the SPARQL Protocol; without a query, describe what can be asked, or give people a place to write one."""
        body = await _body(request) if request.method == "POST" else b""
        said = protocol.read(request.method, request.scope["query_string"], request.headers, body)
        accept = _accept(request)
        if said.nothing and request.method != "POST":
            form = asked(said.last("format"), GRAPHS) if said.last("format") else choose(accept, GRAPHS)
            if form == "html":
                return await self._asked(request, {"do": "editor", "given": said.parameters})
            return await self._asked(request, {"do": "description", "form": _given(form), "endpoint": _root(request) + request.scope["path"]})
        job, seconds = protocol.job(said, accept, self.most.seconds)
        if "html" in (job["rows"], job["graphs"]) and (title := said.last("title")):
            job["title"] = title[:200]
        return await self._asked(request, job, seconds)

    async def void(self, request: Request) -> Response:
        """Describe the data set."""
        forms = {form: types for form, types in GRAPHS.items() if form != "html"}
        return await self._asked(
            request, {"do": "void", "form": _given(choose(_accept(request), forms) or "turtle"), "root": _root(request)}, _PATIENCE
        )

    async def thing(self, request: Request) -> Response:
        """Give the page of a thing, or what is said of it as RDF."""
        given = dict(protocol.parameters(request.scope["query_string"]))
        form = choose(_accept(request), PAGES)
        if wanted := given.get("format"):
            form = asked(wanted, PAGES)
        path = request.scope.get("raw_path") or request.scope["path"].encode()
        job = {"do": "thing", "path": path.decode("ascii", "replace"), "form": form, "iri": given.get("iri", "") if path == b"/about" else ""}
        job |= {"all": given.get("all", ""), "suggested": given.get("suggested", "")}
        if form is None and not job["path"].endswith(tuple(ENDINGS)):
            raise Problem(406, "a thing can be had as a page, Turtle, JSON-LD, N-Triples or RDF/XML", Vary="Accept")
        return await self._asked(request, job, _PATIENCE)

    async def asset(self, request: Request) -> Response:
        """Give a file of ours, of a list; one that is asked for by its version stays as it is for good."""
        found = static.file(request.path_params["name"])
        if found is None:
            raise Problem(404, "there is no such file")
        lasting = request.query_params.get("v") == static.version(found)
        headers = {
            "cache-control": "private, max-age=31536000, immutable" if lasting else "private, no-cache",
            "etag": found.tag,
            "vary": "Accept-Encoding",
        }
        if validators.known(request.headers.get("if-none-match"), found.tag):
            return Response(status_code=304, headers=headers)
        headers["content-type"] = found.media
        if validators.packs(request.headers.get("accept-encoding")):
            return Response(found.packed, headers={**headers, "content-encoding": "gzip"})
        return Response(found.body, headers=headers)

    async def health(self, _request: Request) -> Response:
        """Say whether the graph can be asked."""
        if self.pool.generation is None or not (self.pool.idle or self.pool.all):
            raise Problem(503, self.pool.trouble or "starting")
        return Response("ok\n", media_type="text/plain")

    async def numbers(self, _request: Request) -> Response:
        """Give the counters."""
        pool = self.pool
        busy = len(pool.all) - len(pool.idle) - len(pool.starting) - len(pool.long)
        states = {"idle": len(pool.idle), "starting": len(pool.starting), "busy": busy, "long": len(pool.long)}
        gauges: dict[tuple[str, Labels], float] = {("kg_workers", (("state", state),)): count for state, count in states.items()}
        gauges["kg_up", ()] = float(pool.generation is not None)
        return Response(self.metrics.text(gauges), headers={"content-type": "text/plain; version=0.0.4; charset=utf-8"})

    # -- workers -----------------------------------------------------------------------------------------

    async def _asked(self, request: Request, job: dict[str, Any], seconds: float | None = None) -> Response:
        """Have a worker do a job, and give what it says; nothing is done for a client that has the answer."""
        seconds = _PATIENCE if seconds is None else seconds
        generation = str(self.pool.generation)
        tag, has = "", None
        if request.method in ("GET", "HEAD"):
            tag, has = validators.of_job(job, generation, self.most.rows), request.headers.get("if-none-match")
            if self.pool.generation is not None and has != "*" and validators.known(has, tag):
                return _unchanged(tag)
        job["gzip"] = validators.packs(request.headers.get("accept-encoding"))
        key = json.dumps([generation, job]) if tag and job["do"] in _KEPT else ""
        message = self.kept.get(key) if key else None
        if message is None:
            async with self.drawing if job["do"] == "view" else nullcontext():
                message = await self.pool.ask(job, seconds=seconds, left=lambda: _gone(request.receive))
            if fault := message.said.get("fault"):
                self.warn(f"a fault in a worker: {fault}")
            if "problem" in message.said:
                said = message.said
                problem = Problem(said["status"], said["problem"], said["hint"])
                problem.headers = said["headers"]
                raise problem
            if key:
                self.kept.put(key, message)
        if request.method in ("GET", "HEAD"):
            tag = tag or validators.tag(message.body)
            if validators.known(has, tag):
                return _unchanged(tag)
        return self._given(message, tag)

    def _given(self, message: Message, tag: str) -> Response:
        if len(message.body) > 65536 and self.backlog() + len(message.body) > limits.WAITING:
            raise Problem(503, "too many answers wait for slow readers", "try again later", Retry_After="5")
        headers = {"vary": _VARIES, **message.said["headers"], "content-type": message.said["media"]}
        if tag:
            headers["etag"] = tag
        return Response(message.body, message.said["status"], headers)


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"etag": tag, "vary": _VARIES})


def _given(form: str | None) -> str:
    if form is None:
        raise Problem(406, "this can be had as Turtle, JSON-LD, N-Triples or RDF/XML", Vary="Accept")
    return form


def _accept(request: Request) -> str | None:
    return ",".join(request.headers.getlist("accept")) or None


def _root(request: Request) -> str:
    """Give the address of this server as the client knows it; the gate has looked at the name."""
    return f"{request.scope['scheme']}://{request.headers['host']}"


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request) -> bytes:
    """Read a body that is not too long, and comes in time; of one that is, some more is read, so that its sender hears why."""
    told = request.headers.get("content-length", "0")
    size = 0
    found: list[bytes] = []
    long = not told.isascii() or not told.isdigit() or int(told) > limits.BODY
    try:
        async with asyncio.timeout(limits.ARRIVAL):
            if not long or int(told) <= limits.DISCARDED:
                async for piece in request.stream():
                    size += len(piece)
                    long = long or size > limits.BODY
                    if size > limits.DISCARDED:
                        break
                    if not long:
                        found.append(piece)
    except TimeoutError:
        if not long:
            raise Problem(408, f"the body did not arrive within {limits.ARRIVAL:g} seconds", Connection="close") from None
    except ClientDisconnect:
        raise Problem(400, "the client has gone") from None
    if long:
        raise Problem(413, f"the body is longer than {limits.BODY:,} bytes", Connection="close")
    return b"".join(found)


async def _not_allowed(request: Request, _error: Exception) -> Response:
    return response(Problem(405, "this address takes GET only", Allow="GET, HEAD"), _accept(request))


__all__ = ["Site"]
