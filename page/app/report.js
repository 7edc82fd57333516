// A report as Python has drawn it: facts, prose and tables on the left, findings and relations beside it.

import { byId, fill, make, scrollTo } from "./dom.js"

const ORDER = ["error", "warning", "note", "explained"]
const LABELS = { error: "错误", warning: "警告", note: "提示", explained: "已说明" }
const RELATION_WORDS = { broken: "不成立", open: "还不能核对", holds: "成立" }

// Draws `said` into `view`. `editable` lets cells and paragraphs be corrected by `edit(path, node)`.
export class ReportView {
  constructor(view, said, { edit = null, head = null, prefix = "r" } = {}) {
    this.view = view
    this.said = said
    this.edit = edit
    this.prefix = prefix
    this.cells = new Map()
    this.items = []
    this.wanted = new Set(ORDER)
    this.formulas = new Set(said.formulas)
    fill(view, head, this.layout())
    this.mark()
  }

  layout() {
    const sheet = make("article", { class: "report", "aria-label": "报告" }, ...this.article())
    const side = make("aside", { class: "side", "aria-label": "检查结果" }, ...this.side())
    return make("div", { class: "columns" }, sheet, side)
  }

  // --- the report ------------------------------------------------------------------------------

  article() {
    const said = this.said
    const facts = make("dl", { class: "facts" })
    for (const fact of said.facts) {
      const text = make("dd", { "data-path": fact.path }, fact.text || "（空着）")
      if (!fact.text) text.classList.add("blank")
      this.cells.set(fact.path, text)
      if (this.edit) this.offerEdit(text, fact.path, fact.label, fact.text)
      facts.append(make("div", {}, make("dt", {}, `${fact.label}：`), text))
    }
    const fees = said.fees.map((text) => make("p", { class: "faint fees" }, text))
    return [make("h2", { class: "title" }, said.title), facts, ...fees, ...said.sections.map((part) => this.section(part))]
  }

  section(part) {
    const id = `${this.prefix}-${part.key}`
    const heading = make("h3", { id }, part.heading)
    const node = make("section", { "aria-labelledby": id }, heading)
    this.cells.set(part.key, heading)
    if (part.html === undefined) node.append(...this.paragraphs(part))
    else node.append(this.table(part))
    return node
  }

  paragraphs(part) {
    if (!part.paragraphs.length) {
      return [make("p", { class: "blank" }, "（这一部分没有文字）")]
    }
    return part.paragraphs.map((paragraph) => {
      const node = make("p", { "data-path": paragraph.path, "data-level": paragraph.level })
      for (const piece of paragraph.pieces) {
        if (piece.finding === undefined) node.append(piece.text)
        else node.append(this.markedWords(piece))
      }
      this.cells.set(paragraph.path, node)
      if (this.edit) this.offerEdit(node, paragraph.path, `${part.heading}，一段`, paragraph.written)
      return node
    })
  }

  markedWords(piece) {
    const finding = this.said.findings[piece.finding]
    const node = make("mark", { class: finding.state, "data-finding": piece.finding }, piece.text)
    if (!this.edit) node.addEventListener("click", () => this.choose(piece.finding, false))
    return node
  }

  table(part) {
    const table = make("table", {})
    // The markup comes from the library, which escapes every text in it.
    table.innerHTML = part.html
    const columns = make("colgroup")
    for (const width of part.widths) {
      const column = make("col")
      column.style.width = `${width}%`
      columns.append(column)
    }
    table.prepend(make("caption", {}, part.caption), columns)
    if (part.least) table.style.minWidth = `${part.least * 0.82}em`
    for (const cell of table.querySelectorAll("td[data-path]")) {
      const path = cell.dataset.path
      cell.title = this.said.cells[path].place
      this.cells.set(path, cell)
      if (this.edit && this.formulas.has(path)) cell.classList.add("formula")
      else if (this.edit) this.offerEdit(cell, path, this.said.cells[path].label, cell.textContent)
    }
    this.renameHeaders(table)
    return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": part.caption }, table)
  }

