"""Serializer fields for keys and references of rows, and for the two dates of a stay."""

from rest_framework import serializers

from api.fields import Text, Whole
from reservations.models import Guest, Reservation
from reservations.stay import BadStay, Stay

# The largest integer that all programs can write in JSON.
LARGEST_KEY = 2**53 - 1


class Phone(Text):
    """A telephone number in any form, or two; or empty."""

    default_error_messages = {"max_length": Guest.TOO_MANY_NUMBERS}

    def __init__(self):
        super().__init__(required=False, allow_blank=True, max_length=Guest.LONGEST["phone"])


class OneOf(Whole):
    """The key of a row of `queryset` that the request's user sees, read as that row."""

    default_error_messages = {"does_not_exist": "There is none with this id."}

    def __init__(self, queryset, **options):
        super().__init__(min_value=1, max_value=LARGEST_KEY, **options)
        self.queryset = queryset

    def run_validation(self, data=serializers.empty):
        key = super().run_validation(data)
        return key if key is None else self._row(key)

    def _row(self, key):
        row = self.queryset.visible_to(self.context["request"].user).filter(pk=key).first()
        if row is None:
            self.fail("does_not_exist")
        return row


class Reference(Text):
    """The reference of a reservation that the request's user sees, read as that reservation."""

    default_error_messages = {"does_not_exist": "There is no reservation of this reference."}

    def to_internal_value(self, data):
        seen = Reservation.objects.visible_to(self.context["request"].user).with_unit()
        reservation = seen.filter(reference=super().to_internal_value(data)).first()
        if reservation is None:
            self.fail("does_not_exist")
        return reservation


def stay_of(data, was=None):
    """The request's `data` with a Stay as `stay` in place of `arrival` and `departure`.

    A date that was not sent is that of the stay `was`. Raises ValidationError if the dates are no Stay.
    """
    arrival, departure = (data.pop(end) if end in data else getattr(was, end) for end in ("arrival", "departure"))
    try:
        return data | {"stay": Stay(arrival, departure)}
    except BadStay as bad:
        raise serializers.ValidationError({bad.field: bad.message}, code="not_a_stay") from bad


def refuse_elsewhere(data, property):
    """Raises ValidationError when the unit or the room type in `data` is one of another property."""
    for name in ("unit", "room_type"):
        if data.get(name) and data[name].property_id != property.pk:
            words = f"This is not of {property}. Its units and room types are at properties/{property.pk}/."
            raise serializers.ValidationError({name: words}, code="other_property")
