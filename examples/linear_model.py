"""A linear model y = W x + b of NumPy data: as_tensor, a loss function, gradients, and an optimizer."""

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(0)
x_ndarray = np.linspace(-1, 1, 50).astype(np.float32)
label_ndarray = 3 * x_ndarray - 0.5

x = torch.as_tensor(x_ndarray)
label = torch.as_tensor(label_ndarray)
W, b = torch.rand(1).requires_grad_(), torch.rand(1).requires_grad_()

y = W * x + b
y.backward(torch.ones(50))  # with a gradient of the result
print("sum of x %.4f, count %.0f" % (W.grad.item(), b.grad.item()))

criterion = nn.MSELoss()
optimizer = optim.SGD([W, b], lr=0.5)
for step in range(40):
    optimizer.zero_grad()  # zero the gradient buffers
    output = W * x + b
    loss = criterion(output, label)
    loss.backward()
    optimizer.step()  # does the update
    if step % 10 == 0:
        print("step %d loss %.6f" % (step, loss.item()))
print("W %.4f b %.4f" % (W.item(), b.item()))
