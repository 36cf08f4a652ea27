from django.urls import path
from django.views.generic import TemplateView

app_name = "reservations"

todo = TemplateView.as_view(template_name="reservations/today.html")
urlpatterns = [
    path("", todo, name="today"),
    path("calendar/", todo, name="calendar"),
    path("reservations/", todo, name="list"),
    path("reservations/new/", todo, name="new"),
]
