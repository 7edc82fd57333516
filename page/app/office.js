// 多家单位: the files of many units, one after the other; what was not read; all reports and the sum of them.

import { byId, fill, make, show } from "./dom.js"
import { download, TooLargeError } from "./files.js"

const MOST_TOGETHER = 400_000_000
// Bytes of all files that are read together: what fits into the memory of a page beside Python.

const MOST_OPEN = 20
// A list of files that were not read is open from the beginning if it is no longer than this.

const NO_REPORT = "no_report"

const KINDS = "工作簿（.xlsx）、已公布的报告（.docx、.html、.txt）、数据（.json）和装着它们的压缩包（.zip）都可以；PDF 等读不了的，逐个列出原因"

export class OfficeArea {
  constructor(page) {
    this.page = page
    this.given = []
    this.roster = null
    this.rows = []
    this.lost = []
    this.running = false
    this.draw()
    page.addEventListener("ready", () => this.update())
  }

  // --- what is shown ---------------------------------------------------------------------------

  draw() {
    const books = make("div", { class: "drop", "data-drop": "books" })
    const many = make("button", { type: "button", class: "main", "data-choose": "books", "data-folder": true }, "选择文件夹")
    const some = make("button", { type: "button", class: "plain", "data-choose": "books" }, "选择几个文件")
    books.append(make("p", { class: "big" }, "把收件的文件夹拖到这里"), make("p", { class: "actions middle" }, many, some), make("p", { class: "faint" }, KINDS))
    this.chosenBooks = make("p", { class: "chosen", "aria-live": "polite" })
    books.append(this.chosenBooks)
    const roster = make("div", { class: "drop small", "data-drop": "roster" })
    const choose = make("button", { type: "button", class: "plain", "data-choose": "roster" }, "选择花名册")
    this.chosenRoster = make("p", { class: "chosen", "aria-live": "polite" })
    roster.append(make("p", {}, make("strong", {}, "花名册（没有可以不放）")), make("p", { class: "faint" }, "应报单位的名单（.xlsx），汇总时列出缺报的单位"), make("p", {}, choose), this.chosenRoster)
    this.start = make("button", { type: "button", class: "main", disabled: true, onclick: () => this.run() }, "开始检查并生成")
    this.stopButton = make("button", { type: "button", class: "plain", hidden: true, onclick: () => this.stop() }, "停止")
    this.bar = make("progress", { max: 1, value: 0, hidden: true, "aria-label": "已处理" })
    this.told = make("p", { role: "status" })
    this.state = make("div", { class: "progress" }, this.start, this.stopButton, this.bar, this.told)
    this.offers = make("div", { class: "offers" })
    this.total = make("div", { class: "result", "aria-live": "polite" })
    this.table = make("div", {})
    this.others = make("div", {})
    fill(byId("office-view"), make("div", { class: "two" }, books, roster), this.state, this.offers, this.total, this.table, this.others)
  }

  take(role, given) {
    if (this.running) return
    if (role === "roster") {
      this.roster = given[0]
      this.chosenRoster.textContent = `已选：${given[0].name}`
    }
    if (role === "books") {
      this.given = toldApart(withoutCommonFolder(given))
      this.lost = []
      this.update()
    }
  }

  update() {
    this.start.disabled = this.running || !this.given.length || !this.page.about
    if (!this.given.length) return
    const others = this.page.about ? this.given.filter((one) => !this.isWanted(one)).length : 0
    const more = others ? `，其中 ${others} 个不是能读的文件，做完后列出原因` : ""
    this.chosenBooks.textContent = `已选 ${this.given.length} 个文件${more}`
  }

  // Whether Python looks into a file. Of the others it gets the name alone.
  isWanted(given) {
    const name = given.name.toLowerCase()
    return this.page.about.suffixes.some((suffix) => name.endsWith(suffix))
  }

  // --- one after the other ---------------------------------------------------------------------

