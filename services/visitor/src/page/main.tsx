import { render } from 'preact'
import '@holt/admin/ui/style/tokens.css'
import '@holt/admin/ui/style/base.css'
import '@holt/admin/ui/style/parts.css'
import './visitor.css'
import { setFormats } from '@holt/admin/ui/format.ts'
import { formats as german } from '@holt/admin/ui/texts/de/formats.ts'
import { formats as english } from '@holt/admin/ui/texts/en/formats.ts'
import { language } from './texts.ts'
import { open } from './visit.ts'
import { VisitorPage } from './visitor-page.tsx'

document.documentElement.lang = language
setFormats({ en: english, de: german }[language])
void open()
render(<VisitorPage />, document.getElementById('visit') as HTMLElement)
