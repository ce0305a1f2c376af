/** Runs in the page, beside whatever the program has there: small, and with no names of its own. */
export const RELOADING_SCRIPT = `(() => {
  const known = document.currentScript.dataset.state
  let shown = null
  new EventSource('/.holt-dev/events').onmessage = ({ data }) => {
    const { state, problem } = JSON.parse(data)
    if (known !== state) return location.reload()
    shown?.remove()
    shown = null
    if (problem === null) return
    shown = document.createElement('pre')
    shown.textContent = problem
    shown.style.cssText = 'position:fixed;inset:auto 0 0 0;z-index:2147483647;margin:0;padding:12px 16px;background:#3a1b17;color:#ffd9d4;white-space:pre-wrap;font:14px monospace'
    document.body.append(shown)
  }
})()
`
