"""Measurements, outside the test suite. The servers they start have databases of their own; this process needs none."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["DATABASE_URL"] = "postgres://unused@localhost/unused"
django.setup()
