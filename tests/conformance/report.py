"""Pass rates of the recorded answers, and upkeep of the list of gaps.

python -m tests.conformance.report                       each area's rate
python -m tests.conformance.report linalg --only svd -v  these cases of one area, with why each fails
python -m tests.conformance.report --write               drop gaps that are closed, add new ones under a first reason
"""

import argparse
import re

from . import gaps
from .cases import AREAS, cases
from .run import failures

FIRST_REASONS = [  # what `why` says -> a reason
    (r"has no attribute '(\w+)'", r"not built yet: \1"),
    (r"No module named '[^.']+\.([\w.]+)'", r"not built yet: \1"),
    (r"^no error", "not refused yet"),
    (r"Error: .* instead of \w+:", "refused with another type of error as yet"),
    (r"^message lacks", "refused in other words as yet"),
    (r"\.(leaf|volatile|requires_grad)\b", "another flag of a result as yet"),
    (r"Backward", "another name in the graph as yet"),
    (r"", "another answer as yet"),
]


def first_reason(why: str) -> str:
    """A reason for a new gap, from why it fails; to be put better by hand."""
    found, reason = next((match, reason) for text, reason in FIRST_REASONS if (match := re.search(text, why)))
    return found.expand(reason)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", choices=[[], *AREAS], metavar="AREA", help="default: all")
    parser.add_argument("--only", default="", help="a part of the ids of the cases to run")
    parser.add_argument("-v", "--verbose", action="store_true", help="say why each case fails")
    parser.add_argument("--write", action="store_true", help="bring the list of gaps up to date")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write needs whole areas")
    passed = total = 0
    for area in options.areas or AREAS:
        failed = failures(area, options.only)
        count = sum(options.only in case_id for case_id in cases(area))
        passed, total = passed + count - len(failed), total + count
        if count:
            print(f"{area:18} {count - len(failed):6} of {count:6}  {100 * (count - len(failed)) / count:6.1f} %")
        if options.verbose:
            for case_id, why in failed.items():
                print(f"    {case_id} :: {why}")
        if options.write:
            known = gaps.read(area)
            gaps.write(area, {case_id: known.get(case_id) or first_reason(why) for case_id, why in failed.items()})
    print(f"{'all':18} {passed:6} of {total:6}  {100 * passed / max(total, 1):6.1f} %")


if __name__ == "__main__":
    main()
