from django.urls import path

from properties.api.views import OneProperty, OneUnit, Properties, RoomTypes, Units

urlpatterns = [
    path("properties/", Properties.as_view(), name="api-properties"),
    path("properties/<int:pk>/", OneProperty.as_view(), name="api-property"),
    path("properties/<int:pk>/units/", Units.as_view(), name="api-units"),
    path("properties/<int:pk>/room-types/", RoomTypes.as_view(), name="api-room-types"),
    path("units/<int:pk>/", OneUnit.as_view(), name="api-unit"),
]
