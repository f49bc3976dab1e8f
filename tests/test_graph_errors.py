"""The errors of the graph name the lines of the program that are at odds."""

import sys
import threading
from pathlib import Path

import pytest

import autograd_legacy as torch
from autograd_legacy import nn
from autograd_legacy.autograd import (
    Function,
    Variable,
    backward,
    detect_anomaly,
    grad,
    is_anomaly_enabled,
    set_detect_anomaly,
)
from autograd_legacy.nn import functional as F

CHANGED = "one of the variables needed for gradient computation has been modified by an inplace operation"
HERE = Path(__file__)


def at(text):
    """Where in this file a line holds text and nothing else, as an error shows it."""
    lines = [line.strip() for line in HERE.read_text().splitlines()]
    assert lines.count(text) == 1
    return f"{HERE}:{lines.index(text) + 1}"


def leaf(*values):
    return Variable(torch.FloatTensor(values or (1, 2, 3)), requires_grad=True)


def refusal(call):
    with pytest.raises(RuntimeError) as caught:
        call()
    return str(caught.value)


# -- a saved value that was changed in place ---------------------------------------------------------------------------


def saved_and_changed(x):
    y = x.tanh()
    y.add_(100)
    return y.sum()


def test_the_saving_and_the_changing_line_are_named():
    text = refusal(saved_and_changed(leaf()).backward)
    assert text.startswith(CHANGED + "\n")
    assert "saved:    tanh saved its result, a torch.FloatTensor of size 3, at version 0" in text
    assert f"changed:  by add_, which made version 1\n            at {at('y.add_(100)')} in saved_and_changed" in text
    assert "y.add_(100)" in text
    assert f"at {at('y = x.tanh()')} in saved_and_changed\n               y = x.tanh()\n" in text


def test_lines_are_forgotten_where_there_are_too_many():
    x = leaf()
    loss = saved_and_changed(x)
    exec("x.tanh()\n" * 70_000, {"x": x})
    text = refusal(loss.backward)
    assert at("y.add_(100)") in text and "tanh saved its result" in text and at("y = x.tanh()") not in text
    assert at("y = x.tanh()") in refusal(saved_and_changed(x).backward)


