from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import tokens
from accounts.views.password import ChangePassword
from accounts.views.sign_in import SignIn

app_name = "accounts"

token_urls = [
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/new/", tokens.make_token, name="make_token"),
    path("tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
]

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", ChangePassword.as_view(), name="change_password"),
    *token_urls,
]
