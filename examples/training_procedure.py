"""The typical procedure: a network, data, a loss, gradients, and weight = weight - learning_rate * gradient."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.fc1 = nn.Linear(2, 8)
        self.fc2 = nn.Linear(8, 1)

    def forward(self, x):
        return self.fc2(F.tanh(self.fc1(x)))


torch.manual_seed(1)
net = Net()  # a network that has some learnable parameters
print(net)
print([tuple(p.size()) for p in net.parameters()])

inputs = torch.Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])  # a dataset: exclusive or
targets = torch.Tensor([[0], [1], [1], [0]])

learning_rate = 0.5
for epoch in range(600):
    output = net(Variable(inputs))  # process input through the network
    loss = F.mse_loss(output, Variable(targets))  # compute the loss: how far is the output from being correct
    net.zero_grad()
    loss.backward()  # propagate gradients back into the network's parameters
    for f in net.parameters():  # update the weights
        f.data.sub_(f.grad.data * learning_rate)
    if epoch % 100 == 0:
        print("epoch %d loss %.5f" % (epoch, loss.data[0]))

answers = net(Variable(inputs, volatile=True))
print((answers.data > 0.5).view(-1).tolist())
