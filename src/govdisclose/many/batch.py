"""A folder of books into reports: what is done is recorded, what is recorded need not be done again.

Workers make the files (``work``, ``pool``), the shelf names and records them (``shelf``).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from itertools import islice
from pathlib import Path

from attrs import frozen

from govdisclose.errors import InputError, OutputError, TemplateError, UsageError
from govdisclose.exports import EXPORTS
from govdisclose.many.folder import books_in
from govdisclose.many.journal import Journal
from govdisclose.many.pool import Crew, Done, run_here
from govdisclose.many.result import FINDINGS_FILE, RESULTS_FILE, BatchResult, Status
from govdisclose.many.results import write_results
from govdisclose.many.shelf import Shelf
from govdisclose.many.work import DOCX, Item, Outcome, Settings, Task, suffix_of
from govdisclose.story import PathLike
from govdisclose.write.atomic import PREFIX, SUFFIX, unwritable

HIDDEN = ".govdisclose"
"""The folder inside the output folder that holds the journal, the lock and unfinished files."""

FORMS = (DOCX, *EXPORTS)
"""What ``to`` takes."""

_CHUNK = 16
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
) -> Iterator[BatchResult]:
    """Make the reports of a folder of books, or of the books named, and say of each what became of it.

    Every form in ``to`` (``docx`` and the names of ``EXPORTS``) is made of a book, or none; one bad book
    stops no other. Results come as books get done; a book comes a second time, ``renamed``, when
    another agency turns out to bear the same name. When the last result has been taken, 结果.xlsx and
    findings.jsonl stand beside the reports. Whoever stops iterating ends the batch; ``resume`` goes on.

    ``jobs`` processes work (``None``: one for each processor), or the workers of ``executor``, any
    ``concurrent.futures.Executor``. It gets tasks of ``chunk`` books, ``ahead`` of them at a time; books
    and results travel as paths that all workers can open, or as their content with ``ship_bytes``.

    ``resume`` makes only what is missing or changed since an earlier run, ``force`` makes everything
    anew and replaces what stands in the way; ``dry_run`` reads and checks, and writes nothing.

    Raises at once: ``UsageError``, ``InputError`` (no book), ``TemplateError``; while iterating:
    ``OutputError`` when the output folder cannot be written to or another batch is at work in it,
    ``UsageError`` when it holds a batch's results and neither ``resume`` nor ``force`` is given.
    """
    folder = Path(output_dir)
    paths, names = _books(books, folder)
    _check_forms(to)
    if jobs is not None and jobs < 1:
        raise UsageError("进程数应为不小于 1 的整数")
    content = _template_bytes(template)
    where = content if ship_bytes else Path(template).absolute() if template is not None else None
    stage = None if ship_bytes or dry_run else folder.absolute() / HIDDEN / "stage"
    plan = _Plan(
        paths, names, folder, Settings(tuple(to), draft, where, stage, dry_run), _digest(to, draft, content),
        jobs=_jobs(jobs, len(paths)), executor=executor, ship_bytes=ship_bytes, chunk=chunk, ahead=ahead,
        resume=resume, force=force, watch=watch or (lambda done, of: None),
    )  # fmt: skip
    return _run(plan)


@frozen
class _Plan:
    """A batch, checked and ready to be run."""

    paths: Sequence[Path]
    names: Sequence[str]
    folder: Path
    settings: Settings
    digest: str
    jobs: int
    executor: Executor | None
    ship_bytes: bool
    chunk: int | None
    ahead: int | None
    resume: bool
    force: bool
    watch: Watch


# --- before anything is done --------------------------------------------------------------------


def _books(books: PathLike | Sequence[PathLike], folder: Path) -> tuple[list[Path], list[str]]:
    """The books, and what each is called below the folder they have in common."""
    if isinstance(books, str | os.PathLike):
        root = Path(books)
        paths = books_in(root, outside=(folder,))
        if not paths:
            raise InputError(f"文件夹 {root} 里没有工作簿")
        if folder.exists() and folder.samefile(root):
            raise UsageError("输出文件夹不能就是工作簿所在的文件夹，请另给一个")
    else:
        paths = sorted({Path(os.path.abspath(book)) for book in books})
        if not paths:
            raise InputError("没有给出工作簿")
        root = Path(os.path.commonpath([path.parent for path in paths]))
        if any(path.parent == Path(os.path.abspath(folder)) for path in paths):
            raise UsageError("输出文件夹不能就是工作簿所在的文件夹，请另给一个")
    return paths, [path.relative_to(root).as_posix() for path in paths]


def _check_forms(to: Sequence[str]) -> None:
    unknown = [form for form in to if form not in FORMS]
    if unknown or not to:
        raise UsageError(f"没有 {'、'.join(unknown) or '给出'} 这种格式，可选：{'、'.join(FORMS)}")
    suffixes = [suffix_of(form) for form in to]
    if len(set(suffixes)) < len(suffixes):
        raise UsageError(f"{'、'.join(to)} 中有扩展名相同的格式，不能同时生成")


def _template_bytes(template: PathLike | None) -> bytes | None:
    if template is None:
        return None
    try:
        return Path(template).read_bytes()
    except OSError as error:
        raise TemplateError(f"模板 {template} 不存在或无法读取") from error


def _digest(to: Sequence[str], draft: bool, template: bytes | None) -> str:
    """What, with a book, decides the files that are made of it: another digest, other files."""
    from govdisclose import __version__
    from govdisclose.write.template import template_folder

    packaged = [path.read_bytes() for path in sorted(template_folder().glob("*.docx"))] if template is None else []
    used = [sha256(data).hexdigest() for data in (packaged if template is None else [template])]
    return sha256(json.dumps([__version__, list(to), draft, used]).encode()).hexdigest()


def _jobs(jobs: int | None, books: int) -> int:
    """As many processes as there is work for: one starts in the time of two tasks."""
    return jobs or max(1, min(os.cpu_count() or 1, books // (2 * _CHUNK)))


# --- the run ------------------------------------------------------------------------------------


def _run(plan: _Plan) -> Iterator[BatchResult]:
    with ExitStack() as stack:
        if not plan.settings.dry_run:
            stack.enter_context(_occupied(plan.folder))
            stack.enter_context(_cleared(plan.folder, again=plan.resume or plan.force))
        shelf = stack.enter_context(_shelf(plan))
        kept: list[BatchResult] = []
        tasks = _tasks(plan, shelf, kept)
        done = 0
        for task, outcomes in _through(plan, tasks):
            made = shelf.place(_given_up(task, outcomes) if isinstance(outcomes, Exception) else outcomes)
            for result in (*_taken(kept), *made):
                done += 1
                plan.watch(done, len(plan.paths))
                yield result
        for result in _taken(kept):
            done += 1
            plan.watch(done, len(plan.paths))
            yield result
        yield from shelf.settle()
        if not plan.settings.dry_run:
            suffixes = [suffix_of(form) for form in plan.settings.to]
            write_results(plan.folder, shelf.entries, plan.paths, suffixes, scratch=shelf.stage)


def _taken(results: list[BatchResult]) -> list[BatchResult]:
    """What is in the list, which is empty then."""
    taken = results.copy()
    results.clear()
    return taken


def _tasks(plan: _Plan, shelf: Shelf, kept: list[BatchResult]) -> Iterator[Task]:
    """The books that are to be made, in tasks; what need not be goes to ``kept``."""
    todo = _todo(plan, shelf, kept)
    size = plan.chunk or max(1, min(_CHUNK, len(plan.paths) // (4 * plan.jobs)))
    while items := tuple(islice(todo, size)):
        yield Task(plan.settings, items)


def _todo(plan: _Plan, shelf: Shelf, kept: list[BatchResult]) -> Iterator[Item]:
    for number, path in enumerate(plan.paths):
        found = shelf.kept(number) if plan.resume else None
        if found is not None:
            kept.append(found)
        else:
            yield Item(number, path.absolute(), _content(path) if plan.ship_bytes else None)


def _content(path: Path) -> bytes | None:
    """The bytes of a book; the worker says why there are none."""
    with suppress(OSError):
        return path.read_bytes()
    return None


def _through(plan: _Plan, tasks: Iterator[Task]) -> Iterator[Done]:
    if plan.executor is None and plan.jobs == 1:
        return run_here(tasks)
    return Crew(plan.executor, plan.jobs, plan.ahead or (64 if plan.executor else 3 * plan.jobs)).run(tasks)


def _given_up(task: Task, error: Exception) -> Iterator[Outcome]:
    said = f"处理这份工作簿的进程中断了（{type(error).__name__}），可能是内存不足；其他工作簿不受影响"
    return (Outcome(item.number, Status.FAILED, error=said, exit_code=70) for item in task.items)


# --- the output folder --------------------------------------------------------------------------


@contextmanager
def _occupied(folder: Path) -> Iterator[None]:
    """Keep every other batch out of the folder; the system lets go of the lock however this process ends."""
    from filelock import FileLock, Timeout

    hidden = folder / HIDDEN
    try:
        hidden.mkdir(parents=True, exist_ok=True)
        lock = FileLock(hidden / "lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise OutputError(f"另一个批处理正在写 {folder}，请等它结束，或换一个输出文件夹") from error
    except (OSError, NotImplementedError) as error:
        raise unwritable(folder, error if isinstance(error, OSError) else OSError()) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _cleared(folder: Path, *, again: bool) -> Iterator[None]:
    """The folder without what a killed run left unfinished, and without what an earlier run said of it."""
    journal = folder / HIDDEN / "batch.jsonl"
    said = [folder / RESULTS_FILE, folder / FINDINGS_FILE]
    if not again and (_lines(journal) > 1 or any(map(os.path.lexists, said))):
        raise UsageError(f"{folder} 里已有批处理的结果；接着做请加 --resume，全部重做请加 --force")
    stage = folder / HIDDEN / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    try:
        stage.mkdir(exist_ok=True)
        for path in (*said, *folder.glob(f"{PREFIX}*{SUFFIX}")):
            path.unlink(missing_ok=True)
    except PermissionError as error:
        raise OutputError(f"无法写入 {folder}：没有权限，或 {RESULTS_FILE} 正被打开，请先关闭") from error
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _lines(path: Path) -> int:
    """0, 1, or 2 for more lines of a file."""
    try:
        with open(path, "rb") as file:
            return len(list(islice(file, 2)))
    except OSError:
        return 0


@contextmanager
def _shelf(plan: _Plan) -> Iterator[Shelf]:
    hidden = plan.folder / HIDDEN
    journal = Journal(hidden / "batch.jsonl", plan.names, resume=plan.resume, writing=not plan.settings.dry_run)
    try:
        yield Shelf(
            plan.folder, hidden / "stage", plan.names, plan.paths, journal, plan.digest, plan.settings.draft,
            plan.force, plan.settings.dry_run,
        )  # fmt: skip
    finally:
        journal.close()
