"""Turn the reports of workers into records and files: kept, published or renamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from hashlib import sha256

import attrs
from attrs import frozen

from govdisclose.errors import BatchError, FindingsError, GovDiscloseError, InputError
from govdisclose.many.batch.file_names import ReportTitle, folded, shared_names
from govdisclose.many.batch.ledger import Ledger, Record
from govdisclose.many.batch.plan import CHUNK, BatchPlan
from govdisclose.many.batch.publish import Published, Publisher, Report
from govdisclose.many.batch.result import BatchResult, Fate, Status
from govdisclose.many.batch.versions import Verdict, Verdicts, judge, judge_copies
from govdisclose.many.batch.worker import FinishedFile, Outcome
from govdisclose.many.disagreement import CODE_PATH, disagreement, place_in
from govdisclose.many.inbox import InboxEntry
from govdisclose.rules.aggregation import H106

_NOT_RENAMED = "没有改为"
_NEVER_KEPT = (Status.FAILED, Status.UNDECIDED, Status.SUPERSEDED)
"""Results that may differ although the workbook is the same."""


@frozen
class Recorder:
    """Records the workbooks of a batch and publishes their files."""

    plan: BatchPlan
    ledger: Ledger
    publisher: Publisher

    # --- results of an earlier run -----------------------------------------------------------

    def kept(self, entry: InboxEntry) -> BatchResult | None:
        """Return the result of an earlier run, if the same would come out now and is still there."""
        record = self.ledger.record(entry.name)
        if record is None or record.fate.status in _NEVER_KEPT or _contradicts(record):
            return None
        digest = self._digest(entry)
        if digest is None or record.key != self._key(digest) or not self._is_complete(record):
            return None
        if record.fate.status is Status.MADE:
            self.publisher.remove_earlier(record)  # left there by a crash
        return self._result(record, kept=True)

    def _digest(self, entry: InboxEntry) -> str | None:
        """Return the digest of a report as it is now; ``None`` if it cannot be read."""
        try:
            return sha256(entry.content()).hexdigest()
        except InputError:
            return None

    def _is_complete(self, record: Record) -> bool:
        for name, digest in record.outputs.items():
            if self.publisher.standing(name) != digest:
                return False
        return True

    def _key(self, digest: str) -> str:
        """Return a digest of everything that decides on the outputs of a workbook."""
        return sha256(f"{self.plan.digest} {digest}".encode()).hexdigest()

    # --- new results ----------------------------------------------------------------

    def take(self, outcomes: Sequence[Outcome]) -> Iterator[BatchResult]:
        """Name, publish and record the files of a worker, and yield the results.

        Raises ``OutputError`` when the ledger cannot be written.
        """
        reports: list[Report] = []
        names: set[str] = set()
        for outcome in outcomes:
            report = self._report(outcome, names)
            names.add(folded(report.record.stem))
            reports.append(report)
        records: list[Record] = []
        published = self.publisher.publish(reports)
        for report, done in zip(reports, published, strict=True):
            records.append(self._published(report, done))
        self._write(records)
        for record, outcome in zip(records, outcomes, strict=True):
            yield self._result(record, seconds=outcome.seconds)

    def _report(self, outcome: Outcome, names: Set[str]) -> Report:
        """Return what to publish of a workbook; ``names`` are taken by others of the same task."""
        workbook = self.plan.entries[outcome.number].name
        before = self.ledger.record(workbook)
        record = Record(
            workbook,
            self._key(outcome.digest),
            outcome.fate,
            stem=_stem_before(before),
            digest=outcome.digest,
        )
        if outcome.fate.status is not Status.MADE:
            return Report(record, before=before)
        stem = self._name_for_now(record, names)
        outputs = {stem + file.suffix: file.digest for file in outcome.files}
        named = attrs.evolve(record, stem=stem, outputs=outputs)
        return Report(named, outcome.files, before)

    def _name_for_now(self, record: Record, names: Set[str]) -> str:
        """Return a free name for new files, until all workbooks have been read.

        A workbook keeps the name that it has: another would leave files behind for nothing.
        """
        fate = record.fate
        title = ReportTitle(record.workbook, fate.agency, fate.year, fate.code, self.plan.draft)
        if record.stem and record.stem in title.stems():
            return record.stem
        stem = ""
        for stem in title.stems():
            is_taken = self.ledger.is_taken(stem, but=record.workbook)
            if not is_taken and folded(stem) not in names:
                break
        return stem

    def _published(self, report: Report, published: Published) -> Record:
        """Return the record of a report, whether its files could be published or not."""
        record = report.record
        error = published.error
        if error is not None:
            fate = _unpublished(record.fate, error)
            record = attrs.evolve(record, fate=fate, stem=_stem_before(report.before), outputs={})
        notes = list(published.notes)
        if record.fate.status is Status.MADE:
            notes.extend(self.publisher.notes_on_earlier(report))
        elif self.plan.season is None or record.fate.status is Status.FAILED:
            notes.extend(self.publisher.notes_on_old_reports(record.workbook))
        return attrs.evolve(record, notes=tuple(notes))

    def _write(self, records: Sequence[Record]) -> None:
        self.ledger.write(records)
        for record in records:
            if record.fate.status is Status.MADE:
                self.publisher.remove_earlier(record)

    # --- several versions of one unit -----------------------------------------------------------

    def judge(self) -> Verdicts:
        """Decide which of several versions of a unit's report counts."""
        season = self.plan.season
        if season is None:
            return judge_copies(self.ledger.versions())
        return judge(self.ledger.versions(), season.roster, season.decisions, self.plan.year)

    def demote(self, verdicts: Verdicts) -> Iterator[BatchResult]:
        """Record the workbooks that give no reports after all, and yield their results.

        Their files are still known, so a crash here leaves nothing that the next run does not find.
        """
        entries = {entry.name: entry for entry in self.plan.entries}
        for workbook, verdict in verdicts.changed.items():
            before = self.ledger.record(workbook)
            if before is None:
                continue
            if verdict.status is Status.REFUSED:
                fate = _returned(before.fate, verdict.reason, entries[workbook])
            else:
                fate = _demoted(before.fate, verdict)
            record = attrs.evolve(before, fate=fate, outputs={}, notes=())
            self.ledger.write([record])
            yield self._result(record)

    def give_up_names(self, workbooks: Iterable[str]) -> None:
        """Free the names of workbooks whose reports were set aside, for the version that counts.

        A name with a file that could not be moved stays taken.
        """
        for workbook in workbooks:
            record = self.ledger.record(workbook)
            has_files = not self.plan.dry_run and bool(self.ledger.files_of(workbook))
            if record is not None and not has_files:
                nameless = attrs.evolve(record, stem="")
                self.ledger.write([nameless])

    # --- the final names ------------------------------------------------------------------------

    def rename(self) -> Iterator[BatchResult]:
        """Give every report its final name and yield those whose name changes.

        Names that others have now become free one after the other.
        """
        waiting = self._new_names()
        while free := self._free(waiting):
            done = frozenset(free)
            waiting = [name for name in waiting if name not in done]
            for start in range(0, len(free), CHUNK):
                some = free[start : start + CHUNK]
                yield from self._renamed(some)

    def _free(self, names: Iterable[_NewName]) -> list[_NewName]:
        """Return those of the new names that no other report has now."""
        return [name for name in names if not self.ledger.is_taken(name.stem, but=name.workbook)]

    def _new_names(self) -> list[_NewName]:
        """Return the final names that differ from the present ones."""
        shared = shared_names(self._titles)
        new: list[_NewName] = []
        for title, stem in self.ledger.titles(is_draft=self.plan.draft):
            final = shared.get(title.workbook) or title.plain
            if folded(final) != folded(stem):
                new.append(_NewName(title.workbook, final))
        return new

    def _titles(self) -> Iterator[ReportTitle]:
        for title, _ in self.ledger.titles(is_draft=self.plan.draft):
            yield title

    def _renamed(self, names: Iterable[_NewName]) -> Iterator[BatchResult]:
        reports: list[Report] = []
        for name in names:
            before = self.ledger.record(name.workbook)
            if before is not None:
                reports.append(self._copy(before, name.stem))
        records: list[Record] = []
        published = self.publisher.publish(reports)
        for report, done in zip(reports, published, strict=True):
            records.append(_with_new_name(report, done))
        self._write(records)
        for report, record in zip(reports, records, strict=True):
            yield self._result(record, renamed=record.stem == report.record.stem)

    def _copy(self, before: Record, stem: str) -> Report:
        """Return a report that consists of the present files under another name."""
        outputs: dict[str, str] = {}
        files: list[FinishedFile] = []
        for name, digest in before.outputs.items():
            suffix = name.removeprefix(before.stem)
            outputs[stem + suffix] = digest
            path = self.plan.folder / name
            files.append(FinishedFile(suffix, digest, published=path))
        record = attrs.evolve(before, stem=stem, outputs=outputs)
        return Report(record, tuple(files), before)

    # --- results --------------------------------------------------------------------------------

    def records(self) -> Iterator[Record]:
        """Yield the record of every workbook, in the order of the workbooks."""
        for entry in self.plan.entries:
            record = self.ledger.record(entry.name)
            if record is not None:
                yield record

    def _result(
        self, record: Record, *, kept: bool = False, renamed: bool = False, seconds: float = 0.0
    ) -> BatchResult:
        outputs = [self.plan.folder / name for name in record.outputs]
        return BatchResult(
            **attrs.asdict(record.fate, recurse=False),
            workbook=self.plan.root / record.workbook,
            outputs=tuple(outputs),
            kept=kept,
            renamed=renamed,
            notes=record.notes,
            seconds=seconds,
        )