  // The report may be on the page twice, in 检查 and in 改正: ids must differ.
  renameHeaders(table) {
    for (const node of table.querySelectorAll("[id]")) {
      node.id = `${this.prefix}-${node.id}`
    }
    for (const node of table.querySelectorAll("[headers]")) {
      const renamed = node.getAttribute("headers").split(" ").map((id) => `${this.prefix}-${id}`)
      node.setAttribute("headers", renamed.join(" "))
    }
  }

  // Let a figure or a paragraph be typed anew. Text outside tables is pressed as a button is.
  offerEdit(place, path, label, text) {
    const node = place.tagName === "TD" ? place : make("span", { role: "button" }, ...place.childNodes)
    if (node !== place) place.append(node)
    node.classList.add("editable")
    node.tabIndex = 0
    node.dataset.written = text
    const open = () => this.edit(path, node, label)
    node.addEventListener("click", open)
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === node) {
        event.preventDefault()
        open()
      }
    })
  }

  // Give every cell and paragraph the colour of its most serious finding.
  mark() {
    this.said.findings.forEach((finding, number) => {
      const node = this.cells.get(finding.path)
      if (!node) return
      const worse = node.dataset.state && ORDER.indexOf(node.dataset.state) <= ORDER.indexOf(finding.state)
      if (!worse) node.dataset.state = finding.state
      const known = node.dataset.finding === undefined
      if (known) node.dataset.finding = number
      if (known && !this.edit && node.tagName !== "H3") {
        node.addEventListener("click", (event) => {
          if (!event.target.closest("mark")) this.choose(Number(node.dataset.finding), false)
        })
      }
    })
  }

  // --- findings --------------------------------------------------------------------------------

  side() {
    const said = this.said
    const count = make("p", { class: "count" }, said.summary || "没有发现问题")
    const list = make("ol", { class: "findings" })
    this.list = list
    this.drawFindings()
    const day = new Date().toLocaleDateString("zh-CN", { dateStyle: "long" })
    const printed = make("p", { class: "print-only" }, `${said.title}　${day}检查`)
    const parts = [make("h2", { tabindex: "-1" }, "检查结果"), printed, count]
    if (said.findings.length) parts.push(this.filters(), list, this.actions())
    else parts.push(make("p", { class: "clean" }, "各表和文字没有发现问题，可以生成报告。"))
    parts.push(this.relations())
    return parts
  }

  filters() {
    const counts = {}
    for (const finding of this.said.findings) counts[finding.state] = (counts[finding.state] || 0) + 1
    const shown = ORDER.filter((state) => counts[state])
    if (shown.length < 2) return make("div", { class: "filters" })
    const buttons = shown.map((state) => {
      const button = make("button", { type: "button", class: `chip ${state}`, "aria-pressed": "true" })
      button.textContent = `${LABELS[state]} ${counts[state]}`
      button.addEventListener("click", () => {
        const on = button.getAttribute("aria-pressed") !== "true"
        button.setAttribute("aria-pressed", String(on))
        if (on) this.wanted.add(state)
        else this.wanted.delete(state)
        this.drawFindings()
      })
      return button
    })
    return make("div", { class: "filters", role: "group", "aria-label": "显示哪些" }, ...buttons)
  }

  drawFindings() {
    const numbered = this.said.findings.map((finding, number) => ({ finding, number }))
    numbered.sort((one, other) => ORDER.indexOf(one.finding.state) - ORDER.indexOf(other.finding.state) || one.number - other.number)
    this.items = []
    const shown = numbered.filter(({ finding }) => this.wanted.has(finding.state))
    fill(this.list, ...shown.map(({ finding, number }) => this.item(finding, number)))
  }

  item(finding, number) {
    const id = `${this.prefix}-finding-${number}`
    const place = finding.place ? make("span", { class: "place" }, finding.place) : null
    const head = make("span", { class: "what" }, make("b", { class: `badge ${finding.state}` }, finding.label), " ", place)
    const button = make("button", { type: "button", class: "finding", "aria-expanded": "false", "aria-controls": id })
    button.append(head, make("span", { class: "text" }, finding.text))
    const more = make("div", { id, class: "more", hidden: true }, ...this.details(finding))
    const item = make("li", { class: finding.state, "data-number": number }, button)
    if (finding.hint) item.append(make("p", { class: "hint" }, `怎么改：${finding.hint}`))
    item.append(more)
    button.addEventListener("click", () => this.choose(number, true))
    this.items[number] = item
    return item
  }

  details(finding) {
    const rule = this.said.rules[finding.code]
    const parts = []
    if (finding.explained) parts.push(make("p", {}, `说明：${finding.explained}`))
    if (finding.explanation) {
      parts.push(make("p", {}, "如情况属实，在“说明事项”填："), make("p", { class: "copy" }, finding.explanation))
    }
    if (rule) {
      parts.push(make("p", {}, make("b", {}, `${finding.code} ${rule.name}`)), make("p", {}, rule.why))
    }
    return parts
  }

  // Show a finding: open it in the list, and both sides of it in the report.
  choose(number, fromList) {
    const finding = this.said.findings[number]
    if (!this.items[number]) {
      this.wanted.add(finding.state)
      this.drawFindings()
    }
    for (const item of this.list.children) {
      const on = Number(item.dataset.number) === number && !(fromList && item.classList.contains("chosen"))
      item.classList.toggle("chosen", on)
      item.querySelector(".more").hidden = !on
      item.querySelector(".finding").setAttribute("aria-expanded", String(on))
    }
    const chosen = this.items[number].classList.contains("chosen")
    this.light(chosen ? [finding.path] : [], chosen ? finding.others : [])
    const node = this.cells.get(finding.path) || this.cells.get(finding.path.split(".")[0])
    if (fromList && chosen && node) scrollTo(node)
    if (!fromList) {
      scrollTo(this.items[number])
      this.items[number].querySelector(".finding").focus({ preventScroll: true })
    }
  }

  // Frame the cells of one side and those of the other.
  light(one, other) {
    for (const node of this.view.querySelectorAll(".side-one, .side-other")) {
      node.classList.remove("side-one", "side-other")
    }
    for (const path of other) this.cells.get(path)?.classList.add("side-other")
    for (const path of one) this.cells.get(path)?.classList.add("side-one")
  }

  actions() {
    const print = make("button", { type: "button", class: "plain", onclick: () => window.print() }, "打印这份清单")
    return make("p", { class: "actions" }, print)
  }

  // --- relations -------------------------------------------------------------------------------

  relations() {
    const groups = { broken: [], open: [], holds: [] }
    for (const relation of this.said.relations) groups[relation.state].push(relation)
    const counts = Object.entries(groups).filter(([, found]) => found.length)
    const words = counts.map(([state, found]) => `${found.length} 条${RELATION_WORDS[state]}`).join("，")
    const box = make("details", { class: "relations" }, make("summary", {}, `勾稽关系：${words}`))
    if (groups.broken.length) box.open = true
    for (const [state, found] of counts) {
      const list = make("ul", {}, ...found.map((relation) => this.relation(relation)))
      const title = make("p", { class: `state ${state}` }, RELATION_WORDS[state])
      if (state === "holds") box.append(make("details", {}, make("summary", {}, `成立的 ${found.length} 条`), list))
      else box.append(title, list)
    }
    return box
  }

  relation(relation) {
    const sums = relation.state === "open" ? "有空格或读不出的数" : `${relation.leftSum} ${relation.state === "holds" ? "＝" : "≠"} ${relation.rightSum}`
    const button = make("button", { type: "button", class: "link" }, `${relation.label}：${sums}`)
    button.title = relation.name
    button.addEventListener("click", () => {
      this.light(relation.right, relation.left)
      const node = this.cells.get(relation.right[0])
      if (node) scrollTo(node)
    })
    return make("li", {}, button, make("span", { class: "faint" }, ` ${relation.name}`))
  }
}

export { LABELS, ORDER, byId }
