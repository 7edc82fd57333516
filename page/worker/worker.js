// The worker: it holds the Python, and does one call of the page after the other.
//
// It opens no connection. What Pyodide would fetch comes with the page, and `fetch` is replaced by a
// function that knows only these parts. The page has compiled the WebAssembly.

import "./classic.js"

import createPyodideModule from "pyodide/pyodide.asm.mjs"
import { loadPyodide } from "pyodide"

const PLACE = "/lib/govdisclose-page"
const NOWHERE = "https://page.invalid/"
const WASM = `${NOWHERE}pyodide.asm.wasm`
const STDLIB = `${NOWHERE}python_stdlib.zip`
const LOCK = {
  info: { arch: "wasm32", platform: "emscripten", version: "0", python: "3.14.0", abi_version: "2026_0" },
  packages: {},
}

let python = null
let bridge = null

self.onmessage = async ({ data: message }) => {
  try {
    if (message.call === "start") {
      await start(message.parts)
      self.postMessage({ id: message.id, ok: true })
    } else {
      answer(message)
    }
  } catch (error) {
    // What Python raises comes back as an answer; this is the end of Python itself.
    self.postMessage({ id: message.id, fatal: true, error: String((error && error.stack) || error) })
  }
}

function say(progress, what) {
  self.postMessage({ progress, what })
}

async function start(parts) {
  say(10, "正在解开程序")
  const [stdlib, packages] = await Promise.all([parts.stdlib, parts.packages].map(inflated))
  const opened = { [WASM]: "", [STDLIB]: stdlib }
  self.fetch = async (asked) => {
    const url = String((asked && asked.url) || asked)
    if (!(url in opened)) throw new Error(`${url}?`)
    return new Response(opened[url])
  }
  WebAssembly.instantiateStreaming = async (_asked, imports) => {
    const instance = await WebAssembly.instantiate(parts.wasm, imports)
    return { instance, module: parts.wasm }
  }
  say(30, "正在启动 Python")
  python = await loadPyodide({
    createPyodideModule,
    indexURL: NOWHERE,
    packageBaseUrl: NOWHERE,
    stdLibURL: STDLIB,
    lockFileContents: LOCK,
    checkAPIVersion: false,
    env: { PYTHONDONTWRITEBYTECODE: "1", TZ: "Asia/Shanghai" },
  })
  say(60, "正在装入检查程序")
  python.FS.mkdirTree(PLACE)
  await python.unpackArchive(packages, "zip", { extractDir: PLACE })
  python.runPython(`import sys; sys.path.insert(0, ${JSON.stringify(PLACE)})`)
  say(80, "正在准备")
  const browser = python.pyimport("govdisclose.browser")
  bridge = browser.Desk()
  say(100, "可以使用")
}

async function inflated(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function answer({ id, call, options, files }) {
  const before = performance.now()
  const passed = python.toPy(files.map((file) => [file.role, file.name, file.data]))
  const found = bridge.answer(call, JSON.stringify(options), passed)
  const [said, made] = [found.get(0), found.get(1)]
  const back = []
  for (const pair of made.toJs()) {
    back.push({ name: pair[0], data: new Uint8Array(pair[1]) })
  }
  made.destroy()
  found.destroy()
  passed.destroy()
  const took = performance.now() - before
  const heap = python._module.HEAPU8.length
  const message = { id, ok: true, said: JSON.parse(said), files: back, took, heap }
  self.postMessage(message, back.map((file) => file.data.buffer))
}
