"""Which of several files of one unit counts, as far as the office has decided."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, field, frozen

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


def chosen_of(versions: Sequence[HandedIn], decisions: Decisions) -> Chosen:
    """Keep those that count of several files that are versions of one report."""
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
