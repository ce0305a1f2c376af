import { render } from 'preact'
import './style/tokens.css'
import './style/base.css'
import './style/parts.css'
import './style/shell.css'
import './style/setup.css'
import './style/uploads.css'
import './style/secure.css'
import './style/share.css'
import { App } from './app.tsx'
import { keepShell } from './state/install.ts'
import { tellTrust } from './secure/tell-trust.ts'
import { readSession } from './state/session.ts'
import { toastRefusal } from './state/toasts.ts'
import { startLanguage } from './texts/language.ts'

readSession().catch(toastRefusal)
await startLanguage()
render(<App />, document.getElementById('app') as HTMLElement)
keepShell()
tellTrust()
