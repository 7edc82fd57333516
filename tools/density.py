"""How densely the code is written: a habit to look at before a commit, not a gate.

    python tools/density.py [PATH ...]

A *node* is an expression or a statement of the syntax tree; docstrings do not count. A *decision* is
a branch, a loop, a handler, a further term of ``and`` or ``or``, or a part of a comprehension.

The list below the figures names the places that are hard to read: comprehensions inside
comprehensions, functions with more than ten decisions, private functions with more than six
parameters, and class names with more than one meaning. The classes of two editions of the form have
the same names on purpose.
"""

from __future__ import annotations

import argparse
import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from attrs import Factory, define

ROOT = Path(__file__).resolve().parents[1]
MOST_DECISIONS = 10
MOST_PARAMETERS = 6

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (*_FUNCTIONS, ast.ClassDef, ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)
_ONE_DECISION = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler)
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@define
class Density:
    """The sums over all files, and the places that a reader has to take apart."""

    lines: int = 0
    nodes: int = 0
    comprehensions: int = 0
    conditionals: int = 0
    functions: int = 0
    nested: list[str] = Factory(list)
    branching: list[str] = Factory(list)
    wide: list[str] = Factory(list)
    classes: dict[str, list[str]] = Factory(dict)

    def add(self, path: Path) -> None:
        """Measure one file."""
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        words = docstring_lines(tree)
        self.lines += len(code_lines(text) - words)
        for node in ast.walk(tree):
            self._add_node(node, path, words)

    def _add_node(self, node: ast.AST, path: Path, words: set[int]) -> None:
        if not isinstance(node, (ast.expr, ast.stmt)) or node.lineno in words:
            return
        self.nodes += 1
        self.comprehensions += isinstance(node, _COMPREHENSIONS)
        self.conditionals += isinstance(node, ast.IfExp)
        place = f"{path}:{node.lineno}"
        if isinstance(node, ast.stmt) and has_nested_comprehension(node):
            self.nested.append(place)
        if isinstance(node, _FUNCTIONS):
            self._add_function(node, place)
        if isinstance(node, ast.ClassDef):
            self.classes.setdefault(node.name.lstrip("_"), []).append(place)

    def _add_function(self, function: ast.FunctionDef | ast.AsyncFunctionDef, place: str) -> None:
        self.functions += 1
        decisions = count_decisions(function)
        if decisions > MOST_DECISIONS:
            self.branching.append(f"{place} {function.name}: {decisions}")
        parameters = count_parameters(function)
        is_private = function.name.startswith("_") and not function.name.startswith("__")
        if is_private and parameters > MOST_PARAMETERS:
            self.wide.append(f"{place} {function.name}: {parameters}")

    @property
    def shared_names(self) -> list[str]:
        """The class names that stand for several things, with their places."""
        shared = {name: places for name, places in self.classes.items() if len(places) > 1}
        return [f"{name}: {', '.join(places)}" for name, places in shared.items()]

    def summary(self) -> str:
        """The figures in one line each."""
        lines = max(self.lines, 1)
        branching = 100 * len(self.branching) / max(self.functions, 1)
        return "\n".join(
            [
                f"{self.lines} code lines, {self.nodes} nodes: {self.nodes / lines:.2f} a line",
                f"comprehensions: {100 * self.comprehensions / lines:.1f} in 100 lines",
                f"conditional expressions: {100 * self.conditionals / lines:.1f} in 100 lines",
                f"statements with nested comprehensions: {len(self.nested)}",
                f"functions over {MOST_DECISIONS} decisions: {len(self.branching)} of"
                f" {self.functions} ({branching:.1f} %)",
                f"private functions over {MOST_PARAMETERS} parameters: {len(self.wide)}",
            ]
        )


def docstring_lines(tree: ast.AST) -> set[int]:
    """The lines of docstrings, those below attributes included."""
    found: set[int] = set()
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text and isinstance(node, ast.Expr) and node.end_lineno is not None:
            found.update(range(node.lineno, node.end_lineno + 1))
    return found


def code_lines(text: str) -> set[int]:
    """The lines with anything but comments and blanks."""
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    return found


def has_nested_comprehension(statement: ast.stmt) -> bool:
    """Whether a simple statement holds a comprehension inside a comprehension."""
    if isinstance(statement, _BLOCKS):
        return False
    for outer in ast.walk(statement):
        if isinstance(outer, _COMPREHENSIONS):
            inner = (node for child in ast.iter_child_nodes(outer) for node in ast.walk(child))
            if any(isinstance(node, _COMPREHENSIONS) for node in inner):
                return True
    return False


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions inside it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            yield child
            yield from own_nodes(child)


def count_decisions(function: ast.AST) -> int:
    """The number of decisions in a function."""
    found = 0
    for node in own_nodes(function):
        if isinstance(node, (*_ONE_DECISION, ast.match_case)):
            found += 1
        elif isinstance(node, ast.BoolOp):
            found += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            found += 1 + len(node.ifs)
    return found


def count_parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The named parameters of a function without ``self`` and ``cls``."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return sum(argument.arg not in ("self", "cls") for argument in named)


def main() -> None:
    """Measure the given files and folders, or the package."""
    parser = argparse.ArgumentParser(description="Measure how densely the code is written.")
    parser.add_argument("paths", nargs="*", type=Path, default=[ROOT / "src"])
    density = Density()
    for path in parser.parse_args().paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            density.add(file)
    print(density.summary())
    for title, places in (
        ("nested comprehensions", density.nested),
        ("many decisions", density.branching),
        ("many parameters", density.wide),
        ("class name", density.shared_names),
    ):
        for place in places:
            print(f"  {title}: {place}")


if __name__ == "__main__":
    main()
