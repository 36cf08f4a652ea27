"""What happened to reservations and closures, and who did it."""

from rest_framework import serializers

from api.fields import Choice, Key, Text
from api.serializers import ListQuerySerializer, ResponseSerializer, fields_of
from properties.api.serializers import PropertyNameSerializer
from reservations import history
from reservations.models import Event, Status


class EventSerializer(ResponseSerializer):
    id = serializers.IntegerField(help_text="Of one reservation or closure, the larger one happened later.")
    act = serializers.UUIDField(help_text="Events of one act share it: done together, undone together.")
    action = serializers.ChoiceField(Event.Action.choices)
    property = PropertyNameSerializer(source="subject.property")
    reservation = serializers.CharField(
        source="reservation.reference", default=None, allow_null=True, help_text="Its reference."
    )
    closure = serializers.IntegerField(source="closure_id", allow_null=True, help_text="Its id.")
    from_status = serializers.ChoiceField(Status.choices, allow_blank=True, help_text="Empty: the status stayed.")
    to_status = serializers.ChoiceField(Status.choices, allow_blank=True)
    actor = serializers.StringRelatedField(allow_null=True, help_text="null: nobody, such as when a hold lapsed.")
    at = serializers.DateTimeField(help_text="UTC")
    reason = serializers.CharField(allow_blank=True, help_text="In people's own words.")
    reason_code = serializers.CharField(
        allow_blank=True,
        help_text="Of `cancelled` why, as `cancel/` takes it; of `undone` the action that was taken back; of `moved` "
        "`make_room`, with whose reference as the reason.",
    )
    changes = serializers.SerializerMethodField(help_text="In words, as the history on the page says them.")
    data = serializers.DictField(
        child=serializers.JSONField(), help_text='Field by field: {"arrival": ["2027-05-03", "2027-05-04"]}'
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
    reservation = Text(required=False, max_length=8, help_text="A reference.")
    action = Choice(choices=Event.Action.choices, required=False)
