"""The base of backends: functions found by name."""

from __future__ import annotations


class FunctionBackend:
    """A namespace of functions; 0.3's modules looked their functions up in one."""

    def __init__(self):
        self.function_classes = {}

    def __getattr__(self, name: str):
        functions = self.__dict__.get("function_classes", {})
        if name not in functions:
            raise NotImplementedError(f"the backend has no function {name!r}")
        return functions[name]

    def register_function(self, name: str, function) -> None:
        """Make a function known; RuntimeError where the name is taken."""
        if name in self.function_classes:
            raise RuntimeError(f"the backend already has a function {name!r}")
        self.function_classes[name] = function
