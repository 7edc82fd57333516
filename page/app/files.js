// Files that a person drops or chooses, and files that the page offers for download.

import { byId, make } from "./dom.js"

const ACCEPTED = {
  book: ".xlsx,.xlsm,.json,.html,.htm,.shtml,.docx,.txt,.md,.pdf",
  last: ".xlsx,.xlsm,.json,.html,.htm,.shtml,.docx,.txt,.md,.pdf",
  previous: ".xlsx,.xlsm,.json,.html,.htm,.shtml,.docx,.txt,.md,.pdf",
  roster: ".xlsx,.xlsm",
  template: ".json,.docx",
  books: "", // whatever came in: what cannot be read is listed with the reason
}

export const MOST_BYTES = 100_000_000
// Python refuses far smaller files with a sentence of its own; what is larger is not even copied into its memory.

// A dropped or chosen file: its name, how to read it, and the handle to read it again where a browser gives one.
export class Given {
  constructor(file, handle = null, name = "") {
    this.file = file
    this.handle = handle
    this.name = name || file.name
  }

  async read(role) {
    const file = this.handle ? await this.handle.getFile() : this.file
    this.file = file
    if (file.size > MOST_BYTES) throw new TooLargeError(this.name, file.size)
    return { role, name: this.name, data: new Uint8Array(await file.arrayBuffer()) }
  }
}

export class TooLargeError extends Error {
  constructor(name, size) {
    super(`${name} 有 ${Math.round(size / 1e6)} MB，太大，不像年度报告的工作簿`)
  }
}

// Calls `taken(role, [Given])` for what is dropped on or chosen for an element with `data-drop`.
export function takeFiles(taken) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]")
    if (button) choose(button.dataset.choose, button.hasAttribute("data-folder"), taken)
  })
  document.addEventListener("dragover", (event) => {
    event.preventDefault()
    lightUp(event.target.closest("[data-drop]"))
  })
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) lightUp(null)
  })
  document.addEventListener("drop", async (event) => {
    event.preventDefault()
    lightUp(null)
    const zone = event.target.closest("[data-drop]") || visibleZone()
    if (!zone) return
    const found = await dropped(event.dataTransfer, zone.dataset.drop === "books")
    if (found.length) taken(zone.dataset.drop, found)
  })
}

function visibleZone() {
  const zones = [...document.querySelectorAll("[data-drop]")]
  return zones.find((zone) => zone.offsetParent !== null && !zone.classList.contains("small"))
}

function lightUp(zone) {
  for (const lit of document.querySelectorAll(".drop.over")) {
    lit.classList.remove("over")
  }
  if (zone) zone.classList.add("over")
}

async function choose(role, folder, taken) {
  if (role === "book" && window.showOpenFilePicker && !navigator.webdriver) {
    const found = await picked()
    if (found) taken(role, found)
    return
  }
  const chooser = byId("chooser")
  chooser.accept = ACCEPTED[role]
  chooser.multiple = role === "books"
  chooser.webkitdirectory = folder
  chooser.value = ""
  chooser.onchange = () => {
    const found = [...chooser.files].map((file) => new Given(file, null, file.webkitRelativePath))
    if (found.length) taken(role, found)
  }
  chooser.click()
}

// A file with a handle, so that it can be read again after it was saved in Excel.
async function picked() {
  try {
    const handles = await window.showOpenFilePicker({ multiple: false })
    return Promise.all(handles.map(async (handle) => new Given(await handle.getFile(), handle)))
  } catch (error) {
    if (error.name === "AbortError") return null
    throw error
  }
}

async function dropped(transfer, many) {
  const items = [...transfer.items].filter((item) => item.kind === "file")
  // Both have to be asked for before anything is awaited: the list is emptied then.
  const handles = items.map((item) => (item.getAsFileSystemHandle && !many ? item.getAsFileSystemHandle() : null))
  const entries = items.map((item) => (item.webkitGetAsEntry ? item.webkitGetAsEntry() : null))
  const files = items.map((item) => item.getAsFile())
  const found = []
  for (let at = 0; at < items.length; at += 1) {
    if (entries[at] && entries[at].isDirectory) {
      if (many) await walk(entries[at], found)
    } else if (files[at]) {
      found.push(new Given(files[at], await handleOf(handles[at])))
    }
  }
  return many ? found : found.slice(0, 1)
}

async function handleOf(promise) {
  try {
    const handle = await promise
    return handle && handle.kind === "file" ? handle : null
  } catch {
    return null
  }
}

// Every file of a dropped folder and of the folders in it.
async function walk(folder, found) {
  const reader = folder.createReader()
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (!entries.length) return
    for (const entry of entries) {
      if (entry.isDirectory) {
        await walk(entry, found)
      } else {
        const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
        found.push(new Given(file, null, entry.fullPath.replace(/^\//, "")))
      }
    }
  }
}

// --- downloads ---------------------------------------------------------------------------------

const MEDIA = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xlsm: "application/vnd.ms-excel.sheet.macroEnabled.12",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  html: "text/html",
  json: "application/json",
  csv: "text/csv",
  zip: "application/zip",
}

// Offer a finished file; it is in memory as a whole before the browser hears of it.
export function download(name, data) {
  const suffix = name.split(".").pop().toLowerCase()
  const url = URL.createObjectURL(new Blob([data], { type: MEDIA[suffix] || "application/octet-stream" }))
  const link = make("a", { href: url, download: name })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60000)
}
