"""Python's `property` under a name that is free in classes with a field called `property`: models, forms, positions.

There `@property` would be the field. Every class of the project that has one writes `@computed` instead.
"""

from builtins import property as computed

__all__ = ["computed"]
