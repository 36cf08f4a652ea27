from django.urls import path

from reservations.api import problems  # noqa: F401  what refusals carry
from reservations.api.views import reservations

urlpatterns = [
    path("reservations/", reservations.Reservations.as_view(), name="api-reservations"),
    path("reservations/<str:reference>/", reservations.OneReservation.as_view(), name="api-reservation"),
]
