"""Guests' profiles, as they are shown and as they are said."""

from rest_framework import serializers

from api.fields import Email, Text
from api.serializers import ListQuerySerializer, RequestSerializer, ResponseSerializer, fields_of, ordering_by
from reservations import guests
from reservations.api.fields import OneOf, Phone
from reservations.models import Guest


class GuestRowSerializer(ResponseSerializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Counts changes; the ETag.")
    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    language = serializers.CharField(help_text="As people say it: Portuguese, English.")
    remarks = serializers.CharField(help_text="What every shift must know.")
    stays = serializers.IntegerField(help_text="Past and coming, without those that were cancelled.")
    last_arrival = serializers.DateField(allow_null=True, help_text="Local date, of the latest of these stays.")


class GuestSerializer(GuestRowSerializer):
    nights = serializers.SerializerMethodField(help_text="Of these stays.")
    duplicates = serializers.SerializerMethodField(help_text="Profiles that may be the same person, likeliest first.")
    merged = serializers.SerializerMethodField(help_text="Duplicates whose stays this profile was given.")
    merged_into = serializers.SerializerMethodField(
        help_text="Set: a duplicate, which is not used any more; the profile that was kept."
    )

    def get_nights(self, guest) -> int:
        nights = guests.summary(guest)["nights"]
        return nights.days if nights else 0

    def get_duplicates(self, guest) -> list[int]:
        return [] if guest.merged_into_id else [other.pk for other in guests.likely_duplicates(guest)]

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
        help_text="Parts of the name or the e-mail address, blind to accents and case; or a telephone number or part "
        "of one, in any form: +49 170 1234567 and 0170 1234567 are one where a property is in Germany.",
    )


class GuestProfileSerializer(RequestSerializer):
    name = Text(max_length=Guest.LONGEST["name"])
    phone = Phone()
    email = Email(required=False, allow_blank=True, max_length=Guest.LONGEST["email"])
    language = Text(required=False, allow_blank=True, max_length=Guest.LONGEST["language"])
    remarks = Text(required=False, allow_blank=True, max_length=Guest.LONGEST["remarks"], paragraphs=True)


class GuestMergeSerializer(RequestSerializer):
    duplicate = OneOf(Guest.objects.all(), help_text="The profile whose stays and groups this one is given.")
