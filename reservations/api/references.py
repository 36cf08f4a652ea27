"""A URL converter for references. Other texts match no address, and the schema has the pattern."""

from reservations.models.stays import REFERENCE_LETTERS


class ReferenceConverter:
    regex = f"RT-[{REFERENCE_LETTERS}]{{5}}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value
