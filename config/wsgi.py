"""The WSGI application that gunicorn serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.provisioning import provision
from config.request_bodies import paced

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
provision()  # needed if gunicorn was not started by `manage.py serve`

application = paced(get_wsgi_application())
import_module(settings.ROOT_URLCONF)  # with all views

# All modules are imported now, and their objects will not be freed. Without gc.freeze() the garbage collector would
# scan them again and again, which delayed one response in a hundred by a tenth of a second.
gc.collect()
gc.freeze()
