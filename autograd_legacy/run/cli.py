"""The command `autograd-legacy`."""

from .program import run_module, run_script


def main() -> None:
    """Read the command line and do what it says."""
    import argparse  # 5 ms that `import autograd_legacy` need not pay

    parser = argparse.ArgumentParser(prog="autograd-legacy", description="PyTorch 0.3.1's API on current Python.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="run an old program",
        description="Run a program as `python PROGRAM ARGS...` would, its `import torch` giving this library.",
    )
    run.add_argument("-m", action="store_true", help="PROGRAM is the name of a module, as for `python -m`")
    run.add_argument("program", metavar="PROGRAM", help="a script")
    run.add_argument("args", metavar="ARGS", nargs=argparse.REMAINDER, help="the program's own arguments")
    options = parser.parse_args()
    (run_module if options.m else run_script)(options.program, options.args)
