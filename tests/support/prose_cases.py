"""Families C, N and P: for each rule one report that passes and one that fails, and last year's where it counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import frozen

from govdisclose import Agency, AnnualReport, Paragraph
from support.reports import ASPECTS, consistent_report

GOOD = consistent_report()
NAME = GOOD.agency.name
CARRIED = GOOD.values()["requests.carried_in.natural_person"]
COLUMNS = (
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other",
    "total",
)

_OPENING = (
    "本机关围绕中心工作推进政务公开，完善公开目录和指南，健全发布审核机制，拓展公众参与渠道，加强政策解读和回应，"
    "规范申请办理的登记、审核、答复和归档各环节，组织业务学习，公开质量逐步提高，群众获取信息更加便捷高效。"
)


def paragraphs(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(text) for text in texts)


def overview(*texts: str) -> AnnualReport:
    """The good report with these paragraphs before its own section one."""
    return GOOD.evolve(overview=paragraphs(*texts, ASPECTS, "主动公开内容按时更新。"))


def last_year(**values: int) -> AnnualReport:
    """A report of the year before from which the good one follows; some cells set otherwise."""
    now = GOOD.values()
    fitting = {f"requests.carried_out.{c}": now[f"requests.carried_in.{c}"] for c in COLUMNS}
    for line in ("proactive.regulations", "proactive.normative_documents"):
        issued, repealed, in_force = (
            int(now[f"{line}.{c}"] or 0) for c in ("issued", "repealed", "in_force")
        )
        fitting[f"{line}.in_force"] = in_force - issued + repealed
    report = GOOD.evolve(year=2023, title="", overview=paragraphs("另一番文字。"))
    return report.with_values(
        {**fitting, **{path.replace("__", "."): v for path, v in values.items()}}
    )


@frozen
class Case:
    """A report, last year's if need be, and where the finding of the rule is (``None``: no finding)."""

    report: AnnualReport
    path: str | None = None
    previous: AnnualReport | None = None
    said: str = ""


def _c(path: str | None = None, said: str = "", report: AnnualReport = GOOD, **values: int) -> Case:
    return Case(report, path, last_year(**values), said)


def _n(report: AnnualReport, path: str | None = None, said: str = "") -> Case:
    return Case(report, path, None, said)


def _other_name(report: AnnualReport, name: str) -> AnnualReport:
    return report.evolve(agency=Agency(name))


def _published(when: date, **more: Any) -> AnnualReport:
    return GOOD.evolve(published=when, **more)


RECEIVED = GOOD.values()["requests.received.total"]
GOVERNMENT = GOOD.evolve(agency=Agency(NAME, None, "government"))
COPIED = GOOD.evolve(overview=paragraphs("2024年，" + _OPENING, ASPECTS, "主动公开9件。"))

CASES: dict[str, tuple[Case, Case]] = {
    "C101": (
        _c(),
        _c(
            "requests.carried_in.natural_person",
            "上年报告结转下年度",
            requests__carried_out__natural_person=99,
        ),
    ),
    "C102": (
        _c(),
        _c("proactive.regulations.in_force", "按上年推算", proactive__regulations__in_force=70),
    ),
    "C103": (
        _c(
            proactive__licences__decisions=49,
            report=GOOD.with_values({"proactive.licences.decisions": 8}),
        ),
        _c(
            "proactive.licences.decisions",
            "上年 51，本年 8",
            proactive__licences__decisions=51,
            report=GOOD.with_values({"proactive.licences.decisions": 8}),
        ),
    ),
    "C104": (
        Case(COPIED, None, last_year()),
        Case(
            COPIED,
            "overview.0",
            last_year().evolve(overview=paragraphs("2023年，" + _OPENING, ASPECTS)),
            "本机关围绕中心工作推进政务公开",
        ),
    ),
    "C105": (_c(), Case(GOOD, "agency.name", _other_name(last_year(), "某某市旧局"), "某某市旧局")),
    "N101": (_n(GOOD), _n(GOOD.evolve(problems=paragraphs("无。")), "problems", "只写了“无”")),
    "N102": (
        _n(overview(f"全年收到政府信息公开申请{RECEIVED}件。")),
        _n(
            overview("全年新收政府信息公开申请一百二十三件。"),
            "overview.0",
            f"123，表中“一、本年新收政府信息公开申请数量”为 {RECEIVED}",
        ),
    ),
    "N103": (
        _n(GOOD.evolve(preface=paragraphs("数据的统计期限自2024年1月1日起至2024年12月31日止。"))),
        _n(
            GOOD.evolve(preface=paragraphs("数据的统计期限自2023年1月1日起至12月31日止。")),
            "preface.0",
            "2024年1月1日",
        ),
    ),
    "N104": (
        _n(GOOD),
        _n(
            GOOD.evolve(other_matters=paragraphs("年度工作要点已经落实。")),
            "other_matters",
            "信息处理费",
        ),
    ),
    "N105": (
        _n(
            GOVERNMENT.evolve(
                overview=paragraphs(ASPECTS, "主动公开、工作考核、社会评议和责任追究情况良好。")
            )
        ),
        _n(
            GOVERNMENT.evolve(overview=paragraphs(ASPECTS, "主动公开有力。")),
            "overview",
            "工作考核、社会评议、责任追究",
        ),
    ),
    "N106": (
        _n(overview("公" * 900)),
        _n(overview("公开" * 500), "overview", "原则上不超过 1000 字"),
    ),
    "N107": (
        _n(
            GOOD.evolve(
                problems=paragraphs("（一）问题。", "1.甲。", "2.乙。", "（二）改进。", "1.丙。")
            )
        ),
        _n(
            GOOD.evolve(problems=paragraphs("（一）问题。", "（三）改进。")),
            "problems.1",
            "前面缺少（二）",
        ),
    ),
    "N108": (
        _n(overview("联系电话 0517-12345678，统一社会信用代码 11420100000000001X。")),
        _n(overview("申请人身份证号为 11010519491231002X。"), "overview.0", "110*************2X"),
    ),
    "P101": (
        _n(_published(date(2025, 3, 31), agency=GOVERNMENT.agency)),
        _n(_published(date(2025, 2, 1)), "published", "晚于法定期限 2025-01-31"),
    ),
    "P102": (
        _n(GOOD.evolve(title=f"{NAME} 2024年度政府信息公开工作年度报告")),
        _n(
            GOOD.evolve(title=f"{NAME}2023年政府信息公开工作年度报告"),
            "title",
            "标题中的年份是 2023",
        ),
    ),
}
"""Code → (passing, failing)."""
