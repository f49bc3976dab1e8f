"""What may go wrong in and around a backward walk: errors, Ctrl-C, nesting, threads, cycles, late deaths."""

import gc
import signal
import sys
import threading
import weakref

import pytest

import autograd_legacy as torch
from autograd_legacy import nn
from autograd_legacy.autograd import Function, Variable, backward, grad


def leaf(*values):
    return Variable(torch.DoubleTensor(list(values)), requires_grad=True)


def chain(x, steps):
    y = x
    for _ in range(steps):
        y = y * 1.0
    return y


# errors


class Fails(Function):
    """The identity, whose backward fails while `failing` is set."""

    failing = True

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        if Fails.failing:
            raise ZeroDivisionError("in backward")
        return g


def fails_in_function(x):
    Fails.failing = True
    return Fails.apply(x), lambda: setattr(Fails, "failing", False)


def fails_in_hook(x):
    y = x * 1.0
    return y, y.register_hook(lambda g: 1 / 0).remove


def fails_in_leaf_hook(x):
    return x * 1.0, x.register_hook(lambda g: 1 / 0).remove


def fails_in_node_hook(x):
    y = x * 1.0
    return y, y.grad_fn.register_hook(lambda given, got: 1 / 0).remove


@pytest.mark.parametrize("make", [fails_in_function, fails_in_hook, fails_in_leaf_hook, fails_in_node_hook])
@pytest.mark.parametrize("create_graph", [False, True])
def test_an_error_leaves_the_graph_usable(make, create_graph):
    x, w = leaf(2.0), leaf(3.0)
    middle, mend = make(x)
    y = (middle * w + w).exp()
    with pytest.raises(ZeroDivisionError):
        y.backward(retain_graph=True, create_graph=create_graph)
    mend()
    for v in (x, w):
        v.grad = None
    y.backward(create_graph=create_graph)
    assert x.grad.data[0] == pytest.approx(3 * y.data[0])
    assert w.grad.data[0] == pytest.approx(3 * y.data[0])
    z = leaf(1.0)
    (z * z).backward()
    assert z.grad.data[0] == 2


