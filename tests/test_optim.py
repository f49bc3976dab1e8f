"""Optimizers against their formulas in NumPy; groups, state, schedules."""

import copy
import math
import pickle

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy import optim
from autograd_legacy.autograd import Variable

STEPS = 5


def sgd(p, g, s, t, lr, momentum=0, dampening=0, weight_decay=0, nesterov=False):
    g = g + weight_decay * p
    s["v"] = momentum * s.get("v", 0) + (1 - (dampening if t > 1 else 0)) * g
    return p - lr * (g + momentum * s["v"] if nesterov else s["v"])


def adam(p, g, s, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0):
    g = g + weight_decay * p
    s["m"] = betas[0] * s.get("m", 0) + (1 - betas[0]) * g
    s["s"] = betas[1] * s.get("s", 0) + (1 - betas[1]) * g * g
    return p - lr * math.sqrt(1 - betas[1] ** t) / (1 - betas[0] ** t) * s["m"] / (numpy.sqrt(s["s"]) + eps)


def adamax(p, g, s, t, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0):
    g = g + weight_decay * p
    s["m"] = betas[0] * s.get("m", 0) + (1 - betas[0]) * g
    s["u"] = numpy.maximum(betas[1] * s.get("u", 0), abs(g) + eps)
    return p - lr / (1 - betas[0] ** t) * s["m"] / s["u"]


def adagrad(p, g, s, t, lr=1e-2, lr_decay=0, weight_decay=0):
    g = g + weight_decay * p
    s["s"] = s.get("s", 0) + g * g
    return p - lr / (1 + (t - 1) * lr_decay) * g / (numpy.sqrt(s["s"]) + 1e-10)


def adadelta(p, g, s, t, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0):
    g = g + weight_decay * p
    s["s"] = rho * s.get("s", 0) + (1 - rho) * g * g
    d = numpy.sqrt(s.get("a", 0) + eps) / numpy.sqrt(s["s"] + eps) * g
    s["a"] = rho * s.get("a", 0) + (1 - rho) * d * d
    return p - lr * d


def rmsprop(p, g, s, t, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False):
    g = g + weight_decay * p
    s["s"] = alpha * s.get("s", 0) + (1 - alpha) * g * g
    s["a"] = alpha * s.get("a", 0) + (1 - alpha) * g
    d = g / (numpy.sqrt(s["s"] - (s["a"] ** 2 if centered else 0)) + eps)
    s["v"] = momentum * s.get("v", 0) + d
    return p - lr * (s["v"] if momentum else d)


def rprop(p, g, s, t, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50)):
    agreement = g * s.get("g", 0)
    size = s.get("size", lr) * numpy.where(agreement > 0, etas[1], numpy.where(agreement < 0, etas[0], 1))
    s["size"] = numpy.clip(size, *step_sizes)
    s["g"] = numpy.where(agreement < 0, 0, g)
    return p - numpy.sign(s["g"]) * s["size"]


def asgd(p, g, s, t, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0):
    g = g + weight_decay * p
    eta = s.get("eta", lr)
    s["eta"] = lr / (1 + lambd * lr * t) ** alpha
    return p * (1 - lambd * eta) - eta * g


RULES = [
    (optim.SGD, sgd, dict(lr=0.1)),
    (optim.SGD, sgd, dict(lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.1)),
    (optim.SGD, sgd, dict(lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True)),
    (optim.Adam, adam, dict(lr=0.1)),
    (optim.Adam, adam, dict(lr=0.1, betas=(0.5, 0.8), weight_decay=0.2)),
    (optim.Adamax, adamax, dict(lr=0.1, weight_decay=0.2)),
    (optim.Adagrad, adagrad, dict(lr=0.5, lr_decay=0.1, weight_decay=0.2)),
    (optim.Adadelta, adadelta, dict(lr=0.5, weight_decay=0.2)),
    (optim.RMSprop, rmsprop, dict()),
    (optim.RMSprop, rmsprop, dict(momentum=0.5, weight_decay=0.2)),
    (optim.RMSprop, rmsprop, dict(centered=True)),
    (optim.RMSprop, rmsprop, dict(centered=True, momentum=0.5)),
    (optim.Rprop, rprop, dict(lr=0.1)),
    (optim.ASGD, asgd, dict(lr=0.1, lambd=0.1, weight_decay=0.2)),
]
IDS = [f"{cls.__name__}-{'-'.join(options) or 'default'}" for cls, _, options in RULES]


def parameter(values, type_name, transposed):
    tensor = torch.from_numpy(values.T.copy() if transposed else values.copy()).type(type_name)
    return Variable(tensor.t() if transposed else tensor, requires_grad=True)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(("type_name", "rtol"), [("torch.FloatTensor", 2e-5), ("torch.DoubleTensor", 1e-12)])
@pytest.mark.parametrize(("cls", "rule", "options"), RULES, ids=IDS)
def test_rule(cls, rule, options, type_name, rtol, transposed):
    draw = numpy.random.RandomState(0)
    expected, state = draw.randn(5, 7), {}
    param = parameter(expected, type_name, transposed)
    optimizer = cls([param], **options)
    for t in range(1, STEPS + 1):
        grad = draw.randn(5, 7)
        expected = rule(expected, grad, state, t, **options)
        param.grad = Variable(torch.from_numpy(grad).type(type_name))
        optimizer.step()
        numpy.testing.assert_allclose(param.data.contiguous().numpy(), expected, rtol=rtol, atol=rtol)


