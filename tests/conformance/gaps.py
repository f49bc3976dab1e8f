"""The list of recorded answers that do not hold, each with its reason: gaps/<area>.txt.

A reason stands at the beginning of a line, the ids that it is given for follow, indented:

    kinder than 0.3.1: svd has a gradient
        linalg/svd/no_gradient
        linalg/svd/no_gradient_some
"""

from .cases import HERE

FOLDER = HERE / "gaps"


def read(area: str) -> dict[str, str]:
    """The reason of each listed id.

    Raises:
        ValueError: a line without a reason above it, or an id listed twice.
    """
    path = FOLDER / f"{area}.txt"
    reasons: dict[str, str] = {}
    reason = None
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if not line.strip():
            continue
        if not line.startswith(" "):
            reason = line.strip()
        elif reason is None or line.strip() in reasons:
            raise ValueError(f"{path}: {line.strip()} is listed {'without a reason' if reason is None else 'twice'}")
        else:
            reasons[line.strip()] = reason
    return reasons


def write(area: str, reasons: dict[str, str]) -> None:
    """Write the list of an area, grouped by reason; no file where nothing is listed."""
    path = FOLDER / f"{area}.txt"
    groups: dict[str, list[str]] = {}
    for case_id, reason in sorted(reasons.items()):
        groups.setdefault(reason, []).append(case_id)
    if groups:
        blocks = ["\n".join([reason, *(f"    {case_id}" for case_id in groups[reason])]) for reason in sorted(groups)]
        path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