def test_an_error_frees_what_the_walk_held():
    class Fails(Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            raise ZeroDivisionError

    x = leaf(1.0)
    y = Fails.apply(x * 2) * 3
    node = weakref.ref(y.grad_fn)
    with pytest.raises(ZeroDivisionError):
        y.backward()
    del y
    gc.collect()
    assert node() is None


class Interrupt(BaseException):
    """What Ctrl-C raises, by another name: a KeyboardInterrupt that comes too late would end the run of the tests."""


@pytest.mark.parametrize("retain", [False, True])
def test_ctrl_c_stops_a_long_walk(retain):
    """A signal whose handler raises, as SIGINT's does; that one may be ignored by the run of the tests."""
    x = leaf(1.0)
    y = chain(x, 300_000)

    def stop(_signal, _frame):
        raise Interrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with pytest.raises(Interrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            for _ in range(1000):
                y.backward(retain_graph=True)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    x.grad = None
    y.backward(retain_graph=retain)
    assert x.grad.data[0] == 1
    del y
    gc.collect()


def test_an_interrupt_within_a_users_backward():
    class Interrupted(Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            raise KeyboardInterrupt

    x = leaf(1.0)
    with pytest.raises(KeyboardInterrupt):
        (Interrupted.apply(x * 2) * 2).backward()
    (x * 3).backward()
    assert x.grad.data[0] == 3


# walks within walks


def nested(depth):
    """A Function whose backward makes a graph and walks it, `depth` deep."""

    class Nested(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            x = leaf(1.0)
            (nested(depth - 1).apply(x) if depth > 1 else x * 2).backward()
            return g * (2 * x.grad.data[0])

    return Nested


def test_walks_within_walks():
    x = leaf(1.0)
    nested(20).apply(x).backward()
    assert x.grad.data[0] == 2 * 2**20


def test_walks_without_end_are_an_error_of_recursion():
    x = leaf(1.0)
    with pytest.raises(RecursionError):
        nested(sys.getrecursionlimit()).apply(x).backward()
    (x * 3).backward()
    assert x.grad.data[0] == 3


def test_a_hook_walks_the_same_graph():
    """The inner walk finds the outer one at work on its nodes."""
    x = leaf(3.0)
    middle = x * x
    y = middle * 2
    inner = []

    def hook(g):
        handle.remove()
        inner.append(grad(y, x, retain_graph=True)[0].data[0])

    handle = middle.register_hook(hook)
    y.backward(retain_graph=True)
    assert inner == [12]
    assert x.grad.data[0] == 12


# threads


def test_threads_walk_their_own_graphs():
    torch.manual_seed(0)
    data = [torch.randn(8, 4) for _ in range(8)]
    model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
    weights = [p.data for p in model.parameters()]

    def gradients(x, steps):
        own = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
        for p, w in zip(own.parameters(), weights, strict=True):
            p.data = w.clone()
        for _ in range(steps):
            own.zero_grad()
            own(Variable(x)).pow(2).mean().backward()
        return [p.grad.data.tolist() for p in own.parameters()]

    want = [gradients(x, 1) for x in data]
    got = [None] * len(data)

    def work(k):
        got[k] = gradients(data[k], 100)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(len(data))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == want


def test_threads_share_leaves():
    x = leaf(1.0)
    found = []

    def work():
        for _ in range(200):
            y = chain(x, 10) * 2
            found.append(grad(y, x)[0].data[0])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 800


# hooks that change the hooks


def test_a_hook_removes_itself():
    x = leaf(1.0)
    seen = []

    def once(g):
        seen.append(g.data[0])
        handle.remove()

    handle = x.register_hook(once)
    x.register_hook(lambda g: seen.append(-g.data[0]))
    (x * 2).backward()
    (x * 3).backward()
    assert seen == [2, -2, -3]


def test_a_hook_adds_hooks():
    x = leaf(1.0)
    y = x * 2
    seen = []

    def more(g):
        seen.append("first")
        if len(seen) == 1:
            y.register_hook(lambda g: seen.append("second"))
            y.grad_fn.register_hook(lambda given, got: seen.append("node"))

    y.register_hook(more)
    y.backward(retain_graph=True)
    y.backward()
    assert seen == ["first", "node", "first", "second", "node"]


# cycles and late deaths


class Keeps(Function):
    """A new-style Function whose ctx may hold anything."""

    @staticmethod
    def forward(ctx, x):
        Keeps.ctx = ctx
        return x * 2

    @staticmethod
    def backward(ctx, g):
        return g * 2


def cycle_by_ctx(x):
    y = Keeps.apply(x)
    Keeps.ctx.result = y
    del Keeps.ctx
    return y.grad_fn


def cycle_by_old_function(x):
    class Old(Function):
        def forward(self, x):
            self.save_for_backward(x)
            return x * 2

        def backward(self, g):
            return g * 2

    old = Old()
    old.result = old(x)
    return old


def cycle_by_hook(x):
    y = x * 2
    y.register_hook(lambda g: y)
    return y


def cycle_by_leaf_hook(x):
    own = leaf(1.0)
    own.register_hook(lambda g: own)
    return own


def cycle_by_node_hook(x):
    y = x * 2
    y.grad_fn.register_hook(lambda given, got: y)
    return y


def cycle_by_attribute(x):
    y = x * 2
    y.history = [y, y.grad_fn]
    return y


def cycle_by_grad(x):
    own = leaf(1.0)
    (own * own).backward(create_graph=True)
    own.grad.of = own
    return own


def cycle_by_grad_of_itself(x):
    own = leaf(1.0)
    own.grad = own * 2
    return own


def cycle_by_retained_grad(x):
    y = x * 2
    y.retain_grad()
    (y * y).backward(create_graph=True)
    return y


CYCLES = [value for name, value in sorted(globals().items()) if name.startswith("cycle_")]


@pytest.mark.parametrize("make", CYCLES)
def test_cycles_are_collected(make):
    x = leaf(1.0)
    dead = weakref.ref(make(x))
    gc.collect()
    assert dead() is None


@pytest.mark.parametrize("make", CYCLES)
def test_dead_leaves_in_cycles_are_collected(make):
    x = leaf(1.0)
    kept = make(x)
    dead = weakref.ref(x)
    del x, kept
    gc.collect()
    assert dead() is None


def test_a_graph_dies_in_any_order():
    x = leaf(1.0)

    def steps():
        y = x
        while True:
            y = y * 1.0
            yield y

    walks = [steps() for _ in range(5)]
    results = [[next(walk) for _ in range(200)] for walk in walks]
    walks[0].close()
    for k in range(len(results)):
        order = results[k][::-1] if k % 2 else results[k]
        results[k] = None
        while order:
            order.pop(len(order) // 2)
    del walks
    gc.collect()
    (x * 2).backward()
    assert x.grad.data[0] == 2


def test_resurrected_variables_work():
    saved = []

    class Risen(Variable):
        def __del__(self):
            saved.append(self)

    x = Risen(torch.DoubleTensor([2.0]), requires_grad=True)
    y = x * x
    del x
    y.backward()
    del y
    gc.collect()
    assert saved, "nothing was finalized"
    risen = saved.pop()
    assert risen.grad.data[0] == 4
    (risen * 3).backward()
    assert risen.grad.data[0] == 7


def test_finalizers_may_walk():
    """A graph that dies while another one is being freed."""
    done = []

    class Walks:
        def __init__(self, y):
            self.y = y

        def __del__(self):
            self.y.backward()
            done.append(self.y)

    x = leaf(1.0)
    y = x * 2
    y.history = Walks(x * 5)
    z = chain(y, 1000)
    del y, z
    gc.collect()
    assert len(done) == 1
    assert x.grad.data[0] == 5


def test_backward_of_several_roots_after_an_error():
    x = leaf(1.0)
    with pytest.raises(RuntimeError):
        backward([x * 2, Variable(torch.ones(1))], [torch.DoubleTensor([1]), torch.ones(1)])
    backward([x * 2, x * 3], [torch.DoubleTensor([1]), torch.DoubleTensor([1])])
    assert x.grad.data[0] == 5