def quadratic():
    """A parameter, and a closure for the loss sum((param - [1, 2]) ** 2)."""
    param = Variable(torch.zeros(2), requires_grad=True)
    goal = Variable(torch.FloatTensor([1, 2]))

    def closure():
        param.grad = None
        loss = ((param - goal) ** 2).sum()
        loss.backward()
        return loss

    return param, closure


def test_lbfgs_finds_the_minimum():
    param, closure = quadratic()
    optimizer = optim.LBFGS([param], max_iter=10)
    optimizer.step(closure)
    assert closure().data[0] < 1e-8
    assert sorted(optimizer.state) == ["global_state"]


@pytest.mark.parametrize("cls", [optim.SGD, optim.Adam, optim.Rprop, optim.ASGD, optim.LBFGS])
def test_resuming_goes_on_as_before(cls):
    param, closure = quadratic()
    optimizer = cls([param], lr=0.1)
    for _ in range(3):
        optimizer.step(closure)
    saved, middle = copy.deepcopy(optimizer.state_dict()), param.data.clone()
    for _ in range(3):
        optimizer.step(closure)
    end = param.data.tolist()
    param.data.copy_(middle)
    again = cls([param], lr=7)
    again.load_state_dict(saved)
    for _ in range(3):
        again.step(closure)
    assert param.data.tolist() == end


def test_state_follows_a_change_of_type():
    param, closure = quadratic()
    optimizer = optim.Adam([param])
    optimizer.step(closure)
    double = Variable(torch.zeros(2).double(), requires_grad=True)
    again = optim.Adam([double])
    again.load_state_dict(optimizer.state_dict())
    assert again.state[double]["exp_avg"].type() == "torch.DoubleTensor"


def test_optimizers_can_be_pickled():
    param, closure = quadratic()
    optimizer = optim.Adam([param], lr=0.3)
    optimizer.step(closure)
    copied = pickle.loads(pickle.dumps(optimizer))
    assert copied.param_groups[0]["lr"] == 0.3
    assert [state["step"] for state in copied.state.values()] == [1]


def test_refusals():
    leaf = Variable(torch.zeros(2), requires_grad=True)
    for params in (leaf, torch.zeros(2), [torch.zeros(2)], [3]):
        with pytest.raises(TypeError, match="Variable"):
            optim.SGD(params, lr=0.1)
    for params in ([], [Variable(torch.zeros(2))], [leaf * 1], [{"params": leaf}, {"params": leaf}]):
        with pytest.raises(ValueError, match=r"parameter|leaf"):
            optim.SGD(params, lr=0.1)
    with pytest.raises(ValueError, match="lr"):
        optim.SGD([leaf])
    with pytest.raises(ValueError, match="Nesterov"):
        optim.SGD([leaf], lr=0.1, nesterov=True)


def test_zero_grad_detaches():
    param = Variable(torch.ones(2), requires_grad=True)
    (param**3).sum().backward(create_graph=True)
    optim.SGD([param], lr=0.1).zero_grad()
    assert param.grad.data.tolist() == [0, 0]
    assert param.grad.grad_fn is None


SCHEDULES = [
    (lambda o: optim.lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + epoch)), lambda e: 1 / (1 + e)),
    (lambda o: optim.lr_scheduler.StepLR(o, 2, gamma=0.5), lambda e: 0.5 ** (e // 2)),
    (lambda o: optim.lr_scheduler.MultiStepLR(o, [1, 4], gamma=0.5), lambda e: 0.5 ** ((e >= 1) + (e >= 4))),
    (lambda o: optim.lr_scheduler.ExponentialLR(o, 0.9), lambda e: 0.9**e),
    (lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 8), lambda e: (1 + math.cos(math.pi * e / 8)) / 2),
]


@pytest.mark.parametrize(("make", "factor"), SCHEDULES)
def test_schedule(make, factor):
    params = [Variable(torch.zeros(1), requires_grad=True) for _ in range(2)]
    optimizer = optim.SGD([{"params": params[0]}, {"params": params[1], "lr": 3.0}], lr=1.0)
    scheduler = make(optimizer)
    for epoch in range(7):
        scheduler.step()
        rates = [group["lr"] for group in optimizer.param_groups]
        numpy.testing.assert_allclose(rates, [factor(epoch), 3 * factor(epoch)])


def test_plateau():
    param = Variable(torch.zeros(1), requires_grad=True)
    optimizer = optim.SGD([param], lr=1.0)
    scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="max", factor=0.5, patience=1, min_lr=0.3)
    rates = []
    for accuracy in (1, 2, 2, 2, float("nan"), 2, 3):
        scheduler.step(accuracy)
        rates.append(optimizer.param_groups[0]["lr"])
    assert rates == [1, 1, 1, 0.5, 0.5, 0.3, 0.3]
