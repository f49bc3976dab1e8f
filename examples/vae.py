"""A variational autoencoder of handwritten digits: the noise comes from the memory of the tensor that it is for."""

from __future__ import print_function

import os

import numpy as np
import torch
import torch.utils.data
from torch import nn, optim
from torch.autograd import Variable
from torch.nn import functional as F

torch.manual_seed(5)
images = np.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "digits.npz"))["images"]
images = torch.from_numpy((images / 16.0).astype(np.float32)).view(-1, 64)
dataset = torch.utils.data.TensorDataset(images, torch.zeros(images.size(0)))
loader = torch.utils.data.DataLoader(dataset, batch_size=64, shuffle=True, drop_last=True)


class VAE(nn.Module):
    def __init__(self):
        super(VAE, self).__init__()
        self.fc1 = nn.Linear(64, 50)
        self.fc21 = nn.Linear(50, 4)
        self.fc22 = nn.Linear(50, 4)
        self.fc3 = nn.Linear(4, 50)
        self.fc4 = nn.Linear(50, 64)

    def encode(self, x):
        h = F.relu(self.fc1(x))
        return self.fc21(h), self.fc22(h)

    def reparametrize(self, mu, logvar):
        std = logvar.mul(0.5).exp_()
        eps = Variable(std.data.new(std.size()).normal_())
        return eps.mul(std).add_(mu)

    def decode(self, z):
        return F.sigmoid(self.fc4(F.relu(self.fc3(z))))

    def forward(self, x):
        mu, logvar = self.encode(x)
        return self.decode(self.reparametrize(mu, logvar)), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    bce = F.binary_cross_entropy(recon_x, x, size_average=False)
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return (bce + kld) / x.size(0)


model = VAE()
optimizer = optim.Adam(model.parameters(), lr=3e-3)
step = 0
for epoch in range(10):
    for data, _ in loader:
        data = Variable(data)
        optimizer.zero_grad()
        recon, mu, logvar = model(data)
        loss = loss_function(recon, data, mu, logvar)
        loss.backward()
        optimizer.step()
        if step % 20 == 0:
            print("step %3d  loss %.4f" % (step, loss.data[0]))
        step += 1

# a new digit, out of nothing
sample = model.decode(Variable(torch.randn(1, 4), volatile=True)).data.view(8, 8)
for row in sample:
    print("".join(" .:*#"[min(4, int(5 * x))] for x in row))
