"""Amounts in responses. The currency is always in the same object, which a test of the schema checks."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers import ResponseSerializer


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^[0-9]{1,17}(\.[0-9]{1,4})?$"})
class Amount(serializers.Field):
    """A Money as text, such as "140.00", "12000" or "45.500": as many digits as the currency has."""

    def to_representation(self, money):
        return f"{money.exact:f}"


class MoneySerializer(ResponseSerializer):
    """An amount with its currency."""

    amount = Amount(source="*")
    currency = serializers.CharField(help_text="ISO 4217")
