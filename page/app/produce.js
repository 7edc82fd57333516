// 生成: the report in every form, the annotated workbook, or a draft.

import { byId, fill, make, show } from "./dom.js"
import { download } from "./files.js"

const WORDS = {
  docx: "法定格式的报告，可用 Word 或 WPS 打开、打印、盖章。",
  html: "完整的网页，上传到网站就能公布。",
  "html-fragment": "粘贴到网站后台编辑器里的内容。",
  json: "供程序读取，也能放回这里检查。",
  csv: "一格一行的长表，Excel 可打开。",
}

export class ProduceArea {
  constructor(page) {
    this.page = page
    this.view = byId("make-view")
    this.draft = false
    this.template = null
    page.addEventListener("book", () => this.draw())
  }

  take(role, [given]) {
    if (role !== "template") return
    this.template = given
    if (this.page.book) this.draw()
  }

  draw() {
    const { book, said } = this.page
    show(byId("make-empty"), !book)
    if (!book) {
      fill(this.view)
      return
    }
    this.draft = false
    const state = make("p", { class: said.stops ? "bad" : "good" }, this.verdict(said))
    const cards = this.page.about.forms.map((form) => this.card(form, said))
    if (said.kind === "workbook") cards.push(this.annotated())
    fill(this.view, make("p", { class: "file" }, make("strong", {}, book.name)), state, said.stops ? this.draftChoice() : null, make("ul", { class: "cards" }, ...cards), this.result(), this.templateChoice())
    this.setButtons()
  }

  verdict(said) {
    if (said.stops) return `检查发现 ${said.summary}。错误改正以前，Word 和网页只能生成草稿，草稿上会标明，不能公布。`
    return said.summary ? `检查发现 ${said.summary}，不影响生成；公布以前请看一遍。` : "检查没有发现问题。"
  }

  draftChoice() {
    const box = make("input", { type: "checkbox", id: "draft" })
    box.addEventListener("change", () => {
      this.draft = box.checked
      this.setButtons()
    })
    return make("p", { class: "choice" }, box, make("label", { for: "draft" }, " 先生成草稿（标明“草稿”，并附上全部问题）"))
  }

  templateChoice() {
    const own = this.page.about.own_template ? "没有另选时，用本单位的模板。" : "没有另选时，用随带的标准模板。"
    const said = this.template ? make("p", {}, `已选：${this.template.name} `, this.forget()) : make("p", { class: "faint" }, own)
    const button = make("button", { type: "button", class: "plain", "data-choose": "template" }, "选择模板")
    const help = "放入 govdisclose template prepare 处理好的 .prepared.json 文件"
    return make("div", { class: "drop small sheet", "data-drop": "template" }, make("p", {}, make("strong", {}, "自己的 Word 模板（没有可以不放）")), make("p", { class: "faint" }, help), make("p", {}, button), said)
  }

  forget() {
    const button = make("button", { type: "button", class: "link" }, "不用了")
    button.addEventListener("click", () => {
      this.template = null
      this.draw()
    })
    return button
  }

  card(form, said) {
    const button = make("button", { type: "button", class: form.key === "docx" ? "main" : "plain", "data-form": form.key, "data-public": String(form.public && said.stops) })
    const short = form.label.replace(/[（，].*/, "")
    button.textContent = form.key === "docx" ? "生成 Word 报告" : `生成${short}`
    button.addEventListener("click", () => this.produce("make", { to: form.key, draft: this.draft }))
    return make("li", {}, make("h2", {}, form.label), make("p", {}, WORDS[form.key] || ""), make("p", { class: "actions" }, button))
  }

  annotated() {
    const button = make("button", { type: "button", class: "plain", "data-form": "annotate" }, "生成带批注的工作簿")
    button.addEventListener("click", () => this.produce("annotate", {}))
    return make("li", {}, make("h2", {}, "带批注的工作簿"), make("p", {}, "工作簿的副本，每个问题写在它的单元格上，可以退给填报的人。"), make("p", { class: "actions" }, button))
  }

  setButtons() {
    for (const button of this.view.querySelectorAll("[data-public=true]")) {
      button.disabled = !this.draft
    }
  }

  result() {
    this.said = make("div", { class: "result", "aria-live": "polite" })
    return this.said
  }

  async produce(call, options) {
    const files = [await this.page.book.read("book")]
    if (this.page.previous) files.push(await this.page.previous.read("previous"))
    if (this.template) files.push(await this.template.read("template"))
    fill(this.said, make("p", {}, "正在生成……"))
    const answer = await this.page.ask(call, options, files)
    if (!answer) {
      fill(this.said)
      return
    }
    if (answer.said.error) {
      fill(this.said, make("p", { class: "bad" }, answer.said.error))
      return
    }
    const [made] = answer.files
    download(made.name, made.data)
    const lines = [make("p", { class: "good" }, `已下载 ${made.name}（${made.data.length.toLocaleString("zh-CN")} 字节）`)]
    for (const note of answer.said.notes || []) lines.push(make("p", { class: "warn" }, `注意：${note}。`))
    if (answer.said.lost && answer.said.lost.length) {
      lines.push(make("p", { class: "warn" }, `注意：原件中的${answer.said.lost.join("、")}没有带过来。`))
    }
    fill(this.said, ...lines)
  }
}
