"""Printed forms beyond the recorded ones: what a reader relies on when the shape of the text varies."""

import pytest

import autograd_legacy as torch
from autograd_legacy.autograd import Variable


@pytest.fixture(autouse=True)
def default_options():
    yield
    torch.set_printoptions(profile="default")


def test_one_format_for_all_numbers():
    assert str(torch.FloatTensor([1, 2.5])) == "\n 1.0000\n 2.5000\n[torch.FloatTensor of size 2]\n"
    assert str(torch.FloatTensor([1, 20])) == "\n  1\n 20\n[torch.FloatTensor of size 2]\n"
    assert str(torch.FloatTensor([1e-6, 1e6])) == "\n 1.0000e-06\n 1.0000e+06\n[torch.FloatTensor of size 2]\n"


def test_scale_line():
    text = str(torch.DoubleTensor([[123456.5, 234567.25]]))
    assert text == "\n1.00000e+05 *\n  1.2346  2.3457\n[torch.DoubleTensor of size 1x2]\n"


def test_all_eight_types_print():
    for kind in ["Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double"]:
        tensor = torch.FloatTensor([3]).type(f"torch.{kind}Tensor")
        assert repr(tensor) == f"\n 3\n[torch.{kind}Tensor of size 1]\n"


def test_printing_leaves_the_storage_alone():
    tensor = torch.DoubleTensor([1, 2])
    str(tensor)
    tensor.resize_(100)
    assert tensor.size() == (100,)


def test_summary_looks_at_hidden_numbers():
    tensor = torch.zeros(2000)
    tensor[1000] = 0.5
    lines = str(tensor).split("\n")
    assert lines[1:8] == [" 0.0000"] * 3 + ["   \u22ee   "] + [" 0.0000"] * 3


def test_options_are_kept_until_changed():
    torch.set_printoptions(precision=2, linewidth=30)
    torch.set_printoptions(edgeitems=1)
    assert str(torch.FloatTensor([0.125])) == "\n   0.12\n[torch.FloatTensor of size 1]\n"
    torch.set_printoptions(profile="default")
    assert str(torch.FloatTensor([0.125])) == "\n 0.1250\n[torch.FloatTensor of size 1]\n"


def test_variables():
    assert str(Variable(torch.FloatTensor([1]))) == "Variable containing:\n 1\n[torch.FloatTensor of size 1]\n"
    assert str(Variable(torch.FloatTensor())) == "Variable containing:[torch.FloatTensor with no dimension]\n"


def test_storages():
    assert str(torch.LongStorage([1, 20])) == " 1\n 20\n[torch.LongStorage of size 2]"
