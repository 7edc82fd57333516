"""Statutory values as a dataframe of two columns, ``path`` and ``value``, of any library.

No library is imported: a frame is recognised by its methods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from govdisclose.errors import EntryError
from govdisclose.form.fields import Value

PATH, VALUE = "path", "value"


class Columns(Protocol):
    """A dataframe, or a mapping of columns: ``frame["path"]`` gives a column."""

    def __getitem__(self, name: str, /) -> Any: ...


Frame: TypeAlias = Columns | Iterable[Mapping[str, object]] | Iterable[tuple[str, object]]
"""A dataframe or mapping with the columns ``path`` and ``value``, or rows: mappings or pairs."""


def frame_columns(values: Mapping[str, Value]) -> dict[str, list[Any]]:
    """The columns ``path`` and ``value``; all values are ``Decimal``, a blank cell is ``None``.

    polars and pyarrow want one type in a column, and ``float`` would not be exact.
    """
    numbers: list[Decimal | None] = []
    for value in values.values():
        number = None if value is None else Decimal(value)
        numbers.append(number)
    return {PATH: list(values), VALUE: numbers}


def frame_values(frame: object) -> dict[str, object]:
    """The values of a frame by path.

    Raises ``EntryError`` for anything that is no frame, a missing column, and a path that is there
    twice.
    """
    found: dict[str, object] = {}
    for number, (path, value) in enumerate(_rows(frame), 1):
        if not isinstance(path, str):
            said = f"第 {number} 行的路径应为文字，得到 {path!r}"
            raise EntryError(PATH, said)
        if path in found:
            said = f"第 {number} 行重复了这一格；一个数据框只能是一份报告"
            raise EntryError(path, said)
        found[path] = value
    return found


def _rows(frame: object) -> Iterator[tuple[object, object]]:
    """Path and value of each row."""
    has_columns = isinstance(frame, Mapping) or hasattr(frame, "columns")
    if has_columns:
        yield from _rows_of_columns(frame)
        return
    is_text = isinstance(frame, str | bytes)
    if is_text or not isinstance(frame, Iterable):
        kind = type(frame).__name__
        said = f"应为有 {PATH}、{VALUE} 两列的数据框，得到 {kind}"
        raise EntryError("frame", said)
    for number, row in enumerate(frame, 1):
        yield _pair(row, number)


def _rows_of_columns(frame: Any) -> Iterator[tuple[object, object]]:
    paths = _column(frame, PATH)
    values = _column(frame, VALUE)
    path_count = len(paths)
    value_count = len(values)
    if path_count != value_count:
        said = f"有 {value_count} 行，{PATH} 却有 {path_count} 行"
        raise EntryError(VALUE, said)
    yield from zip(paths, values, strict=True)


def _column(frame: Any, name: str) -> list[object]:
    """One column as a list."""
    names = [str(column) for column in _column_names(frame)]
    count = names.count(name)
    if count != 1:
        fault = f"缺少 {name} 列"
        if count:
            fault = f"有 {count} 个 {name} 列"
        present = "、".join(names) or "没有列"
        said = f"{fault}；现有：{present}"
        raise EntryError("frame", said)
    column = frame[name]
    if hasattr(column, "to_pylist"):  # an Arrow column would give its own scalars
        return list(column.to_pylist())
    return list(column)


def _column_names(frame: Any) -> Iterable[object]:
    """The names of the columns; ``columns`` of an Arrow table holds the columns themselves."""
    if isinstance(frame, Mapping):
        return frame
    names: Iterable[object] = getattr(frame, "column_names", frame.columns)
    return names


def _pair(row: Any, number: int) -> tuple[object, object]:
    """Path and value of one row: a mapping, a database row with ``keys()``, or a pair."""
    has_names = isinstance(row, Mapping) or hasattr(row, "keys")
    if has_names:
        names = list(row.keys())  # ``in`` would search the values of a database row
        for name in (PATH, VALUE):
            if name not in names:
                said = f"第 {number} 行缺少 {name}"
                raise EntryError("frame", said)
        path = row[PATH]
        value = row[VALUE]
        return path, value
    is_pair = isinstance(row, tuple | list) and len(row) == 2
    if is_pair:
        path, value = row
        return path, value
    kind = type(row).__name__
    said = f"第 {number} 行应为 {PATH}、{VALUE} 两项，得到 {kind}"
    raise EntryError("frame", said)
