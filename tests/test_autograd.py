"""The graph and the backward walk: long chains, hooks, errors on the way, memory."""

import gc
import os
import threading
import tracemalloc
import weakref

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy.autograd import Function, Variable, backward, grad


def leaf(*values):
    return Variable(torch.DoubleTensor(list(values)), requires_grad=True)


def test_a_million_steps_run_and_are_freed_in_little_stack():
    done = []

    def run():
        x = leaf(1.0)
        y = x
        for _ in range(500_000):
            y = y * 1.0 + 0.0
        y.backward()
        del y
        done.append(x.grad.data[0])

    before = threading.stack_size(256 << 10)  # a walk that called itself would take hundreds of bytes a step
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert done == [1.0]


def test_nodes_hold_little_memory():
    x, factor = leaf(*range(10)), Variable(torch.ones(10).double())
    y = chain = x * factor
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            chain = chain * factor + y
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert held / 2000 <= 250


def test_gradient_against_numpy():
    generator = numpy.random.RandomState(0)
    a, b = generator.randn(5, 4), generator.randn(4, 3)
    x = Variable(torch.from_numpy(a), requires_grad=True)
    w = Variable(torch.from_numpy(b), requires_grad=True)
    loss = (x.mm(w).clamp(min=0) ** 2).sum()
    loss.backward()
    product = a @ b
    delta = 2 * numpy.maximum(product, 0)
    numpy.testing.assert_allclose(loss.data[0], (numpy.maximum(product, 0) ** 2).sum())
    numpy.testing.assert_allclose(w.grad.data.numpy(), a.T @ delta)
    numpy.testing.assert_allclose(x.grad.data.numpy(), delta @ b.T)


def test_third_derivative():
    x = leaf(2.0)
    y = x**4
    for want in (4 * 8.0, 12 * 4.0, 24 * 2.0):
        (y,) = grad(y.sum(), x, create_graph=True)
        assert y.data[0] == pytest.approx(want)


def test_broadcast_operands_get_gradients_of_their_own_size():
    x, y = Variable(torch.ones(3, 1), requires_grad=True), Variable(torch.ones(1, 4), requires_grad=True)
    (x * y).sum().backward()
    assert x.grad.data.tolist() == [[4], [4], [4]]
    assert y.grad.data.tolist() == [[3, 3, 3, 3]]


