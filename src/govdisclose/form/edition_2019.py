"""The trial form for the reports on 2019 and 2020: 国办公开办函〔2019〕60号, where it differs."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from govdisclose.form.common import Applicants, Disputes, NotProcessed, Refused, Unable
from govdisclose.form.fields import Balance, Change, Count, Money, change, count, money, row

__all__ = ["Disputes", "Proactive", "Requests"]

_ITEM_1, _ITEM_5, _ITEM_6, _ITEM_8, _ITEM_9 = (f"第二十条第（{item}）项" for item in "一五六八九")


@frozen
class Documents:
    """Rules made and disclosed (件)."""

    newly_made: Count = count("本年新制作数量")
    newly_disclosed: Count = count("本年新公开数量")
    total_disclosed: Count = count("对外公开总数量")


@frozen
class Items:
    """Items in the agency's list, and the decisions taken under them (件)."""

    previous_items: Count = count("上一年项目数量")
    change: Change = change("本年增/减")
    decisions: Count = count("处理决定数量")


@frozen
class FeeItems:
    """Kinds of administrative charges in the agency's list (项)."""

    previous_items: Count = count("上一年项目数量")
    change: Change = change("本年增/减")


@frozen
class Procurement:
    """Centralised government procurement; the notice names no unit, this library reads 万元."""

    projects: Count = count("采购项目数量")
    amount: Money = money("采购总金额", variants=("采购总金额（单位：万元）",))


@frozen
class Proactive:
    """二、主动公开政府信息情况 (Regulations, article 20)."""

    regulations: Documents = row(Documents, "规章", block=_ITEM_1)
    normative_documents: Documents = row(
        Documents, "规范性文件", block=_ITEM_1, variants=("行政规范性文件", "规范文件")
    )
    licences: Items = row(Items, "行政许可", block=_ITEM_5)
    other_services: Items = row(Items, "其他对外管理服务事项", block=_ITEM_5)
    penalties: Items = row(Items, "行政处罚", block=_ITEM_6)
    coercive_measures: Items = row(Items, "行政强制", block=_ITEM_6)
    fees: FeeItems = row(FeeItems, "行政事业性收费", block=_ITEM_8)
    procurement: Procurement = row(Procurement, "政府集中采购", block=_ITEM_9)


@frozen
class Outcomes:
    """三、本年度办理结果; （六）其他处理 is one row here."""

    granted: Applicants = row(Applicants, "（一）予以公开")
    partly_granted: Applicants = row(
        Applicants,
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        variants=("部分公开",),
    )
    refused: Refused = row(Refused, "（三）不予公开")
    unable: Unable = row(Unable, "（四）无法提供")
    not_processed: NotProcessed = row(NotProcessed, "（五）不予处理")
    other: Applicants = row(Applicants, "（六）其他处理")
    total: Applicants = row(Applicants, "（七）总计", relation="outcomes", variants=("合计",))


@frozen
class Requests:
    """三、收到和处理政府信息公开申请情况."""

    balance: ClassVar[Balance] = Balance(
        "balance", left=("received", "carried_in"), right=("outcomes.total", "carried_out")
    )

    received: Applicants = row(Applicants, "一、本年新收政府信息公开申请数量")
    carried_in: Applicants = row(Applicants, "二、上年结转政府信息公开申请数量")
    outcomes: Outcomes = row(Outcomes, "三、本年度办理结果")
    carried_out: Applicants = row(Applicants, "四、结转下年度继续办理")
