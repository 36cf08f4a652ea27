#!/usr/bin/python3
"""The browser that WebKitWebDriver starts: WebKitGTK's MiniBrowser would ask a person for the microphone.

Run by Debian's own Python, which has the bindings; so it stands alone.
"""

import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

NAME = "MiniBrowser"  # what the driver looks for


class Browser:
    def __init__(self, folder):
        data = WebKit2.WebsiteDataManager(base_data_directory=folder, base_cache_directory=f"{folder}/cache")
        self.context = WebKit2.WebContext(website_data_manager=data)
        self.context.set_automation_allowed(True)
        self.context.connect("automation-started", self.start)
        self.settings = WebKit2.Settings(enable_media_stream=True, enable_webrtc=True)
        self.settings.set_property("media-playback-requires-user-gesture", False)
        self.windows = []

    def start(self, _context, session):
        info = WebKit2.ApplicationInfo()
        info.set_name(NAME)
        info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
        session.set_application_info(info)
        session.connect("create-web-view", self.open)

    def open(self, _session):
        view = WebKit2.WebView(web_context=self.context, is_controlled_by_automation=True, settings=self.settings)
        view.connect("permission-request", lambda _view, request: request.allow() or True)
        window = Gtk.Window(default_width=1360, default_height=860)
        window.add(view)
        window.show_all()
        self.windows.append(window)
        return view


if __name__ == "__main__":
    Gtk.init(None)
    browser = Browser(os.environ["ROOMTONE_WEBKIT_DATA"])
    Gtk.main()
