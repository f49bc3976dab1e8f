"""The recorded answers of PyTorch 0.3.1: areas, their cases, and which of them do not hold yet.

A case is a dict:

    id       "area/topic/name", unique
    code     Python source that leaves its answer in `out`, or prints it; the names it may use are those of namespace.py
    expect   {"value": the answer, encoded as encoding.py says} or {"error": name of its type, "message": its text}
    exact    equality of every bit is asked for; otherwise numbers may differ by `rtol` and `atol`, where given
    any_error, message_has    any type of error will do; pieces of text that the message must hold
"""

import functools
import gzip
import json
from pathlib import Path

HERE = Path(__file__).parent
FILES = HERE / "files"  # checkpoints that 0.3.1 wrote
AREAS = sorted(path.name.removesuffix(".jsonl.gz") for path in (HERE / "answers").glob("*.jsonl.gz"))
AREAS.append("files")


@functools.cache
def cases(area: str) -> dict[str, dict]:
    """The cases of an area by their id."""
    if area == "files":
        found = [case for entry in json.loads((FILES / "manifest.json").read_text()) for case in cases_of_file(entry)]
    else:
        with gzip.open(HERE / "answers" / f"{area}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found = [json.loads(line) for line in lines]
    return {case["id"]: case for case in found}


def cases_of_file(entry: dict) -> list[dict]:
    """What a file must load as: one case for the whole, one for each closer look."""
    load = f"path = FILES + '/{entry['file']}'\n{entry['how']}\n"
    if entry["file"].endswith(".pkl"):  # which pickle alone reads, by the names of torch
        load = f"importlib.import_module(TORCH + '.run').install()\n{load}"
    looks = [("", "parts(r)", entry["expect"])]
    looks += [(f"/{number}", look["code"], look["expect"]) for number, look in enumerate(entry["probes"], 1)]
    found = []
    for suffix, look, expect in looks:
        *statements, last = look.strip().split("\n")
        code = "\n".join([load, *statements, f"out = {last}"])
        found.append({"id": f"files/{entry['file']}{suffix}", "code": code, "expect": {"value": expect}})
    return found


def topic(case_id: str) -> str:
    """The part of an id that names a group of cases: area and topic."""
    return "/".join(case_id.split("/")[:2])
