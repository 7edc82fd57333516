"""What all measurements share: jobs in turn, processes with what they cost, medians, and where it was run."""

from __future__ import annotations

import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

_MEGABYTE = (
    2**20 if sys.platform == "darwin" else 2**10
)  # ru_maxrss is in bytes there, in kB elsewhere


class Usage(NamedTuple):
    """What a process and its children cost: wall-clock and processor seconds, and peak memory in MB."""

    wall: float
    cpu: float
    megabytes: float


def run_process(command: Sequence[str | Path]) -> Usage:
    """Run one process to its end. Raises ``RuntimeError`` with its messages if it fails.

    Its peak counts what this process held when it was started: measure memory before importing much.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} failed: {said}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MEGABYTE)


def in_turn(
    rounds: int, jobs: Mapping[str, Callable[[], T]], uncounted: int = 1
) -> dict[str, list[T]]:
    """Every job once a round, so that a busy machine slows all alike; the first rounds are not counted."""
    found: dict[str, list[T]] = {name: [] for name in jobs}
    for number in range(rounds + uncounted):
        for name, job in jobs.items():
            result = job()
            if number >= uncounted:
                found[name].append(result)
    return found


Command = Sequence["str | Path"]
Costs = dict[str, dict[str, dict[str, float]]]
"""``median`` and ``best`` → side → ``wall`` and ``cpu``: seconds for one item."""


def cost_of_each(commands: Mapping[str, tuple[Command, int]], rounds: int) -> Costs:
    """What one item costs each side, whose command does so many of them; processes run in turn."""
    jobs = {name: partial(run_process, command) for name, (command, _) in commands.items()}
    found = in_turn(rounds, jobs, uncounted=0)
    return {
        kind: {
            name: {
                field: pick(column(found, field)[name]) / commands[name][1]
                for field in ("wall", "cpu")
            }
            for name in commands
        }
        for kind, pick in (("median", statistics.median), ("best", min))
    }


def stopwatch(work: Callable[[], object]) -> Callable[[], float]:
    """A job that does ``work`` and gives the seconds it took."""

    def job() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return job


def medians(samples: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each job."""
    return {name: statistics.median(values) for name, values in samples.items()}


def minima(samples: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The least of each job: what it takes when nothing else runs."""
    return {name: min(values) for name, values in samples.items()}


def column(samples: Mapping[str, Sequence[Usage]], field: str) -> dict[str, list[float]]:
    """One field of the usages of each job."""
    return {name: [getattr(usage, field) for usage in usages] for name, usages in samples.items()}


def script(path: Path) -> Any:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def environment() -> dict[str, object]:
    """The machine of the measurements, and whether the package had prepared templates."""
    package = importlib.util.find_spec("govdisclose")
    if package is None or package.origin is None:
        sys.exit("govdisclose is not installed in this environment: pip install .")
    prepared = sorted(p.name for p in Path(package.origin).parent.glob("templates/*.prepared.json"))
    if not prepared:
        print(
            "warning: no prepared templates; install with pip install . for meaningful figures",
            file=sys.stderr,
        )
    return {
        "python": platform.python_version(), "system": platform.system(), "machine": platform.machine(),
        "processors": os.cpu_count(), "load before": round(os.getloadavg()[0], 2), "prepared": prepared,
    }  # fmt: skip


def rounded(figures: Any) -> Any:
    """Nested figures with five decimals."""
    if isinstance(figures, dict):
        return {name: rounded(value) for name, value in figures.items()}
    return round(figures, 5) if isinstance(figures, float) else figures
