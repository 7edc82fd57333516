// The page: which area is shown, the workbook that is being worked on, and what is said while Python loads.

import { byId, fill, make, show } from "./dom.js"
import { Engine } from "./engine.js"
import { takeFiles } from "./files.js"
import { missingFeature } from "./needs.js"
import { loadParts } from "./parts.js"
import { BeginArea } from "./begin.js"
import { CheckArea } from "./check.js"
import { CorrectArea } from "./correct.js"
import { ProduceArea } from "./produce.js"
import { OfficeArea } from "./office.js"

const AREAS = ["begin", "check", "correct", "make", "office"]
const WORKER_LOST = "检查程序意外停止，已经重新启动。刚才的文件没有处理完，请再放一次；还是这样，请检查文件是否损坏。"

// What all areas share: the way to ask Python, and the workbook at hand.
class Page extends EventTarget {
  constructor() {
    super()
    this.engine = null
    this.book = null
    this.previous = null
    this.said = null
    this.about = null
    this.opened = new Promise((resolve) => {
      this.setEngine = (engine) => {
        this.engine = engine
        resolve()
      }
    })
  }

  // Ask about one file, which is read first; a file that is gone or too large is answered like a fault.
  async askAbout(given, role, call, options = {}) {
    try {
      const file = await given.read(role)
      return await this.ask(call, options, [file])
    } catch (error) {
      return { said: { error: `读不了 ${given.name}：${error.message}` } }
    }
  }

  // Ask Python; what stops it is said on top of the page, and null given.
  async ask(call, options, files) {
    this.busy(true)
    try {
      await this.opened
      return await this.engine.ask(call, options, files)
    } catch (error) {
      if (error.name !== "LostError") this.tell(`出错了：${error.message}`)
      return null
    } finally {
      this.busy(false)
    }
  }

  busy(on) {
    document.body.classList.toggle("busy", on)
    byId("main").setAttribute("aria-busy", String(on))
  }

  tell(text) {
    const notice = byId("notice")
    const close = make("button", { type: "button", class: "link", onclick: () => show(notice, false) }, "知道了")
    fill(notice, make("p", {}, text), close)
    show(notice, true)
  }

  quiet() {
    show(byId("notice"), false)
  }

  // Another workbook, or the same one read again, has been checked.
  setBook(book, said) {
    this.book = book
    this.said = said
    this.dispatchEvent(new Event("book"))
  }
}

async function start() {
  const page = new Page()
  const missing = missingFeature()
  if (missing) {
    loadingFailed(missing)
    return
  }
  const areas = {
    begin: new BeginArea(page),
    check: new CheckArea(page),
    correct: new CorrectArea(page),
    make: new ProduceArea(page),
    office: new OfficeArea(page),
  }
  window.addEventListener("hashchange", showArea)
  showArea()
  takeFiles((role, given) => {
    page.quiet()
    for (const area of Object.values(areas)) area.take?.(role, given)
  })
  try {
    await load(page)
  } catch (error) {
    loadingFailed(`打不开检查程序：${error.message}`)
  }
}

async function load(page) {
  window.govdisclose = page
  // Let the page be drawn before eleven megabytes are decoded.
  await new Promise((resolve) => setTimeout(resolve, 20))
  const parts = await loadParts()
  page.setEngine(new Engine(parts))
  page.engine.addEventListener("progress", ({ detail }) => sayProgress(detail))
  page.engine.addEventListener("restart", ({ detail }) => {
    if (detail.reason !== "stopped") page.tell(WORKER_LOST)
  })
  page.engine.addEventListener("dead", () => loadingFailed("检查程序几次启动都停止了，请关闭网页重新打开；还是不行，请换一台电脑或换新版浏览器。"))
  listParts(parts.contents)
  page.dispatchEvent(new Event("engine"))
  await page.engine.ready
  const { said } = await page.engine.ask("about", { today: today() })
  page.about = said
  byId("version").textContent = said.version
  page.dispatchEvent(new Event("ready"))
  document.documentElement.dataset.state = "ready"
  // While she looks for her file, what the first check needs is loaded.
  page.engine.ask("warm").catch(() => {})
}

function today() {
  const now = new Date()
  const two = (number) => String(number).padStart(2, "0")
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

function sayProgress({ progress, what }) {
  byId("loading-text").textContent = progress < 100 ? `${what}（${progress}%）` : what
  byId("loading-bar").value = progress
  byId("loading").classList.toggle("done", progress >= 100)
}

function loadingFailed(text) {
  byId("loading-text").textContent = "用不了"
  byId("loading-bar").hidden = true
  byId("loading").classList.add("failed")
  fill(byId("notice"), make("p", {}, text))
  show(byId("notice"), true)
  document.documentElement.dataset.state = "failed"
}

function listParts(contents) {
  const items = contents.parts.map((part) => make("li", {}, `${part.name} ${part.version}（${part.licence}）`))
  fill(byId("about-parts"), ...items)
  byId("about-open").addEventListener("click", () => byId("about").showModal())
}

function showArea() {
  const wanted = location.hash.slice(1)
  const area = AREAS.includes(wanted) ? wanted : "begin"
  for (const name of AREAS) {
    show(byId(`area-${name}`), name === area)
  }
  for (const link of document.querySelectorAll("[data-area]")) {
    if (link.dataset.area === area) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
  window.scrollTo(0, 0)
}

start()
