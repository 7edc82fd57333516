// Small helpers that make elements; texts are always set as texts, never as markup.

export function byId(id) {
  return document.getElementById(id)
}

// An element with properties and children: `make("p", { class: "faint" }, "text", node)`.
export function make(name, given = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value)
    else if (value === true) node.setAttribute(key, "")
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value)
  }
  node.append(...children.filter((child) => child !== null && child !== undefined))
  return node
}

export function fill(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined))
}

export function show(node, shown) {
  node.hidden = !shown
}

export function scrollTo(node) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
  node.scrollIntoView({ block: "center", inline: "center", behavior: calm ? "auto" : "smooth" })
}
