from django.urls import path

from properties.api.views import OneProperty, Properties

urlpatterns = [
    path("properties/", Properties.as_view(), name="api-properties"),
    path("properties/<int:pk>/", OneProperty.as_view(), name="api-property"),
]
