// The parts that come with the page: inside it as gzip in base64, or beside it as files of the same server.

const NAMES = ["worker", "wasm", "stdlib", "packages", "contents"]

export async function loadParts() {
  const parts = {}
  for (const name of NAMES) {
    parts[name] = await partOf(name)
  }
  parts.worker = await inflatedText(parts.worker)
  parts.contents = JSON.parse(await inflatedText(parts.contents))
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

async function inflatedText(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))
  return new Response(stream).text()
}
