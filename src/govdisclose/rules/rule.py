"""A rule: a permanent code, how serious it is, and the page a clerk reads."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from govdisclose.finding import NOWHERE, Finding, Number, Place, Severity


@frozen
class Rule:
    """What can be wrong, said once.

    ``why`` names the legal source, ``example`` shows a wrong and a right case, ``fix`` says what to
    do; all three are Chinese prose of the rule's page. A code is never reused.
    """

    code: str
    name: str
    severity: Severity
    why: str
    example: str
    fix: str

    def finding(
        self,
        text: str,
        place: Place = NOWHERE,
        *,
        path: str | None = None,
        expected: Number | str | None = None,
        found: Number | str | None = None,
        others: Iterable[str] = (),
        hint: str | None = None,
    ) -> Finding:
        """A finding of this rule; without ``hint`` the rule's own advice is given."""
        return Finding(
            self.code,
            self.severity,
            text,
            place,
            path,
            expected,
            found,
            tuple(others),
            hint or self.fix,
        )

    @property
    def page(self) -> str:
        """The page as ``explain`` prints it and the docs show it (Markdown)."""
        return (
            f"# {self.code} {self.name}（{self.severity.label}）\n\n"
            f"## 为什么\n\n{self.why}\n\n## 例\n\n{self.example}\n\n## 怎么改\n\n{self.fix}\n"
        )
