"""Random calls of every row of the table, against NumPy and against themselves in other layouts of memory.

`python -m tests.fuzz --calls 100000 --seed 0` runs them all and prints the calls that disagree.
"""
