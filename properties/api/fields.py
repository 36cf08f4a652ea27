"""Amounts in answers. The currency stands in the same object, always: a test walks the schema."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers import ResponseSerializer


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^[0-9]{1,17}(\.[0-9]{1,4})?$"})
class Amount(serializers.Field):
    """Of a Money, as text: "140.00", "12000", "45.500". The currency's digits, a point, nothing between thousands."""

    def to_representation(self, money):
        return f"{money.exact:f}"


class MoneySerializer(ResponseSerializer):
    """An amount in a currency of its own."""

    amount = Amount(source="*")
    currency = serializers.CharField(help_text="ISO 4217")
