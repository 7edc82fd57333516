"""Which of several files of one unit counts, as far as the office has decided."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from attrs import evolve, field, frozen

from govdisclose.form.grouping import group_by
from govdisclose.form.status import HandedIn
from govdisclose.many.decisions import Decisions, choose


@frozen
class Chosen:
    """The files of a unit that still count, in their order, and those that the office has set
    aside.

    ``remarks`` name in Chinese the chosen file, or why a choice does not hold.
    """

    files: tuple[HandedIn, ...]
    set_aside: tuple[HandedIn, ...] = ()
    remarks: tuple[str, ...] = field(default=(), repr=False)


def chosen_of(files: Sequence[HandedIn], decisions: Decisions) -> Chosen:
    """Keep of the files of the year those that count.

    The report of a unit itself and that of the whole below it are two things: the office chooses
    among the files of each.
    """
    remarks: list[str] = []
    set_aside: list[HandedIn] = []
    for versions in group_by(files, attrgetter("agency.level")).values():
        chosen = _of_level(versions, decisions)
        remarks.extend(chosen.remarks)
        set_aside.extend(chosen.set_aside)
    names = {file.file for file in set_aside}
    counting = [file for file in files if file.file not in names]
    return Chosen(tuple(counting), tuple(set_aside), tuple(remarks))


def _of_level(versions: Sequence[HandedIn], decisions: Decisions) -> Chosen:
    """Choose among files that are versions of one report."""
    digests = {file.file: file.digest for file in versions}
    choice = choose(digests, decisions)
    if choice.why_not:
        return Chosen(tuple(versions), remarks=(choice.why_not,))
    if not choice.file or len(versions) == 1:
        return Chosen(tuple(versions))
    decision = f"已选定以 {choice.file} 为准"
    chosen: list[HandedIn] = []
    set_aside: list[HandedIn] = []
    for file in versions:
        if file.file == choice.file:
            chosen.append(file)
        else:
            set_aside.append(evolve(file, set_aside=f"不采用：{decision}"))
    names = "、".join(file.file for file in set_aside)
    remark = f"{decision}，不采用 {names}"
    return Chosen(tuple(chosen), tuple(set_aside), (remark,))
