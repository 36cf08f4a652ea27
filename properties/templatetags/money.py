from django import template

from properties.money import Money

register = template.Library()


@register.filter
def money(amount: Money):
    """Such as €1,140.00. Raises TypeError for a number without a currency."""
    if not isinstance(amount, Money):
        raise TypeError(f"{amount!r} has no currency")
    return str(amount)


@register.filter
def digits(amount: Money):
    """The amount without its currency, such as 118 or 134.50, for a table whose head has the currency."""
    return f"{amount.exact:,f}" if amount.exact % 1 else f"{amount.exact:,.0f}"
