"""Events of reservations and closures in responses, and the query strings of their lists."""

from rest_framework import serializers

from api.fields import Choice, Key, Text
from api.serializers import ListQuerySerializer, ResponseSerializer, fields_of
from properties.api.serializers import PropertyNameSerializer
from reservations import history
from reservations.models import Event, Status


class EventSerializer(ResponseSerializer):
    id = serializers.IntegerField(
        help_text="Of two events of one reservation or closure, the one with the larger id happened later."
    )
    act = serializers.UUIDField(
        help_text="The key of the act. Events with the same key were made together and are undone together."
    )
    action = serializers.ChoiceField(Event.Action.choices)
    property = PropertyNameSerializer(source="subject.property")
    reservation = serializers.CharField(
        source="reservation.reference",
        default=None,
        allow_null=True,
        help_text="The reference of the reservation; null: the event is about a closure.",
    )
    closure = serializers.IntegerField(
        source="closure_id", allow_null=True, help_text="The id of the closure; null: the event is about a reservation."
    )
    from_status = serializers.ChoiceField(
        Status.choices, allow_blank=True, help_text="The status before; empty: the event did not change it."
    )
    to_status = serializers.ChoiceField(Status.choices, allow_blank=True)
    actor = serializers.StringRelatedField(
        allow_null=True, help_text="Who did it; null: nobody, such as when a hold lapsed."
    )
    at = serializers.DateTimeField(help_text="UTC")
    reason = serializers.CharField(allow_blank=True, help_text="The reason in the words of whoever gave it.")
    reason_code = serializers.CharField(
        allow_blank=True,
        help_text="For `cancelled`: the kind of reason, as `why` in `cancel/`. For `undone`: the action that was "
        "undone. For `moved`: `make_room` if the stay was moved to make room for another one, whose reference is "
        "then the `reason`; `room_closed` if its room was closed, whose name is then the `reason`.",
    )
    changes = serializers.SerializerMethodField(
        help_text="The changes in words, as the history on the page shows them."
    )
    data = serializers.DictField(
        child=serializers.JSONField(),
        help_text='The values before and after by field, such as {"arrival": ["2027-05-03", "2027-05-04"]}.',
    )

    def get_changes(self, event) -> list[str]:
        return [str(change) for change in history.changes(event)]


class EventRowSerializer(EventSerializer):
    pass


class HistoryQuerySerializer(ListQuerySerializer):
    fields = fields_of(EventRowSerializer)


class FeedQuerySerializer(ListQuerySerializer):
    fields = fields_of(EventRowSerializer)
    property = Key(required=False)
    reservation = Text(required=False, max_length=8, help_text="Only events of the reservation with this reference.")
    action = Choice(choices=Event.Action.choices, required=False)
