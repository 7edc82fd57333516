"""Write a consolidated report as a standardized workbook.

The workbook says who is in the sum, who is not, and where each figure comes from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path

from attrs import evolve

from govdisclose.errors import OutputError
from govdisclose.finding import Severity
from govdisclose.form.grouping import group_by
from govdisclose.form.report import AnnualReport, standard_title
from govdisclose.form.sheets import CHANGES_SHEET
from govdisclose.many.consolidate.admission import Refusal
from govdisclose.many.consolidate.contribution import Contribution
from govdisclose.many.consolidate.draft import drafted
from govdisclose.many.consolidate.seal import sealed_name
from govdisclose.many.consolidate.total import Absent, Consolidated
from govdisclose.many.roster import RosterUnit
from govdisclose.read.tables.labels import code_key, name_key
from govdisclose.read.workbook.opening import load_bytes
from govdisclose.read.workbook.reader import read_loaded
from govdisclose.rules import Family, rule_of
from govdisclose.source import PathLike
from govdisclose.write.atomic import publish
from govdisclose.write.file_names import refuse_ending
from govdisclose.write.workbook.consolidated import (
    NOT_COUNTED,
    ONLY_COMPARED,
    ConsolidationDetails,
    UnitLine,
)
from govdisclose.write.workbook.provenance import UnitFigures
from govdisclose.write.workbook.seal import SealLine
from govdisclose.write.workbook.unit_texts import UnitTexts

_NOTES = (
    "各格为所属单位同一格之和；总计由汇总后的分项相加得出，不采用各单位自报的总计。"
    "金额按十进制精确相加，单位万元。",
    "规章、行政规范性文件各单位联合制发的，以及一件申请由几家单位分别办理的，会各计一次，"
    "请按实际情况核减。",
    "“一、总体情况”是草稿，其中的数引用统计表，随表改变；写着“（文字描述）”的各段和五、六部分请据实撰写，"
    "写好以前不能生成报告。",
)


def write_consolidated(made: Consolidated, output: PathLike, *, force: bool = False) -> Path:
    """Write a consolidated report as a standardized workbook that ``check`` and ``compile`` read.

    汇总说明 in front counts the units in the sum and names the fate of each report. The sheet 来源明细 at
    the end says which unit contributed what to which cell. Section one is a draft that quotes the
    summed cells; while units are missing, the title says so. The file is read back and compared
    before it is put in place.

    Raises ``UsageError`` when ``output`` exists or is no .xlsx, ``OutputError``.

    Examples:
        >>> from govdisclose import consolidate
        >>> made = consolidate.aggregate_reports(["收件/甲局.xlsx", "收件/乙局.xlsx"])
        >>> consolidate.write_consolidated(made, "汇总.xlsx").name
        '汇总.xlsx'
    """
    refuse_ending(Path(output), ".xlsx")
    from govdisclose.write.workbook import consolidated_bytes

    path = Path(output)
    report = drafted(made)
    data = consolidated_bytes(report, _details(made))
    publish(path, data, verify=partial(_verify, report=report, path=path), force=force)
    return path


def _verify(data: bytes, report: AnnualReport, path: Path) -> None:
    """Raise ``OutputError`` if the workbook differs from the sum."""
    found = read_loaded(load_bytes(data, path), path).report
    if _content(found) != _content(report):
        raise OutputError(f"无法写入 {path}：写出的工作簿读回的数与汇总结果不一致")


def _content(report: AnnualReport) -> tuple[object, ...]:
    """The compared text; a reader gives a report without a title the prescribed one."""
    title = report.title or standard_title(report.agency.name, report.year)
    return report.values(), report.agency, report.year, title, report.overview


def _details(made: Consolidated) -> ConsolidationDetails:
    return ConsolidationDetails(
        face=made.face,
        complete=made.complete and made.expected is not None,
        notes=(*_levels(made), *_notes(made), *_NOTES),
        lines=tuple(_lines(made)),
        changes=made.changes,
        units=tuple(_figures(made)),
        texts=tuple(_texts(made)),
        seal=tuple(_seal(made)),
    )


def _figures(made: Consolidated) -> Iterator[UnitFigures]:
    """What each counted unit contributed, in the order of the roster and under its names."""
    units = {unit.key: unit for unit in made.roster}
    for key, report in made.counted.items():
        code = report.agency.code or ""
        unit = units.get(key)
        if unit is None:
            yield UnitFigures(report.name, code, report.values)
            continue
        parent = units.get(unit.parent or "")
        yield UnitFigures(
            name=unit.name,
            code=unit.code or code,
            values=report.values,
            level=unit.level,
            parent="" if parent is None else parent.name,
        )


def _names_of_counted(made: Consolidated) -> dict[str, str]:
    """The units in the sum by the keys, with their names on the roster if there is one."""
    names = {key: report.name for key, report in made.counted.items()}
    for unit in made.roster:
        if unit.key in names:
            names[unit.key] = unit.name
    return names


def _seal(made: Consolidated) -> Iterator[SealLine]:
    """The checksums of a final consolidation, each with the unit that it counts for."""
    names = _names_of_counted(made)
    counted: dict[str, str] = {}
    for key, report in made.counted.items():
        file = sealed_name(report.file)
        counted[file] = names[key]
    for file, checksum in made.checksums.items():
        unit = counted.get(file, "")
        is_counted = file in counted
        yield SealLine(file, unit, is_counted, checksum)


def _texts(made: Consolidated) -> Iterator[UnitTexts]:
    """The prose of the counted units, if it was read."""
    names = _names_of_counted(made)
    for key, report in made.counted.items():
        if report.texts:
            yield UnitTexts(names[key], report.texts)


# --- what to know of the figures ----------------------------------------------------------------


def _levels(made: Consolidated) -> Iterator[str]:
    """One line for each level of the roster: how many units should report, how many did not."""
    missing = {unit.key for unit in made.missing}
    owing = [unit for unit in made.roster if unit.reports and unit.level]
    by_level = group_by(owing, attrgetter("level"))
    for level, units in by_level.items():
        expected = len(units)
        lacking = sum(unit.key in missing for unit in units)
        yield f"{level}：应报 {expected} 家，缺报 {lacking} 家"


def _notes(made: Consolidated) -> Iterator[str]:
    yield from _of_blanks(made)
    yield from _of_unbalanced(made)
    if not made.roster:
        yield from _of_namesakes(made)
    for finding in made.findings:
        is_of_all = rule_of(finding).family is Family.CONSOLIDATION
        if is_of_all and finding.severity is Severity.WARNING:
            yield finding.text
    if made.changes is not None:
        yield f"{made.changes.face}，见“{CHANGES_SHEET}”。"
    if made.passed_over:
        yield f"{made.passed_over}。"


def _of_blanks(made: Consolidated) -> Iterator[str]:
    blanks = [unit.blanks for unit in made.units if unit.blanks]
    if blanks:
        count = len(blanks)
        cells = sum(blanks)
        yield f"{count} 家单位共有 {cells} 格没有填，按 0 计；所有单位都没有填的格仍为空白。"


def _of_unbalanced(made: Consolidated) -> Iterator[str]:
    names = [unit.name for unit in made.units if _is_unbalanced(unit)]
    if names:
        count = len(names)
        listed = "、".join(names)
        yield (f"{count} 家单位的勾稽关系不平而已说明原因（{listed}），汇总后的关系可能因此不平。")


def _is_unbalanced(unit: Contribution) -> bool:
    """Whether relations of a counted report do not hold; it has given a reason."""
    return bool(unit.explained or unit.stated)


def _of_namesakes(made: Consolidated) -> Iterator[str]:
    counts = Counter(unit.name for unit in made.units)
    for name, number in counts.items():
        if number > 1:
            yield (
                f"名称为“{name}”的有 {number} 家，代码各不相同，都已计入；"
                "如果其实是同一家，请改正代码后重新汇总。"
            )


# --- who is in it and who is not ----------------------------------------------------------------


def _lines(made: Consolidated) -> Iterator[UnitLine]:
    """Every unit and every file, once: the roster in its order, then the other files."""
    yield from _of_roster(made)
    if not made.roster:
        for unit in made.units:
            yield _of_counted(unit)
    yield from _of_copies(made)
    present = {unit.key for unit in made.roster}
    absent = {each.unit.key for each in made.absent}
    on_roster = present | absent
    for refusal in made.refused:
        if refusal.key not in on_roster:
            yield _of_report(refusal.contribution, NOT_COUNTED, refusal.reason)
    for refusal in made.earlier:
        yield _of_report(refusal.contribution, "其他年度", refusal.reason)
    for refusal in made.unknown:
        yield _of_report(refusal.contribution, "不在花名册", refusal.reason)
    for one in made.not_read:
        yield UnitLine("", "", one.state, one.name, one.reason)


def _of_roster(made: Consolidated) -> Iterator[UnitLine]:
    """The units of the roster in its order, each with its report or with all that were refused."""
    names = {unit.key: unit.name for unit in made.roster}
    missing = {unit.key for unit in made.missing}
    overviews = _overviews(made)
    refused = _refused(made)
    for unit in made.roster:
        key = unit.key
        line = UnitLine(
            name=unit.name,
            code=unit.code or "",
            state="缺报",
            level=unit.level,
            parent=names.get(unit.parent or "", ""),
        )
        refusals = refused.get(key, ())
        yield from _with_refusals(line, refusals)
        if key in made.counted:
            counted = made.counted[key]
            remarks = [*_remarks(counted), *_of_other_name(unit, counted)]
            yield _told(line, "已汇总", counted, "，".join(remarks))
        elif key in missing:
            yield line
        elif key in overviews:
            remark = "不计入，只与所属单位之和核对"
            yield _told(line, ONLY_COMPARED, overviews[key], remark)
    for absent in made.absent:
        refusals = refused.get(absent.unit.key, ())
        yield from _of_absent(absent, refusals)


def _of_other_name(unit: RosterUnit, report: Contribution) -> Iterator[str]:
    """Which name and code a report has, where they are not those of the roster."""
    agency = report.agency
    said: list[str] = []
    if name_key(agency.name) != name_key(unit.name):
        said.append(f"名称“{agency.name}”")
    have_codes = unit.code and agency.code
    if have_codes and code_key(agency.code) != code_key(unit.code):
        said.append(f"代码 {agency.code}")
    if said:
        words = "、".join(said)
        yield f"报告写的是{words}"


def _refused(made: Consolidated) -> dict[str, list[Refusal]]:
    """The refused reports by the keys of their units."""
    of_units = [refusal for refusal in made.refused if refusal.key]
    return group_by(of_units, attrgetter("key"))


def _with_refusals(line: UnitLine, refusals: Sequence[Refusal]) -> Iterator[UnitLine]:
    """A line of the same unit for each of its reports that is not counted."""
    for refusal in refusals:
        file = refusal.contribution.file
        yield evolve(line, state=NOT_COUNTED, file=file, remark=refusal.reason)


def _of_absent(absent: Absent, refusals: Sequence[Refusal]) -> Iterator[UnitLine]:
    """A unit that did not exist in the year of the reports."""
    unit = absent.unit
    code = unit.code or ""
    state = "已撤并" if absent.is_dissolved else "尚未设立"
    line = UnitLine(unit.name, code, state, remark=absent.change, level=unit.level)
    yield evolve(line, counted=True)
    yield from _with_refusals(line, refusals)


def _told(line: UnitLine, state: str, report: Contribution, remark: str) -> UnitLine:
    """The line of a unit whose report needs no further care."""
    return evolve(line, state=state, file=report.file, remark=remark, counted=True)


def _overviews(made: Consolidated) -> dict[str, Contribution]:
    """The governments' own reports that lay among the units', by the keys of the governments."""
    found = {}
    for node in made.walk():
        if node.unit is not None and node.overview is not None:
            found[node.unit.key] = node.overview
    return found


def _of_counted(unit: Contribution) -> UnitLine:
    remark = "，".join(_remarks(unit))
    line = _of_report(unit, "已汇总", remark)
    return evolve(line, counted=True)


def _of_copies(made: Consolidated) -> Iterator[UnitLine]:
    """The reports that say the same as one that is counted, or that were not chosen."""
    counted_files = {unit.file for unit in made.units}
    for counted, *others in made.doubled:
        are_equal = all(counted.says_the_same(other) for other in others)
        is_counted = counted.file in counted_files
        if not are_equal and not is_counted:
            continue  # they are among the refused
        for other in others:
            remark = f"已选定以 {counted.file} 为准，这一份不计入"
            if are_equal:
                remark = _of_copy(other, counted)
            yield _of_report(other, "重报", remark)


def _of_copy(copy: Contribution, first: Contribution) -> str:
    """Why a report with the figures of another one is not added."""
    if copy.errs and not first.errs:
        return f"三张表的数与 {first.file} 相同，这一份有错误，没有采用"
    return f"与 {first.file} 三张表的数相同，只计一份"


def _of_report(report: Contribution, state: str, remark: str) -> UnitLine:
    code = report.agency.code or ""
    return UnitLine(report.name, code, state, report.file, remark)


def _remarks(unit: Contribution) -> Iterator[str]:
    """What to know of the figures of a counted report."""
    if unit.blanks:
        yield f"{unit.blanks} 格空白"
    if _is_unbalanced(unit):
        broken = [f"{finding.code} {finding.place}" for finding in unit.explained]
        relations = "；".join(broken)
        yield f"勾稽不平，已说明：{relations}"
