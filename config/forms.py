"""How every form of ours is drawn: the template owns `<form>`, the token and the buttons; crispy draws the fields."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout


def fields_only(*layout):
    """A crispy helper for a form whose `<form>` element stands in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if layout:
        helper.layout = Layout(*layout)
    return helper
