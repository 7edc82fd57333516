"""Change good inputs at random, and see that each is read, with findings, or refused in one sentence.

    python tools/mutants.py --seed 1 --count 2000                    # of every kind
    python tools/mutants.py --seed 1 --count 2000 --kind xlsx
    python tools/mutants.py --seed 1 --kind xlsx --only 731 --keep FOLDER

Each mutant is read in a process of its own, forked from one that has read good workbooks before, so that
a session knows their sheets. A fault is: any other exception, more than the limits of time and memory, a
process that dies, anything printed, and a figure that openpyxl reads otherwise at the same cell with no
finding that names it. The same seed and number give the same mutant. The exit code is 1 when there is a fault.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import select
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from attrs import Factory, define, frozen

import mutants_judge
from govdisclose import GovDiscloseError, check_report, read_report
from mutants_inputs import MAKERS, Good, good_inputs
from mutants_judge import Mutant, figures_differ, judge, make_mutant, temporary_folder

SECONDS, MEGABYTES = 5, 512
"""What reading one mutant may take, of the processor and of memory."""

_BESIDE = 1500
"""Megabytes of address space beyond those of the parent: what asks for more dies, and the machine does not."""
_WAIT = 60
"""Seconds after which a process that waits, without using the processor, is ended."""


@frozen
class Result:
    """What reading one mutant came to, in seconds of the processor and megabytes of the whole process."""

    outcome: str
    words: str
    seconds: float
    megabytes: float


@define
class Tally:
    """What the mutants of one kind came to."""

    tried: int = 0
    outcomes: Counter[str] = Factory(Counter)
    slowest: float = 0
    most: float = 0

    def add(self, result: Result) -> None:
        """Count one more."""
        self.tried += 1
        self.outcomes[result.outcome] += 1
        self.slowest = max(self.slowest, result.seconds)
        self.most = max(self.most, result.megabytes)


def examine(mutant: Mutant, folder: Path) -> Result:
    """Read one mutant in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _examine_here(mutant, folder, writer)
    os.close(writer)
    said = _listen(reader, child)
    os.close(reader)
    _, status, used = os.wait4(child, 0)
    return _result(said, status, used)


def _examine_here(mutant: Mutant, folder: Path, writer: int) -> None:
    """In the child: limits, the verdict, the second opinion; never returns."""
    try:
        space = _address_space() + _BESIDE * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
        resource.setrlimit(resource.RLIMIT_CPU, (4 * SECONDS, 4 * SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        before = time.process_time()
        verdict = judge(mutant, folder)
        spent = time.process_time() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _say(writer, outcome=verdict.outcome, words=verdict.words, seconds=spent, megabytes=peak)
        if mutant.kind == "xlsx" and verdict.outcome == "read":
            _say(writer, differing=figures_differ(mutant, verdict))
    except BaseException as error:
        _say(writer, outcome="fault", words=f"{type(error).__name__} outside the reading: {error}")
    finally:
        os._exit(0)


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _say(writer: int, **what: object) -> None:
    os.write(writer, json.dumps(what).encode() + b"\n")


def _listen(reader: int, child: int) -> dict[str, object]:
    """Everything the child says until it ends, or is ended after waiting for too long."""
    heard = b""
    limit = time.monotonic() + _WAIT
    while True:
        ready, _, _ = select.select([reader], [], [], max(limit - time.monotonic(), 0))
        if not ready:
            os.kill(child, signal.SIGKILL)
            break
        piece = os.read(reader, 65536)
        if not piece:
            break
        heard += piece
    said: dict[str, object] = {}
    for line in heard.splitlines():
        said.update(json.loads(line))
    return said


def _result(said: dict[str, object], status: int, used: resource.struct_rusage) -> Result:
    seconds = float(str(said.get("seconds", used.ru_utime + used.ru_stime)))
    megabytes = float(str(said.get("megabytes", used.ru_maxrss / 1024)))
    outcome, words = str(said.get("outcome", "fault")), str(said.get("words", ""))
    if "outcome" not in said:
        words = f"the process died (status {status})"
    elif outcome != "fault" and seconds > SECONDS:
        outcome, words = "fault", f"took {seconds:.1f} s ({words})"
    elif outcome != "fault" and megabytes > MEGABYTES:
        outcome, words = "fault", f"took {megabytes:.0f} MB ({words})"
    elif said.get("differing"):
        outcome, words = "fault", f"read otherwise than stored: {said['differing']}"
    return Result(outcome, words, seconds, megabytes)


def warm_up(kind: str, goods: list[Good], folder: Path) -> None:
    """Read the good inputs, so that caches and imported modules are in memory."""
    for good in goods:
        path = folder / good.name
        path.write_bytes(good.data)
        for _ in range(2):
            try:
                mutants_judge.judge(Mutant(kind, -1, good, good.data, ()), folder)
                if kind == "xlsx":
                    check_report(read_report(path))
            except GovDiscloseError as error:
                print(f"{good.name} is no good input: {error}", file=sys.stderr)


def run(kind: str, numbers: range, seed: int, keep: Path | None) -> Tally:
    """Try the mutants of one kind; print each fault."""
    tally = Tally()
    goods = good_inputs(kind)
    with temporary_folder() as name:
        folder = Path(name)
        warm_up(kind, goods, folder)
        for number in numbers:
            mutant = make_mutant(kind, goods, seed, number)
            result = examine(mutant, folder)
            tally.add(result)
            if result.outcome == "fault":
                print(
                    f"FAULT --kind {kind} --seed {seed} --only {number}: {mutant.good.name} {'+'.join(mutant.changes)}: {result.words}",
                    flush=True,
                )
            if keep is not None and (result.outcome == "fault" or len(numbers) == 1):
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{kind}-{seed}-{number}-{mutant.name}").write_bytes(mutant.data)
            if len(numbers) == 1:
                print(f"{mutant.good.name} {'+'.join(mutant.changes)}: {result}")
    return tally


def main(arguments: list[str] | None = None) -> int:
    """Run the requested mutants and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, other mutants")
    parser.add_argument("--count", type=int, default=500, help="how many of each kind")
    parser.add_argument("--kind", choices=MAKERS, help="of this kind only")
    parser.add_argument("--only", type=int, help="this mutant alone")
    parser.add_argument("--start", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--keep", type=Path, help="folder for the files of faults")
    given = parser.parse_args(arguments)
    numbers = range(given.start, given.start + given.count)
    if given.only is not None:
        numbers = range(given.only, given.only + 1)
    tallies = {}
    for kind in [given.kind] if given.kind else MAKERS:
        tallies[kind] = run(kind, numbers, given.seed, given.keep)
    print("| kind | tried | read | refused | faults | slowest, s | most memory, MB |")
    print("|---|---|---|---|---|---|---|")
    for kind, tally in tallies.items():
        counts = " | ".join(
            str(tally.outcomes[outcome]) for outcome in ("read", "refused", "fault")
        )
        print(f"| {kind} | {tally.tried} | {counts} | {tally.slowest:.2f} | {tally.most:.0f} |")
    return 1 if any(tally.outcomes["fault"] for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
