"""Whether an answer holds against the recorded one."""

import json
import math

RTOL, ATOL = 1e-4, 1e-5  # what a case asks for that does not say; the recorded numbers are mostly single precision


def verdict(case: dict, answer: dict) -> str | None:
    """None where the answer is the recorded one; else one line saying how it is not.

    An error must be of the recorded type. Its text is free, but for the pieces that the case names.
    """
    want = case["expect"]
    if "slow" in answer:
        return answer["slow"]
    if "error" in want:
        if "error" not in answer:
            return f"no error; {want['error']} expected ({want['message'][:100]})"
        if answer["error"] != want["error"] and not case.get("any_error"):
            return f"{told(answer)} instead of {told(want)}"
        lacking = [piece for piece in case.get("message_has", ()) if piece not in answer["message"]]
        return f"message lacks {lacking[0]!r}: {answer['message'][:160]}" if lacking else None
    if "error" in answer:
        return told(answer)
    tolerance = (0.0, 0.0) if case.get("exact") else (case.get("rtol", RTOL), case.get("atol", ATOL))
    return difference(answer["value"], want["value"], tolerance, "out")


def told(error: dict) -> str:
    return f"{error['error']}: {error['message'][:160]}"


def difference(got: object, want: object, tolerance: tuple[float, float], path: str) -> str | None:
    """None where the encoded values agree within the tolerance; else where they first do not."""
    if isinstance(want, dict) and isinstance(got, dict):
        if set(got) != set(want):
            return f"{path}: {brief(got)} instead of {brief(want)}"
        places = (difference_at(key, got[key], want[key], tolerance, path) for key in want)
    elif isinstance(want, list) and isinstance(got, list):
        if len(got) != len(want):
            return f"{path}: {len(got)} items instead of {len(want)}"
        places = (difference(g, w, tolerance, f"{path}[{i}]") for i, (g, w) in enumerate(zip(got, want, strict=True)))
    else:
        return None if got == want else f"{path}: {brief(got)} instead of {brief(want)}"
    return next((place for place in places if place), None)


def difference_at(key: str, got: object, want: object, tolerance: tuple[float, float], path: str) -> str | None:
    """difference() of the values under one key of an encoded value."""
    if key in ("data", "dense"):
        if len(got) != len(want):
            return f"{path}.{key}: {len(got)} elements instead of {len(want)}"
        integers = not any(mark in element for element in want for mark in ".en")
        for i, (g, w) in enumerate(zip(got, want, strict=True)):
            if not (g == w if integers else close(g, w, *tolerance)):
                return f"{path}[{i}]: {g} instead of {w}"
        return None
    if key == "float" or (key == "value" and isinstance(want, str)):
        return None if close(got, want, *tolerance) else f"{path}: {got} instead of {want}"
    if key == "grad_fn":  # the names of the nodes are the library's own
        return None if (got is None) == (want is None) else f"{path}.grad_fn: {got} instead of {want}"
    return difference(got, want, tolerance, f"{path}.{key}")


def close(got: str, want: str, rtol: float, atol: float) -> bool:
    """Whether two numbers, given as text, agree within the tolerance; nan agrees with nan."""
    if got == want:
        return True
    try:
        x, y = float(got), float(want)
    except ValueError:  # two texts that are no numbers
        return False
    if math.isfinite(x) and math.isfinite(y):
        return abs(x - y) <= atol + rtol * abs(y)
    return x == y or (math.isnan(x) and math.isnan(y))


def brief(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) < 160 else text[:160] + "…"
