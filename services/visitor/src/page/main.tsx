import { render } from 'preact'
import '@holt/admin/ui/style/tokens.css'
import '@holt/admin/ui/style/base.css'
import '@holt/admin/ui/style/parts.css'
import './visitor.css'
import { language } from './texts.ts'
import { open } from './visit.ts'
import { VisitorPage } from './visitor-page.tsx'

document.documentElement.lang = language
void open()
render(<VisitorPage />, document.getElementById('visit') as HTMLElement)
