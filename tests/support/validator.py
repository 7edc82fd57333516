"""The validator of the Open XML SDK."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

VALIDATOR = shutil.which("ooxml-validator")


WITHOUT_PROFILES = {**os.environ, "DOTNET_TieredPGO": "0"}
"""A program that runs for a second gains nothing from measuring itself."""


def faults(path: Path) -> list[object]:
    assert VALIDATOR, "CI must have the validator"
    done = subprocess.run(
        [VALIDATOR, path],
        env=WITHOUT_PROFILES,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found: list[object] = (
        json.loads(done.stdout)["errors"]
        if done.stdout.startswith("{")
        else json.loads(done.stdout)
    )
    return found
