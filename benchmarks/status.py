"""Measure ``govdisclose status`` on many units: the first day, and a day on which nothing has changed.

    python benchmarks/status.py [--units 20000] [--jobs 2] [--folder DIR]

A few hundred different workbooks are written; each unit gets one of them with its own name and code
put in. Seconds of processor time a unit (all processes), wall clock, and the peak memory of the main
process are printed as JSON. Linux or macOS.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from content import dense_report
from govdisclose import Agency
from govdisclose.roster import RosterUnit, make_roster, write_roster
from govdisclose.write.workbook import workbook_bytes
from timing import environment, rounded

DIFFERENT = 200
"""So many workbooks differ in more than their unit."""

NAME, CODE = "占位单位名称", "PLACEHOLDER000000"
_PER_COUNTY = 40


def write_inbox(folder: Path, count: int) -> None:
    """Write the inbox and the roster; one unit of fifty hands in nothing."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    models = [_model(seed) for seed in range(min(DIFFERENT, count))]
    units = [RosterUnit("", "某省人民政府", "P", level="省级")]
    for county in range(-(-count // _PER_COUNTY)):
        units.append(RosterUnit("", f"第{county}县人民政府", f"C{county}", "P", "县级"))
    for number in range(count):
        name, code = f"第{number}单位", f"U{number}"
        units.append(RosterUnit("", name, code, f"C{number // _PER_COUNTY}", "单位"))
        if number % 50:
            data = _with_unit(models[number % len(models)], name, code)
            (inbox / f"{number:06}.xlsx").write_bytes(data)
    write_roster(folder / "roster.xlsx", make_roster(units).units)


def _model(seed: int) -> dict[str, bytes]:
    """The members of a workbook whose agency has the placeholders."""
    report = dense_report(seed).evolve(agency=Agency(NAME, CODE, "agency"), title="")
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(report))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _with_unit(members: dict[str, bytes], name: str, code: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for member, content in members.items():
            if member.endswith(".xml"):
                content = content.replace(NAME.encode(), name.encode())
                content = content.replace(CODE.encode(), code.encode())
            archive.writestr(member, content)
    return stream.getvalue()


def measure(folder: Path, day: str, jobs: int, *more: str) -> dict[str, float]:
    """Run the command once; its cost in seconds, and the peak memory of its main process in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "govdisclose", "status", folder / "inbox"]
    options = ["--roster", folder / "roster.xlsx", "--today", day, "--year", "2024"]
    done = subprocess.run(
        [*command, *options, "--jobs", str(jobs), *more], check=True, capture_output=True
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(done.stdout.decode().splitlines()[1], file=sys.stderr)
    return {"wall": wall, "cpu": cpu, "peak MB": after.ru_maxrss / 1024}


def main() -> None:
    """Write the inbox, run three days, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--folder", type=Path, help="keep the inbox here, and use it if it is there"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        if not (folder / "roster.xlsx").exists():
            write_inbox(folder, options.units)
        days = {
            "first day": measure(folder, "2025-01-20", options.jobs),
            "unchanged": measure(folder, "2025-01-21", options.jobs),
            "unchanged, with page": measure(
                folder, "2025-01-22", options.jobs, "-o", str(folder / "s.html"), "--force"
            ),
            "unchanged, with workbook": measure(
                folder, "2025-01-23", options.jobs, "-o", str(folder / "s.xlsx"), "--force"
            ),
        }
    for cost in days.values():
        cost["cpu ms a unit"] = cost["cpu"] * 1000 / options.units
    result = {"environment": environment(), "units": options.units, "days": days}
    print(json.dumps(rounded(result), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
