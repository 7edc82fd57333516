// Whether this browser has what Python in a browser needs.

const ADVICE = "请换用新版的 Edge、Chrome（103 以上；Windows 7 上可用最后一版 Chrome 109），或 360 安全浏览器、QQ 浏览器的极速模式。"

// A sentence when something is missing, else nothing.
export function missingFeature() {
  if (typeof WebAssembly !== "object" || !hasExceptions()) return `这个浏览器太旧，运行不了检查程序。${ADVICE}`
  if (typeof Worker !== "function" || typeof DecompressionStream !== "function") return `这个浏览器缺少需要的功能。${ADVICE}`
  return ""
}

// A module of twenty-odd bytes with one `try`: it is valid only where WebAssembly has exceptions.
function hasExceptions() {
  const code = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11]
  return WebAssembly.validate(new Uint8Array(code))
}
