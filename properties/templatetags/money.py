from django import template

from properties.money import Money

register = template.Library()


@register.filter
def money(amount: Money):
    """€1,140.00. A bare number is an error: nobody would know of which currency it is."""
    if not isinstance(amount, Money):
        raise TypeError(f"{amount!r} has no currency")
    return str(amount)


@register.filter
def digits(amount: Money):
    """118, 134.50: in a table whose head says the currency."""
    return f"{amount.exact:,f}" if amount.exact % 1 else f"{amount.exact:,.0f}"