def test_an_error_in_a_hook_leaves_the_graph_usable():
    x = leaf(1.0, 2.0)
    y = x * x
    handle = y.register_hook(lambda g: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        y.sum().backward(retain_graph=True)
    handle.remove()
    y.sum().backward()
    assert x.grad.data.tolist() == [2, 4]


def test_backward_within_backward():
    class Inner(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            inner = Variable(x.clone(), requires_grad=True)
            (inner * inner).sum().backward()
            return g * Variable(inner.grad.data, volatile=True)

    x = leaf(3.0)
    Inner.apply(x).backward()
    assert x.grad.data[0] == 6


def test_changed_values_are_refused():
    x = leaf(1.0, 2.0)
    y = x.exp()
    y.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_a_freed_graph_is_refused():
    x = leaf(1.0)
    y = (x * x).sum()
    y.backward()
    with pytest.raises(RuntimeError, match="retain_graph=True"):
        y.backward()


def test_two_leaves_never_share_a_gradient():
    x, y = leaf(1.0), leaf(1.0)
    (x + y).backward()
    x.grad.data.zero_()
    assert y.grad.data[0] == 1


def test_results_die_with_their_last_name():
    x = leaf(1.0)
    y = (x * 2).exp()
    node = weakref.ref(y.grad_fn)
    gc.disable()
    try:
        del y
        assert node() is None
    finally:
        gc.enable()


def test_cycles_through_user_code_are_collected():
    class Keeper(Function):
        def forward(self, x):
            return x * 2

        def backward(self, g):
            return g * 2

    x = leaf(1.0)
    keeper = Keeper()
    keeper.result = keeper(x)
    dead = weakref.ref(keeper)
    del keeper
    gc.collect()
    assert dead() is None


def test_gradients_of_several_roots_add_up():
    x = leaf(2.0)
    backward([x * x, x * 3], [torch.DoubleTensor([1]), torch.DoubleTensor([10])])
    assert x.grad.data[0] == 34


class Tripled(Function):
    """An old-style function: its gradient cannot be differentiated."""

    def forward(self, a):
        return a * 3

    def backward(self, g):
        return g * 3


def test_a_missing_second_derivative_is_no_silent_zero():
    x = leaf(2.0)
    y = Tripled()(x)
    (g,) = grad(y * y * x, x, create_graph=True)
    with pytest.raises(RuntimeError, match="not differentiable twice"):
        g.sum().backward()


def test_an_old_function_called_again_forgets_its_first_call():
    x, z = leaf(2.0), leaf(5.0)
    f = Tripled()
    backward(f(x) + f(z), torch.DoubleTensor([1]))
    assert x.grad is None
    assert z.grad.data[0] == 6.0


def resident_kb():
    """The memory that the process holds now; its peak, which other tests may have set, would hide a leak."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the resident memory is read from Linux's /proc")
def test_memory_does_not_grow():
    x = Variable(torch.randn(64, 32))
    w = Variable(torch.randn(32, 16), requires_grad=True)

    def train(steps):
        for _ in range(steps):
            loss = (x.mm(w).clamp(min=0).mm(w.t()) - x).pow(2).mean()
            loss.backward()
            w.data.add_(-0.01, w.grad.data)
            w.grad.data.zero_()

    train(500)
    before = resident_kb()
    train(10_000)
    assert resident_kb() - before < 2048


def test_functions_of_the_private_module():
    from autograd_legacy.autograd import _functions

    x = leaf(1.0, 2.0)
    y = _functions.tensor.Resize.apply(_functions.Repeat.apply(x, (3,)), (3, 2))
    _functions.Type.apply(y, "torch.FloatTensor").sum().backward()
    assert y.size() == (3, 2)
    assert x.grad.data.tolist() == [3, 3]
    assert _functions.utils.prepare_onnx_paddings(4, [1, 2, 3, 4]) == [0, 0, 3, 1, 0, 0, 4, 2]
    assert _functions.utils.maybe_unexpand(y, (1, 2)).data.tolist() == [[3, 6]]


def second_of_relu(x, seen):
    """A walk back through a slope of zero, past a hook or a Function that looks."""
    middle = seen(x * 3)
    (g,) = grad(torch.nn.functional.relu(middle * 2).sum(), middle, create_graph=True)
    g.sum().backward()


def test_slopes_of_zero_are_zeros():
    x = leaf(1.0, -1.0)
    second_of_relu(x, lambda v: v)
    assert x.grad.data.tolist() == [0, 0]


def test_hooks_see_zeros():
    x = leaf(1.0, -1.0)
    found = []

    def seen(v):
        v.register_hook(lambda g: found.append(g.data.tolist()))
        return v

    second_of_relu(x, seen)
    assert found[-1] == [0, 0]
    assert x.grad.data.tolist() == [0, 0]


def test_functions_see_zeros():
    found = []

    class Same(Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            found.append(g.data.tolist())
            return g

    x = leaf(1.0, -1.0)
    second_of_relu(x, Same.apply)
    assert found == [[0, 0]]
    assert x.grad.data.tolist() == [0, 0]


def test_slopes_of_zero_add_nothing():
    """Zeros that meet a gradient, and zeros asked for of a Variable on the way."""
    x = leaf(2.0)
    middle = x * 3
    (g,) = grad(torch.nn.functional.relu(middle), x, create_graph=True)
    assert [v.data[0] for v in grad(g, [middle, x], retain_graph=True)] == [0, 0]
    (g * middle).backward()
    assert x.grad.data[0] == 9


def test_constant_gradients_keep_their_flags():
    x, z = leaf(2.0), leaf(3.0)
    y = x * 2
    y.register_hook(lambda g: Variable(g.data * 5))
    (y * 3 + z).backward()
    assert (x.grad.data[0], x.grad.volatile, z.grad.volatile) == (30, False, True)
    x.grad = None
    (y * 3 + x).backward()
    assert (x.grad.data[0], x.grad.volatile) == (31, True)
