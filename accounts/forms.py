from django.contrib.auth.forms import AuthenticationForm

from config.forms import fields_only


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "This user name and password do not match. Mind upper and lower case.",
        "inactive": "This account is switched off. Ask a manager.",
    }

    @property
    def helper(self):
        return fields_only("username", "password")
