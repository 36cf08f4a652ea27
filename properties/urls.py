from django.urls import path

from properties.views import properties, rates, room_types, rooms

app_name = "properties"

room_urls = [
    path("<int:pk>/rooms/", rooms.add_rooms, name="add_rooms"),
    path("rooms/<int:pk>/edit/", rooms.edit_room, name="edit_room"),
]

room_type_urls = [
    path("<int:pk>/room-types/new/", room_types.add, name="add_room_type"),
    path("room-types/<int:pk>/edit/", room_types.edit, name="edit_room_type"),
    path("room-types/<int:pk>/remove/", room_types.remove, name="remove_room_type"),
]

rate_urls = [
    path("<int:pk>/rates/", rates.table, name="rates"),
    path("<int:pk>/rates/new/", rates.add, name="add_rate"),
    path("rates/<int:pk>/edit/", rates.edit, name="edit_rate"),
    path("rates/<int:pk>/remove/", rates.remove, name="remove_rate"),
]

urlpatterns = [
    path("", properties.property_list, name="list"),
    path("new/", properties.create, name="new"),
    path("<int:pk>/", properties.detail, name="detail"),
    path("<int:pk>/edit/", properties.edit, name="edit"),
    *room_urls,
    *room_type_urls,
    *rate_urls,
]
