"""Tags that hide what would be refused. The user knows what that is: see `accounts.access`."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def allowed(context, action, subject=None):
    """Whether the user may do the action, a name of Action in any case, at the property of `subject`.

    Without a subject: at properties that are to come. `{% allowed "rates" property as may_price %}`.
    """
    user = context["request"].user
    return user.is_authenticated and user.allows(action, subject)


@register.simple_tag(takes_context=True)
def allowed_somewhere(context, action):
    """Whether the user may do the action at one property at least: `{% allowed_somewhere "book" as may_book %}`."""
    user = context["request"].user
    return user.is_authenticated and user.allows(action)
