"""A critic whose slope is kept near one, as Wasserstein GANs have it: the loss holds a gradient of the network."""

from __future__ import print_function

import torch
import torch.autograd as autograd
import torch.nn as nn
import torch.optim as optim
from torch.autograd import Variable

torch.manual_seed(4)
LAMBDA = 10
netD = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = optim.Adam(netD.parameters(), lr=1e-2, betas=(0.5, 0.9))
one = torch.FloatTensor([1])
mone = one * -1


def calc_gradient_penalty(netD, real_data, fake_data):
    alpha = torch.rand(real_data.size(0), 1).expand(real_data.size())
    interpolates = Variable(alpha * real_data + (1 - alpha) * fake_data, requires_grad=True)
    disc = netD(interpolates)
    gradients = autograd.grad(
        outputs=disc,
        inputs=interpolates,
        grad_outputs=torch.ones(disc.size()),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean() * LAMBDA


for iteration in range(201):
    real = torch.randn(32, 2) * 0.3 + 2
    fake = torch.randn(32, 2) * 0.3
    netD.zero_grad()
    D_real = netD(Variable(real)).mean()
    D_real.backward(mone)
    D_fake = netD(Variable(fake)).mean()
    D_fake.backward(one)
    penalty = calc_gradient_penalty(netD, real, fake)
    penalty.backward()
    optimizer.step()
    if iteration % 20 == 0:
        print("iteration %3d  penalty %.4f  distance %.4f" % (iteration, penalty.data[0], (D_real - D_fake).data[0]))
