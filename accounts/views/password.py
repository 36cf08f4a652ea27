"""The page on which staff change their own password."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy

from accounts.forms import ChangePasswordForm


class ChangePassword(PasswordChangeView):
    """Changes the user's password. Django keeps this session and ends the user's other ones."""

    form_class = ChangePasswordForm
    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("accounts:change_password")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if getattr(request.user, "is_integration", False):
            raise Http404  # a program has tokens, and no password
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form):
        messages.success(
            self.request, "Your password is changed. Wherever else you were signed in, you are signed out."
        )
        return super().form_valid(form)

    def form_invalid(self, form):
        too_many = form.has_error("old_password", "too_many")
        status = HTTPStatus.TOO_MANY_REQUESTS if too_many else HTTPStatus.UNPROCESSABLE_ENTITY
        return self.render_to_response(self.get_context_data(form=form), status=status)
