import { HoltError } from '@holt/core/errors.ts'

/** What `holt program new` begins a program with: path in its folder → text. */
export type Template = (program: { name: string; title: string; author: string }) => Readonly<Record<string, string>>

const handler = `// Every request to the page of this program comes here. Request and Response are those of the web.
export default {
  async fetch(request, { store }) {
    if (new URL(request.url).pathname !== '/') return new Response('There is nothing here.\\n', { status: 404 })
    const visits = (store.get('visits') ?? 0) + 1
    store.set('visits', visits) // written together with the answer, or not at all
    return Response.html(\`<!doctype html><title>Visitors</title><p>You are visitor number \${visits}.\`)
  },
}
`

const handlerInTypeScript = `// Every request to the page of this program comes here. Request and Response are those of the web.
interface Powers {
  store: { get(key: string): unknown; set(key: string, value: unknown): void }
}

export default {
  async fetch(request: Request, { store }: Powers): Promise<Response> {
    if (new URL(request.url).pathname !== '/') return new Response('There is nothing here.\\n', { status: 404 })
    const visits = Number(store.get('visits') ?? 0) + 1
    store.set('visits', visits) // written together with the answer, or not at all
    const page = \`<!doctype html><title>Visitors</title><p>You are visitor number \${visits}.\`
    return new Response(page, { headers: { 'content-type': 'text/html;charset=utf-8' } })
  },
}
`

const handlerInC = `// Run anew for every request to the page of this program, with what the node offers in holt.h. Files of folders that the program
// was given (a power of the kind "folder" in program.json) are there by the C library: fopen("/NAME/...").
#include <holt.h>

int main(void) {
  struct holt_delivery delivery = holt_delivery();
  if (strcmp(delivery.name, "http") != 0) return 0;
  struct holt_bytes stored = holt_stored("visits");
  char text[32];
  snprintf(text, sizeof text, "%d", stored.bytes == NULL ? 1 : atoi(stored.bytes) + 1);
  if (!holt_keep("visits", text, strlen(text))) return 1; // written together with the answer, or not at all
  char page[256];
  int length = snprintf(page, sizeof page, "<!doctype html><title>Visitors</title><p>You are visitor number %s.", text);
  holt_respond(200, "text/html;charset=utf-8", page, (size_t)length);
  return 0;
}
`

function projectFile({ name, title, author }: Parameters<Template>[0], main: string): string {
  const project = {
    name,
    title,
    about: 'Counts who was here.',
    version: '0.1.0',
    author,
    main,
    powers: [{ kind: 'page', name: 'site', reason: 'so that visitors can be counted' }],
  }
  return `${JSON.stringify(project, null, 2)}\n`
}

export const templates = {
  javascript: (program) => ({ 'program.json': projectFile(program, 'main.js'), 'main.js': handler }),
  typescript: (program) => ({ 'program.json': projectFile(program, 'main.ts'), 'main.ts': handlerInTypeScript }),
  c: (program) => ({ 'program.json': projectFile(program, 'main.c'), 'main.c': handlerInC }),
} as const satisfies Record<string, Template>

/** @throws HoltError INPUT_INVALID */
export function templateCalled(name: string): Template {
  if (Object.hasOwn(templates, name)) return templates[name as keyof typeof templates]
  throw new HoltError('INPUT_INVALID', `there is no template '${name}'; there are ${Object.keys(templates).join(', ')}`, {
    field: 'template',
  })
}
