// The parts that come with the page: inside it as gzip in base64, or beside it as files of the same server.

const NAMES = ["worker", "wasm", "stdlib", "packages", "contents"]
const WASM = { headers: { "Content-Type": "application/wasm" } }

export async function loadParts() {
  const parts = {}
  for (const name of NAMES) {
    parts[name] = await partOf(name)
  }
  parts.worker = await new Response(inflated(parts.worker)).text()
  parts.contents = await new Response(inflated(parts.contents)).json()
  // Compiled here, once: a worker that takes the place of another would take most of its time for it.
  parts.wasm = await WebAssembly.compileStreaming(new Response(inflated(parts.wasm), WASM))
  return parts
}

async function partOf(name) {
  const node = document.getElementById(`part-${name}`)
  if (node.tagName === "LINK") {
    const answer = await fetch(node.href)
    if (!answer.ok) throw new Error(`读不到 ${node.href}`)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const data = decoded(node.textContent)
  node.remove()
  return data
}

function decoded(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text)
  const binary = atob(text)
  const data = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) {
    data[at] = binary.charCodeAt(at)
  }
  return data
}

function inflated(data) {
  return new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))
}
