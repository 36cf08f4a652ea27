"""Fields that name rows, and the two ends of a stay."""

from rest_framework import serializers

from api.fields import Whole
from reservations.stay import BadStay, Stay


class OneOf(Whole):
    """A row of the queryset, by its key."""

    default_error_messages = {"does_not_exist": "There is none with this id."}

    def __init__(self, queryset, **options):
        super().__init__(**options)
        self.queryset = queryset

    def to_internal_value(self, data):
        row = self.queryset.filter(pk=super().to_internal_value(data)).first()
        if row is None:
            self.fail("does_not_exist")
        return row


def stay_of(sent):
    """What was sent, with `stay` in the place of its two ends. Raises ValidationError where they make none."""
    arrival, departure = sent.pop("arrival"), sent.pop("departure")
    try:
        return sent | {"stay": Stay(arrival, departure)}
    except BadStay as bad:
        raise serializers.ValidationError({bad.field: bad.message}, code="not_a_stay") from bad
