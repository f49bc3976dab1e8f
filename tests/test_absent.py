"""What the library has no part for can be imported, says so when it is used, and lets programs that ask go on."""

import pytest

import autograd_legacy as torch
from autograd_legacy import nn
from autograd_legacy._thnn import type2backend
from autograd_legacy.autograd import Variable
from autograd_legacy.utils import ffi


def test_programs_that_ask_go_on():
    assert not torch.cuda.is_available() and torch.cuda.device_count() == 0
    assert not torch.distributed.is_available() and not torch.has_cudnn
    assert torch.backends.cudnn.version() is None and not torch.backends.cudnn.is_acceptable(torch.ones(1))
    torch.cuda.manual_seed(1), torch.cuda.manual_seed_all(1), torch.cuda.synchronize(), torch.cuda.empty_cache()
    torch.cuda.set_device(-1)
    with torch.cuda.device(-1), torch.cuda.device_of(torch.ones(1)), torch.cuda.stream(None):
        pass
    assert torch.cuda.get_rng_state_all() == [] and not torch.cuda.nccl.is_available([torch.ones(1)])
    torch.cuda.set_rng_state_all([])


def test_types_of_the_gpu_have_names():
    kind = torch.cuda.FloatTensor if torch.cuda.is_available() else torch.FloatTensor
    assert isinstance(torch.ones(1), kind) and not isinstance(torch.ones(1), torch.cuda.FloatTensor)
    assert torch.cuda.HalfTensor.is_cuda and issubclass(torch.cuda.LongTensor, torch.tensor._TensorBase)
    assert not issubclass(torch.cuda.LongTensor, torch.LongTensor)


REFUSED = {
    "tensor": lambda: torch.ones(2).cuda(),
    "variable": lambda: Variable(torch.ones(2)).cuda(),
    "module": lambda: nn.Linear(2, 2).cuda(),
    "async": lambda: torch.ones(2).cuda(0, **{"async": True}),
    "type": lambda: torch.ones(2).type(torch.cuda.FloatTensor),
    "type by name": lambda: torch.ones(2).type("torch.cuda.FloatTensor"),
    "type of a variable": lambda: Variable(torch.ones(2)).type(torch.cuda.FloatTensor),
    "constructor": lambda: torch.cuda.FloatTensor(2),
    "storage": lambda: torch.cuda.FloatStorage(2),
    "sparse": lambda: torch.sparse.FloatTensor(2, 2).cuda(),
    "Stream": lambda: torch.cuda.Stream(),
    "Event": lambda: torch.cuda.Event(enable_timing=True),
    "current_device": lambda: torch.cuda.current_device(),
    "current_stream": lambda: torch.cuda.current_stream(),
    "set_device": lambda: torch.cuda.set_device(0),
    "device": lambda: torch.cuda.device(0).__enter__(),
    "name": lambda: torch.cuda.get_device_name(0),
    "rng state": lambda: torch.cuda.get_rng_state(),
    "nvtx": lambda: torch.cuda.nvtx.range_push("step"),
    "nccl": lambda: torch.cuda.nccl.all_reduce([torch.ones(1)]),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_needs_a_gpu(what):
    with pytest.raises(AssertionError, match="CUDA"):
        REFUSED[what]()


def test_other_parts():
    for use in (
        lambda: ffi.create_extension("_ext.nms", headers=["nms.h"], sources=["nms.c"]),
        lambda: torch.distributed.init_process_group("tcp"),
        lambda: torch.onnx.export(nn.Linear(1, 1), Variable(torch.ones(1, 1)), "model.onnx"),
        lambda: nn.parallel.DistributedDataParallel(nn.Linear(1, 1)),
        lambda: type2backend["torch.FloatTensor"],
    ):
        with pytest.raises(NotImplementedError, match="library"):
            use()
    for module, name in ((torch.distributed, "all_reduce"), (torch.jit, "trace")):
        with pytest.raises(AttributeError, match=name):
            getattr(module, name)
    with pytest.raises(RuntimeError, match="group"):
        torch.distributed.get_rank()


def test_cudnn_flags():
    cudnn = torch.backends.cudnn
    with cudnn.flags(enabled=False, benchmark=True):
        assert (cudnn.enabled, cudnn.benchmark) == (False, True)
    assert (cudnn.enabled, cudnn.benchmark, cudnn.deterministic, cudnn.verbose) == (True, False, False, False)


def test_set_training():
    model = nn.Linear(1, 1)
    with torch.onnx.set_training(model, False):
        assert not model.training
    assert model.training
