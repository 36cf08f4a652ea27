"""What several answers name: who, where, and for which nights."""

from rest_framework import serializers

from api.serializers import Shown


class NightsSerializer(Shown):
    """`[arrival, departure)`, local dates: the departure day is free for the next arrival."""

    arrival = serializers.DateField()
    departure = serializers.DateField()


class GuestNameSerializer(Shown):
    id = serializers.IntegerField()
    name = serializers.CharField()


class UnitNameSerializer(Shown):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RoomTypeNameSerializer(Shown):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PartSerializer(Shown):
    """The nights of a stay in one unit."""

    id = serializers.IntegerField(help_text="Stays while the part moves.")
    unit = UnitNameSerializer()
    arrival = serializers.DateField(source="stay.arrival")
    departure = serializers.DateField(source="stay.departure")
