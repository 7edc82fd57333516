// 开始: a workbook for this year, blank or continued from last year's.

import { byId, fill, make } from "./dom.js"
import { download } from "./files.js"

export class BeginArea {
  constructor(page) {
    this.page = page
    this.last = null
    this.form = byId("begin-form")
    this.form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.begin()
    })
    page.addEventListener("ready", () => this.offer(page.about))
  }

  offer(about) {
    if (!this.form.elements.year.value) this.form.elements.year.value = about.year
    const options = about.levels.map((level) => make("option", { value: level.key }, level.label))
    fill(this.form.elements.level, ...options)
  }

  take(role, [given]) {
    if (role !== "last") return
    this.last = given
    const forget = make("button", { type: "button", class: "link" }, "不用了")
    const chosen = document.querySelector("[data-chosen=last]")
    forget.addEventListener("click", () => {
      this.last = null
      fill(chosen)
    })
    fill(chosen, `已选：${given.name} `, forget)
  }

  async begin() {
    const result = byId("begin-result")
    const { agency, year, level } = this.form.elements
    fill(result)
    if (!this.last && !agency.value.trim()) {
      fill(result, make("p", { class: "bad" }, "请先填机关名称。"))
      agency.focus()
      return
    }
    if (!/^\d{4}$/.test(year.value.trim())) {
      fill(result, make("p", { class: "bad" }, "报告年度请填四位数字，如 2025。"))
      year.focus()
      return
    }
    const files = this.last ? [await this.last.read("last")] : []
    const options = { agency: agency.value.trim(), year: Number(year.value), level: level.value }
    const answer = await this.page.ask("begin", options, files)
    if (!answer) return
    if (answer.said.error) {
      fill(result, make("p", { class: "bad" }, answer.said.error))
      return
    }
    const [made] = answer.files
    download(made.name, made.data)
    const notes = answer.said.notes.map((note) => make("p", { class: "warn" }, `注意：${note}。`))
    fill(result, make("p", { class: "good" }, `已下载 ${made.name}。用 Excel 或 WPS 填好，再到“检查”放进来。`), ...notes)
  }
}
