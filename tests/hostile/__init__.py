"""Calls that ask for what cannot be: each must be refused with an error, or answered rightly, never crash or hang.

Tables of source lines by subject; `run.py` runs them in child processes that survive a crash and name the call.
"""
