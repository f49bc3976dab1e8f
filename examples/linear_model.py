"""A linear model y = W x + b of NumPy data: as_tensor, a loss function, gradients, and an optimizer."""

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.autograd import Variable

torch.manual_seed(0)
x_ndarray = np.linspace(-1, 1, 50).astype(np.float32)
label_ndarray = 3 * x_ndarray - np.float32(0.5)

W, b = torch.rand(1), torch.rand(1)
x = torch.as_tensor(x_ndarray)
y = W * x + b
print("y from %.4f to %.4f" % (y[0], y[-1]))

W, b = Variable(W, requires_grad=True), Variable(b, requires_grad=True)
x, label = Variable(x), Variable(torch.as_tensor(label_ndarray))
y = W * x + b
y.backward(x.data)  # with a gradient of the result
print("gradients %.4f %.4f" % (W.grad.data[0], b.grad.data[0]))

criterion = nn.MSELoss()
optimizer = optim.SGD([W, b], lr=0.5)
for step in range(40):
    optimizer.zero_grad()  # zero the gradient buffers
    output = W * x + b
    loss = criterion(output, label)
    loss.backward()
    optimizer.step()  # does the update
    if step % 10 == 0:
        print("step %d loss %.6f" % (step, loss.data[0]))
print("W %.4f b %.4f" % (W.data[0], b.data[0]))
