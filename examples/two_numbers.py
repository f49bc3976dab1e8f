"""How autograd works, with two numbers instead of matrices."""

import torch

var_1 = torch.tensor(3.0, requires_grad=True)
var_2 = torch.tensor(4.0, requires_grad=True)
print((var_1, var_2))

var_mult = var_1 * var_2
print(var_mult)

diff = var_mult - 3
print(diff)

print(diff.backward())

print(var_mult)
print((var_1.grad, var_2.grad))
