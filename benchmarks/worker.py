"""One side of a comparison: `python worker.py MODULE GROUP THREADS` times workloads on demand.

It first prints the names of the group's workloads, as JSON. Then each line it reads is such a name, and it answers with
the milliseconds that one call takes, or with what the call raised.
"""

import importlib
import json
import sys
import time
import warnings

SHORTEST_S = 0.02  # calls are repeated until this much time is measured


def milliseconds(run):
    """The mean time of a call, over as many calls as make the measured time long enough."""
    calls, spent = 0, 0.0
    while spent < SHORTEST_S:
        started = time.perf_counter()
        run()
        spent += time.perf_counter() - started
        calls += 1
    return 1e3 * spent / calls


def main(module, group, threads):
    warnings.simplefilter("ignore")  # current PyTorch warns of names that 0.3.1 had
    torch = importlib.import_module(module)
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    from workloads import workloads

    runs = workloads(group, torch)
    print(json.dumps(list(runs)), flush=True)
    for line in sys.stdin:
        try:
            print(json.dumps(milliseconds(runs[line.rstrip("\n")])), flush=True)
        except Exception as error:  # a workload that one side lacks is a line of the table, not the end of it
            print(json.dumps(f"{type(error).__name__}: {error}"), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
