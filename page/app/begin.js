// 开始: a workbook for this year, blank or continued from last year's.

import { byId, fill, make } from "./dom.js"
import { download } from "./files.js"

const UNFINISHED = "处理它时检查程序停止了；文件可能已损坏，请打开后另存一份再试。"

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
    this.form.querySelector("[type=submit]").disabled = false
  }

  async take(role, [given]) {
    if (role !== "last") return
    this.last = null
    fill(byId("begin-result"))
    const known = await this.known(given)
    if (!known) return
    this.last = given
    const { agency, year, level } = this.form.elements
    agency.value = known.agency || agency.value
    year.value = known.year || year.value
    level.value = known.level
    const forget = make("button", { type: "button", class: "link" }, "不用了")
    const chosen = document.querySelector("[data-chosen=last]")
    forget.addEventListener("click", () => {
      this.last = null
      fill(chosen)
    })
    fill(chosen, `已选：${given.name}。上面三项已按它填好，不对的可以改。 `, forget)
  }

  // What last year's report says of this year's workbook; nothing when it cannot be read.
  async known(given) {
    const chosen = document.querySelector("[data-chosen=last]")
    fill(chosen, `正在读 ${given.name}……`)
    const answer = await this.page.askAbout(given, "last", "last")
    if (answer && !answer.said.error) return answer.said
    const text = answer ? answer.said.error : UNFINISHED
    fill(chosen, make("span", { class: "bad" }, `没有用 ${given.name}：${text}`))
    return null
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
