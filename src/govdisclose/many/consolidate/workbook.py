"""A consolidated report as a workbook: the standardized one, with who is in it and where each figure comes from."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, count
from pathlib import Path

from attrs import evolve

from govdisclose.compile import PathLike, refuse_input
from govdisclose.errors import InputError, OutputError, UsageError
from govdisclose.finding import Severity
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.form.sheets import SUMMARY_SHEET
from govdisclose.many.consolidate.aggregate import OnError, aggregate_reports
from govdisclose.many.consolidate.contribution import Part
from govdisclose.many.consolidate.total import Consolidated
from govdisclose.many.folder import look_into, real, refuse_strangers
from govdisclose.many.isolation import Isolation
from govdisclose.read.workbook.reader import load_bytes, read_loaded, sheet_names
from govdisclose.rules import Family, rule_of
from govdisclose.write.atomic import publish
from govdisclose.write.names import refuse_ending, safe_name
from govdisclose.write.workbook.consolidated import Consolidation, Entry
from govdisclose.write.workbook.provenance import Source

_NOTES = (
    "各格为所属单位同一格之和；合计由汇总后的分项相加得出，不采用各单位自报的合计。金额按十进制精确相加，单位万元。",
    "规章、行政规范性文件各单位联合制发的，以及一件申请由几家单位分别办理的，会各计一次，请按实际情况核减。"
    "一、五、六部分的文字不汇总，请另行撰写。",
)

_WORTH_A_PROCESS = 60
"""Books that a process must get for its start to pay."""


def write_consolidated(made: Consolidated, output: PathLike, *, force: bool = False) -> Path:
    """Write a consolidated report as a standardized workbook that ``check`` and ``compile`` read.

    汇总说明 in front says how many units of how many are in it and what became of each report, 来源明细 at
    the end which unit contributed what to which cell. The file is read back and compared before it is put
    in place. Raises ``UsageError`` when ``output`` exists or is no .xlsx, ``OutputError``.
    """
    refuse_ending(Path(output), ".xlsx")
    from govdisclose.write.workbook import consolidated_bytes

    path = Path(output)
    data = consolidated_bytes(made.report, _consolidation(made))
    publish(path, data, verify=partial(_verify, report=made.report, path=path), force=force)
    return path


def _verify(data: bytes, report: AnnualReport, path: Path) -> None:
    """Raises ``OutputError`` when the workbook does not say what was added up."""
    found = read_loaded(load_bytes(data, path), path).report
    if (found.values(), found.agency, found.year) != (report.values(), report.agency, report.year):
        raise OutputError(f"无法写入 {path}：写出的工作簿读回的数与汇总结果不一致")


def _consolidation(made: Consolidated) -> Consolidation:
    return Consolidation(
        made.face,
        made.complete and made.expected is not None,
        (*_levels(made), *_notes(made), *_NOTES),
        tuple(_entries(made)),
        tuple(Source(part.name, part.agency.code or "", part.values) for part in made.units),
    )


def _levels(made: Consolidated) -> Iterator[str]:
    """One line for each level of the roster: how many units of it, and how many are lacking."""
    missing = {unit.key for unit in made.missing}
    levels = dict.fromkeys(unit.level for unit in made.roster if unit.reports and unit.level)
    for level in levels:
        units = [unit for unit in made.roster if unit.level == level and unit.reports]
        lacking = sum(unit.key in missing for unit in units)
        yield f"{level}：应报 {len(units)} 家，缺报 {lacking} 家"


def _notes(made: Consolidated) -> Iterator[str]:
    blanks = [part for part in made.units if part.blanks]
    if blanks:
        cells = sum(part.blanks for part in blanks)
        yield f"{len(blanks)} 家单位共有 {cells} 格没有填写，按 0 计；所有单位都没有填写的格仍为空白。"
    explained = [part for part in made.units if part.explained or part.stated]
    if explained:
        names = "、".join(part.name for part in explained)
        yield f"{len(explained)} 家单位的勾稽关系不平而已说明原因（{names}），汇总后的关系可能因此不平。"
    alike = Counter(part.name for part in made.units) if not made.roster else Counter[str]()
    for name, number in alike.items():
        if number > 1:
            yield f"名称为“{name}”的有 {number} 家，代码各不相同，都已计入；如果其实是同一家，请改正代码后重新汇总。"
    for finding in made.findings:
        is_of_all = rule_of(finding).family is Family.CONSOLIDATION
        if is_of_all and finding.severity is Severity.WARNING:
            yield finding.text
    if made.passed_over:
        yield f"{made.passed_over}。"


def _entries(made: Consolidated) -> Iterator[Entry]:
    """Every unit and every report, once: the roster in its order, then what the roster does not know."""
    names = {unit.key: unit.name for unit in made.roster}
    missing = {unit.key for unit in made.missing}
    overviews = {
        node.unit.key: node.overview for node in made.walk() if node.unit and node.overview
    }
    for unit in made.roster:
        line = (unit.level, unit.name, unit.code or "", names.get(unit.parent or "", ""))
        if (part := made.of.get(unit.key)) is not None:
            yield Entry((*line, "已汇总", part.file, _remark(part)), True)
        elif unit.key in missing:
            yield Entry((*line, "缺报", "", ""), False)
        elif unit.key in overviews:
            yield Entry(
                (*line, "本级汇总报告", overviews[unit.key].file, "不计入，只与所属单位之和核对"),
                True,
            )
    for part in made.units if not made.roster else ():
        yield Entry(
            ("", part.name, part.agency.code or "", "", "已汇总", part.file, _remark(part)), True
        )
    for counted, *others in made.doubled:
        for who in others if all(counted.says_the_same(other) for other in others) else ():
            remark = f"与 {counted.file} 内容相同，只计一份"
            yield Entry(("", who.name, who.agency.code or "", "", "重报", who.file, remark), False)
    for state, refusals in (("没有计入", made.refused), ("不在花名册", made.unknown)):
        for refusal in refusals:
            who = refusal.part
            yield Entry(
                ("", who.name, who.agency.code or "", "", state, who.file, refusal.reason), False
            )


def _remark(part: Part) -> str:
    said = [f"{part.blanks} 格空白"] if part.blanks else []
    if part.explained or part.stated:
        said.append("勾稽不平，已说明：" + "；".join(f"{f.code} {f.place}" for f in part.explained))
    return "，".join(said)


def aggregate_folder(
    folder: PathLike,
    output: PathLike,
    *,
    roster: PathLike | None = None,
    against: PathLike | None = None,
    on_error: OnError = "refuse",
    agency: Agency | None = None,
    each: PathLike | None = None,
    jobs: int | None = None,
    isolation: Isolation | None = None,
    force: bool = False,
) -> Consolidated:
    """Consolidate every book in a folder and below it into the workbook ``output``.

    Roster, ``against`` and ``output`` are no units' books, wherever they lie. With ``each`` also one
    workbook for every unit that has units of its own, in that folder, named after it. ``jobs`` is how
    many processes read (by default one for each processor, when there are enough books for it to pay); ``isolation`` is
    as in ``aggregate_reports``.

    Raises as ``aggregate_reports`` does; ``UsageError`` when an output exists or would hide a unit's book,
    ``OutputError``. Nothing is written then.
    """
    path, lower = Path(output), Path(each) if each is not None else None
    refuse_ending(path, ".xlsx")
    refuse_input(path, roster, against)
    if path.exists():
        _refuse_units_book(path, Path(folder), force)
    if lower is not None:
        _refuse_folder(lower, Path(folder))
    outside = (lower,) if lower is not None else ()
    contents = look_into(Path(folder), outside=outside).without((roster, against, output))
    books = contents.books
    made = aggregate_reports(
        books,
        roster=roster,
        against=against,
        on_error=on_error,
        agency=agency,
        base=folder,
        jobs=jobs or max(1, min(os.cpu_count() or 1, len(books) // _WORTH_A_PROCESS)),
        isolation=isolation,
    )
    made = evolve(made, passed_over=contents.passed_over(Path(folder)))
    below = (
        {lower / name: child for name, child in _named(made).items()} if lower is not None else {}
    )
    if same := next((target for target in below if _is_same(target, path)), None):
        raise UsageError(f"汇总工作簿 {path} 与下级的 {same.name} 是同一个文件，请给 -o 换一个名称")
    if not force:
        _refuse_existing(below)
    for target, node in {path: made, **below}.items():
        write_consolidated(node, target, force=force)
    return made


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths are one file, also where names are told apart without regard to case."""
    return str(real(one)).casefold() == str(real(other)).casefold()


