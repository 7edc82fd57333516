"""Write the state of a season to a file."""

from __future__ import annotations

from pathlib import Path

from govdisclose.form.status import SeasonStatus
from govdisclose.source import PathLike, refuse_input
from govdisclose.write.atomic import publish
from govdisclose.write.file_names import refuse_ending


def write_status(status: SeasonStatus, output: PathLike, *, force: bool = False) -> Path:
    """Write a state as ``.xlsx``, ``.html`` or ``.json``, by the ending of ``output``.

    Raises ``UsageError`` for another ending or an existing file, ``OutputError``.

    Examples:
        >>> from govdisclose.status import check_inbox, write_status
        >>> write_status(check_inbox("收件", "花名册.xlsx", year=2024), "报送情况.html").name
        '报送情况.html'
    """
    from govdisclose.write.status import FORMS

    path = status_path(output)
    publish(path, FORMS[path.suffix.lower()](status), force=force)
    return path


def status_path(output: PathLike, *inputs: PathLike) -> Path:
    """``output``, if a state can be written with its ending and it is none of ``inputs``.

    Raises ``UsageError``.
    """
    from govdisclose.write.status import FORMS

    path = Path(output)
    refuse_ending(path, *FORMS)
    refuse_input(path, *inputs)
    return path
