"""The JavaScript modules under `static/js`: what they import, and those that every page needs joined as one file."""

import re
from itertools import chain
from pathlib import Path

from django.conf import settings

FOLDER = settings.STATICFILES_DIRS[0] / "js"
# The module that every page loads. `collectstatic` puts all that it needs into its file.
MAIN = "main"
# Static imports: `import "name"`, `import … from "name"`, `export … from "name"`.
IMPORT = re.compile(r"""^(?:import|export)\s(?:[^"';]*\sfrom\s)?\s*"([^"]+)";""", re.MULTILINE)
# The imports and exports that can be joined; each is where a statement begins, at the start of a line.
NAMED_IMPORT = re.compile(r"""^import (?:(?P<names>\{[^{}]*\}|\* as \w+) from )?"(?P<module>[^"]+)";""", re.MULTILINE)
IMPORTED_NAME = re.compile(r"[{,]\s*(\w+)")
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const)\*? (?P<name>\w+))", re.MULTILINE)
# What would mean something else in the joined file, or nothing. The last is a line in which a template literal begins
# or ends that has several lines: one of them might look like a comment.
NOT_JOINED = re.compile(
    r"^(?:import|export)\b(?!\().*|\bimport\.meta\b|^await\b.*|^(?:[^`\n]*`[^`\n]*`)*[^`\n]*`[^`\n]*$", re.MULTILINE
)
COMMENT_LINE = re.compile(r"^ *//.*\n", re.MULTILINE)


def names() -> list[str]:
    """The names of all modules, in the order of the alphabet: their paths under `static/js` without `.js`."""
    return sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.js"))


def needed_by(*entries: str) -> list[str]:
    """The names of some modules and of all modules that they import, directly or indirectly, each one time."""
    needed = list(entries)
    for name in needed:  # which grows in the loop
        needed += [imported for imported in _imports_of(name, FOLDER) if imported not in needed]
    return needed


def joined(entry: str, folder: Path = FOLDER) -> str:
    """One module with all modules that `entry` needs, each in a function of its own, so that no names collide.

    They run in the order in which browsers run them: after those that they import. The file exports what all of them
    export; so the import map may give its address for each of them, and no module is ever run twice. `import()` stays.

    Raises ValueError where the joined file would not do the same: modules that import each other in a circle, two
    exports of one name, and statements that none of ours has, such as `export let` and `export default`.
    """
    exports: dict[str, list[str]] = {}
    parts = ["const modules = {};\n"]
    for name in _in_order(entry, folder):
        source = COMMENT_LINE.sub("", (folder / f"{name}.js").read_text())
        own = [match["name"] for match in EXPORT.finditer(source)]
        if twice := set(own).intersection(chain(*exports.values())):
            raise ValueError(f"{name} and a module that runs before it both export {', '.join(sorted(twice))}.")
        exports[name] = own
        parts.append(_as_function(name, source, exports))
    return "".join(parts)


def _in_order(entry: str, folder: Path) -> list[str]:
    order: list[str] = []

    def visit(name: str, importing: tuple[str, ...]) -> None:
        if name in importing:
            raise ValueError(f"{' imports '.join((*importing, name))}: a circle cannot be joined.")
        for imported in _imports_of(name, folder):
            visit(imported, (*importing, name))
        if name not in order:
            order.append(name)

    visit(entry, ())
    return order


def _as_function(name: str, source: str, exports: dict[str, list[str]]) -> str:
    """A module as a function whose result are its exports, with its lines as they are, if its imports are `exports`."""

    def constant(match: re.Match[str]) -> str:
        if not match["names"]:
            return ""
        imported = IMPORTED_NAME.findall(match["names"])
        if missing := set(imported).difference(exports[match["module"]]):
            raise ValueError(f"{name} imports what {match['module']} does not export: {', '.join(sorted(missing))}.")
        names = match["names"].removeprefix("* as ").replace(" as ", ": ")
        return f'const {names} = modules["{match["module"]}"];'

    body = EXPORT.sub("", NAMED_IMPORT.sub(constant, source))
    if problem := NOT_JOINED.search(body):
        raise ValueError(f"{name} cannot be joined with others because of: {problem[0]}")
    if not exports[name]:
        return f"\n// {name}\n(() => {{\n{body}}})();\n"
    own = f"{{ {', '.join(exports[name])} }}"
    return f'\nmodules["{name}"] = (() => {{\n{body}return {own};\n}})();\nexport const {own} = modules["{name}"];\n'


def _imports_of(name: str, folder: Path) -> list[str]:
    return list(dict.fromkeys(IMPORT.findall((folder / f"{name}.js").read_text())))
