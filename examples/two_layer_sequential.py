"""The network of two layers as nn.Sequential, its parameters updated by hand."""

import torch
from torch.autograd import Variable

torch.manual_seed(0)
N, D_in, H, D_out = 64, 1000, 100, 10
x = Variable(torch.randn(N, D_in))
y = Variable(torch.randn(N, D_out), requires_grad=False)

model = torch.nn.Sequential(
    torch.nn.Linear(D_in, H),
    torch.nn.ReLU(),
    torch.nn.Linear(H, D_out),
)
loss_fn = torch.nn.MSELoss(size_average=False)
print(model)

learning_rate = 1e-4
for t in range(500):
    loss = loss_fn(model(x), y)
    if t % 50 == 0 or t == 499:
        print(t, loss.data[0])
    model.zero_grad()
    loss.backward()
    for param in model.parameters():
        param.data -= learning_rate * param.grad.data
