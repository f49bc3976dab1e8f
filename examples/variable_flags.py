"""The two flags of a Variable: what requires_grad and volatile of the inputs make of a result."""

import torch
from torch.autograd import Variable

x = Variable(torch.randn(5, 5))
y = Variable(torch.randn(5, 5))
z = Variable(torch.randn(5, 5), requires_grad=True)
a = x + y
b = x + z
print("neither requires it:", a.requires_grad, a.grad_fn)
print("one requires it:", b.requires_grad, type(b.grad_fn).__name__)

frozen = Variable(torch.randn(5, 5), volatile=True)
c = frozen + z
print("one is volatile:", c.volatile, c.requires_grad, c.grad_fn)
print("and so what follows:", (c * z).sum().volatile)
try:
    c.sum().backward()
except RuntimeError as error:
    print("no way back:", type(error).__name__)

b.sum().backward()
print("gradient of z:", z.grad.data.sum(), "of x:", x.grad)
