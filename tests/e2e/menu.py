def choose(page, role, name):
    """Press a link or button of the menu at the foot of the navigation, which is opened if it is not yet."""
    menu = page.get_by_role("navigation", name="Main").locator("details")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    menu.get_by_role(role, name=name).click()
