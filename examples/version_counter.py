"""What a function saved for backward may not be changed before it: the version counter says so."""

import torch
from torch.autograd import Function, Variable


class Cube(Function):
    """x ** 3, whose derivative needs x."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_variables
        return 3 * x**2 * grad


x = Variable(torch.Tensor([1, 2, 3]), requires_grad=True)
a = x * 1
print("version of a:", a._version)
b = Cube.apply(a)
b.sum().backward()
print("gradient of x:", x.grad.data.tolist())

a = x * 1
b = Cube.apply(a)
a += 1
print("version of a:", a._version)
try:
    b.sum().backward()
except RuntimeError as error:
    print("refused:", "modified by an inplace operation" in str(error))
