"""What checkpoints hold, as plain containers: the answers recorded for files describe networks and optimizers so."""

from collections.abc import Callable


def describer(torch: object) -> Callable[[object], object]:
    """The function that the cases of files call `parts`."""

    def parts(value: object) -> object:
        if isinstance(value, torch.nn.Module):
            return {
                "module": type(value).__name__,
                "repr": repr(value),
                "training": value.training,
                "state_dict": value.state_dict(),
            }
        if isinstance(value, torch.optim.Optimizer):
            return {
                "optimizer": type(value).__name__,
                "param_groups": [sorted(group_parts(group).items()) for group in value.param_groups],
                "state": [sorted(value.state[p].items()) for group in value.param_groups for p in group["params"]],
            }
        if isinstance(value, dict):
            return {key: parts(item) for key, item in value.items()}
        if type(value) in (list, tuple):
            return type(value)(parts(item) for item in value)
        return value

    def group_parts(group: dict) -> dict:
        return {name: len(value) if name == "params" else value for name, value in group.items()}

    return parts
