"""Lets `import visdom` pass where it is not installed: torchnet imports it for its plots, which few programs draw."""


class Visdom:
    """A connection to a Visdom server. ImportError: there is none without the package."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise ImportError("plots on a Visdom server need the package visdom, which is not installed")
