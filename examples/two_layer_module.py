"""The network of two layers as a class of its own, trained by an optimizer, on the GPU where there is one."""

import torch
import torch.nn as nn
from torch.autograd import Variable


class TwoLayerNN(nn.Module):
    def __init__(self, D_in, H, D_out):
        """Make two Linear modules and assign them as member variables."""
        super(TwoLayerNN, self).__init__()
        self.linear1 = nn.Linear(D_in, H)
        self.relu = nn.ReLU()
        self.linear2 = nn.Linear(H, D_out)

    def forward(self, x):
        """From a Variable of input data to a Variable of output data."""
        h_in = self.linear1(x)
        h_relu = self.relu(h_in)
        y_pred = self.linear2(h_relu)
        return y_pred


torch.manual_seed(0)
N, D_in, H, D_out = 64, 1000, 100, 10
x = Variable(torch.randn(N, D_in))
y = Variable(torch.randn(N, D_out), requires_grad=False)
model = TwoLayerNN(D_in, H, D_out)
if torch.cuda.is_available():
    x, y = x.cuda(), y.cuda()
    model.cuda()

criterion = torch.nn.MSELoss(size_average=False)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
for t in range(500):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    if t % 50 == 0 or t == 499:
        print(t, loss.data[0])
    optimizer.zero_grad()
    loss.backward()
    # update the weights
    optimizer.step()
