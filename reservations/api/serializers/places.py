"""Short forms of guests, units, room types and stays, which several responses have."""

from rest_framework import serializers

from api.serializers import ResponseSerializer


class NightsSerializer(ResponseSerializer):
    """`[arrival, departure)`, local dates: the departure day is free for the next arrival."""

    arrival = serializers.DateField()
    departure = serializers.DateField()


class GuestNameSerializer(ResponseSerializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class UnitNameSerializer(ResponseSerializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RoomTypeNameSerializer(ResponseSerializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class StaySegmentSerializer(ResponseSerializer):
    """The nights of a stay in one unit."""

    id = serializers.IntegerField(help_text="It stays the same when the segment moves.")
    unit = UnitNameSerializer()
    arrival = serializers.DateField(source="stay.arrival")
    departure = serializers.DateField(source="stay.departure")
