"""The form in force since the reports on 2021: 国办公开办函〔2021〕30号, line by line."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from govdisclose.form.common import Applicants, Disputes, NotProcessed, Refused, Unable
from govdisclose.form.fields import Balance, Count, Money, count, money, row

__all__ = ["Disputes", "Proactive", "Requests"]

_ITEM_1, _ITEM_5, _ITEM_6, _ITEM_8 = (f"第二十条第（{item}）项" for item in "一五六八")


@frozen
class Documents:
    """Rules made, repealed and in force (件)."""

    issued: Count = count("本年制发件数")
    repealed: Count = count("本年废止件数")
    in_force: Count = count("现行有效件数", variants=("现行有效件",))


@frozen
class Decisions:
    """Decisions taken in the year, disclosed or not (件)."""

    decisions: Count = count("本年处理决定数量")


@frozen
class Fees:
    """Administrative charges collected in the year (万元)."""

    amount: Money = money("本年收费金额（单位：万元）", variants=("本年收费金额",))


@frozen
class Proactive:
    """二、主动公开政府信息情况: disclosure on the agency's own initiative (Regulations, article 20)."""

    regulations: Documents = row(Documents, "规章", block=_ITEM_1)
    normative_documents: Documents = row(
        Documents, "行政规范性文件", block=_ITEM_1, variants=("规范性文件", "规范文件")
    )
    licences: Decisions = row(Decisions, "行政许可", block=_ITEM_5)
    penalties: Decisions = row(Decisions, "行政处罚", block=_ITEM_6)
    coercive_measures: Decisions = row(Decisions, "行政强制", block=_ITEM_6)
    fees: Fees = row(Fees, "行政事业性收费", block=_ITEM_8)


@frozen
class OtherProcessing:
    """（六）其他处理."""

    correction_overdue: Applicants = row(
        Applicants, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    )
    fee_overdue: Applicants = row(
        Applicants, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    )
    other: Applicants = row(Applicants, "3.其他")


@frozen
class Outcomes:
    """三、本年度办理结果: every request dealt with in the year, counted once, in one row."""

    granted: Applicants = row(Applicants, "（一）予以公开")
    partly_granted: Applicants = row(
        Applicants,
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        variants=("部分公开",),
    )
    refused: Refused = row(Refused, "（三）不予公开")
    unable: Unable = row(Unable, "（四）无法提供")
    not_processed: NotProcessed = row(NotProcessed, "（五）不予处理")
    other: OtherProcessing = row(OtherProcessing, "（六）其他处理")
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
