"""backward() of a result with one element, and of one with more, which needs to be told a gradient."""

import torch
from torch.autograd import Variable

x = Variable(torch.ones(2, 2), requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
print(out)
out.backward()
print(x.grad)

x = Variable(torch.Tensor([0.5, -1, 2]), requires_grad=True)
y = x * 2
while y.data.norm() < 1000:
    y = y * 2
try:
    y.backward()
except RuntimeError as error:
    print("refused:", type(error).__name__)
gradients = torch.FloatTensor([0.1, 1.0, 0.0001])
y.backward(gradients)
print(y.data.tolist(), x.grad.data.tolist())
