"""A network of two layers by Variables and autograd alone."""

import torch
from torch.autograd import Variable

torch.manual_seed(0)

# N is batch size; D_in is input dimension; H is hidden dimension; D_out is output dimension.
N, D_in, H, D_out = 64, 1000, 100, 10
dtype = torch.FloatTensor

x = Variable(torch.randn(N, D_in).type(dtype), requires_grad=False)
y = Variable(torch.randn(N, D_out).type(dtype), requires_grad=False)
w1 = Variable(torch.randn(D_in, H).type(dtype), requires_grad=True)
w2 = Variable(torch.randn(H, D_out).type(dtype), requires_grad=True)

learning_rate = 1e-6
for t in range(500):
    y_pred = x.mm(w1).clamp(min=0).mm(w2)

    # loss is a Variable of size (1,), loss.data a tensor of that size, loss.data[0] a number
    loss = (y_pred - y).pow(2).sum()
    print(t, loss.data[0])

    loss.backward()

    # w1.data is a tensor, w1.grad a Variable, w1.grad.data a tensor
    w1.data -= learning_rate * w1.grad.data
    w2.data -= learning_rate * w2.grad.data

    w1.grad.data.zero_()
    w2.grad.data.zero_()
