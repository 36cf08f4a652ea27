"""The addresses of the API; the names of the apps are not in them."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path(
        "v1/",
        include(
            [
                path("", include("properties.api.urls")),
                path("", include("reservations.api.urls")),
                path("", include("notes.api.urls")),
            ]
        ),
    ),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include("api.urls")),  # last, because it matches every other address
]
