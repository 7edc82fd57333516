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
