"""Libraries of 2017 that build on torch, unmodified from PyPI: each program in companions/ runs by the runner."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NEEDS = {
    "engines": "ignite",
    "images": "torchvision",
    "inference": "pyro",
    "meters": "torchnet",
    "networks": "torchvision",
    "sentences": "torchtext",
    "summaries": "tensorboardX",
    "transforms": "torchvision",
}


def test_every_program_is_listed():
    assert sorted(NEEDS) == sorted(path.stem for path in (ROOT / "tests/companions").glob("*.py"))


@pytest.mark.parametrize("program", NEEDS)
def test_companion(program, tmp_path):
    if importlib.util.find_spec(NEEDS[program]) is None:
        pytest.skip(f"{NEEDS[program]} is not installed: docs/companions.md says how it is")
    done = subprocess.run(
        [sys.executable, "-m", "autograd_legacy", "run", ROOT / f"tests/companions/{program}.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "done"
