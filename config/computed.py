"""Python's `property` under another name, for classes that have a field named `property`.

In the body of such a class `@property` would be that field, so its computed attributes are marked with `@computed`.
"""

from builtins import property as computed

__all__ = ["computed"]
