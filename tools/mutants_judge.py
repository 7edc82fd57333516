"""What a mutant may do: be read, with findings, or be refused. Whatever else it does is a fault."""

from __future__ import annotations

import io
import json
import os
import tempfile
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal, InvalidOperation
from pathlib import Path
from random import Random
from typing import Any

from attrs import evolve, frozen
from openpyxl import load_workbook

import mutants_package
import mutants_text
import mutants_xml
from govdisclose import (
    Finding,
    GovDiscloseError,
    Reading,
    Session,
    annotate_workbook,
    check_report,
    read_report,
)
from govdisclose.compile import Options, make_files
from govdisclose.own_templates import check_template
from govdisclose.roster import read_roster
from govdisclose.write.findings import FORMATS, Checked
from mutants_inputs import Good

PACKAGES = ("xlsx", "docx", "roster", "template")
_CHANGES = {
    "html": mutants_text.HTML,
    "txt": mutants_text.TEXT,
    "json": mutants_text.JSON,
    "pdf": mutants_text.PDF,
}
_HOW_MANY = (1, 1, 1, 1, 2, 2, 3)
"""How many changes a mutant has: most faults need one."""

SESSION = Session()
"""Knows the sheets of the good workbooks; mutants are read in processes forked from this one."""

_EXTRAS = 8
"""Every eighth workbook that is read is also annotated, every eighth made a draft."""


@frozen
class Mutant:
    """A changed input: its number among those of its kind, what it was made from, and by which changes."""

    kind: str
    number: int
    good: Good
    data: bytes
    changes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"mutant.{self.good.name.partition('.')[2]}"


def make_mutant(kind: str, goods: list[Good], seed: int, number: int) -> Mutant:
    """The mutant of this seed and number, always the same."""
    rng = Random(f"{seed}/{kind}/{number}")
    good = rng.choice(goods)
    data, changes = good.data, []
    for _ in range(rng.choice(_HOW_MANY)):
        name, changed = _changed(kind, data, rng)
        if changed is not None:
            data = changed
            changes.append(name)
    return Mutant(kind, number, good, data, tuple(changes))


def _changed(kind: str, data: bytes, rng: Random) -> tuple[str, bytes | None]:
    """One change; ``None`` where an earlier one left nothing that could be changed in this way."""
    if kind not in PACKAGES:
        change = rng.choice(_CHANGES[kind])
        change_it: Callable[[], bytes] = lambda: change(data, rng)  # noqa: E731  # one of three ways to call it
    elif rng.random() < 0.25:
        change = rng.choice(mutants_package.CHANGES)
        change_it = lambda: change(data, rng)  # noqa: E731  # as above
    else:
        change = rng.choice(mutants_xml.CHANGES)
        change_it = lambda: mutants_package.with_part(data, rng, change)  # noqa: E731  # as above
    try:
        return change.__name__, change_it() or None
    except (
        Exception
    ):  # a package that is broken already, JSON that is none any more: any of a dozen types
        return change.__name__, None


# --- verdicts -----------------------------------------------------------------------------------


@frozen
class Verdict:
    """What became of a mutant: ``read``, ``refused`` or ``fault``, and the words for it."""

    outcome: str
    words: str = ""
    reading: Reading | None = None
    findings: Sequence[Finding] = ()


def judge(mutant: Mutant, folder: Path) -> Verdict:
    """Read a mutant as users do, in this process."""
    path = folder / mutant.name
    path.write_bytes(mutant.data)
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), warnings.catch_warnings():
        warnings.simplefilter("always")
        try:
            verdict = _JUDGES[mutant.kind](path, mutant)
        except GovDiscloseError as error:
            verdict = Verdict("refused", f"{type(error).__name__}: {error}")
        except Exception as error:  # whatever it is, it is the fault that is looked for
            verdict = Verdict("fault", _where(error))
    if said.getvalue() and verdict.outcome != "fault":
        return Verdict("fault", f"printed: {said.getvalue()[:200]}")
    return verdict


def _where(error: BaseException) -> str:
    """The type and words of an exception, and the last lines of the project's and of all code that it went through."""
    trace = error.__traceback__
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__}: {str(error)[:150]} ({' '.join(lines[-5:])})"


def _judge_report(path: Path, mutant: Mutant) -> Verdict:
    reading = read_report(path)
    findings = check_report(reading)
    _show(path, reading, findings)
    if mutant.number % _EXTRAS == 1:
        _print(reading, findings)
    return Verdict("read", f"{len(findings)} findings", reading, findings)


