// 改正: single figures and paragraphs are typed anew; Python puts them into the clerk's own workbook.

import { byId, fill, make, show } from "./dom.js"
import { download } from "./files.js"
import { ReportView } from "./report.js"

// A workbook that stands in memory only: it is what was dropped, with the corrections in it.
class Corrected {
  constructor(name, data) {
    this.name = name
    this.data = data
    this.handle = null
    this.saved = false
  }

  async read(role) {
    return { role, name: this.name, data: this.data.slice() }
  }
}

export class CorrectArea {
  constructor(page) {
    this.page = page
    this.view = byId("correct-view")
    this.changes = new Map()
    page.addEventListener("book", () => this.draw())
    window.addEventListener("beforeunload", (event) => {
      const { book } = page
      const unsaved = this.changes.size || (book instanceof Corrected && !book.saved)
      if (unsaved) event.preventDefault()
    })
  }

  draw() {
    const { book, said } = this.page
    this.changes.clear()
    show(byId("correct-empty"), !book)
    byId("correct-title").classList.toggle("quiet", Boolean(book))
    if (!book) {
      fill(this.view)
      return
    }
    if (said.kind !== "workbook") {
      const text = `${book.name} 不是工作簿，不能在这里改。请在“检查”下载成标准工作簿，再放进来。`
      fill(this.view, make("p", { class: "inner empty" }, text))
      return
    }
    this.pending = make("div", { class: "pending-box", "aria-live": "polite" })
    const head = make("div", { class: "head" }, make("div", { class: "inner" }, this.explain(book), this.pending))
    const edit = (path, node, label) => this.edit(path, node, label)
    this.report = new ReportView(this.view, said, { edit, head, prefix: "correct" })
    this.list()
  }

  explain(book) {
    const parts = [make("p", { class: "file" }, make("strong", {}, book.name), " ", make("span", { class: "faint" }, "点一个数或一段文字就能改；斜体的总计由公式算出，会跟着变，不用改。"))]
    if (book instanceof Corrected) parts.push(this.offer(book))
    return make("div", {}, ...parts)
  }

  offer(book) {
    const save = () => {
      download(book.name, book.data)
      book.saved = true
    }
    const button = make("button", { type: "button", class: "main", onclick: save }, "下载改正后的工作簿")
    const box = make("div", {}, make("p", { class: "actions" }, button))
    box.append(make("p", { class: "faint" }, "它就是你放进来的那个文件，只改了这几格，格式和批注都在；原来的文件没有动。"))
    const { lost } = this.page.said
    if (lost && lost.length) box.append(make("p", { class: "warn" }, `注意：${lost.join("、")}没有保留。`))
    return box
  }

  // --- typing ----------------------------------------------------------------------------------

  edit(path, node, label) {
    if (node.querySelector("input, textarea")) return
    const shown = [...node.childNodes]
    const now = this.changes.has(path) ? this.changes.get(path).text : node.dataset.written
    const long = Boolean(node.closest("p"))
    const input = make(long ? "textarea" : "input", { "aria-label": label, ...(long ? { rows: 4 } : { type: "text" }) })
    input.value = now
    fill(node, input)
    input.focus()
    if (!long) input.select()
    let open = true
    const close = (keep) => {
      if (!open) return
      open = false
      const text = input.value
      fill(node, ...shown)
      if (keep) this.note(path, node, label, text)
    }
    input.addEventListener("blur", () => close(true))
    input.addEventListener("click", (event) => event.stopPropagation())
    input.addEventListener("keydown", (event) => {
      event.stopPropagation()
      if (event.key === "Escape") close(false)
      else if (event.key === "Enter" && !event.isComposing) close(true)
      else return
      event.preventDefault()
      node.focus()
    })
  }

  note(path, node, label, text) {
    const written = node.dataset.written
    if (text.trim() === written.trim()) {
      this.changes.delete(path)
      node.classList.remove("changed-here")
      this.restore(node)
    } else {
      if (!node.before) node.before = [...node.childNodes]
      this.changes.set(path, { text, label, node })
      node.classList.add("changed-here")
      fill(node, text || "（空）")
    }
    this.list()
  }

  restore(node) {
    if (node.before) fill(node, ...node.before)
    node.before = null
  }

  list() {
    const count = this.changes.size
    if (!count) {
      fill(this.pending)
      return
    }
    const lines = [...this.changes.values()].map(({ label, text, node }) => make("li", {}, `${label}：${shortened(node.dataset.written)} → ${shortened(text)}`))
    const apply = make("button", { type: "button", class: "main", onclick: () => this.apply() }, `放进工作簿并重新检查（${count} 处）`)
    const undo = make("button", { type: "button", class: "plain", onclick: () => this.draw() }, "全部撤销")
    fill(this.pending, make("ul", { class: "pending" }, ...lines), make("p", { class: "actions" }, apply, undo), this.answer())
  }

  answer() {
    this.said = make("div", { role: "alert" })
    return this.said
  }

  async apply() {
    const { book, said, previous } = this.page
    const changes = Object.fromEntries([...this.changes].map(([path, change]) => [path, change.text]))
    const before = said.findings.map((finding) => [finding.key, finding.message])
    const files = [await book.read("book")]
    if (previous) files.push(await previous.read("previous"))
    const answer = await this.page.ask("correct", { changes, before }, files)
    if (!answer) return
    if (answer.said.error) {
      fill(this.said, make("p", { class: "bad" }, answer.said.error))
      return
    }
    const [made] = answer.files
    this.page.setBook(new Corrected(made.name, made.data), answer.said)
    this.summary(answer.said.changed)
  }

  summary({ mended, added, left }) {
    const words = [`已改正 ${mended.length} 处`, left ? `还剩 ${left} 处` : "没有问题了"]
    if (added) words.push(`其中新出现 ${added} 处`)
    this.pending.append(make("p", { class: left ? "warn" : "good" }, `${words.join("，")}。`))
  }
}

function shortened(text) {
  const most = 30
  if (!text) return "（空）"
  return text.length > most ? `${text.slice(0, most)}……` : text
}
