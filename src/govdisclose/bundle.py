"""One report in every form, in one folder: what an agency publishes, made from one reading."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from attrs import field, frozen

from govdisclose.check import OwnRule, check_reading
from govdisclose.compile import (
    Manuscript,
    Options,
    data_manuscript,
    make_options,
    public_manuscript,
    render_output,
)
from govdisclose.errors import OutputError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.outputs import DOCX, OUTPUTS, NothingToShowError, Output, OutputFile
from govdisclose.session import Session
from govdisclose.source import PathLike, Source, Template, reading_of
from govdisclose.write.atomic import publish_folder, refuse_existing
from govdisclose.write.bundle_index import Item, describe_file, index_files, is_bundle
from govdisclose.write.file_names import report_stem


@frozen
class Bundle:
    """A folder that was written: its files, and the forms it lacks with the reason in Chinese.

    ``notes`` says in Chinese what users should know of the files. ``reading`` and ``findings`` are
    those behind them.
    """

    folder: Path
    reading: Reading
    findings: tuple[Finding, ...]
    items: tuple[Item, ...]
    absent: dict[str, str]
    notes: tuple[str, ...]


@frozen
class _Collected:
    """The files that were made, and the reasons of those that were not."""

    files: dict[str, bytes] = field(factory=dict)
    items: list[Item] = field(factory=list)
    absent: dict[str, str] = field(factory=dict)
    notes: list[str] = field(factory=list)


def export_all(
    source: Source,
    folder: PathLike | None = None,
    *,
    previous: Source | None = None,
    template: Template | None = None,
    rules: Sequence[OwnRule] = (),
    session: Session | None = None,
    force: bool = False,
) -> Bundle:
    """Write a report in every form, with its charts, an index and checksums, into one new folder.

    Without ``folder`` it is made beside the source, with the name of the report. A form whose
    program or extra is not installed is left out and named in ``absent``. ``previous`` is last
    year's report, ``template`` a Word template of your own for Word and PDF.

    Raises ``FindingsError`` when errors stop the report (nothing is written), ``InputError``,
    ``OutputError``, ``TemplateError``; ``UsageError`` when the folder exists, or with ``force``
    when it holds other files.

    Examples:
        >>> from govdisclose import export_all
        >>> made = export_all("sample_workbooks/huaian-2024.xlsx", "huaian")
        >>> [item.form for item in made.items][:3]
        ['docx', 'html', 'html-fragment']
    """
    options = make_options(template, previous, rules=rules, session=session)
    reading = reading_of(source, session)
    data = data_manuscript(reading)
    findings = tuple(check_reading(reading, options.last, options.rules))
    public = public_manuscript(reading, findings, options)
    path = _folder(reading, public.report, folder)
    _refuse_folder(path, force)
    collected = _collect(public, data, options)
    index = index_files(public.report, collected.items, collected.absent)
    publish_folder(path, {**collected.files, **index}, force=force)
    items, notes = tuple(collected.items), tuple(collected.notes)
    return Bundle(path, reading, findings, items, collected.absent, notes)


def _collect(public: Manuscript, data: Manuscript, options: Options) -> _Collected:
    """Every output of the table; only the Word report must not fail."""
    collected = _Collected()
    made: dict[str, bytes] = {}
    stem = report_stem(public.report.agency.name, public.report.year)
    for row in OUTPUTS.values():
        manuscript = public if row.public else data
        try:
            file = render_output(row, manuscript, options, made)
            file.verify(file.data)
        except (OutputError, UsageError) as error:
            if row is DOCX:
                raise
            collected.absent[_absent_name(row, error)] = str(error)
            continue
        made[row.name] = file.data
        name = stem + row.suffix
        collected.files[name] = file.data
        collected.items.append(_item(name, file, manuscript))
        collected.notes.extend(row.notes(file.data))
    return collected


def _absent_name(row: Output, error: Exception) -> str:
    """A chart with nothing to show is named itself; any other fault is named once for its format."""
    return row.label if isinstance(error, NothingToShowError) else row.form


def _item(name: str, file: OutputFile, manuscript: Manuscript) -> Item:
    row = file.output
    if row.picture is None:
        return describe_file(name, row.form, row.label, file.data)
    chart = row.picture(manuscript.report, manuscript.context)
    return describe_file(name, row.form, chart.title, file.data, chart.alt)


def _folder(reading: Reading, report: AnnualReport, folder: PathLike | None) -> Path:
    """The absolute path of the folder: a name like “.” has no parent."""
    if folder is not None:
        return Path(os.path.abspath(folder))
    if reading.source is None:
        raise UsageError("没有来源文件，请给出输出文件夹")
    name = report_stem(report.agency.name, report.year)
    return Path(os.path.abspath(reading.source.with_name(name)))


def _refuse_folder(path: Path, force: bool) -> None:
    """Before the work: never replace a folder that holds anything else. Raises ``UsageError``."""
    refuse_existing(path, force=force)
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not is_bundle(path):
        raise UsageError(
            f"{path} 不是由 export --to all 生成的文件夹，或其中有别的文件，不覆盖；请换一个名称"
        )
