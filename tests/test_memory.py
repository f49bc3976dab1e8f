"""Memory that tensors share with files and with other libraries, and memory that must not grow."""

import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy.utils.dlpack import from_dlpack, to_dlpack


def test_shared_file_is_written_and_grows(tmp_path):
    path = tmp_path / "numbers"
    numpy.arange(4, dtype="<f8").tofile(path)
    storage = torch.DoubleStorage.from_file(path, shared=True, size=6)
    torch.DoubleTensor(storage).add_(1)
    del storage
    assert numpy.fromfile(path, "<f8").tolist() == [1, 2, 3, 4, 1, 1]


def test_private_file_is_left_alone(tmp_path):
    path = tmp_path / "numbers"
    numpy.arange(4, dtype="<i4").tofile(path)
    storage = torch.IntStorage.from_file(path)
    storage.fill_(7)
    assert storage.tolist() == [7] * 4
    assert numpy.fromfile(path, "<i4").tolist() == [0, 1, 2, 3]


def test_mapped_file_that_cannot_be(tmp_path):
    with pytest.raises(RuntimeError, match="unable to open file"):
        torch.IntStorage.from_file(tmp_path / "none", False, 2)


def test_dlpack_shares_memory():
    x = torch.arange(0, 6).view(2, 3).t()
    y = from_dlpack(to_dlpack(x))
    y[0, 1] = 50
    assert x[0, 1] == 50
    assert y.stride() == x.stride()


def test_dlpack_outlives_its_tensor():
    y = from_dlpack(to_dlpack(torch.ones(1000)))
    assert torch.zeros(1000).sum() == 0
    assert y.sum() == 1000


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the resident memory is read from Linux's /proc")
def test_memory_does_not_grow_with_hooks_in_place_operations_and_retained_graphs():
    root = Path(__file__).parent.parent
    command = [sys.executable, root / "benchmarks" / "endurance.py", "--iterations", "10000"]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_block_freed_last_is_used_again():
    for k in range(60):  # more than is kept, of sizes that none asks for again
        torch.FloatTensor((2 + k) << 20)
    x = torch.FloatTensor(5 << 20)
    place = x.data_ptr()
    del x
    torch.FloatTensor(7 << 20)
    assert torch.FloatTensor(5 << 20).data_ptr() == place