def _judge_workbook(path: Path, mutant: Mutant) -> Verdict:
    reading = _read(SESSION.read, path)
    alone = _read(read_report, path)
    if isinstance(reading, GovDiscloseError) or isinstance(alone, GovDiscloseError):
        if type(reading) is not type(alone):
            return Verdict(
                "fault", f"known sheets in memory change the answer: {reading!r} / {alone!r}"
            )
        raise reading if isinstance(reading, GovDiscloseError) else AssertionError
    if difference := _difference(reading, alone):
        return Verdict("fault", f"known sheets in memory change the reading: {difference}")
    findings = check_report(reading)
    _show(path, reading, findings)
    if mutant.number % _EXTRAS == 0:
        _annotate(path, findings)
    if mutant.number % _EXTRAS == 1:
        _print(reading, findings)
    return Verdict("read", f"{len(findings)} findings", reading, findings)


def _read(read: Callable[[Path], Reading], path: Path) -> Reading | GovDiscloseError:
    try:
        return read(path)
    except GovDiscloseError as error:
        return error


def _difference(one: Reading, other: Reading) -> str:
    if one.report != other.report:
        first, second = one.report.values(), other.report.values()
        changed = [
            f"{path} {first[path]} / {second.get(path)}"
            for path in first
            if first[path] != second.get(path)
        ]
        return "; ".join(changed[:3]) or "prose or agency"
    if one.findings != other.findings or one.unread != other.unread:
        return "findings"
    return ""


def _show(path: Path, reading: Reading, findings: Sequence[Finding]) -> None:
    """Every form in which findings are shown: none may fail, and JSON must be JSON as the command line writes it."""
    for name, form in FORMATS.items():
        shown = form([Checked(path, findings, reading)]).encode("utf-8", "backslashreplace")
        if name in ("json", "sarif"):
            json.loads(shown)


def _annotate(path: Path, findings: Sequence[Finding]) -> None:
    output = path.with_name("annotated.xlsx")
    output.unlink(missing_ok=True)
    try:
        annotate_workbook(path, findings, output)
    except GovDiscloseError:
        return
    load_workbook(output)


def _print(reading: Reading, findings: Sequence[Finding]) -> None:
    try:
        made = make_files(reading, findings, ["docx"], Options(draft=True))
        made["docx"].verify(made["docx"].data)
    except GovDiscloseError:
        return


def _judge_roster(path: Path, _mutant: Mutant) -> Verdict:
    return Verdict("read", f"{len(read_roster(path).units)} units")


def _judge_template(path: Path, _mutant: Mutant) -> Verdict:
    return Verdict("read", f"{len(check_template(path).problems)} problems")


_JUDGES: dict[str, Callable[[Path, Mutant], Verdict]] = {
    "xlsx": _judge_workbook,
    "roster": _judge_roster,
    "template": _judge_template,
    **dict.fromkeys(("docx", "html", "txt", "pdf", "json"), _judge_report),
}


# --- a second opinion on figures ----------------------------------------------------------------


def figures_differ(mutant: Mutant, verdict: Verdict) -> str:
    """Figures of a workbook that openpyxl reads otherwise and no finding names; nothing where it cannot open it.

    To be asked only of a mutant that was read: openpyxl itself has no limits of time and memory.
    """
    reading, findings = verdict.reading, verdict.findings
    if reading is None:
        return ""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            sheets = {
                sheet.title: sheet._cells
                for sheet in load_workbook(io.BytesIO(mutant.data), data_only=True).worksheets
            }
        except Exception:  # openpyxl raises a dozen types on broken workbooks
            return ""
    if not sheets:
        return ""
    differing = []
    for cell_path, value in reading.report.values().items():
        place = reading.places.get(cell_path)
        if place is None:
            if not any(finding.stops for finding in findings):
                differing.append(f"{cell_path} has no place, and no error says so")
            continue
        if place.sheet not in sheets:
            continue  # openpyxl leaves out a sheet whose part is named in other case; Excel does not
        stored = _stored(sheets[place.sheet], place.cell or "")
        if not _agree(value, stored) and not _named(cell_path, place.cell or "", findings):
            differing.append(f"{place}: read {value}, stored {stored!r}")
    return "; ".join(differing[:3])


def _stored(cells: dict[tuple[int, int], Any], address: str) -> Any:
    from openpyxl.utils.cell import coordinate_to_tuple

    cell = cells.get(coordinate_to_tuple(address))
    return None if cell is None else cell.value


def _agree(value: Any, stored: Any) -> bool:
    if value is None or stored is None or isinstance(stored, bool):
        return value is None and (stored is None or stored == "")
    try:
        return Decimal(str(stored)) == value
    except InvalidOperation:
        return False


def _named(path: str, address: str, findings: Sequence[Finding]) -> bool:
    for finding in findings:
        if (
            finding.path == path
            or path in finding.others
            or finding.place.cell == address
            or address in finding.message
        ):
            return True
    return False


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for the files of mutants, in memory where the system has such a place."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)


def mutant_of(data: bytes, like: Mutant) -> Mutant:
    """The same mutant with other bytes: for making a fault smaller."""
    return evolve(like, data=data)
