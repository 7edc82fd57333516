// Browsers refuse module workers to a page that was opened from a file, and Pyodide refuses classic ones because
// they could load scripts while it runs. This worker is a classic one that can not.

self.importScripts = () => {
  throw new Error("no scripts are loaded here")
}
