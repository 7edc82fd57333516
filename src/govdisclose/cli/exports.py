"""The command that gives a report another form: export."""

from __future__ import annotations

from pathlib import Path

import click

from govdisclose.cli.talk import findings_said, put, say, say_findings
from govdisclose.cli.words import FILE, command, force, option
from govdisclose.errors import UsageError
from govdisclose.exports import EXPORTS, export_bytes, export_report, whole_reading
from govdisclose.form.reading import Reading
from govdisclose.story import check_report, stopping

_ALL = "all"
_FORMS = "；".join(
    [*(f"{name} {form.label}" for name, form in EXPORTS.items()), f"{_ALL} 以上全部、Word 和图，放在一个文件夹"]
)


@command()
@click.argument("book", metavar="工作簿", type=FILE)
@option("--to", required=True, type=click.Choice([*EXPORTS, _ALL]), metavar="格式", help=f"{_FORMS}。")
@option("-o", "--output", type=FILE, metavar="文件",
        help="输出文件（all 为文件夹）；- 为标准输出；不写则与工作簿同名（all 按机关名称和年份命名）。")  # fmt: skip
@option("--previous", type=FILE, metavar="文件",
        help="上年的报告（工作簿或 JSON）：核对跨年衔接，图与上年对比；用于给人看的格式。")  # fmt: skip
@force
def export(book: Path, to: str, output: Path | None, previous: Path | None, force: bool) -> None:
    """把报告导出为别的格式。"""
    if previous and to in EXPORTS and not EXPORTS[to].printed:
        raise UsageError(f"--previous 不用于 {to}：数据照原样导出，不与上年对比")
    with findings_said(book):
        reading = whole_reading(book)
        printed = to == _ALL or EXPORTS[to].printed
        findings = check_report(reading, previous=previous) if printed else reading.findings
        if not (printed and stopping(findings)):  # else they are said when they stop it
            say_findings(book, findings, reading)
        if to == _ALL:
            _export_all(reading, output, previous, force)
        elif str(output) == "-":
            put(export_bytes(reading, to, previous=previous))
        else:
            path = export_report(reading, output, to=to, previous=previous, force=force)
            for note in EXPORTS[to].notes(path.read_bytes()):
                say(f"注意：{note}。")
            say(f"已生成 {path}")


def _export_all(reading: Reading, folder: Path | None, previous: Path | None, force: bool) -> None:
    """Make the folder; say what is in it, and what is not."""
    from govdisclose.everything import export_all

    if str(folder) == "-":
        raise UsageError("--to all 生成的是文件夹，不能写到标准输出")
    made = export_all(reading, folder, previous=previous, force=force)
    for form, reason in made.absent.items():
        say(f"没有生成 {form}：{reason}。")
    for note in made.notes:
        say(f"注意：{note}。")
    for item in made.items:
        say(f"  {item.name}（{item.size} 字节）")
    say(f"已生成 {made.folder}，共 {len(made.items)} 个文件，大小和 SHA-256 见 index.json")
