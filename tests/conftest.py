"""Shared fixtures."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from attrs import frozen
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", deadline=None, derandomize=True, max_examples=40, suppress_health_check=list(HealthCheck)
)
settings.load_profile("house")


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """PNG pictures a few pixels wide, where what they show does not matter: they take the time."""
    from govdisclose.write.charts import png

    draw = png._render
    monkeypatch.setattr(png, "_render", lambda svg, width: draw(svg, min(width, 64)))


@frozen
class Run:
    """What one command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run the command line in this process, as the console script does."""
    from govdisclose.cli import main

    def call(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["govdisclose", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capfd.readouterr()
        return Run(int(stop.value.code or 0), out, err)

    return call
