"""A folder of books into reports: what is asked for is checked here, and done by ``run``.

This module is imported with the library; whatever runs processes or writes files is imported when a
batch begins.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from govdisclose.errors import InputError, TemplateError, UsageError
from govdisclose.form.edition import EDITIONS
from govdisclose.many.batch.forms import DOCX, FORMS, suffix_of
from govdisclose.many.batch.result import HIDDEN, BatchResult
from govdisclose.many.folder import look_into, refuse_strangers
from govdisclose.many.isolation import Isolation
from govdisclose.outputs import OUTPUTS
from govdisclose.source import PathLike

if TYPE_CHECKING:
    from concurrent.futures import Executor

CHUNK = 16
"""Books a task: some 0.2 s of work, and one flush of folder and journal for all of them."""

Watch = Callable[[int, int], None]
"""Is told how many books are done, and of how many."""


def batch_reports(
    books: PathLike | Sequence[PathLike],
    output_dir: PathLike,
    *,
    to: Sequence[str] = (DOCX,),
    template: PathLike | None = None,
    draft: bool = False,
    jobs: int | None = 1,
    executor: Executor | None = None,
    ship_bytes: bool = False,
    chunk: int | None = None,
    ahead: int | None = None,
    resume: bool = False,
    force: bool = False,
    dry_run: bool = False,
    watch: Watch | None = None,
    isolation: Isolation | None = None,
) -> Iterator[BatchResult]:
    """Make the reports of a folder of books, or of the books named, and say of each what became of it.

    Every form in ``to`` (``docx`` and the other names of ``outputs.OFFERED``) is made of a book, or none; one bad book
    stops no other. Results come as books get done; a book comes a second time, ``renamed``, when
    another agency turns out to bear the same name. When the last result has been taken, 结果.xlsx and
    findings.jsonl stand beside the reports. Whoever stops iterating ends the batch; ``resume`` goes on.

    ``jobs`` processes work (``None``: one for each processor), or the workers of ``executor``, any
    ``concurrent.futures.Executor``; ``jobs`` then says how many they are. It gets tasks of ``chunk``
    books, ``ahead`` of them at a time; books and results travel as paths that all workers can open, or
    as their content with ``ship_bytes``.

    ``isolation`` limits the time and memory that one book may take in our own processes; with it also
    ``jobs=1`` is a process of its own, so that a book that ends it costs nothing but itself.

    ``resume`` makes only what is missing or changed since an earlier run, ``force`` makes everything
    anew and replaces what stands in the way; ``dry_run`` reads and checks, and writes nothing.

    Raises at once: ``UsageError``, ``InputError`` (no book), ``TemplateError``, ``OutputError`` when a
    program that a form needs is not installed here (an ``executor``'s workers say so of each book); while iterating:
    ``OutputError`` when the output folder cannot be written to or another batch is at work in it,
    ``UsageError`` when it holds a batch's results and neither ``resume`` nor ``force`` is given.
    """
    folder = Path(output_dir)
    root, names = _books(books, folder)
    _check_forms(to)
    if executor is None:
        _check_installed(to)
    if jobs is not None and jobs < 1:
        raise UsageError("进程数应为不小于 1 的整数")
    content = _template_bytes(template)
    where = content if ship_bytes else Path(template).absolute() if template is not None else None
    plan = Plan(
        root, names, folder, tuple(to), draft, where, _digest(to, draft, content), jobs=_jobs(jobs, len(names)),
        executor=executor, ship_bytes=ship_bytes, chunk=chunk, ahead=ahead, resume=resume, force=force,
        dry_run=dry_run, watch=watch or (lambda done, of: None), isolation=isolation,
    )  # fmt: skip
    from govdisclose.many.batch.run import run

    return run(plan)


@frozen
class Plan:
    """A batch, checked and ready to be run.

    ``names`` are the books by their paths below ``root``: a ``Path`` for each would take five times the
    memory. ``digest`` is of all that decides, with a book, what is made of it.
    """

    root: Path
    names: Sequence[str]
    folder: Path
    to: tuple[str, ...]
    draft: bool
    template: Path | bytes | None
    digest: str
    jobs: int
    executor: Executor | None
    ship_bytes: bool
    chunk: int | None
    ahead: int | None
    resume: bool
    force: bool
    dry_run: bool
    watch: Watch
    isolation: Isolation | None


# --- before anything is done --------------------------------------------------------------------


def _books(books: PathLike | Sequence[PathLike], folder: Path) -> tuple[Path, list[str]]:
    """The folder that all books have in common, and what each is called below it."""
    if isinstance(books, str | os.PathLike):
        root = Path(books)
        contents = look_into(root, outside=(folder,))
        paths = list(contents.books)
        if folder.exists() and folder.samefile(root):
            raise UsageError("输出文件夹不能就是工作簿所在的文件夹，请另给一个")
        begun = (folder / HIDDEN).is_dir()
        refuse_strangers(root, folder, lambda path: begun and path.suffix == ".json")
        if not paths:
            passed_over = contents.passed_over(root)
            raise InputError(
                f"文件夹 {root} 里没有工作簿" + (f"；{passed_over}" if passed_over else "")
            )
    else:
        paths = sorted({Path(os.path.abspath(book)) for book in books})
        if not paths:
            raise InputError("没有给出工作簿")
        root = Path(os.path.commonpath([path.parent for path in paths]))
        if any(path.parent == Path(os.path.abspath(folder)) for path in paths):
            raise UsageError("输出文件夹不能就是工作簿所在的文件夹，请另给一个")
    return root, [path.relative_to(root).as_posix() for path in paths]


def _check_forms(to: Sequence[str]) -> None:
    unknown = [form for form in to if form not in FORMS]
    if unknown or not to:
        said = f"没有 {'、'.join(unknown)} 这种格式" if unknown else "没有给出格式"
        raise UsageError(f"{said}，可选：{'、'.join(FORMS)}")
    suffixes = [suffix_of(form) for form in to]
    if len(set(suffixes)) < len(suffixes):
        raise UsageError(f"{'、'.join(to)} 中有扩展名相同的格式，不能同时生成")


def _check_installed(to: Sequence[str]) -> None:
    """Whether this machine has what the forms need. Raises ``OutputError`` or ``UsageError``."""
    for form in to:
        OUTPUTS[form].needs()


def _template_bytes(template: PathLike | None) -> bytes | None:
    """The content of a template that is fit for one edition at least. Raises ``TemplateError``."""
    if template is None:
        return None
    from govdisclose.proof import Templates
    from govdisclose.write.word.template import read_file

    templates = Templates()
    faults = []
    for edition in EDITIONS.values():
        try:
            templates.load(edition, Path(template))
        except TemplateError as error:
            faults.append(error)
    if len(faults) == len(EDITIONS):
        raise faults[-1]
    return read_file(Path(template))


def _digest(to: Sequence[str], draft: bool, template: bytes | None) -> str:
    """A digest of version, options and templates."""
    import json

    from govdisclose.version import __version__
    from govdisclose.write.word.template import template_folder

    packaged = (
        [path.read_bytes() for path in sorted(template_folder().glob("*.docx"))]
        if template is None
        else []
    )
    used = [sha256(data).hexdigest() for data in (packaged if template is None else [template])]
    return sha256(json.dumps([__version__, list(to), draft, used]).encode()).hexdigest()


def _jobs(jobs: int | None, books: int) -> int:
    """As many processes as there is work for: one starts in the time of two tasks."""
    return jobs or max(1, min(os.cpu_count() or 1, books // (2 * CHUNK)))
