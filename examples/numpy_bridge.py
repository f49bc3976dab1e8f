"""NumPy arrays to tensors and back, and the types of tensors."""

import numpy as np
import torch

numpy_array = np.arange(100, dtype=np.float64).reshape(10, 10) / 7

pytorch_tensor = torch.from_numpy(numpy_array)  # the same memory, so the same type
print(pytorch_tensor.type(), pytorch_tensor.size())
pytorch_tensor[0][0] = 5
print(numpy_array[0, 0])

pytorch_tensor = torch.Tensor(numpy_array)  # a copy, in the default type
print(pytorch_tensor.type(), pytorch_tensor.sum())
print(pytorch_tensor.numpy().dtype, pytorch_tensor.numpy().shape)

dtype = torch.DoubleTensor
cpu_tensor = torch.randn(10, 20).type(dtype)
print(type(cpu_tensor).__name__, cpu_tensor.size())

cpu_tensor = torch.randn(10, 20)
print(type(cpu_tensor).__name__, cpu_tensor.size())
if torch.cuda.is_available():
    gpu_tensor = cpu_tensor.cuda()
    cpu_tensor = gpu_tensor.cpu()
print(torch.equal(cpu_tensor, cpu_tensor.clone()))
print(torch.Tensor([[1, -2.5], [0.001, 30]]))
