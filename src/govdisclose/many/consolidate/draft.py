"""The draft of section one of a consolidated report: sentences that quote the summed cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from govdisclose.form.outline import outline
from govdisclose.form.quotes import quote_name
from govdisclose.form.report import AnnualReport, Paragraph, standard_title
from govdisclose.many.consolidate.total import Consolidated

_TO_BE_WRITTEN = "（文字描述）"
"""The notice's own placeholder. It stops ``compile`` until somebody has written the paragraph."""

_HEADING_LEVEL = 2
_CELL = re.compile(r"\{([a-z_.]+)\}")


@frozen
class _Aspect:
    """One aspect that section one must describe: its heading, and clauses that quote cells.

    A clause is left out if the edition has not all of its cells, or if one of them is blank.
    """

    heading: str
    clauses: tuple[str, ...] = ()


_ASPECTS = (
    _Aspect(
        "主动公开情况",
        (
            "本年制发规章{proactive.regulations.issued}件，"
            "现行有效{proactive.regulations.in_force}件",
            "本年制发行政规范性文件{proactive.normative_documents.issued}件，"
            "现行有效{proactive.normative_documents.in_force}件",
            "本年新公开规章{proactive.regulations.newly_disclosed}件、"
            "规范性文件{proactive.normative_documents.newly_disclosed}件",
            "作出行政许可{proactive.licences.decisions}件",
            "行政处罚{proactive.penalties.decisions}件",
            "行政强制{proactive.coercive_measures.decisions}件",
            "行政事业性收费{proactive.fees.amount}万元",
            "政府集中采购{proactive.procurement.projects}项，"
            "总金额{proactive.procurement.amount}万元",
        ),
    ),
    _Aspect(
        "依申请公开情况",
        (
            "本年新收政府信息公开申请{requests.received.total}件",
            "上年结转{requests.carried_in.total}件",
            "本年办理{requests.outcomes.total.total}件",
            "其中予以公开{requests.outcomes.granted.total}件",
            "部分公开{requests.outcomes.partly_granted.total}件",
            "结转下年度继续办理{requests.carried_out.total}件",
            "因政府信息公开被申请行政复议{disputes.review.total}件，"
            "其中结果纠正{disputes.review.corrected}件",
            "未经复议直接起诉{disputes.litigation.direct.total}件",
            "复议后起诉{disputes.litigation.after_review.total}件",
        ),
    ),
    _Aspect("政府信息管理情况"),
    _Aspect("政府信息公开平台建设情况"),
    _Aspect("监督保障情况"),
    _Aspect("工作考核、社会评议和责任追究结果"),
)
"""The five aspects of section one, and what a government adds (国办公开办函〔2021〕30号)."""

_NUMERALS = "一二三四五六"


def drafted(made: Consolidated) -> AnnualReport:
    """The consolidated report with a draft of section one, and its state in the title.

    Every figure of the draft quotes a cell, so that it follows the table. While units are missing,
    the title says how many of how many are in the sum.
    """
    report = made.report
    title = report.title
    if made.expected is not None and not made.complete:
        name = title or standard_title(report.agency.name, report.year)
        title = f"{name}（草稿：{made.face}）"
    return report.evolve(title=title, overview=tuple(_overview(report)))


def _overview(report: AnnualReport) -> Iterator[Paragraph]:
    for numeral, aspect in zip(_NUMERALS, _ASPECTS, strict=True):
        yield Paragraph(f"（{numeral}）{aspect.heading}", _HEADING_LEVEL)
        sentence = "，".join(_quoting(aspect, report))
        yield Paragraph(f"{sentence}。" if sentence else _TO_BE_WRITTEN)


def _quoting(aspect: _Aspect, report: AnnualReport) -> Iterator[str]:
    """The clauses whose cells all hold a figure, each cell quoted by its name in the tables."""
    values = report.values()
    names = outline(report.edition).cells
    for clause in aspect.clauses:
        paths = _CELL.findall(clause)
        if any(path not in names or values[path] is None for path in paths):
            continue
        for path in paths:
            quote = f"{{{quote_name(path, report.edition)}}}"
            clause = clause.replace(f"{{{path}}}", quote)
        yield clause
