"""What programs that exchange gradients take from torch._utils."""

import autograd_legacy as torch
from autograd_legacy._utils import _accumulate, _flatten_dense_tensors, _take_tensors, _unflatten_dense_tensors


def test_flatten_and_back():
    tensors = [torch.arange(0, 6).view(2, 3).t(), torch.ones(2), torch.zeros(1, 1, 1)]
    flat = _flatten_dense_tensors(tensors)
    assert flat.tolist() == [0, 3, 1, 4, 2, 5, 1, 1, 0]
    parts = _unflatten_dense_tensors(flat, tensors)
    assert all(part.size() == tensor.size() and part.equal(tensor) for part, tensor in zip(parts, tensors, strict=True))
    parts[1].fill_(7)
    assert flat[6] == 7
    alone = torch.ones(2, 2)
    assert _flatten_dense_tensors([alone]).data_ptr() == alone.data_ptr()


def test_groups_by_type_and_size():
    small, large, other = torch.ones(2), torch.ones(100), torch.DoubleTensor(3)
    groups = list(_take_tensors([small, small, large, other, small], 16))
    assert [[t.nelement() for t in group] for group in groups] == [[2, 2], [100], [2], [3]]
    assert list(_accumulate([1, 2, 3])) == [1, 3, 6]