  async run() {
    const wanted = this.given.filter((one) => this.isWanted(one))
    const size = wanted.reduce((sum, { file }) => sum + file.size, 0)
    if (size > MOST_TOGETHER) {
      this.tell(`这些文件一共有 ${Math.round(size / 1e6)} MB，网页里放不下，请分几次处理。`)
      return
    }
    this.setRunning(true)
    this.tell("正在准备……")
    this.lost = []
    fill(this.offers)
    fill(this.total)
    fill(this.others)
    let again = true
    while (again) again = await this.runOnce()
    this.setRunning(false)
  }

  // The contents of the files as Python wants them; what cannot be read is lost.
  async readAll() {
    const files = []
    for (const one of this.left()) {
      try {
        files.push(this.isWanted(one) ? await one.read("book") : { role: "book", name: one.name, data: new Uint8Array() })
      } catch (error) {
        this.lose(one, error instanceof TooLargeError ? error.message : `读不了 ${one.name}：${error.message}`)
      }
    }
    return files
  }

  left() {
    return this.given.filter((given) => !this.lost.some((one) => one.given === given))
  }

  lose(given, message) {
    this.lost.push({ given, message })
  }

  // Runs a batch to its end, or until Python dies at a file. Then this file is lost: gives whether to run again.
  async runOnce() {
    this.stopped = false
    const engine = this.page.engine
    const files = await this.readAll()
    this.rows = this.lost.map(({ given, message }) => failedRow(given.name, message))
    this.drawTable()
    let order = null
    let done = 0
    try {
      const begun = await engine.ask("batch", { to: ["docx"], draft: false }, files)
      if (begun.said.error) {
        this.tell(begun.said.error)
        return false
      }
      order = begun.said.order
      this.listOthers(begun.said.not_read)
      while (!this.stopped) {
        const answer = await engine.ask("next")
        if (answer.said.error) {
          this.tell(answer.said.error)
          break
        }
        if (answer.said.done) {
          this.listOthers(answer.said.not_read)
          this.finish(answer.files)
          break
        }
        const row = answer.said.result
        this.note(row)
        if (!row.renamed) done += 1
        this.say(done, order.length)
      }
      if (this.stopped) this.tell(`已停止：处理了 ${done} 份，共 ${order.length} 份。列表可以查看，报告没有打包。`)
      await engine.ask("end")
      return false
    } catch (error) {
      if (error.name === "LostError") return this.loseDeadly(order)
      this.tell(`出错了：${error.message}`)
      return false
    }
  }

  // Python died at the first file in its order of which nothing is known yet. Of an archive all is lost.
  loseDeadly(order) {
    if (!order) {
      this.tell("这些文件一起放不下，请分几次处理。")
      return false
    }
    const reached = new Set(this.rows.map((row) => row.book))
    const name = order.find((one) => !reached.has(one))
    const given = this.given.find((one) => name === one.name || name?.startsWith(`${one.name}/`))
    if (!given) return false
    const whole = given.name === name ? "已跳过" : `压缩包 ${given.name} 里的文件都没有处理，请解压后再放进来`
    this.lose(given, `${name} 处理时检查程序停止了，${whole}；文件可能已损坏。`)
    return true
  }

  stop() {
    this.stopped = true
    this.tell("正在停止……")
  }

  setRunning(on) {
    this.running = on
    show(this.stopButton, on)
    show(this.bar, on)
    this.update()
  }

  tell(text) {
    this.told.textContent = text
  }

  say(done, all) {
    this.bar.max = all
    this.bar.value = done
    this.tell(`已处理 ${done} 份，共 ${all} 份`)
  }

  note(row) {
    const known = this.rows.findIndex((other) => other.book === row.book)
    if (known >= 0) this.rows[known] = row
    else this.rows.push(row)
    this.drawRow(row)
  }

  // --- the table -------------------------------------------------------------------------------

