"""Runs the Python blocks of a page of the documentation, as a reader would who types them in one after the other.

    python -m tests.pages PAGE            print what each block prints, as JSON
    python -m tests.pages PAGE --write    put it into the page: into the block fenced by ```text after each

The blocks of a page share their names. Each is a file of its own, so that an error's line counts from the top of its
block: train.py, or what its first line says (# net.py). A block that raises prints the error, as the last lines of a
traceback show it.
"""

import contextlib
import io
import json
import linecache
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path

FENCES = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n*^```text\n(?P<shown>.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str | None]]:
    """The Python blocks of a page, each with the output that the page shows for it, or None."""
    return [(found["code"], found["shown"]) for found in FENCES.finditer(page.read_text())]


def printed(codes: list[str]) -> list[str]:
    """What the blocks print."""
    import autograd_legacy.run

    autograd_legacy.run.install()
    names = {"__name__": "__main__"}
    outputs = []
    for code in codes:
        named = re.match(r"# (\w+\.py)\n", code)
        file = Path(named[1] if named else "train.py")
        file.write_text(code)
        linecache.cache.pop(str(file), None)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            try:
                exec(compile(code, file, "exec"), names)
            except Exception as error:
                error.__traceback__ = error.__context__ = None
                print("".join(traceback.format_exception(error)), end="")
        outputs.append(re.sub(r"[ \t]+$", "", output.getvalue(), flags=re.MULTILINE))
    return outputs


def main() -> None:
    page = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        outputs = printed([code for code, _ in blocks(page)])
    if "--write" not in sys.argv:
        print(json.dumps(outputs))
        return
    remaining = iter(outputs)

    def with_output(found: re.Match) -> str:
        output = next(remaining)
        return f"```python\n{found['code']}```\n" + (f"\n```text\n{output}```\n" if output else "")

    page.write_text(FENCES.sub(with_output, page.read_text()))


if __name__ == "__main__":
    main()
