"""What gunicorn serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.provisioning import provision
from config.request_bodies import paced

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
provision()  # for a gunicorn that was not started by `manage.py serve`, which has done it

application = paced(get_wsgi_application())
import_module(settings.ROOT_URLCONF)  # with all views

# What stands now stands for ever. The garbage collector would look through all of it again after every few lists, and
# one answer in a hundred would wait a tenth of a second for that.
gc.collect()
gc.freeze()
