"""Rules that a user adds: which are accepted, and their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from attrs import frozen

from govdisclose.errors import UsageError
from govdisclose.finding import Finding
from govdisclose.form.reading import Reading
from govdisclose.rules import RULES, Family, Rule

Check: TypeAlias = Callable[[Reading], Iterable[Finding]]
"""A check: it takes the reading of one report and yields its findings."""


@frozen
class OwnRule:
    """A rule of the user's own, and the function that checks it.

    ``check`` takes a ``Reading`` and yields findings of ``rule`` (``rule.finding(…)``). The prose
    of its report is as it will be printed: quoted figures are already filled in. An error stops the
    report, as our own errors do.

    Examples:
        >>> from govdisclose import OwnRule, Rule, Severity, blank_report, check_report
        >>> NO_CODE = Rule("X101", "没有代码", Severity.WARNING, fix="在“基本信息”中填写代码。")
        >>> def check_code(reading):
        ...     if not reading.report.agency.code:
        ...         yield NO_CODE.finding("没有填统一社会信用代码", path="agency.code")
        >>> findings = check_report(blank_report("2021"), rules=[OwnRule(NO_CODE, check_code)])
        >>> [finding.text for finding in findings if finding.code == "X101"]
        ['没有填统一社会信用代码']
    """

    rule: Rule
    check: Check


def refuse_other_rules(rules: Sequence[OwnRule]) -> None:
    """Refuse rules that could be taken for one of ours, or for one another.

    Raises ``UsageError`` for a code that is blank, used twice, or reserved for this package: a
    letter of one of its families and three digits.
    """
    codes: set[str] = set()
    for own in rules:
        if not isinstance(own, OwnRule):
            raise UsageError(f"rules 中应为 OwnRule，得到 {type(own).__name__}")
        code = own.rule.code
        has_blanks = "".join(code.split()) != code
        if not code or has_blanks:
            raise UsageError(f"规则代码“{code}”不能是空的，也不能有空白，可用 X101 这样的代码")
        if code in RULES:
            name = RULES[code].name
            raise UsageError(f"规则代码 {code} 已是“{name}”，请换一个，如 X101")
        if own.rule.family is not Family.OWN:
            raise UsageError(f"规则代码 {code} 留给本程序以后使用，请换一个，如 X101")
        if code in codes:
            raise UsageError(f"有两条规则的代码都是 {code}")
        codes.add(code)


def refuse_unsendable(rules: Sequence[OwnRule]) -> None:
    """Refuse rules that cannot be handed to a worker process. Raises ``UsageError``."""
    import pickle  # only a batch with own rules needs it

    for own in rules:
        try:
            pickle.dumps(own)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise UsageError(
                f"规则 {own.rule.code} 的检查函数不能交给子进程："
                "请写成模块顶层的函数，不能是 lambda 或函数里的函数"
            ) from error


def own_findings(own: OwnRule, reading: Reading) -> Iterator[Finding]:
    """The findings of one rule of the user.

    Raises ``UsageError`` when its function gives anything but findings of this rule.
    """
    found = own.check(reading)
    if not isinstance(found, Iterable):
        raise UsageError(f"规则 {own.rule.code} 的检查函数应逐条给出（yield）Finding")
    for finding in found:
        if not isinstance(finding, Finding):
            raise UsageError(
                f"规则 {own.rule.code} 的检查函数应给出 Finding，得到 {type(finding).__name__}"
            )
        if finding.code != own.rule.code:
            raise UsageError(
                f"规则 {own.rule.code} 的检查函数给出了代码为 {finding.code} 的 Finding"
            )
        yield finding
