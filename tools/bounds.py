"""Any file up to the limits of size is answered, read or refused, within ten seconds and 512 MB.

    python tools/bounds.py                # every input
    python tools/bounds.py --name merged  # those with this word in their name

Each is given to the command line in a process of its own; seconds are those of the processor, megabytes the
most that the process had in memory. The exit code is 1 when a bound is broken.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from attrs import frozen

from bounds_inputs import INPUTS, Hostile

SECONDS, MEGABYTES = 10, 512
_WAIT = 120
"""Seconds after which a process is ended."""

CODES = (0, 1, 3, 4, 5)
"""The exit codes of something that was read or refused, or whose texts no workbook can hold."""

_LAUNCHER = """
import json, resource, subprocess, sys
try:
    done = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=float(sys.argv[1]))
    code, said = done.returncode, done.stderr.decode("utf-8", "replace").splitlines()
except subprocess.TimeoutExpired:
    code, said = -1, ["no answer"]
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cost = dict(code=code, seconds=used.ru_utime + used.ru_stime, megabytes=used.ru_maxrss / 1024, message="".join(said[:1]))
print(json.dumps(cost))
"""
"""Runs one command and says what it cost: a small process, since a child begins with the memory of its parent."""


@frozen
class Cost:
    """What the answer to one input came to."""

    code: int
    seconds: float
    megabytes: float
    message: str

    @property
    def fits(self) -> bool:
        """Whether it is an answer, and within the bounds."""
        return self.code in CODES and self.seconds <= SECONDS and self.megabytes <= MEGABYTES


def measure(path: Path) -> Cost:
    """Give one file to the command that reads such files."""
    command = [sys.executable, "-m", "govdisclose", *_command(path)]
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, str(_WAIT), *command],
        cwd=path.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return Cost(**json.loads(done.stdout))


def _command(path: Path) -> list[str]:
    if path.name.endswith(".template.docx"):
        return ["template", "check", path.name]
    if path.suffix in (".xlsx", ".json"):
        return ["check", path.name, "--format", "jsonl"]
    return ["import", path.name, "-o", "made.xlsx"]


def cost_of(hostile: Hostile) -> tuple[Cost, int]:
    """The cost of one input, and its size in bytes."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"r.{hostile.ending}"
        path.write_bytes(hostile.make())
        return measure(path), path.stat().st_size


def main(arguments: list[str] | None = None) -> int:
    """Measure every input, or those named, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--name", default="", help="only inputs with this word in their name")
    word = parser.parse_args(arguments).name
    broken = 0
    print("| input | kind | kB | seconds | MB | exit code | answer |")
    print("|---|---|---|---|---|---|---|")
    for hostile in INPUTS:
        if word not in hostile.name:
            continue
        cost, size = cost_of(hostile)
        broken += not cost.fits
        shown = f"{cost.seconds:.1f} | {cost.megabytes:.0f} | {cost.code} | {cost.message[:100]}"
        print(f"| {hostile.name} | {hostile.ending} | {size // 1000} | {shown} |", flush=True)
        if not cost.fits:
            print(f"FAILED {hostile.name}", flush=True)
    print(f"{broken} beyond the bounds")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
