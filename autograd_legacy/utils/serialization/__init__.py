"""Files of Lua Torch (.t7)."""

from .read_lua_file import T7Reader, load_lua

__all__ = ["T7Reader", "load_lua"]
