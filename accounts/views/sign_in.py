from http import HTTPStatus

from django.contrib.auth.views import LoginView

from accounts.forms import SignInForm


class SignIn(LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True
    template_name = "accounts/login.html"

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
