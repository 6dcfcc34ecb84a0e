"""A running ``kg serve`` for tests: a process of its own on a port of its own, and small clients for it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent


class Said(NamedTuple):
    """A response."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media(self) -> str:
        return self.headers.get_content_type()


class Served:
    """A server of a graph."""

    def __init__(self, graph: Path, *options: str, **environment: str) -> None:
        command = [sys.executable, "-m", "kg", "-g", str(graph), "serve", "--port", "0", *options]
        found = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
        self.process = subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": found, "NO_COLOR": "1", **environment},
        )
        assert self.process.stderr is not None
        first = self.process.stderr.readline()
        assert "://" in first, first + self.process.stderr.read()
        self.port = int(first.split("://127.0.0.1:")[1].split("/")[0])
        self.kept = ""
        end = time.monotonic() + 30
        while (
            'state="idle"} 8' not in self.ask("/metrics", Authorization=f"Bearer {environment.get('KG_TOKEN', '')}").text and time.monotonic() < end
        ):
            time.sleep(0.05)

    def ask(self, path: str, method: str = "GET", body: bytes | str | None = None, **headers: str) -> Said:
        """Send a request; names of headers have _ for -."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Said(response.status, response.headers, response.read())
        finally:
            connection.close()

    def query(self, text: str, accept: str = "application/sparql-results+json", **more: str) -> Said:
        return self.ask("/sparql?" + urlencode({"query": text, **more}), Accept=accept)

    def raw(self, request: bytes, seconds: float = 20) -> bytes:
        """Send bytes, and read until the server hangs up."""
        found = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(request)
            with suppress(ConnectionResetError):  # it hung up while something was still on its way
                while piece := connection.recv(65536):
                    found += piece
        return found

    def processes(self) -> list[int]:
        """List the processes of the server's workers."""
        nursery = _children(self.process.pid)
        return [each for one in nursery for each in _children(one)]

    def until(self, status: int, path: str = "/healthz", seconds: float = 20) -> Said:
        """Wait until a page has a status."""
        end = time.monotonic() + seconds
        while (said := self.ask(path)).status != status:
            assert time.monotonic() < end, f"{path} is {said.status}, not {status}: {said.text}"
            time.sleep(0.1)
        return said

    def stop(self, number: int = signal.SIGTERM) -> str:
        """End it, and give what it wrote on standard error."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.kept += self.process.communicate(timeout=60)[1] or ""
        return self.kept


def _children(pid: int) -> list[int]:
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                parent = (each / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == pid:
                found.append(int(each.name))
    return found
