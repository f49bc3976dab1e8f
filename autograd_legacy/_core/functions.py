"""The functions of the table as torch.name(...) spells them: with overloads, keywords and out=."""

from .dispatch import torch_functions

globals().update(torch_functions())
