from django.contrib.auth.forms import AuthenticationForm

from config.forms import fields_only


class SignInForm(AuthenticationForm):
    error_messages = {
        # The same words for an account that is switched off: who has one here is nobody else's business.
        "invalid_login": "This user name and password do not match. Mind upper and lower case.",
    }

    @property
    def helper(self):
        return fields_only("username", "password")
