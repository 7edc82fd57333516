// The page's side of the worker: one call after the other, progress while it loads, and a new worker when one dies.

const PATIENCE = 60000
// Milliseconds after which a call is given up; an ordinary workbook takes a tenth of a second.

const MOST_RESTARTS = 5
// New workers one after the other, without a single answer between them.

export class Engine extends EventTarget {
  constructor(parts, lock) {
    super()
    this.parts = parts
    this.lock = lock
    this.calls = new Map()
    this.number = 0
    this.restarts = 0
    this.ready = this.begin()
  }

  begin() {
    const url = URL.createObjectURL(new Blob([this.parts.worker], { type: "text/javascript" }))
    this.worker = new Worker(url)
    this.worker.onmessage = ({ data }) => this.hear(data)
    this.worker.onerror = (event) => this.lose(event.message || "")
    const { wasm, stdlib, packages } = this.parts
    return this.send("start", { parts: { wasm, stdlib, packages }, lock: this.lock }, PATIENCE * 2)
  }

  // Ask Python: `options` as JSON, `files` as {role, name, data}. Gives {said, files}; `said.error` is a fault.
  async ask(call, options = {}, files = [], patience = PATIENCE) {
    await this.ready
    const found = await this.send(call, { options, files }, patience)
    return { said: found.said, files: found.files, took: found.took, heap: found.heap }
  }

  send(call, message, patience) {
    this.number += 1
    const id = this.number
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.lose("太久没有回应"), patience)
      this.calls.set(id, { resolve, reject, timer })
      // Files are handed over, not copied: a large one would be in memory twice.
      const handed = (message.files || []).map((file) => file.data.buffer)
      this.worker.postMessage({ id, call, ...message }, handed)
    })
  }

  hear(message) {
    if (message.progress !== undefined) {
      this.dispatchEvent(new CustomEvent("progress", { detail: message }))
      return
    }
    const call = this.calls.get(message.id)
    if (!call) return
    clearTimeout(call.timer)
    this.calls.delete(message.id)
    if (message.fatal) {
      this.calls.set(message.id, call)
      this.lose(message.error)
    } else if (message.ok) {
      if (message.said) this.restarts = 0
      call.resolve(message)
    } else {
      call.reject(new Error(message.error))
    }
  }

  // The worker is gone or no longer answers: all calls fail, and a new one starts.
  lose(reason) {
    this.worker.terminate()
    const lost = [...this.calls.values()]
    this.calls.clear()
    for (const call of lost) {
      clearTimeout(call.timer)
      call.reject(new LostError(reason))
    }
    this.restarts += 1
    if (this.restarts > MOST_RESTARTS) {
      this.dispatchEvent(new CustomEvent("dead", { detail: { reason } }))
      return
    }
    this.dispatchEvent(new CustomEvent("restart", { detail: { reason } }))
    this.ready = this.begin()
    this.ready.then(() => this.dispatchEvent(new Event("restarted")), () => {})
  }

  stop() {
    this.lose("stopped")
  }
}

// The worker died while it was at work on a call.
export class LostError extends Error {
  constructor(reason) {
    super(reason)
    this.name = "LostError"
  }
}
