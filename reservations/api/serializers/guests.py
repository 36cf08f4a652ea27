"""Guests' profiles in requests and responses."""

from rest_framework import serializers

from accounts.access import Action
from api.fields import Email, Text
from api.serializers import ListQuerySerializer, RequestSerializer, ResponseSerializer, fields_of, ordering_by
from reservations import guests
from reservations.api.fields import OneOf, Phone
from reservations.models import Guest


class GuestRowSerializer(ResponseSerializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="It grows with each change. The response's ETag has it, too.")
    name = serializers.CharField()
    phone = serializers.SerializerMethodField(help_text="Empty for those who may not see how to reach guests.")
    email = serializers.SerializerMethodField(help_text="Empty for those who may not see how to reach guests.")
    language = serializers.CharField(help_text="The language in words, such as Portuguese.")
    remarks = serializers.CharField(help_text="What all staff should know about the guest.")
    stays = serializers.IntegerField(help_text="The number of past and future stays, without cancelled ones.")
    last_arrival = serializers.DateField(
        allow_null=True, help_text="Local date of the arrival of the latest of these stays; null: there are none."
    )

    def get_phone(self, guest) -> str:
        return guest.phone if self._may_reach() else ""

    def get_email(self, guest) -> str:
        return guest.email if self._may_reach() else ""

    def _may_reach(self):
        return self.context["request"].user.access.may_somewhere(Action.CONTACT)


class GuestSerializer(GuestRowSerializer):
    nights = serializers.SerializerMethodField(help_text="The number of nights of these stays.")
    duplicates = serializers.SerializerMethodField(
        help_text="The ids of profiles that may be of the same person, the most likely first."
    )
    merged = serializers.SerializerMethodField(help_text="The ids of duplicates that were merged into this profile.")
    merged_into = serializers.SerializerMethodField(
        help_text="The id of the profile into which this one was merged; null: it was not merged."
    )

    def get_nights(self, guest) -> int:
        nights = guests.summary(guest, self.context["request"].user)["nights"]
        return nights.days if nights else 0

    def get_duplicates(self, guest) -> list[int]:
        if guest.merged_into_id:
            return []
        return [other.pk for other in guests.likely_duplicates(guest, self.context["request"].user)]

    def get_merged(self, guest) -> list[int]:
        return [duplicate.pk for duplicate in guest.merged.order_by("pk")]

    def get_merged_into(self, guest) -> int | None:
        return guests.surviving_profile(guest).pk if guest.merged_into_id else None


class GuestsQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("-id", "name")
    fields = fields_of(GuestRowSerializer)
    q = Text(
        required=False,
        max_length=200,
        help_text="Parts of the name or of the e-mail address, without regard to accents and case; or a telephone "
        "number or a part of one. If one of the properties is in Germany, +49 170 1234567 and 0170 1234567 find "
        "the same guests.",
    )


class GuestProfileSerializer(RequestSerializer):
    name = Text(max_length=Guest.LONGEST["name"])
    phone = Phone()
    email = Email(required=False, allow_blank=True, max_length=Guest.LONGEST["email"])
    language = Text(required=False, allow_blank=True, max_length=Guest.LONGEST["language"])
    remarks = Text(required=False, allow_blank=True, max_length=Guest.LONGEST["remarks"], paragraphs=True)


class GuestMergeSerializer(RequestSerializer):
    duplicate = OneOf(Guest.objects.all(), help_text="The id of the profile that is merged into this one.")
