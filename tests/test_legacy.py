"""legacy.nn and legacy.optim: gradients against differences, and what the recorded answers do not show."""

import pickle
import subprocess
import sys

import pytest

import autograd_legacy as torch
from autograd_legacy.legacy import nn, optim


def sequence(*modules):
    made = nn.Sequential()
    for module in modules:
        made.add(module)
    return made.double()


def slope(module, tensor, x, weights, eps=1e-6):
    """The derivative of sum(weights * module(x)) for each element of tensor, by differences."""
    found, flat = [], tensor.view(-1)
    for i in range(flat.size(0)):
        sides = []
        for step in (eps, -2 * eps):
            flat[i] += step
            sides.append((module.forward(x) * weights).sum())
        flat[i] += eps
        found.append((sides[0] - sides[1]) / (2 * eps))
    return torch.DoubleTensor(found).view(tensor.size())


@pytest.mark.parametrize(
    "make, size",
    [
        (lambda: [nn.Linear(3, 2), nn.Tanh()], (4, 3)),
        (lambda: [nn.PartialLinear(3, 2)], (4, 3)),
        (lambda: [nn.WeightedEuclidean(3, 2)], (4, 3)),
        (lambda: [nn.Cosine(3, 2)], (4, 3)),
        (lambda: [nn.BatchNormalization(3)], (4, 3)),
        (lambda: [nn.SpatialConvolution(2, 3, 2, 2), nn.SpatialAveragePooling(2, 2)], (1, 2, 4, 4)),
        (lambda: [nn.SpatialConvolutionLocal(1, 2, 3, 3, 2, 2)], (2, 1, 3, 3)),
        (lambda: [nn.SpatialConvolutionMap(torch.Tensor([[0, 0], [1, 0], [1, 1]]), 2, 2)], (1, 2, 3, 3)),
        (lambda: [nn.SpatialContrastiveNormalization(2, torch.ones(3, 3))], (1, 2, 4, 4)),
        (lambda: [nn.TemporalConvolution(2, 3, 2)], (2, 4, 2)),
        (lambda: [nn.ConcatTable().add(nn.Identity()).add(nn.Square()), nn.CMulTable()], (2, 3)),
    ],
)
def test_gradients(make, size):
    torch.manual_seed(1)
    module, x = sequence(*make()), torch.randn(*size).double()
    weights = torch.randn(*module.forward(x).size()).double()
    module.zeroGradParameters()
    grad = module.backward(x, weights).clone()
    params, grads = module.parameters() or ([], [])
    assert (grad - slope(module, x, x, weights)).abs().max() < 1e-6
    for value, found in zip(params, grads, strict=True):
        assert (found - slope(module, value, x, weights)).abs().max() < 1e-6


def test_flattened_parameters_stay_together_when_the_type_changes():
    module = nn.Sequential().add(nn.Linear(2, 2)).add(nn.Linear(2, 1))
    module.flattenParameters()
    module.double()
    flat, _ = module.flattenParameters()
    flat.fill_(3)
    assert all((value == 3).all() for value in module.parameters()[0])
    assert module.get(0).weight.type() == "torch.DoubleTensor"


def test_a_module_of_a_program():
    class Doubled(nn.Module):
        def updateOutput(self, input):
            self.output.resize_as_(input).copy_(input).mul_(2)
            return self.output

        def updateGradInput(self, input, gradOutput):
            self.gradInput.resize_as_(gradOutput).copy_(gradOutput).mul_(2)
            return self.gradInput

    module = nn.Sequential().add(Doubled()).add(nn.Linear(2, 1))
    x = torch.ones(1, 2)
    module.forward(x)
    assert (module.backward(x, torch.ones(1, 1)) == module.get(1).weight * 2).all()


def test_pickle_after_backward():
    module, x = nn.Sequential().add(nn.Linear(2, 1)), torch.ones(3, 2)
    module.zeroGradParameters()
    module.backward(x, module.forward(x))
    assert (pickle.loads(pickle.dumps(module)).forward(x) == module.forward(x)).all()


@pytest.mark.parametrize("method", ["sgd", "nag", "adam", "adamax", "adagrad", "rmsprop", "rprop", "cg", "lbfgs"])
def test_methods_descend(method):
    x, config = torch.DoubleTensor([3, -2]), {"learningRate": 0.05}
    for _ in range(30):
        getattr(optim, method)(lambda x: ((x * x).sum(), x * 2), x, config)
    assert (x * x).sum() < 13


def test_an_optimizer_without_anywhere_to_keep_its_state():
    with pytest.raises(ValueError, match="state"):
        optim.sgd(lambda x: (0, x), torch.ones(1), None)


def test_imported_only_when_asked_for():
    code = "import sys, autograd_legacy; print('autograd_legacy.legacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


def test_pickles_name_a_module_for_each_class(tmp_path):
    """0.3.1 had a module torch.legacy.nn.Linear with the class Linear; files name both."""
    path = str(tmp_path / "net")
    torch.save(nn.Sequential().add(nn.Linear(2, 3)).add(nn.ReLU()), path)
    with open(path, "rb") as file:
        written = file.read()
    assert b"ctorch.legacy.nn.Linear\nLinear\n" in written and b"ctorch.legacy.nn.Sequential\nSequential\n" in written
    assert [type(m).__name__ for m in torch.load(path).modules] == ["Linear", "ReLU"]


def test_no_gpu():
    for thing in (nn.Linear(2, 2), nn.MSECriterion()):
        with pytest.raises(AssertionError, match="CUDA"):
            thing.cuda()