@frozen
class _NewName:
    """The name, without suffix, that the files of a workbook get in the end."""

    workbook: str
    stem: str


def _stem_before(before: Record | None) -> str:
    """The name, without suffix, that the files of a workbook have now; ``""`` if there are none."""
    return "" if before is None else before.stem


def _unpublished(fate: Fate, error: GovDiscloseError) -> Fate:
    """The fate of a workbook whose files could not be published."""
    code = error.exit_code
    return attrs.evolve(fate, status=Status.FAILED, error=str(error), exit_code=code)


def _demoted(fate: Fate, verdict: Verdict) -> Fate:
    """The fate of a workbook that another version has replaced, or whose version is not decided."""
    code = BatchError.exit_code if verdict.status.is_bad else 0
    return attrs.evolve(fate, status=verdict.status, error=verdict.reason, exit_code=code)


def _returned(fate: Fate, reason: str, entry: InboxEntry) -> Fate:
    """The fate of a workbook whose code and name disagree: one more error, before the others."""
    finding = disagreement(reason, place_in(entry, CODE_PATH), fate.code)
    return attrs.evolve(
        fate,
        status=Status.REFUSED,
        findings=(finding, *fate.findings),
        exit_code=FindingsError.exit_code,
    )


def _contradicts(record: Record) -> bool:
    """Whether the roster has refused a workbook: another roster may not."""
    return any(finding.code == H106.code for finding in record.fate.findings)


def _with_new_name(report: Report, published: Published) -> Record:
    """Return the record of a renamed report; its files stay as they are if that has failed."""
    record = report.record
    before = report.before or record
    others = [note for note in before.notes if not note.startswith(_NOT_RENAMED)]
    if published.error is not None:
        told = f"{_NOT_RENAMED} {record.stem}：{published.error}"
        return attrs.evolve(before, notes=(*others, told))
    return attrs.evolve(record, notes=(*others, *published.notes))
