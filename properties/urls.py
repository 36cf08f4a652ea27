from django.urls import path

from properties import views

app_name = "properties"
urlpatterns = [
    path("", views.property_list, name="list"),
    path("new/", views.create, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/rooms/", views.add_rooms, name="add_rooms"),
    path("rooms/<int:pk>/edit/", views.edit_room, name="edit_room"),
]
