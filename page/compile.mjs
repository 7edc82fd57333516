// Compile the modules of a zip archive with the Python of the page: `node compile.mjs IN.zip OUT.zip`.
//
// The page would otherwise compile some four hundred modules each time it is opened. OUT.zip has each as
// the content of a `.pyc` file, without docstrings. The first folder of a name in IN.zip is a key of its
// own, which is no part of the name of the module.

import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname } from "node:path"
import { pathToFileURL } from "node:url"

const require = createRequire(`${process.cwd()}/`)
const place = dirname(require.resolve("pyodide/package.json"))
const { loadPyodide } = await import(pathToFileURL(`${place}/pyodide.mjs`).href)

const COMPILE = `
import ast, importlib.util, io, marshal, zipfile

MAGIC = importlib.util.MAGIC_NUMBER
UNCHECKED = (0b01).to_bytes(4, "little")

SCOPES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

def statements(tree):
    left = [tree]
    while left:
        node = left.pop()
        yield node
        left.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr))

def without_docstrings(content, name):
    tree = ast.parse(content, name)
    for node in statements(tree):
        if isinstance(node, SCOPES) and ast.get_docstring(node, clean=False) is not None:
            node.body[0].value.value = ""
    return tree

def compiled(data):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w") as out:
        for member in given.namelist():
            content = given.read(member)
            name = member.partition("/")[2]
            code = compile(without_docstrings(content, name), name, "exec", dont_inherit=True, optimize=0)
            header = MAGIC + UNCHECKED + importlib.util.source_hash(content)
            out.writestr(member, header + marshal.dumps(code))
    return made.getvalue()
`

const python = await loadPyodide({ indexURL: `${place}/` })
python.runPython(COMPILE)
const compiled = python.globals.get("compiled")
const [given, wanted] = process.argv.slice(2)
const made = compiled(python.toPy(new Uint8Array(readFileSync(given))))
writeFileSync(wanted, made.toJs())
