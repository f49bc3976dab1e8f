"""Variables that modules own and optimizers change."""

from __future__ import annotations

from ..autograd import Variable


class Parameter(Variable):
    """A Variable that a Module registers when it is assigned to an attribute.

    data: the Tensor with the initial values. requires_grad: whether it is trained; never volatile.
    Results of Parameters are plain Variables.
    """

    def __init__(self, data=None, requires_grad: bool = True):
        super().__init__(data, requires_grad)

    def __deepcopy__(self, memo: dict) -> Parameter:
        result = type(self)(self.data.clone(), self.requires_grad)
        memo[id(self)] = result
        return result

    def __repr__(self) -> str:
        return "Parameter containing:" + repr(self.data)
