"""Every Python block of the documentation runs and prints what the page shows below it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import pages

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(page for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")] if pages.blocks(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page):
    done = subprocess.run(
        [sys.executable, "-m", "tests.pages", page],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    blocks = pages.blocks(page)
    outputs = json.loads(done.stdout)
    assert len(outputs) == len(blocks)
    for (code, shown), output in zip(blocks, outputs, strict=True):
        assert output == (shown or ""), code