def test_kernels_and_functions_say_what_they_saved():
    class Square(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            return 2 * ctx.saved_variables[0] * grad

    z = leaf() * 1
    square = Square.apply(z)
    z[0] = 17
    text = refusal(square.sum().backward)
    assert "Square saved an argument, a torch.FloatTensor of size 3" in text
    assert "by an assignment to a part" in text and at("z[0] = 17") in text
    m = Variable(torch.ones(1, 3))
    y = m.mm(Variable(torch.ones(3, 3), requires_grad=True))
    m.zero_()
    text = refusal(y.sum().backward)
    assert "mm saved its operand 1 of 2" in text and at("m.zero_()") in text


def test_the_library_does_not_hide_the_line():
    y = leaf().exp()
    nn.Dropout(0.25, inplace=True)(y)
    text = refusal(y.sum().backward)
    assert "by dropout_, which made version 1, in dropout()" in text
    assert at("nn.Dropout(0.25, inplace=True)(y)") in text
    assert "call dropout without inplace=True" in text


def test_a_function_that_changes_its_argument_is_named():
    class Double(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_dirty(x)
            return x.mul_(2)

        @staticmethod
        def backward(ctx, grad):
            return grad * 2

    y = leaf().exp()
    Double.apply(y)
    text = refusal(y.sum().backward)
    assert "by Double, which made version 1" in text and at("Double.apply(y)") in text


def test_of_many_changes_the_last_lines_are_told():
    y = leaf().exp()
    for k in range(50):
        y.add_(k + 0.125)
    y.mul_(1.25)
    y.sub_(1)
    y.div_(2)
    text = refusal(lambda: y.sum().backward(retain_graph=True))
    assert "changed 53 times since, and is now at version 53" in text
    for line in "y.add_(k + 0.125)", "y.mul_(1.25)", "y.sub_(1)", "y.div_(2)":
        assert at(line) in text
    y.add_(0.5)
    text = refusal(lambda: y.sum().backward(retain_graph=True))
    assert at("y.add_(0.5)") in text and text.count("changed: ") == 4


def test_changes_before_the_value_was_saved_are_not_told():
    y = leaf() * 1
    y.add_(0.0625)
    z = y * y
    y.sub_(0.0625)
    text = refusal(z.sum().backward)
    assert at("y.sub_(0.0625)") in text and at("y.add_(0.0625)") not in text
    assert "at version 1\n" in text


def test_counters_forget_their_lines_without_leaks():
    def use():
        y = Variable(torch.ones(3))
        for _ in range(3):
            y.add_(1)
            y.mul_(1)

    use()
    code = use.__code__
    before = sys.getrefcount(code)
    for _ in range(100):
        use()
    assert sys.getrefcount(code) == before


# -- a graph that was freed --------------------------------------------------------------------------------------------


def test_backward_twice_names_the_first():
    x = leaf()
    with detect_anomaly():
        loss = x.exp().mean()
    loss.backward(retain_graph=True)
    loss.backward(retain_graph=False)
    text = refusal(loss.backward)
    assert "retain_graph=True" in text.splitlines()[0]
    assert at("loss.backward(retain_graph=False)") in text and at("loss.backward(retain_graph=True)") not in text
    assert at("loss = x.exp().mean()") in text
    loss = x.exp().sum()
    grad(loss, (x,))
    text = refusal(lambda: grad([loss], [x]))
    assert at("grad(loss, (x,))") in text and "what exp saved" in text


def test_what_saved_nothing_but_numbers_runs_again():
    x = leaf()
    loss = (x * 2 - 1).view(1, 3)[0].sum() / 4
    for _ in range(3):
        loss.backward()
    assert x.grad.data.tolist() == [1.5, 1.5, 1.5]


def test_freed_function_names_the_backward():
    class Keep(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            return ctx.saved_variables[0] * grad

    y = Keep.apply(leaf()).sum()
    y.backward(torch.ones(1))
    text = refusal(y.backward)
    assert "what Keep saved" in text and at("y.backward(torch.ones(1))") in text


# -- refusals that say whose, and what to do ---------------------------------------------------------------------------


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3, 2)
        self.body = nn.Sequential(nn.Linear(2, 2), nn.ReLU())


def test_a_leaf_changed_in_place_is_named():
    net = nn.Sequential(Net())
    for parameter, name in (net[0].fc1.weight, "0.fc1.weight"), (net[0].body[0].bias, "0.body.0.bias"):
        text = refusal(lambda parameter=parameter: parameter.mul_(2))
        assert text.startswith("a leaf Variable that requires grad has been used in an in-place operation.\n")
        assert f"leaf:     {name} of Sequential, a torch.FloatTensor of size" in text and "by mul_" in text
    local = leaf()
    assert "leaf:     local, a torch.FloatTensor of size 3" in refusal(local.zero_)
    assert "leaf:     a torch.FloatTensor of size 3" in refusal([leaf()][0].zero_)


def test_the_sharing_variables_are_named():
    whole = leaf() * 1
    with detect_anomaly():
        first = whole[0]
    cut = whole.detach()
    text = refusal(lambda: whole.mul_(2))
    assert "there are 3 objects sharing it\n  changed:  whole, a torch.FloatTensor of size 3, by mul_\n" in text
    assert "sharing:  first, a torch.FloatTensor of size 1, made by IndexBackward" in text
    assert at("first = whole[0]") in text
    assert "sharing:  cut, a torch.FloatTensor of size 3, a leaf" in text
    del first, cut
    whole.mul_(2)


def test_backward_says_what_it_was_given():
    x = Variable(torch.ones(2, 3), requires_grad=True)
    text = refusal((x * 2).backward)
    assert text.startswith("grad can be implicitly created only for scalar outputs\n") and "size 2x3" in text
    constant, volatile = Variable(torch.ones(2)), Variable(torch.ones(2), volatile=True)
    text = refusal(constant.backward)
    assert "element 0 of variables does not require grad" in text and "constant, a torch.FloatTensor of size 2" in text
    text = refusal((volatile * 2).sum().backward)
    assert "element 0 of variables is volatile" in text and "volatile=True to inference" in text
    text = refusal(lambda: (x * x).backward(torch.ones(4)))
    assert "as the gradient of a torch.FloatTensor of size 2x3: a torch.FloatTensor of size 4" in text
    text = refusal(lambda: (x * x).backward(torch.ones(2, 3).double()))
    assert "as the gradient of a torch.FloatTensor of size 2x3: a torch.DoubleTensor of size 2x3" in text
    with pytest.raises(TypeError, match="backward: variables must be Variables, got int as number 1"):
        backward([x.sum(), 3])
    with pytest.raises(TypeError, match="grad: inputs must be Variables, got FloatTensor as number 0"):
        grad(x.sum(), torch.ones(2))


def test_grad_says_which_input():
    x, unused = leaf(), leaf()
    assert "It is input 1, a torch.FloatTensor of size 3" in refusal(lambda: grad(x.sum(), [x, unused]))
    assert "does not require grad: input 1" in refusal(lambda: grad(x.sum(), [x, x.detach()]))


def test_a_gradient_unlike_the_one_there_is_names_the_leaf():
    net = Net()
    (net.fc1.weight * 1).backward(torch.ones(7))
    text = refusal(net.fc1(Variable(torch.ones(1, 3))).sum().backward)
    assert "leaf:     fc1.weight of Net, a torch.FloatTensor of size 2x3" in text
    assert "has:      a gradient, a torch.FloatTensor of size 7" in text


def test_a_hook_that_changes_sizes_is_told():
    y = leaf() * 2
    y.register_hook(lambda grad: Variable(torch.ones(5)))
    assert "hook has changed the size of value (was 3 got 5)" in refusal(y.sum().backward)


def test_numbers_of_many_elements():
    with pytest.raises(TypeError, match=r"got one of size 2x3: name an element, as in x\[0\]\[0\]"):
        float(torch.ones(2, 3))
    assert "got FloatTensor: wrap it, as Variable(tensor)" in refusal(lambda: leaf() + torch.ones(3))


# -- anomalies ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("graph", [False, True])
def test_nan_names_the_forward_line(graph):
    x = leaf(4, 0, 0)
    with detect_anomaly():
        y = (x - x).mul(x).sqrt().mul(0)
        text = refusal(lambda: y.sum().backward(create_graph=graph))
    assert text.startswith("SqrtBackward gave nan as gradient 0\n")
    assert at("y = (x - x).mul(x).sqrt().mul(0)") in text
    assert "3 of 3 elements are not finite, the first at [0]" in text


def test_infinity_names_the_forward_line():
    x = leaf(1, 0, 4)
    with detect_anomaly():
        y = F.sigmoid(x).add(x.sqrt())
        text = refusal(y.sum().backward)
        assert text.startswith("SqrtBackward gave an infinity") and "1 of 3" in text and "first at [1]" in text
        text = refusal(lambda: (x * 2).backward(torch.FloatTensor([1, 2, float("nan")])))
        assert text.startswith("backward was given nan as gradient 0")
    x.sqrt().sum().backward()


def test_changes_past_the_counter_are_seen_inside_detect_anomaly():
    class Keep(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            return ctx.saved_variables[0] * grad

    for call in (lambda x: x * x, Keep.apply, lambda x: x.view(1, 3).mm(x.view(3, 1))):
        x = leaf()
        with detect_anomaly():
            y, z = call(x).sum(), call(x).sum()
            z.backward()
            x.data[1] = 7
            text = refusal(lambda y=y: y.backward(retain_graph=True))
        assert text.startswith(CHANGED) and "changed:  past its version counter: through .data" in text
        y.backward()


def test_errors_in_backward_name_the_forward_line():
    class Broken(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            raise KeyError("broke")

    with detect_anomaly():
        y = Broken.apply(leaf())
        with pytest.raises(KeyError, match="broke") as caught:
            y.sum().backward()
    if sys.version_info >= (3, 11):
        assert at("y = Broken.apply(leaf())") in caught.value.__notes__[0]


def test_detection_nests_and_ends_with_errors():
    assert not is_anomaly_enabled()
    detection = detect_anomaly()
    with detection:
        with detect_anomaly(False):
            assert not is_anomaly_enabled()
            with detection:
                assert is_anomaly_enabled()
            assert not is_anomaly_enabled()
        assert is_anomaly_enabled()
    assert not is_anomaly_enabled()
    with pytest.raises(ZeroDivisionError), detect_anomaly():
        1 / 0  # noqa: B018
    assert not is_anomaly_enabled()

    @detect_anomaly()
    def within(depth):
        return is_anomaly_enabled() and (depth == 0 or within(depth - 1))

    assert within(3) and not is_anomaly_enabled()
    with pytest.raises(TypeError, match="mode has to be a bool, got int"):
        detect_anomaly(1)


def test_detection_is_of_one_thread():
    seen = {}
    shared = detect_anomaly()
    entered, go_on = threading.Barrier(2), threading.Barrier(2)

    def other():
        seen["before"] = is_anomaly_enabled()
        with shared:
            entered.wait()
            go_on.wait()
            seen["within"] = is_anomaly_enabled()
        seen["after"] = is_anomaly_enabled()

    thread = threading.Thread(target=other)
    with shared:
        thread.start()
        entered.wait()
    assert not is_anomaly_enabled()
    go_on.wait()
    thread.join()
    assert seen == {"before": False, "within": True, "after": False}


def test_detection_everywhere():
    seen = []
    set_detect_anomaly(True)
    try:
        thread = threading.Thread(target=lambda: seen.append(is_anomaly_enabled()))
        thread.start()
        thread.join()
        with detect_anomaly(False):
            assert not is_anomaly_enabled()
        assert is_anomaly_enabled() and seen == [True]
    finally:
        set_detect_anomaly(False)
    assert not is_anomaly_enabled()
