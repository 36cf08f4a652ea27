from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login

from config.return_urls import own_path


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's middleware, but after the sign-in a user who has sent a form comes back to the form's page.

    Django would lead to the address that the form was sent to, and many of these accept only POST.
    """

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        if "text/html" in request.headers.get("Accept", ""):  # a page is shown; scripts send the request again
            messages.warning(request, "You were signed out, so nothing was saved. Sign in and send it again.")
        page = own_path(request, request.headers.get("Referer", "")) or "/"
        return redirect_to_login(page, str(self.get_login_url(view_func)))
