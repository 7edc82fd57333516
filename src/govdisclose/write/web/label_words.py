"""The words of the labels of the statutory tables, between which a narrow column may break them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_VOCABULARY = """
一稳定 三安全 三类 上一年 上年 下年度 不再 不掌握 不明确 不补正 不计 不予公开 不予处理 万元 举报 之和 事业性
事务 事项 予以 仍 件数 企业 信息 信访 保护 公开 公益 关系为 其 其他 内容 内部 决定 出具 出版物 制作 制发 办理 加 勾稽
区分 单位 危及 反复 只计 合法 后 商业 四类 国家 增/减 处理 处罚 复议 大量 对外 尚未 属于 已 废止 强制 或其他
总数量 总计 总金额 情况 情形 执法 投诉类 按 提供 收费 政府 数据的 数量 文件 新公开 新制作 新收 无法提供 无正当 本列
本年 本年度 本机关 机构 权益 服务 未按 未经 案卷 查询 没有 法人 法律 法规 现成 现行 理由 申请 申请人 相关 确认 社会
禁止 秘密 科研 第一项 第三方 第三项 第二十条 第二项 第四项 等于 管理 纠正 组织 结果 结转 继续 维持 缴纳 自然人 获取
行政 补正 要求 规章 规范性 许可 诉讼 费用 起诉 过程性 这一 通知 逾期 部分 重复 重新 金额 集中 需要 项目 采购 有效
另行 直接 审结 机关 的
"""
_WORDS = frozenset(_VOCABULARY.split())
_TOKEN = re.compile("|".join([*sorted(_WORDS, key=len, reverse=True), "."]))
_CLOSING = "）”、，：。"


def words(label: str) -> tuple[str, ...]:
    """The pieces of a label in order; a line may end after each of them.

    An ordinal and an opening mark belong to the word after them, a closing mark to the word before.

    Examples:
        >>> words("4.保护第三方合法权益")
        ('4.保护', '第三方', '合法', '权益')
    """
    return tuple(_pieces(label))


def _pieces(label: str) -> Iterator[str]:
    piece, is_whole = "", False
    for token in _TOKEN.findall(label):
        if token in _CLOSING:
            piece, is_whole = piece + token, True
            continue
        if is_whole:
            yield piece
            piece = ""
        piece, is_whole = piece + token, token in _WORDS
    yield piece
