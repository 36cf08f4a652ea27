"""The modules that every page needs, joined as one file. `tests/js/test_modules.py` runs it in a browser."""

import pytest

from config.javascript import MAIN, joined, needed_by


@pytest.fixture
def written(tmp_path):
    """A function that writes modules, and gives `main` joined with them."""

    def join(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.js").write_text(source)
        return joined("main", tmp_path)

    return join


def test_a_module_runs_after_those_that_it_imports_and_once(written):
    text = written(
        main='import "first";\nimport { two } from "second"; // and then\ntwo();\n',
        first='import { two } from "second";\ntwo();\n',
        second="// A comment.\nconst own = 2;\n\nexport const two = () => own;\n",
    )

    assert text == (
        "const modules = {};\n"
        '\nmodules["second"] = (() => {\nconst own = 2;\n\nconst two = () => own;\nreturn { two };\n})();\n'
        'export const { two } = modules["second"];\n'
        '\n// first\n(() => {\nconst { two } = modules["second"];\ntwo();\n})();\n'
        '\n// main\n(() => {\n\nconst { two } = modules["second"]; // and then\ntwo();\n})();\n'
    )


def test_names_are_imported_as_the_module_calls_them(written):
    text = written(
        main='import {\n  a as b,\n  c,\n} from "x";\nimport * as all from "x";\n',
        x="export async function a() {}\nexport class c {}\n",
    )

    assert 'const {\n  a: b,\n  c,\n} = modules["x"];\nconst all = modules["x"];' in text
    assert "\nasync function a() {}\nclass c {}\nreturn { a, c };" in text


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ({"main": 'import "x";\n', "x": 'import "main";\n'}, "main imports x imports main: a circle"),
        (
            {"main": 'import "x";\nexport const a = 1;\n', "x": "export class a {}\n"},
            "main and a module that runs before it both export a",
        ),
        ({"main": "export let count = 0;\n"}, "main cannot be joined with others because of: export let count"),
        ({"main": "export default 1;\n"}, "export default 1"),
        ({"main": 'export { a } from "x";\n', "x": "export const a = 1;\n"}, "export { a }"),
        ({"main": 'import a from "x";\n', "x": "export const a = 1;\n"}, "import a from"),
        ({"main": "export const { a } = window;\n"}, "export const { a }"),
        (
            {"main": 'import { a, b as c } from "x";\n', "x": "export const a = 1, b = 2;\n"},
            "main imports what x does not export: b",
        ),
        ({"main": "await a();\n"}, "await a"),
        ({"main": "const here = import.meta.url;\n"}, r"import\.meta"),
        ({"main": "const text = `one\n// two`;\n"}, "const text = `one"),
    ],
)
def test_what_would_mean_something_else_in_one_file_is_refused(written, sources, message):
    with pytest.raises(ValueError, match=message):
        written(**sources)


def test_what_is_loaded_later_is_not_in_the_file_of_every_page():
    text = joined(MAIN)

    assert 'import("lib/unsent")' in text
    assert "lib/unsent" not in needed_by(MAIN)
