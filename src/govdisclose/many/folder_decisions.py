"""Several folders with the decisions of an office: which 结果.xlsx belongs to which folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from govdisclose.errors import InputError, UsageError
from govdisclose.many.decisions import (
    Decision,
    Decisions,
    SomeDecisions,
    is_chosen,
    known_decisions,
)
from govdisclose.many.inbox import InboxEntry, look_into
from govdisclose.read.source import Readable, given_name
from govdisclose.source import real


def each_decisions(given: SomeDecisions | None) -> list[Readable | Decisions]:
    """The decisions that were given, one by one."""
    if given is None:
        return []
    if isinstance(given, list | tuple):
        return list(given)
    return [given]  # type: ignore[list-item]  # bytes are a sequence, but not one of decisions


def decisions_of_folders(
    given: SomeDecisions | None, folders: Iterable[Path]
) -> Mapping[Path, Decisions]:
    """The decisions that hold for each folder.

    Files of the same names lie in several folders, so decisions belong to one of them: to that
    which holds a chosen file with the content that the office has seen, else to the only one with a
    file of that name. Raises ``UsageError`` if that is none or several, or if a folder has two.
    """
    sources = each_decisions(given)
    place_of = {folder: real(folder) for folder in folders}
    by_place = {place: folder for folder, place in place_of.items()}
    if sources and not by_place:
        raise UsageError("给了选定（--decisions），来源里却没有文件夹")
    found = _by_folder(sources, list(by_place.values()))
    held = {place_of[folder]: decisions for folder, decisions in found.items()}
    return {folder: held[place] for folder, place in place_of.items() if place in held}


def _by_folder(
    sources: Sequence[Readable | Decisions], folders: Sequence[Path]
) -> Mapping[Path, Decisions]:
    """The decisions of each of several folders that are not the same."""
    if len(sources) == 1 and len(folders) == 1:
        return {folders[0]: known_decisions(sources[0])}
    found: dict[Path, Decisions] = {}
    for source in sources:
        decisions = known_decisions(source)
        chosen = {file: one for file, one in decisions.items() if is_chosen(file, decisions)}
        if not chosen:
            continue
        folder = _folder_of(chosen, folders, _name(source))
        if folder in found:
            raise UsageError(f"--decisions 给了两份 {folder} 的选定，一个文件夹只能给一份")
        found[folder] = decisions
    return found


def _name(source: Readable | Decisions) -> str:
    if isinstance(source, str | os.PathLike):
        return os.fspath(source)
    return given_name(source)


@frozen
class _Match:
    """Whether a folder holds chosen files: with the content that the office has seen, or by name."""

    folder: Path
    has_content: bool
    has_name: bool


def _folder_of(chosen: Mapping[str, Decision], folders: Sequence[Path], name: str) -> Path:
    matches = [_match(chosen, folder) for folder in folders]
    fitting = [match.folder for match in matches if match.has_content]
    if not fitting:
        fitting = [match.folder for match in matches if match.has_name]
    if len(fitting) == 1:
        return fitting[0]
    file = next(iter(chosen))
    shown = "、".join(map(str, fitting or folders))
    if fitting:
        raise UsageError(f"{name} 选定的 {file} 在几个文件夹里都有（{shown}），不知是哪一个的选定")
    raise UsageError(f"{name} 选定的 {file} 不在给出的文件夹里（{shown}）")


def _match(chosen: Mapping[str, Decision], folder: Path) -> _Match:
    entries = [entry for entry in look_into(folder).entries if entry.name in chosen]
    has_content = any(_is_as_seen(entry, chosen[entry.name]) for entry in entries)
    return _Match(folder, has_content, bool(entries))


def _is_as_seen(entry: InboxEntry, decision: Decision) -> bool:
    """Whether a file has the content that it had when the office decided."""
    if not decision.digest:
        return False
    try:
        content = entry.content()
    except InputError:
        return False
    return sha256(content).hexdigest().startswith(decision.digest)
