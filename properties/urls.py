from django.urls import path
from django.views.generic import TemplateView

app_name = "properties"
urlpatterns = [path("", TemplateView.as_view(template_name="reservations/today.html"), name="list")]