  drawTable() {
    const names = ["单位", "年度", "结果", "错误", "警告", "退回意见", "工作簿"]
    const head = make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name))))
    this.body = make("tbody")
    this.lines = new Map()
    const table = make("table", { class: "units" }, make("caption", {}, "各单位"), head, this.body)
    const only = make("input", { type: "checkbox", id: "office-troubled" })
    only.addEventListener("change", () => table.classList.toggle("troubled", only.checked))
    const choice = make("p", { class: "choice" }, only, make("label", { for: "office-troubled" }, " 只列没有通过的"))
    fill(this.table, choice, make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "各单位的结果" }, table))
    for (const row of this.rows) this.drawRow(row)
  }

  // A row of the table; a document that is no report is listed with the files that were not read.
  drawRow(row) {
    if (row.status === NO_REPORT) return
    const name = row.agency || "（没有写明）"
    const line = make("tr", { "data-status": row.status }, make("th", { scope: "row" }, name), make("td", {}, row.year || ""), make("td", { class: row.status }, row.label))
    line.append(make("td", { class: "number" }, String(row.counts.error ?? "")), make("td", { class: "number" }, String(row.counts.warning ?? "")))
    line.append(make("td", {}, row.message ? this.letter(row, name) : ""), make("td", {}, row.book))
    const before = this.lines.get(row.book)
    if (before) before.replaceWith(line)
    else this.body.append(line)
    this.lines.set(row.book, line)
  }

  // The files that are no reports, each with the reason.
  listOthers(files) {
    fill(this.others, ...listedApart("", files))
  }

  letter(row, name) {
    const first = row.message.split("\n")[0]
    const copy = make("button", { type: "button", class: "link" }, "复制")
    copy.setAttribute("aria-label", `复制给${name}的退回意见`)
    copy.addEventListener("click", async () => {
      await copied(row.message)
      copy.textContent = "已复制"
    })
    if (!row.message.includes("\n")) return make("span", {}, first, " ", copy)
    return make("span", {}, make("details", {}, make("summary", {}, first), make("pre", {}, row.message)), copy)
  }

  // --- what is made of it ----------------------------------------------------------------------

  finish([results, reports]) {
    const rows = this.rows.filter((row) => row.status !== NO_REPORT)
    if (!results) {
      this.tell("没有能读的工作簿或报告。")
      return
    }
    const counts = { made: 0, refused: 0, failed: 0 }
    const others = {}
    for (const { status, label } of rows) {
      if (status in counts) counts[status] += 1
      else others[label] = (others[label] || 0) + 1
    }
    const rest = Object.entries(others).map(([label, count]) => `，${count} 份${label}`).join("")
    const absent = this.lost.length ? `有 ${this.lost.length} 个出错的文件网页没能处理，结果.xlsx 里没有。` : ""
    this.tell(`${rows.length} 家处理完毕：${counts.made} 家已生成报告，${counts.refused} 家未通过检查，${counts.failed} 家出错${rest}。${absent}`)
    const list = make("button", { type: "button", class: "main", onclick: () => download(results.name, results.data) }, "下载结果.xlsx")
    const all = make("button", { type: "button", class: "plain", onclick: () => download(reports.name, reports.data) }, "下载全部报告（zip）")
    const sum = make("button", { type: "button", class: "plain", "data-consolidate": true, onclick: () => this.consolidate() }, "汇总成一个工作簿")
    fill(this.offers, make("p", { class: "actions" }, list, all, sum), this.sumOptions())
  }

  sumOptions() {
    this.agency = make("input", { id: "office-agency", autocomplete: "organization", maxlength: 100 })
    this.skip = make("input", { type: "checkbox", id: "office-skip" })
    const name = make("div", { class: "field" }, make("label", { for: "office-agency" }, "汇总单位的名称（有花名册的可以不填）"), this.agency)
    return make("div", { class: "fields" }, name, make("p", { class: "choice" }, this.skip, make("label", { for: "office-skip" }, " 有错误的报告不计入，只列出")))
  }

  async consolidate() {
    fill(this.total, make("p", {}, "正在汇总……"))
    const files = await this.readAll()
    const lost = this.lost.map(({ message }) => make("p", { class: "warn" }, `没有计入：${message}`))
    if (lost.length && !this.skip.checked) {
      fill(this.total, make("p", { class: "bad" }, "没有汇总：下面的文件没有处理。要略去它们，请勾选“有错误的报告不计入”。"), ...lost)
      return
    }
    if (this.roster) {
      try {
        files.push(await this.roster.read("roster"))
      } catch (error) {
        const said = `没有汇总：读不了花名册 ${this.roster.name}：${error.message}。文件改名或移走了的，请重新选择。`
        fill(this.total, make("p", { class: "bad" }, said))
        return
      }
    }
    const options = { agency: this.agency.value.trim(), skip_errors: this.skip.checked }
    const answer = await this.page.ask("consolidate", options, files)
    if (!answer) {
      fill(this.total)
      return
    }
    const { said } = answer
    const findings = (said.findings || []).map((finding) => make("li", {}, make("b", { class: `badge ${finding.state}` }, finding.label), ` ${finding.message}`))
    const list = findings.length ? make("ul", { class: "pending" }, ...findings) : null
    if (said.error) {
      fill(this.total, make("p", { class: "bad" }, `没有汇总：${said.error}`), list)
      return
    }
    const [made] = answer.files
    download(made.name, made.data)
    const lines = [make("p", { class: "good" }, `${said.face}。已下载 ${made.name}`)]
    if (said.missing.length) lines.push(make("p", { class: "warn" }, `缺报 ${said.missing.length} 家：${said.missing.join("、")}`))
    for (const item of said.refused) lines.push(make("p", { class: "warn" }, `没有计入：${item.name || item.file}，${item.reason}`))
    fill(this.total, ...lines, ...lost, list, ...listedApart("汇总时", said.not_read))
  }
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const area = make("textarea")
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand("copy")
    area.remove()
  }
}

