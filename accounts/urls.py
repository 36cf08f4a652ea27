from django.contrib.auth import views
from django.urls import path

from accounts.forms import SignInForm

app_name = "accounts"

sign_in = views.LoginView.as_view(
    form_class=SignInForm, redirect_authenticated_user=True, template_name="accounts/login.html"
)

urlpatterns = [
    path("login/", sign_in, name="login"),
    path("logout/", views.LogoutView.as_view(), name="logout"),
]
