import './engine.ts'
import { Headers } from './headers.ts'
import { Request, Response } from './http.ts'
import { URL, URLSearchParams } from './url.ts'

/** The names that programs know from the web; the engine has only the language. Imported before the program's own modules. */
Object.assign(globalThis, { Headers, Request, Response, URL, URLSearchParams })
