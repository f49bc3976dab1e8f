"""Time this library against current PyTorch, side by side.

    python benchmarks/run.py --other /path/to/python/with/torch [--only TEXT] [--threads N ...] [--rounds N]
        [--output NAME]

Each group of workloads runs in two processes, one for each library, that take turns, workload by workload and round by
round, so that both see the same machine; between turns all is quiet for a moment, since threads of OpenMP go on waiting
in loops when their work is done. The figure of a workload is the median of its rounds; the ratio is our time
divided by the other's: below 1, this library is faster. A table in Markdown goes to the terminal; with --output it and
the figures as JSON go to NAME.md and NAME.json. docs/benchmarks.md is made by

    python benchmarks/run.py --other PYTHON --threads 1 2 --output docs/benchmarks
"""

import argparse
import datetime
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

from workloads import groups

HERE = Path(__file__).resolve().parent
OURS, OTHER = "autograd_legacy", "torch"
PAUSE_S = 0.03  # by then the other side's threads sleep
IMPORT = "import time; start = time.perf_counter(); import {}; print((time.perf_counter() - start) * 1e3)"


class Side:
    """One library: the interpreter that has it, and the name it is imported by."""

    def __init__(self, python: str, module: str, threads: int) -> None:
        self.python, self.module, self.threads = python, module, threads
        limits = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        self.environment = {**os.environ, **limits}
        if module == OURS:
            self.environment["PYTHONPATH"] = str(HERE.parent)

    def import_time(self) -> float:
        """The milliseconds that importing the library takes in a new process."""
        command = [self.python, "-c", IMPORT.format(self.module)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return float(done.stdout)

    def version(self) -> str:
        command = [self.python, "-c", f"import {self.module} as m; print(getattr(m, 'release', m.__version__))"]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True).stdout.strip()

    def start(self, group: str) -> None:
        """Start the process that runs a group of workloads."""
        command = [self.python, str(HERE / "worker.py"), self.module, group, str(self.threads)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=self.environment, stdin=pipe, stdout=pipe, text=True)
        self.names = self.read()

    def read(self) -> object:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of {self.module} ended with status {self.process.wait()}")
        return json.loads(line)

    def time(self, name: str) -> float | str:
        """The milliseconds of a workload once, or the error it raised."""
        time.sleep(PAUSE_S)
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return self.read()

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def measure(sides: list[Side], only: str, rounds: int) -> dict[str, list]:
    """For each workload the figures of the sides: the median of milliseconds, or an error's text."""
    results = {}
    if only in "import":
        results["import"] = medians([[side.import_time() for side in sides] for _ in range(rounds)])
    for group in groups():
        for side in sides:
            side.start(group)
        for name in sides[0].names:
            if only in name:
                for side in sides:
                    side.time(name)  # the first call makes what later ones find made
                results[name] = medians([[side.time(name) for side in sides] for _ in range(rounds)])
                print(name, *results[name], file=sys.stderr)
        for side in sides:
            side.stop()
    return results


def medians(rounds: list[list]) -> list:
    """Each side's median, or its error."""
    sides = zip(*rounds, strict=True)
    return [next((x for x in side if isinstance(x, str)), None) or statistics.median(side) for side in sides]


def table(results: dict[int, dict[str, list]]) -> str:
    """The results in Markdown: for each number of threads our time, the other's, the ratio."""
    heads = [f"this library, {n} thread{'s' * (n > 1)}, ms | PyTorch, ms | ratio" for n in results]
    lines = [f"| workload | {' | '.join(heads)} |", "|---|" + "---:|" * 3 * len(results)]
    for name in next(iter(results.values())):
        cells = [name]
        for rows in results.values():
            cells += [figure if isinstance(figure, str) else f"{figure:.3f}" for figure in rows[name]]
            cells.append("" if ratio(rows[name]) is None else f"{ratio(rows[name]):.2f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def ratio(figures: list) -> float | None:
    """Our time divided by the other's; None where one of them failed."""
    return None if any(isinstance(figure, str) for figure in figures) else figures[0] / figures[1]


def summary(results: dict[int, dict[str, list]]) -> str:
    """The median of the ratios, and the rows above 1, for each number of threads."""
    lines = []
    for n, rows in results.items():
        ratios = {name: ratio(figures) for name, figures in rows.items() if ratio(figures) is not None}
        slower = [f"{name} ({r:.2f})" for name, r in sorted(ratios.items(), key=lambda item: -item[1]) if r > 1]
        middle = f"median ratio {statistics.median(ratios.values()):.2f}" if ratios else "nothing measured"
        lines.append(f"{n} thread{'s' * (n > 1)}: {middle}; above 1: {', '.join(slower) or 'none'}.")
    return "\n\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", required=True, metavar="PYTHON", help="the interpreter that has PyTorch")
    parser.add_argument("--only", default="", metavar="TEXT", help="only workloads with this in their name")
    parser.add_argument("--threads", type=int, nargs="+", default=[1], metavar="N", help="numbers of threads")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--output", metavar="NAME", help="write NAME.md and NAME.json")
    options = parser.parse_args()
    results = {}
    for threads in options.threads:
        sides = [Side(sys.executable, OURS, threads), Side(options.other, OTHER, threads)]
        results[threads] = measure(sides, options.only, options.rounds)
    ours, other = [side.version() for side in sides]
    about = (
        f"autograd_legacy {ours} against PyTorch {other} in the same run, {datetime.date.today()}: "
        f"median of {options.rounds} rounds, Python {platform.python_version()}, {processor()}. "
        f"The ratio is our time divided by PyTorch's: below 1, this library is faster."
    )
    command = " ".join(["python benchmarks/run.py", *map(shlex.quote, shown(sys.argv[1:]))])
    text = "\n\n".join(["# Benchmarks", about, f"    {command}", summary(results), table(results)])
    print(text)
    if options.output:
        Path(f"{options.output}.md").write_text(text + "\n")
        record = {"about": about, "milliseconds": results}
        Path(f"{options.output}.json").write_text(json.dumps(record, indent=1) + "\n")


def shown(arguments: list[str]) -> list[str]:
    """The command's arguments, with a name for the other interpreter, whose place says nothing elsewhere."""
    return ["PYTHON" if before == "--other" else a for before, a in zip(["", *arguments], arguments, strict=False)]


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
