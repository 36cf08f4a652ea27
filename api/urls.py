"""What is at no address of the API. Last of all, see config/api_urls.py."""

from django.urls import re_path

from api.views import nothing_here

urlpatterns = [re_path(r"^(?P<path>.*[^/])$", nothing_here)]
