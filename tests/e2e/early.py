"""A page as it is on a slow line, or on a busy computer: there to be seen, and its scripts not there yet."""

from contextlib import contextmanager


@contextmanager
def before_the_scripts(page, address):
    """Go there; the modules arrive when the block ends."""
    held = []
    page.route("**/static/js/main*.js", lambda route: held.append(route))
    with page.expect_request("**/static/js/main*.js"):
        page.goto(address, wait_until="commit")
        page.locator("main").wait_for()
    yield
    held.pop().continue_()