def _refuse_existing(paths: Iterable[Path]) -> None:
    for path in paths:
        if os.path.lexists(path):
            raise UsageError(f"{path} 已存在；确要覆盖请加 --force")


def _refuse_folder(lower: Path, folder: Path) -> None:
    """The folder for the lower levels must be there, and no unit's book in it."""
    if not lower.is_dir():
        raise OutputError(f"没有文件夹 {lower}")
    if folder.exists() and lower.samefile(folder):
        raise UsageError("--each 的目录不能就是工作簿所在的文件夹，请另给一个")
    refuse_strangers(folder, lower, _is_consolidated)


def _is_consolidated(path: Path) -> bool:
    try:
        return SUMMARY_SHEET in sheet_names(path)
    except InputError:
        return False


def _refuse_units_book(output: Path, folder: Path, force: bool) -> None:
    """What an earlier run wrote may be replaced with ``force``; a unit's book in the folder never."""
    if not force:
        _refuse_existing([output])
    inside = real(output).is_relative_to(real(folder))
    if inside and output.is_file() and not _is_consolidated(output):
        raise UsageError(
            f"输出 {output} 在要汇总的文件夹里，不是汇总工作簿，可能是一家单位的报告，请换一个名称"
        )


def _named(made: Consolidated) -> dict[str, Consolidated]:
    """A file name for each unit below the top that has units of its own, told apart by code or number."""
    found: dict[str, Consolidated] = {}
    for child in (c for top in made.below for c in top.walk()):
        what = f"{child.report.year}年度汇总"
        stem = safe_name(child.name, what)
        code = child.unit.code if child.unit is not None else None
        tries = chain(
            [stem],
            [safe_name(child.name, f"{what}-{code}")] if code else [],
            (f"{stem}-{n}" for n in count(2)),
        )
        taken = {name.casefold() for name in found}
        found[next(f"{t}.xlsx" for t in tries if f"{t}.xlsx".casefold() not in taken)] = child
    return found
