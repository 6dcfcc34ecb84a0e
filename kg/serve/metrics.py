"""What happened, as counters in the text format of Prometheus (version 0.0.4); nothing of what was asked is kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping

_BOUNDS = (0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0)
"""seconds; upper bounds of the buckets of the histogram"""
_HELP = {
    "kg_requests_total": ("counter", "Requests answered, by kind of page and by status."),
    "kg_request_seconds": ("histogram", "How long requests took."),
    "kg_queries_killed_total": ("counter", "Queries that were ended, by reason."),
    "kg_workers_started_total": ("counter", "Processes that were started to answer."),
    "kg_workers_failed_total": ("counter", "Processes that could not open the graph."),
    "kg_refused_total": ("counter", "Requests refused before anything was done, by reason."),
    "kg_workers": ("gauge", "Processes, by what they do."),
    "kg_up": ("gauge", "1 while the graph can be asked."),
}

Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Counters by name and labels."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, Labels], float] = {}
        self._buckets = [0] * (len(_BOUNDS) + 1)
        self._seconds = 0.0

    def count(self, name: str, **labels: str) -> None:
        """Count one more."""
        key = (name, tuple(sorted(labels.items())))
        self._counts[key] = self._counts.get(key, 0) + 1

    def took(self, seconds: float) -> None:
        """Count a request by how long it took."""
        self._buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds += seconds

    def text(self, gauges: Mapping[tuple[str, Labels], float]) -> str:
        """Write everything, with what ``gauges`` say of this moment.

        >>> metrics = Metrics()
        >>> metrics.count("kg_requests_total", page="sparql", status="200")
        >>> print("\\n".join(metrics.text({}).split("\\n")[:3]))
        # HELP kg_requests_total Requests answered, by kind of page and by status.
        # TYPE kg_requests_total counter
        kg_requests_total{page="sparql",status="200"} 1
        """
        return "\n".join((*self._lines({**self._counts, **gauges}), ""))

    def _lines(self, values: Mapping[tuple[str, Labels], float]) -> Iterator[str]:
        for name, (sort, words) in _HELP.items():
            yield f"# HELP {name} {words}"
            yield f"# TYPE {name} {sort}"
            if sort == "histogram":
                yield from self._histogram(name)
            for (each, labels), value in sorted(values.items()):
                if each == name:
                    told = ",".join(f'{label}="{text}"' for label, text in labels)
                    yield f"{name}{{{told}}} {value:.15g}" if told else f"{name} {value:.15g}"

    def _histogram(self, name: str) -> Iterator[str]:
        total = 0
        for bound, count in zip((*map(str, _BOUNDS), "+Inf"), self._buckets, strict=True):
            total += count
            yield f'{name}_bucket{{le="{bound}"}} {total}'
        yield f"{name}_sum {self._seconds:g}"
        yield f"{name}_count {total}"


__all__ = ["Labels", "Metrics"]
