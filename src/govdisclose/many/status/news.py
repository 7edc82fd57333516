"""The news since the run before: came, corrected, returned again, taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from govdisclose.form.status import (
    News,
    NewsKind,
    Stray,
    UnitState,
    UnitStatus,
    names_told_apart,
)
from govdisclose.many.status.match import Matched
from govdisclose.many.status.store import Snapshot

_STRAY = "file:"
"""Begins the key of a file that no unit owns."""

_NOTHING = Snapshot("", "", UnitState.MISSING, ())


def snapshots(matched: Matched) -> Iterator[Snapshot]:
    """Yield the state of today: every unit, and every file that no unit owns."""
    names = names_told_apart(matched.units)
    for unit in matched.units:
        yield _of_unit(unit, names[unit.key])
    for stray in matched.strays:
        yield _of_stray(stray)


def _of_unit(unit: UnitStatus, name: str) -> Snapshot:
    digests = tuple(file.digest or "-" for file in unit.files)
    return Snapshot(unit.key, name, unit.state, digests)


def _of_stray(stray: Stray) -> Snapshot:
    file = stray.file
    return Snapshot(f"{_STRAY}{file.file}", file.file, None, (file.digest or "-",))


def tell_news(before: Mapping[str, Snapshot], now: Iterable[Snapshot]) -> Iterator[News]:
    """Yield what differs from ``before``: units in the order of the roster, then single files."""
    present: set[str] = set()
    for shot in now:
        present.add(shot.key)
        earlier = before.get(shot.key, _NOTHING)
        news = _of_file(earlier, shot) if shot.state is None else _of_state(earlier, shot)
        if news is not None:
            yield news
    for key, shot in before.items():
        if key not in present and shot.digests:
            yield News(NewsKind.WITHDRAWN, shot.name, _gone(shot))


def _gone(shot: Snapshot) -> str:
    if shot.state is None:
        return "文件不在了，或已归到花名册上的单位"
    return "不再在花名册上"


def _of_file(before: Snapshot, now: Snapshot) -> News | None:
    """A file that no unit owns."""
    if before.digests == now.digests:
        return None
    return News(NewsKind.NEW, now.name, "不在册的文件" if not before.digests else "文件换了")


def _of_state(before: Snapshot, now: Snapshot) -> News | None:
    """A unit, by its state and files before and now."""
    state, was = _state(now), _state(before)
    if Counter(now.digests) == Counter(before.digests) and state is was:
        return None
    if before.digests and now.digests:
        return _of_change(before, now)
    if now.digests:
        return News(NewsKind.NEW, now.name, state.label)
    if before.digests:
        return News(NewsKind.WITHDRAWN, now.name, f"原来是“{was.label}”，文件不在了")
    return None


def _of_change(before: Snapshot, now: Snapshot) -> News:
    """A unit from which something had come and something is there."""
    state, was = _state(now), _state(before)
    came = Counter(now.digests) - Counter(before.digests)
    gone = Counter(before.digests) - Counter(now.digests)
    is_wrong = state in (UnitState.RETURNED, UnitState.UNREADABLE)
    if state.is_settled and not was.is_settled:
        return News(NewsKind.MENDED, now.name, f"原来是“{was.label}”")
    if came and not came.keys() - set(before.digests):
        return News(NewsKind.NEW, now.name, f"又交来一份，与已有的内容相同：{state.label}")
    if came and is_wrong:
        return News(NewsKind.RETURNED, now.name, f"新交的一份：{state.label}")
    if came:
        return News(NewsKind.NEW, now.name, f"又交来一份：{state.label}")
    if gone:
        return News(NewsKind.WITHDRAWN, now.name, f"撤走一份：现在是“{state.label}”")
    kind = NewsKind.RETURNED if is_wrong else NewsKind.NEW
    return News(kind, now.name, f"文件没有变，原来是“{was.label}”，现在是“{state.label}”")


def _state(shot: Snapshot) -> UnitState:
    """The state of a unit; one that was not there yet had handed in nothing."""
    return shot.state or UnitState.MISSING