function failedRow(name, message) {
  return { book: name, label: "出错", status: "failed", agency: "", year: null, counts: {}, message, outputs: [], notes: [] }
}

// The files that nobody looked at, and those that were looked at and not used; empty lists are left out.
function listedApart(when, files) {
  const unseen = files.filter((file) => !file.looked_at)
  const seen = files.filter((file) => file.looked_at)
  const lists = []
  if (unseen.length) lists.push(listed(`${when}没有看的文件`, unseen))
  if (seen.length) lists.push(listed(`${when}看过、没有采用的文件`, seen))
  return lists
}

function listed(title, files) {
  const items = files.map(({ name, reason }) => make("li", {}, make("b", {}, name), `：${reason}`))
  const summary = make("summary", {}, `${title}（${files.length} 个）`)
  return make("details", { class: "not-read", open: files.length <= MOST_OPEN }, summary, make("ul", {}, ...items))
}

// Two files from different folders may have one name: the second would take the place of the first.
function toldApart(given) {
  const taken = new Set()
  for (const one of given) {
    const [, stem, suffix] = one.name.match(/^(.*?)(\.[^./]*)?$/s)
    for (let number = 2; taken.has(one.name); number += 1) one.name = `${stem}（${number}）${suffix || ""}`
    taken.add(one.name)
  }
  return given
}

// The names below the folder that all of them are in.
function withoutCommonFolder(given) {
  const first = given.length ? given[0].name.split("/")[0] : ""
  const common = given.length > 0 && given.every(({ name }) => name.startsWith(`${first}/`))
  for (const one of given) {
    if (common) one.name = one.name.slice(first.length + 1)
  }
  return [...given].sort((one, other) => (one.name < other.name ? -1 : 1))
}
