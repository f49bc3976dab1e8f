"""Trained models from the web, kept in a folder."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
import urllib.request
from typing import Any
from urllib.parse import urlparse

from ..serialization import load

# The first digits of a file's SHA-256 are part of its name: resnet18-5c106cde.pth.
HASH_REGEX = re.compile(r"-([a-f0-9]+)\.")


def load_url(url: str, model_dir: str | None = None, map_location: Any = None) -> Any:
    """torch.load of a file on the web, downloaded unless it lies in model_dir already.

    model_dir is, by default, $TORCH_MODEL_ZOO, or else `models` in $TORCH_HOME, or else ~/.torch/models.
    RuntimeError where the file's hash is not the one in its name.
    """
    if model_dir is None:
        home = os.path.expanduser(os.getenv("TORCH_HOME", "~/.torch"))
        model_dir = os.getenv("TORCH_MODEL_ZOO", os.path.join(home, "models"))
    os.makedirs(model_dir, exist_ok=True)
    name = os.path.basename(urlparse(url).path)
    path = os.path.join(model_dir, name)
    if not os.path.exists(path):
        sys.stderr.write(f'Downloading: "{url}" to {path}\n')
        digits = HASH_REGEX.search(name)
        _download(url, path, digits.group(1) if digits else "")
    return load(path, map_location=map_location)


def _download(url: str, path: str, digits: str) -> None:
    """Fetch a file; it gets its name when it is whole and its SHA-256 begins with these digits."""
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path), delete=False) as file:
        try:
            with urllib.request.urlopen(url) as response:
                shutil.copyfileobj(response, file)
            file.close()
            with open(file.name, "rb") as whole:
                found = hashlib.sha256(whole.read()).hexdigest()
            if not found.startswith(digits):
                raise RuntimeError(f"{url}: invalid hash value (expected {digits}, got {found[: len(digits)]})")
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise
