"""The parts that are the same in both editions: applicants, three groups of outcomes, table four.

Source: the tables attached to 国办公开办函〔2019〕60号 and 〔2021〕30号. All counts are 件.
"""

from __future__ import annotations

from attrs import frozen

from govdisclose.form.fields import Count, columns, count, row, total

_APPLICANT = ("申请人情况",)
_ORGANISATION = (*_APPLICANT, "法人或其他组织")


@frozen
class Applicants:
    """Requests of one kind, by who asked (件)."""

    natural_person: Count = count("自然人", under=_APPLICANT)
    business: Count = count("商业企业", under=_ORGANISATION)
    research: Count = count("科研机构", under=_ORGANISATION)
    public_interest: Count = count("社会公益组织", under=_ORGANISATION)
    legal_service: Count = count("法律服务机构", under=_ORGANISATION)
    other: Count = count("其他", under=_ORGANISATION)
    total: Count = total("总计", under=_APPLICANT, relation="applicants", variants=("合计",))


@frozen
class Refused:
    """（三）不予公开: the grounds of refusal (Regulations, articles 14–16 and 36)."""

    state_secret: Applicants = row(Applicants, "1.属于国家秘密")
    forbidden_by_law: Applicants = row(Applicants, "2.其他法律行政法规禁止公开")
    security_and_stability: Applicants = row(Applicants, "3.危及“三安全一稳定”")
    third_party_rights: Applicants = row(Applicants, "4.保护第三方合法权益")
    internal_affairs: Applicants = row(Applicants, "5.属于三类内部事务信息")
    deliberative: Applicants = row(Applicants, "6.属于四类过程性信息")
    enforcement_file: Applicants = row(Applicants, "7.属于行政执法案卷")
    administrative_inquiry: Applicants = row(Applicants, "8.属于行政查询事项")


@frozen
class Unable:
    """（四）无法提供."""

    not_held: Applicants = row(Applicants, "1.本机关不掌握相关政府信息")
    to_be_created: Applicants = row(Applicants, "2.没有现成信息需要另行制作")
    unclear: Applicants = row(Applicants, "3.补正后申请内容仍不明确")


@frozen
class NotProcessed:
    """（五）不予处理."""

    petition: Applicants = row(Applicants, "1.信访举报投诉类申请")
    duplicate: Applicants = row(Applicants, "2.重复申请")
    publication: Applicants = row(Applicants, "3.要求提供公开出版物")
    excessive: Applicants = row(Applicants, "4.无正当理由大量反复申请")
    confirmation: Applicants = row(Applicants, "5.要求行政机关确认或重新出具已获取信息")


@frozen
class Results:
    """How cases of one kind ended (件)."""

    upheld: Count = count("结果维持", variants=("维持",))
    corrected: Count = count("结果纠正", variants=("纠正",))
    other: Count = count("其他结果", variants=("其他",))
    pending: Count = count("尚未审结", variants=("未审结",))
    total: Count = total("总计", relation="disputes", variants=("合计",))


@frozen
class Litigation:
    """行政诉讼, by whether 行政复议 came first."""

    direct: Results = columns(Results, "未经复议直接起诉", variants=("未经复议直接诉讼",))
    after_review: Results = columns(Results, "复议后起诉", variants=("复议后诉讼",))


@frozen
class Disputes:
    """四、政府信息公开行政复议、行政诉讼情况 (Regulations, article 50 (3))."""

    review: Results = columns(Results, "行政复议")
    litigation: Litigation = columns(Litigation, "行政诉讼")
