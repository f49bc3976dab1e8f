"""Trained models from the web, kept in a folder."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
import urllib.error
import urllib.request
from importlib import import_module
from typing import IO, Any
from urllib.parse import urlparse

from ..serialization import load

# The first digits of a file's SHA-256 are part of its name: resnet18-5c106cde.pth.
HASH_REGEX = re.compile(r"-([a-f0-9]+)\.")
CHUNK = 1 << 16  # bytes read at a time


class _Counted:
    """How far a download has come, on one line of stderr, where the package tqdm is not installed."""

    def __init__(self, total: int | None, **options: Any):
        self.total, self.done = total, 0

    def __enter__(self) -> _Counted:
        return self

    def update(self, n: int) -> None:
        """So many bytes more are there."""
        self.done += n
        share = f"{100 * self.done / self.total:.1f}%" if self.total else f"{self.done} bytes"
        sys.stderr.write(f"\r{share}")
        sys.stderr.flush()

    def __exit__(self, *exception: Any) -> None:
        sys.stderr.write("\n")


def _bar() -> type:
    try:
        return import_module("tqdm").tqdm
    except ImportError:
        return _Counted


tqdm = _bar()


def load_url(url: str, model_dir: str | None = None, map_location: Any = None) -> Any:
    """torch.load of a file on the web, downloaded unless it lies in model_dir already.

    model_dir is, by default, $TORCH_MODEL_ZOO, or else `models` in $TORCH_HOME, or else ~/.torch/models.
    RuntimeError where the file cannot be had, or its hash is not the one in its name.
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
            try:
                found = _fetch(url, file)
            except (urllib.error.URLError, OSError) as error:
                raise RuntimeError(
                    f"cannot download {url}: {error}. With the file at hand, put it at {path}"
                ) from error
            file.close()
            if not found.startswith(digits):
                raise RuntimeError(f"{url}: invalid hash value (expected {digits}, got {found[: len(digits)]})")
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _fetch(url: str, file: IO[bytes]) -> str:
    """Write what the URL gives to a file, with a progress bar; the SHA-256 of it."""
    hashed = hashlib.sha256()
    with urllib.request.urlopen(url) as response:
        length = response.headers.get("Content-Length")
        with tqdm(total=int(length) if length else None) as bar:
            while chunk := response.read(CHUNK):
                file.write(chunk)
                hashed.update(chunk)
                bar.update(len(chunk))
    return hashed.hexdigest()
