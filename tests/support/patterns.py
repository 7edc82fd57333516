"""Every regular expression of the package, how it is used, and texts that are hard for it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from attrs import frozen

import govdisclose
from govdisclose.lazy_pattern import LazyPattern

try:
    from re import _constants as constants
    from re import _parser as parser
except ImportError:  # Python 3.10
    import sre_constants as constants  # type: ignore[no-redef]  # the same module under its older name
    import sre_parse as parser  # type: ignore[no-redef]  # the same

METHODS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub")
_ANYTHING = "a1一 <>\"'/.,:;-=x（）、年\n\t&é"
_NEAR_MISSES = ("", "\0", "!", "一", "x", "<", "\n")
_BEGINNINGS = 20
"""How many beginnings of a text that fits are repeated: each is a match begun and not ended."""

_RUNS = (
    "0",
    "1,",
    " ",
    "　",
    "\n",
    "<",
    "&",
    "一",
    "（",
    "（一）",
    "、",
    "a",
    "a ",
    '="',
    "年",
    "件",
    "A1",
    "A1:",
    "..",
    "|",
    "-",
    "#",
    "{{",
    "</",
)


@frozen
class Use:
    """One pattern with one method of use, and where it stands."""

    pattern: re.Pattern[Any]
    method: str
    where: str

    @property
    def call(self) -> Callable[[Any], Any]:
        """Uses the pattern as the package does; what is found is thrown away."""
        if self.method == "sub":
            return lambda text: self.pattern.sub(text[:0], text)
        if self.method == "finditer":
            return self.pattern.findall
        return getattr(self.pattern, self.method)


def modules() -> Iterator[ModuleType]:
    """Every module of the package but the one that runs it."""
    for info in pkgutil.walk_packages(govdisclose.__path__, "govdisclose."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def uses() -> dict[tuple[Any, int, str], Use]:
    """Every pattern of the package with each method that it is used with, by pattern, flags and method."""
    found: dict[tuple[Any, int, str], Use] = {}
    named: set[tuple[Any, int]] = set()
    everything = list(modules())
    for module in everything:
        for use in _calls(module):
            found.setdefault((use.pattern.pattern, use.pattern.flags, use.method), use)
            named.add((use.pattern.pattern, use.pattern.flags))
    for module in everything:
        for name, value in vars(module).items():
            for pattern in _patterns(value):
                if (
                    pattern.pattern,
                    pattern.flags,
                ) not in named:  # from a list, say: by which method is not known
                    use = Use(pattern, "match", f"{module.__name__}.{name}")
                    found.setdefault((pattern.pattern, pattern.flags, "match"), use)
    return found


def _patterns(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern | LazyPattern):
        yield _compiled(value)
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from _patterns(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _patterns(item)


def _compiled(value: Any) -> Any:
    return value.compiled if isinstance(value, LazyPattern) else value


def _calls(module: ModuleType) -> Iterator[Use]:
    """The calls of a module that use a pattern; not those whose pattern is only known when they run."""
    text = Path(module.__file__ or "").read_text(encoding="utf-8")
    if not any(f".{method}" in text for method in METHODS):
        return
    for node in ast.walk(ast.parse(text)):
        where = f"{module.__name__}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            pattern = _compiled(_value(node.value, module))
            if isinstance(pattern, re.Pattern):
                yield Use(pattern, node.attr, where)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            pattern = _given_to_re(node, module)
            if node.func.attr in METHODS and pattern is not None:
                yield Use(pattern, node.func.attr, where)


def _given_to_re(node: ast.Call, module: ModuleType) -> re.Pattern[Any] | None:
    """The pattern of a call such as ``re.sub(pattern, …)``."""
    assert isinstance(node.func, ast.Attribute)
    if _value(node.func.value, module) is not re or not node.args:
        return None
    pattern = _value(node.args[0], module)
    if isinstance(pattern, str | bytes):
        return re.compile(pattern, _flags(node, module))
    return pattern if isinstance(pattern, re.Pattern) else None


def _value(node: ast.expr, module: ModuleType) -> object:
    """What an expression means at the top of a module; ``None`` where that is not known."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Attribute):
        return getattr(_value(node.value, module), node.attr, None)
    return None


def _flags(call: ast.Call, module: ModuleType) -> int:
    flags = 0
    for argument in [*call.args[1:], *[keyword.value for keyword in call.keywords]]:
        value = _value(argument, module)
        if isinstance(value, re.RegexFlag):
            flags |= value
    return flags


# --- texts --------------------------------------------------------------------------------------


@frozen
class Shape:
    """A text that may be made as long as one likes: a beginning, a run, an end."""

    start: str
    run: str
    end: str = ""

    def text(self, length: int, like: Any = "") -> Any:
        """The text of about ``length`` characters, as bytes if ``like`` is."""
        times = max((length - len(self.start) - len(self.end)) // len(self.run), 1)
        text = self.start + self.run * times + self.end
        return text.encode("utf-8", "replace") if isinstance(like, bytes) else text


def plain_shapes() -> Iterator[Shape]:
    """Runs of everything that some pattern or function knows, alone and broken off."""
    for run in _RUNS:
        yield Shape("", run)
        yield Shape("", run, "!")


def hard_shapes(pattern: re.Pattern[Any]) -> list[Shape]:
    """Texts in which each part of the pattern that may repeat does, and then breaks off."""
    return list(dict.fromkeys([*_hard_shapes(pattern), *plain_shapes()]))


def _hard_shapes(pattern: re.Pattern[Any]) -> Iterator[Shape]:
    source, flags = pattern.pattern, pattern.flags
    if isinstance(source, bytes):
        source = source.decode("latin-1")
    tree = parser.parse(
        source, flags & (re.DOTALL | re.IGNORECASE | re.MULTILINE | re.VERBOSE | re.ASCII)
    )
    for seed in range(2):
        writer = _Writer(Random(seed))
        whole = writer.write(tree)
        for length in range(1, min(len(whole), _BEGINNINGS) + 1):
            yield Shape("", whole[:length])
        for body in _repeats(tree):
            unit = writer.write(body) or "a"
            start = whole.partition(unit)[0] if unit in whole else ""
            for miss in _NEAR_MISSES:
                yield Shape(start, unit, miss)


def _repeats(tree: Any) -> Iterator[Any]:
    """The bodies of everything in a parsed pattern that may repeat."""
    for operator, value in tree:
        if operator in (constants.MAX_REPEAT, constants.MIN_REPEAT) and value[1] > 1:
            yield value[2]
        for part in _inner(value):
            yield from _repeats(part)


def _inner(value: Any) -> Iterator[Any]:
    if isinstance(value, parser.SubPattern):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _inner(item)


class _Writer:
    """Writes a short text that a parsed pattern fits."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def write(self, tree: Any) -> str:
        return "".join(self._one(operator, value) for operator, value in tree)

    def _one(self, operator: Any, value: Any) -> str:
        if operator is constants.LITERAL:
            return chr(value)
        if operator is constants.NOT_LITERAL:
            return self._other(chr(value))
        if operator is constants.ANY:
            return self.rng.choice("a1一")
        if operator is constants.IN:
            return self._member(value)
        if operator is constants.BRANCH:
            return self.write(self.rng.choice(value[1]))
        if operator is constants.SUBPATTERN:
            return self.write(value[3])
        if operator in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            least, most, body = value
            return "".join(self.write(body) for _ in range(min(max(least, 1), most)))
        return ""  # a position, or what may not follow

    def _member(self, items: Any) -> str:
        if items[0][0] is constants.NEGATE:
            fits = [c for c in _ANYTHING if not any(_is_in(c, item) for item in items[1:])]
            return self.rng.choice(fits or ["a"])
        operator, value = self.rng.choice(items)
        if operator is constants.LITERAL:
            return chr(value)
        if operator is constants.RANGE:
            return chr(self.rng.randint(*value))
        fits = [c for c in _ANYTHING if _is_in(c, (operator, value))]
        return self.rng.choice(fits or ["a"])

    def _other(self, character: str) -> str:
        return self.rng.choice([c for c in _ANYTHING if c != character])


def _is_in(character: str, item: Any) -> bool:
    operator, value = item
    if operator is constants.LITERAL:
        return ord(character) == value
    if operator is constants.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    tests = {
        constants.CATEGORY_DIGIT: str.isdigit,
        constants.CATEGORY_SPACE: str.isspace,
        constants.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    }
    opposite = {
        constants.CATEGORY_NOT_DIGIT: constants.CATEGORY_DIGIT,
        constants.CATEGORY_NOT_SPACE: constants.CATEGORY_SPACE,
        constants.CATEGORY_NOT_WORD: constants.CATEGORY_WORD,
    }
    if value in opposite:
        return not tests[opposite[value]](character)
    return bool(tests[value](character))


# --- time ---------------------------------------------------------------------------------------

SHORT, MIDDLE = 22, 800
"""Lengths that are tried before the longest: what doubles with every character must be met while it is short."""

_SUSPECTS = 4
"""How many of the shapes that take longest are tried at full length."""


def slow_text(
    call: Callable[[Any], Any], shapes: Sequence[Shape], length: int, bound: float, like: Any = ""
) -> str:
    """The first text that takes ``call`` more seconds than ``bound``, in words; empty when there is none."""
    for rung in (SHORT, 10 * SHORT):
        for shape in shapes:
            if spent := _seconds(call, shape.text(rung, like), bound):
                return _told(shape, rung, spent)
    suspects = sorted(shapes, key=lambda shape: -seconds_once(call, shape.text(MIDDLE, like)))[
        :_SUSPECTS
    ]
    for shape in suspects:
        if spent := _seconds(call, shape.text(length, like), bound):
            return _told(shape, length, spent)
    return ""


def _told(shape: Shape, length: int, spent: float) -> str:
    return f"{spent:.2f} s for {length} characters: {shape.start!r} + {shape.run!r} * n + {shape.end!r}"


def _seconds(call: Callable[[Any], Any], text: Any, bound: float) -> float:
    """The seconds of a call if they are more than ``bound`` twice, since something else may have held it up."""
    spent = seconds_once(call, text)
    if spent <= bound:
        return 0
    again = min(spent, seconds_once(call, text))
    return again if again > bound else 0


def seconds_once(call: Callable[[Any], Any], text: Any) -> float:
    """The seconds of the processor that one call takes."""
    before = time.process_time()
    call(text)
    return time.process_time() - before
