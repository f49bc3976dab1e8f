"""`python -m autograd_legacy ...` is the command `autograd-legacy ...`."""

from autograd_legacy.run.cli import main

main()
