from http import HTTPStatus

from django.contrib.auth.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS

from accounts.forms import SignInForm
from config.return_urls import own_path


class SignIn(LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True
    template_name = "accounts/login.html"

    def get_redirect_url(self) -> str:  # type: ignore[override]  # the stubs are those of Django 6.1
        return own_path(self.request, super().get_redirect_url())

    def form_invalid(self, form):
        too_many = form.has_error(NON_FIELD_ERRORS, "too_many")
        status = HTTPStatus.TOO_MANY_REQUESTS if too_many else HTTPStatus.UNPROCESSABLE_ENTITY
        return self.render_to_response(self.get_context_data(form=form), status=status)
