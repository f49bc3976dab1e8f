"""A mistake of many first networks, and the error that names its line: what backward needs is changed in place."""

import torch
import torch.nn as nn
from torch.autograd import Variable


class Gated(nn.Module):
    """A hidden layer, each unit of it opened and closed by a gate."""

    def __init__(self, clip):
        super().__init__()
        self.hidden = nn.Linear(4, 8)
        self.gate = nn.Linear(4, 8)
        self.out = nn.Linear(8, 1)
        self.clip = clip

    def forward(self, x):
        gate = self.gate(x).sigmoid()
        hidden = self.hidden(x).tanh()
        hidden = hidden * gate
        return self.out(self.clip(hidden, gate))


def in_place(hidden, gate):
    hidden[gate.data < 0.5] = 0
    gate.mul_(2)
    return hidden


def out_of_place(hidden, gate):
    return hidden.masked_fill(Variable(gate.data < 0.5), 0)


torch.manual_seed(1)
x = Variable(torch.randn(16, 4))

loss = Gated(in_place)(x).pow(2).mean()
try:
    loss.backward()
except RuntimeError as error:
    print(error)

model = Gated(out_of_place)
model(x).pow(2).mean().backward()
print("\nout of place there is a gradient:", model.gate.weight.grad.data.abs().sum() > 0)
