"""A report in another form: data files now, one line of ``EXPORTS`` for each form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import frozen

from govdisclose.errors import FindingsError, UsageError
from govdisclose.form.longtable import long_rows
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.story import PathLike, Source, reading_of, refuse_input
from govdisclose.write.atomic import publish


def _json(report: AnnualReport) -> bytes:
    from govdisclose.write.data import report_to_json

    return report_to_json(report).encode("utf-8", "surrogatepass")


def _long(to: str) -> Callable[[AnnualReport], bytes]:
    def make(report: AnnualReport) -> bytes:
        from govdisclose.write.longtable import LONG_FILES, long_bytes

        LONG_FILES[to].ready()
        return long_bytes(long_rows(report), to)

    return make


@frozen
class Export:
    """One form a report can be exported to: how it is made, its file ending, its name for users."""

    make: Callable[[AnnualReport], bytes]
    suffix: str
    label: str


EXPORTS = {
    "json": Export(_json, ".json", "数据（可读回）"),
    "csv": Export(_long("csv"), ".csv", "长表（一格一行，Excel 可打开）"),
    "parquet": Export(_long("parquet"), ".parquet", "长表（供数据分析）"),
    "sqlite": Export(_long("sqlite"), ".sqlite", "长表（数据库）"),
}
"""What ``export --to`` takes."""


def export_bytes(source: Source, to: str) -> bytes:
    """A report in the form ``to``; quotes in its prose stay as written in data, so that it can be read back.

    Raises ``FindingsError`` when a cell or a table could not be read, so that the export would lack it;
    ``InputError``, ``UsageError`` for an unknown form.
    """
    if to not in EXPORTS:
        raise UsageError(f"没有 {to} 这种格式，可选：{'、'.join(EXPORTS)}")
    return EXPORTS[to].make(whole_reading(source).report)


def export_report(source: Source, output: PathLike | None = None, *, to: str, force: bool = False) -> Path:
    """Write a report in the form ``to``; without ``output`` beside its source, under the same name.

    Raises as ``export_bytes`` does, and ``OutputError``; ``UsageError`` when ``output`` exists or is the input.
    """
    data = export_bytes(source, to)
    origin = reading_of(source).source if isinstance(source, AnnualReport | Reading) else Path(source)
    if output is None and origin is None:
        raise UsageError("没有来源文件，请给出输出文件名")
    path = Path(output) if output is not None else Path(str(origin)).with_suffix(EXPORTS[to].suffix)
    refuse_input(path, origin)
    publish(path, data, force=force)
    return path


def whole_reading(source: Source) -> Reading:
    """The reading of a source of which nothing is lost, whatever its sums. Raises ``FindingsError``, ``InputError``."""
    reading = reading_of(source)
    lost = [f for f in reading.findings if f.stops and (f.code.startswith("S") or f.path in reading.unread)]
    if lost:
        raise FindingsError(lost, reading)
    return reading
