"""The root URLs. Apps are included by name, because this module must not import them."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path

urlpatterns = [
    path("", include("reservations.urls")),
    path("", include("notes.urls")),
    path("properties/", include("properties.urls")),
    path("api/", include("config.api_urls")),
    path("accounts/", include("accounts.urls")),
    # In place of the admin's own view, so that the site has a single sign-in page.
    path("admin/login/", login_required(admin.site.login)),
    path("admin/", admin.site.urls),
    path("healthz", include("config.health_urls")),
]

handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.permission_denied"
handler404 = "config.error_pages.page_not_found"
handler500 = "config.error_pages.server_error"
