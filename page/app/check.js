// 检查: a workbook is read, drawn as it will be printed, and every finding stands at its cell.

import { byId, fill, make, show } from "./dom.js"
import { download } from "./files.js"
import { ReportView } from "./report.js"

export class CheckArea {
  constructor(page) {
    this.page = page
    this.view = byId("check-view")
    this.before = null
    this.changes = null
    page.addEventListener("book", () => this.draw())
  }

  async take(role, [given]) {
    if (role === "book") await this.check(given, null)
    if (role === "previous" && this.page.book) {
      this.page.previous = given
      await this.check(this.page.book, null)
    }
  }

  // Check a workbook; with `before`, the findings of an earlier version of it, also what has changed.
  async check(given, before) {
    location.hash = "check"
    this.wait(given)
    const files = []
    try {
      files.push(await given.read("book"))
      if (this.page.previous) files.push(await this.page.previous.read("previous"))
    } catch (error) {
      this.refuse(given, `读不了 ${given.name}：${error.message}。文件改名或移走了的，请重新放进来。`)
      return
    }
    const same = this.page.book && this.page.book.name === given.name && this.page.said
    const known = before || (same ? this.page.said.findings : null)
    const options = { before: known ? known.map((finding) => [finding.key, finding.message]) : null }
    const answer = await this.page.ask("check", options, files)
    if (!answer) {
      this.refuse(given, "处理这个文件时检查程序停止了，已经重新启动。文件可能已损坏，请用 Excel 或 WPS 打开后另存一份再试。")
      return
    }
    if (answer.said.error) {
      this.refuse(given, answer.said.error)
      return
    }
    this.known = known
    this.page.setBook(given, answer.said)
  }

  wait(given) {
    if (this.page.said) return
    fill(this.view, make("p", { class: "inner waiting", role: "status" }, `正在检查 ${given.name}……`))
  }

  refuse(given, text) {
    this.page.setBook(null, null)
    if (!text) return
    const box = make("div", { class: "inner" }, make("div", { class: "refused", role: "alert" }, make("p", { class: "big" }, `没有检查 ${given.name}`), make("p", {}, text)))
    fill(this.view, box)
  }

  draw() {
    const { book, said } = this.page
    show(byId("check-empty"), !book)
    byId("check-title").classList.toggle("quiet", Boolean(book))
    if (!book) {
      fill(this.view)
      return
    }
    this.report = new ReportView(this.view, said, { head: this.head(book, said), prefix: "check" })
  }

  head(book, said) {
    const state = said.stops ? "bad" : "good"
    const words = said.stops ? "有错误，改正后才能生成正式报告" : "没有错误，可以生成报告"
    const name = make("p", { class: "file" }, make("strong", {}, book.name), " ", make("span", { class: `verdict ${state}` }, words))
    const again = book.handle ? make("button", { type: "button", class: "plain", onclick: () => this.check(book, said.findings) }, "重新读取") : null
    const other = make("button", { type: "button", class: "plain", "data-choose": "book" }, "换文件，或放入改好的")
    const previous = make("button", { type: "button", class: "plain", "data-choose": "previous" }, this.page.previous ? `上年报告：${this.page.previous.name}` : "核对上年报告")
    const onward = this.onward(said)
    const line = make("div", { class: "bar inner", "data-drop": "book" }, name, make("p", { class: "actions" }, onward, again, other, previous))
    const head = make("div", { class: "head" }, line)
    if (said.kind === "published") head.append(this.published())
    if (said.changed) head.append(this.changed(said.changed))
    return head
  }

  // The next step: a report, or its corrections; what is no workbook becomes one first.
  onward(said) {
    if (!said.stops) return make("a", { class: "button main", href: "#make" }, "生成报告")
    if (said.kind === "workbook") return make("a", { class: "button main", href: "#correct" }, "在网页上改正")
    return make("button", { type: "button", class: "main", onclick: () => this.bringIn() }, "下载成标准工作簿")
  }

  published() {
    return make("p", { class: "inner note-line" }, "这是已公布的报告，不是工作簿。要修改，请先", this.asWorkbook("下载成标准工作簿"), "，改好再放进来。")
  }

  asWorkbook(text) {
    return make("button", { type: "button", class: "link", onclick: () => this.bringIn() }, text)
  }

  async bringIn() {
    const answer = await this.page.ask("import", {}, [await this.page.book.read("book")])
    if (!answer) return
    if (answer.said.error) this.page.tell(answer.said.error)
    else download(answer.files[0].name, answer.files[0].data)
  }

  changed({ mended, added, left }) {
    const words = [`已改正 ${mended.length} 处`, `还剩 ${left} 处`]
    if (added) words.push(`其中新出现 ${added} 处`)
    const list = make("ul", {}, ...mended.map((text) => make("li", {}, text)))
    const box = make("details", { class: "inner changed" }, make("summary", {}, words.join("，")), list)
    return mended.length ? box : make("p", { class: "inner changed" }, words.join("，"))
  }
}
