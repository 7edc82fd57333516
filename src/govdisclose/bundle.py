"""One report in every form, in one folder: what an agency publishes, from one reading of its workbook."""

from __future__ import annotations

import os
from pathlib import Path

from attrs import define, field, frozen

from govdisclose.compile import PathLike, Source, report_name
from govdisclose.errors import OutputError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.outputs import EXPORTS, Export, Material, for_the_public, whole_reading, word_bytes
from govdisclose.write.atomic import publish_folder
from govdisclose.write.bundle import Item, describe_file, index_files, is_bundle


@frozen
class Bundle:
    """The folder that was made: its files, the forms it lacks with the reason in Chinese, and notes on its files.

    ``reading`` and ``findings`` are those behind it.
    """

    folder: Path
    reading: Reading
    findings: tuple[Finding, ...]
    items: tuple[Item, ...]
    absent: dict[str, str]
    notes: tuple[str, ...]


@define
class _Making:
    """The files made so far, and what could not be made."""

    stem: str
    files: dict[str, bytes] = field(factory=dict)
    items: list[Item] = field(factory=list)
    absent: dict[str, str] = field(factory=dict)
    notes: list[str] = field(factory=list)

    def add(self, form: str, ending: str, label: str, data: bytes, alt: str = "") -> None:
        name = self.stem + ending
        self.files[name] = data
        self.items.append(describe_file(name, form, label, data, alt))


def export_all(
    source: Source,
    folder: PathLike | None = None,
    *,
    previous: Source | None = None,
    template: PathLike | None = None,
    force: bool = False,
) -> Bundle:
    """Write a report in every form there is, with its charts, an index and checksums, into one new folder.

    Without ``folder`` it stands beside the source, named like the report. A form whose program or extra is
    not installed is left out and named in ``absent``. ``previous`` is last year's report, ``template`` a Word
    template of one's own for Word and PDF.

    Raises ``FindingsError`` when errors stop the report (nothing is written), ``InputError``,
    ``OutputError``, ``TemplateError``; ``UsageError`` when the folder exists, or with ``force`` holds other files.
    """
    reading, material = for_the_public(whole_reading(source), previous, template=template)
    report = material.report
    path = _folder(reading, report, folder)
    _refuse_folder(path, force)
    making = _Making(report_name(report).removesuffix(".docx"))
    word = word_bytes(material)
    making.add("docx", ".docx", "Word", word)
    for name, form in EXPORTS.items():
        made_from = material if form.public else Material(reading.report, findings=reading.findings)
        _add_form(making, name, form, made_from, word)
    _add_charts(making, material)
    index = index_files(report, making.items, making.absent)
    publish_folder(path, {**making.files, **index}, force=force)
    return Bundle(
        path, reading, material.findings, tuple(making.items), making.absent, tuple(making.notes)
    )


def _folder(reading: Reading, report: AnnualReport, folder: PathLike | None) -> Path:
    if folder is None and reading.source is None:
        raise UsageError("没有来源文件，请给出输出文件夹")
    named = report_name(report).removesuffix(".docx")
    path = Path(folder) if folder is not None else Path(str(reading.source)).with_name(named)
    return Path(os.path.abspath(path))  # a name like “.” has no parent to stand in


def _refuse_folder(path: Path, force: bool) -> None:
    """Refuse before any work is done; and never replace a folder in which there is something else."""
    if not os.path.lexists(path):
        return
    if not force:
        raise UsageError(f"{path} 已存在；确要覆盖请加 --force")
    if path.is_symlink() or not is_bundle(path):
        raise UsageError(
            f"{path} 不是由 export --to all 生成的文件夹，或其中有别的文件，不覆盖；请换一个名称"
        )


def _add_form(making: _Making, name: str, form: Export, material: Material, word: bytes) -> None:
    from govdisclose.write.pdf import make_pdf

    try:
        data = make_pdf(word).data if name == "pdf" else form.make(material)
    except (OutputError, UsageError) as error:
        making.absent[name] = str(error)
        return
    making.add(name, form.suffix, form.label, data)
    making.notes += form.notes(data)


def _add_charts(making: _Making, material: Material) -> None:
    """Each chart under a number of its own, whichever others there are."""
    from govdisclose.write.charts import charts_or_words
    from govdisclose.write.charts.png import chart_png

    for number, chart in enumerate(charts_or_words(material.report, material.previous).values(), 1):
        if isinstance(chart, str):
            making.absent[f"图{number}"] = chart.rstrip("。")
            continue
        making.add("svg", f"-图{number}.svg", chart.title, chart.svg.encode(), chart.alt)
        try:
            making.add("png", f"-图{number}.png", chart.title, chart_png(chart), chart.alt)
        except OutputError as error:
            making.absent["png"] = str(error)
