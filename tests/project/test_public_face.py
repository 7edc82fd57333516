"""The names that users import: few, lazy, documented, and with examples that run."""

from __future__ import annotations

import builtins
import doctest
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from types import FunctionType
from typing import Any, get_args

import pytest

import govdisclose
from govdisclose import errors
from govdisclose.form.edition import EDITIONS, EditionName
from govdisclose.many.long_table import LongName
from govdisclose.outputs import OFFERED, OutputName
from govdisclose.own_templates import LAYOUTS, Layout
from govdisclose.write.long_table import LONG_FILES
from support.paths import ROOT
from support.public_names import MODULES, names

STANDARD = {
    "Any", "BinaryIO", "Callable", "Decimal", "Executor", "Iterable", "Iterator", "Literal",
    "Mapping", "None", "Path", "Sequence",
}  # fmt: skip


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_face_is_small_and_complete() -> None:
    own = [name for name in govdisclose.__all__ if name not in MODULES]
    assert len(own) <= 28
    assert set(govdisclose.__all__) <= set(dir(govdisclose))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        govdisclose.nothing  # noqa: B018  # asking is the case


def test_importing_the_package_loads_nothing_else() -> None:
    code = (
        "import sys, govdisclose; print([m for m in sys.modules if m.startswith('govdisclose.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['govdisclose.version']"


def test_every_public_name_is_documented() -> None:
    page = text("docs/api.md")
    for name, named in names():
        last = name.rpartition(".")[2]
        assert re.search(rf"^::: govdisclose\.[\w.]*\b{last}$", page, re.MULTILINE), name
        assert named.__doc__, name


def api_sections() -> Iterator[tuple[str, str, list[str]]]:
    """The sections of the API reference: title, part (“Types” or nothing), paths of its entries."""
    title, part, paths = "", "", list[str]()
    for line in [*text("docs/api.md").splitlines(), "## "]:
        if line.startswith("#"):
            yield title, part, paths
            paths = []
        if line.startswith("## "):
            title, part = line.removeprefix("## "), ""
        elif line.startswith("### "):
            part = line.removeprefix("### ")
        elif line.startswith("::: "):
            paths.append(line.removeprefix("::: "))


def test_every_name_is_where_the_api_reference_says_that_it_is() -> None:
    """Those of the first sections in the package itself, the others in the namespace of their section."""
    for title, part, paths in api_sections():
        if part == "Types":
            continue
        where = MODULES.get(title.strip("`"), govdisclose)
        for path in paths:
            module, _, name = path.rpartition(".")
            assert name in where.__all__, (title, path)
            assert getattr(where, name) is getattr(importlib.import_module(module), name), path
    listed = [path for _, _, paths in api_sections() for path in paths]
    assert sorted(set(listed)) == sorted(listed)


def test_every_error_that_a_docstring_names_is_public() -> None:
    for name, named in names():
        for error in re.findall(r"``(\w+Error)``", documentation(named)):
            assert error in errors.__all__ or hasattr(builtins, error), (name, error)


def documentation(named: object) -> str:
    """The docstring of a public name, and for a class those of its methods too."""
    docstrings = [named.__doc__]
    if isinstance(named, type):
        for key, value in vars(named).items():
            if not key.startswith("_"):
                docstrings.append(inspect.getdoc(value))
    return "\n".join(filter(None, docstrings))


def test_the_table_of_errors_in_the_guide_is_that_of_the_namespace() -> None:
    rows = re.findall(
        r"^\| `(\w+Error)` \|([^|]*)\| (\d+) \|", text("docs/library.md"), re.MULTILINE
    )
    assert {name for name, _, _ in rows} == set(errors.__all__)
    for name, parents, code in rows:
        error = getattr(errors, name)
        bases = {base.__name__ for base in error.__bases__} - {"Exception", "GovDiscloseError"}
        assert set(re.findall(r"\w+", parents)) == bases, name
        assert error.exit_code == int(code), name


def test_the_outputs_that_a_type_checker_knows_are_those_of_the_table_and_of_the_guide() -> None:
    known = get_args(OutputName)
    assert known == tuple(OFFERED)
    listed = "、".join(f"`{name}`" for name in known)
    assert listed in text("docs/library.md").replace(", ", "、").replace(" and ", "、")


def test_the_editions_layouts_and_long_tables_that_a_type_checker_knows_are_those_there_are() -> (
    None
):
    assert get_args(EditionName) == tuple(EDITIONS)
    assert get_args(Layout) == tuple(LAYOUTS)
    assert get_args(LongName) == tuple(LONG_FILES)


def test_every_type_of_a_public_signature_is_documented_and_importable() -> None:
    documented = set(re.findall(r"^::: (govdisclose[\w.]+)$", text("docs/api.md"), re.MULTILINE))
    for path in documented:
        module, _, name = path.rpartition(".")
        assert hasattr(importlib.import_module(module), name), path
    known = {path.rpartition(".")[2] for path in documented} | STANDARD
    used: set[str] = set()
    for _, value in names():
        if inspect.isfunction(value):
            signature = inspect.signature(value)
            annotations = [p.annotation for p in signature.parameters.values()]
            for annotation in (*annotations, signature.return_annotation):
                used |= set(re.findall(r"\b[A-Z]\w+", str(annotation)))
    assert used - known == set()


def test_whatever_can_be_called_is_a_function_or_a_class() -> None:
    """A cached function is neither: it has no signature that these tests could look at."""
    plain = (FunctionType, type)
    assert [
        name for name, named in names() if callable(named) and not isinstance(named, plain)
    ] == []


def test_the_guide_prints_the_signature_of_every_function() -> None:
    page = text("docs/library.md")
    for name, named in names():
        if not is_function(named):
            continue
        last = name.rpartition(".")[2]
        printed = re.findall(rf"`{last}\(([^`…]*)\)`", page)
        assert printed, name
        for arguments in printed:
            assert parameters(arguments) == parameters_of(named), name


def parameters(arguments: str) -> list[tuple[object, ...]]:
    """What a reader learns of a signature from its text: ``"source, *, force=False"``."""
    return parameters_of(eval(f"lambda {arguments}: None"))


def parameters_of(named: Any) -> list[tuple[object, ...]]:
    return [(p.name, p.kind, p.default) for p in inspect.signature(named).parameters.values()]


CLUSTER = "batch.dask_cluster"
"""Its example needs a cluster, so it is shown and not run."""


def test_every_function_has_an_example_that_runs() -> None:
    without = [name for name, named in names() if is_function(named) and not has_example(named)]
    assert without == [CLUSTER]


def is_function(named: object) -> bool:
    return isinstance(named, FunctionType)


def has_example(named: object) -> bool:
    """Whether a docstring has an example that shows more than imports, and is not skipped."""
    examples = doctest.DocTestParser().get_examples(named.__doc__ or "")
    shown = [one.source for one in examples if not one.options.get(doctest.SKIP)]
    return any("import " not in source for source in shown)
