"""The functions behind torch.nn.functional, one file for each family."""
