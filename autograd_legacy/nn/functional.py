"""The functions of neural networks on Variables, as in torch.nn.functional of 0.3."""
