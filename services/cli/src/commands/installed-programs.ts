import type { InstalledInfo, OwnLimits, PackageWarning } from '@holt/control/programs.ts'
import type { Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall, Outcome } from '../command.ts'
import { humanBytes, humanCount, localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { askForGrants, grantText, grantTyped, wishText } from '../program/grants.ts'
import { bringPackage, readPackageFile } from '../program/package-file.ts'
import { table } from '../table.ts'

const grantOption = {
  grant: {
    type: 'text',
    many: true,
    value: 'POWER',
    help: 'gives a power that it wishes: NAME, for a folder NAME=PATH or NAME=PATH:read, for a page also NAME=network, for hosts also NAME=HOST,HOST, for messages also NAME=OWNER,OWNER',
  },
} as const

async function bring(call: CommandCall): Promise<{ stage: string; found: Result<'programs.inspect'> }> {
  const { bytes } = await readPackageFile(call.arguments[0] as string, call.terminal.currentFolder)
  const stage = await bringPackage(call, bytes)
  return { stage, found: await call.ask('programs.inspect', { stage }) }
}

async function put(call: CommandCall, expected: 'new' | 'there'): Promise<Outcome> {
  const { stage, found } = await bring(call)
  const named = `${printable(found.title)} ${found.version}`
  if (expected === 'new' && found.installed !== null)
    throw new HoltError('ALREADY_EXISTS', `version ${found.installed.version} is installed: holt program update`, { program: found.name })
  if (expected === 'there' && found.installed === null)
    throw new HoltError('NOT_FOUND', 'no earlier version of this program is installed: holt program install', { program: found.name })
  if (!call.json && !call.quiet) call.terminal.tell(`${named}, by ${found.author}\n${printable(found.about)}\n`)
  const had = found.installed?.grants ?? []
  const grants = await askForGrants(call, found.powers, { typed: call.texts('grant'), had })
  const program = await call.ask('programs.install', { stage, grants })
  return {
    json: program,
    lines: program.page === null ? [] : [program.page.url],
    report: [
      `${named} is ${found.installed === null ? 'installed' : 'updated'}${program.grants.length === 0 ? '' : '; it'}`,
      ...grantLines(program),
    ],
    warnings: [...found.warnings.map(warningText), ...(program.problem === null ? [] : [program.problem])],
  }
}

function warningText(warning: PackageWarning): string {
  if (warning.kind === 'imitates')
    return `another program that is installed is called '${printable(warning.title)}', by ${warning.author}: this one is not that one`
  return `the version before was signed by ${warning.from}, who handed the program over`
}

function grantLines({ grants }: InstalledInfo): string[] {
  return grants.map((grant) => `  ${grantText(grant)} (${grant.name})`)
}

const install: Command = {
  name: 'program install',
  summary: 'Installs a program from a package, with the powers you give it',
  arguments: [{ name: 'FILE', complete: 'local' }],
  options: grantOption,
  details: [
    'It asks for each power that the program wishes; without a terminal only what --grant says is given. A program sees and does nothing else, and is refused what was not given.',
    'A package that is not signed, or not by who wrote the earlier versions, is not installed.',
  ],
  examples: [
    { line: 'holt program install visitor-book-1.0.0.holt --grant site', does: 'installs it, lets it show its page, and prints where' },
    { line: 'holt program install thumbs-1.0.0.holt --grant photos=/photos', does: 'gives it one folder' },
  ],
  run: (call) => put(call, 'new'),
}

const update: Command = {
  name: 'program update',
  summary: 'Installs a newer version of a program; what it stored stays',
  arguments: [{ name: 'FILE', complete: 'local' }],
  options: grantOption,
  details: ['Powers that were given stay given, where the new version still wishes them. Older versions are refused.'],
  examples: [{ line: 'holt program update visitor-book-1.1.0.holt', does: 'asks only for what is newly wished' }],
  run: (call) => put(call, 'there'),
}

const list: Command = {
  name: 'program list',
  summary: 'Lists installed programs',
  arguments: [],
  options: {},
  examples: [{ line: 'holt program list', does: 'shows what is installed, whether it runs here, and its page' }],
  run: async (call) => {
    const { programs } = await call.ask('programs.list', {})
    const rows = programs.map((program) => [
      program.name,
      program.version,
      stateText(program),
      program.page?.url ?? '',
      printable(program.title),
    ])
    return {
      json: { programs },
      lines:
        programs.length === 0
          ? ['No program is installed.']
          : table([['NAME', 'VERSION', 'STATE', 'PAGE', 'TITLE'].map(call.style.faint), ...rows]),
    }
  },
}

function stateText({ running, here }: InstalledInfo): string {
  if (running) return 'runs'
  return here ? 'does not start' : 'stopped'
}

const named = { name: 'NAME' } as const

/** @throws HoltError NOT_FOUND */
async function programCalled(call: CommandCall, typed = call.arguments[0] as string): Promise<InstalledInfo> {
  const { programs } = await call.ask('programs.list', {})
  const byName = programs.filter(({ name }) => name === typed)
  const meant = byName.length > 0 ? byName : programs.filter(({ id }) => typed !== '' && id.startsWith(typed))
  const [one] = meant
  if (one !== undefined && meant.length === 1) return one
  throw new HoltError(
    'NOT_FOUND',
    `${one === undefined ? 'no program is' : 'more than one program may be'} '${typed}': see \`holt program list --json\``,
    {
      program: typed,
    },
  )
}

const show: Command = {
  name: 'program show',
  summary: 'Shows what a program may, and what it used',
  arguments: [named],
  options: {},
  details: ['NAME is that of `holt program list`, or the beginning of its id, which --json shows.'],
  examples: [{ line: 'holt program show visitor-book', does: 'shows its powers, limits and meters' }],
  run: async (call) => {
    const program = await programCalled(call)
    const { limits, totals } = program
    const rows = [
      ['id', program.id],
      ['package', program.package],
      ['author', program.author],
      ['state', stateText(program)],
      ...(program.page === null ? [] : [['page', program.page.url]]),
      ...(program.problem === null ? [] : [['problem', printable(program.problem)]]),
      [
        'may use',
        `${humanBytes(limits.memory)} of memory, ${humanBytes(limits.storage)} of store, ${limits.streams} open streams; for one delivery ${humanCount(limits.work)} of work, ${limits.timeMs / 1000} s`,
      ],
      ...(totals === null
        ? []
        : [
            [
              'did',
              `${humanCount(totals.deliveries)} deliveries (${humanCount(totals.failures)} failed), ${humanCount(totals.meter)} of work, ${Math.round(totals.timeMs)} ms`,
            ],
            ['has now', `${humanBytes(totals.memoryBytes)} of memory, ${totals.waiting} waiting, ${totals.streams} open streams`],
            ['streams', `${humanBytes(totals.sentBytes)} sent, ${humanBytes(totals.receivedBytes)} received`],
          ]),
    ]
    const powers = program.powers.map((wish) => {
      const grant = program.grants.find(({ name }) => name === wish.name)
      return [wish.name, grant === undefined ? `would ${wishText(wish)}` : grantText(grant), grant === undefined ? 'not given' : 'given']
    })
    return {
      json: program,
      lines: [
        `${printable(program.title)} ${program.version}`,
        printable(program.about),
        ...table(rows, { indent: '  ' }),
        ...table(powers, { indent: '  ' }),
      ],
    }
  },
}

const start: Command = {
  name: 'program start',
  summary: 'Runs a stopped program on this node',
  arguments: [named],
  options: {},
  details: ['Your nodes have the same programs; each runs on one of them: stop it there first.'],
  examples: [{ line: 'holt program start visitor-book', does: 'also after everything was recovered onto a new machine' }],
  run: async (call) => {
    const program = await call.ask('programs.start', { id: (await programCalled(call)).id })
    return { json: program, lines: program.page === null ? [] : [program.page.url], report: [`${printable(program.title)} runs.`] }
  },
}

const stop: Command = {
  name: 'program stop',
  summary: 'Ends a program on this node; what it stored stays',
  arguments: [named],
  options: {},
  examples: [{ line: 'holt program stop visitor-book', does: 'its page is gone until `holt program start`' }],
  run: async (call) => {
    const program = await call.ask('programs.stop', { id: (await programCalled(call)).id })
    return { json: program, report: [`${printable(program.title)} is stopped.`] }
  },
}

const remove: Command = {
  name: 'program remove',
  summary: 'Removes a program with all that it stored',
  arguments: [named],
  options: {},
  details: ['Folders that it was given stay as they are. What it stored is in older versions of the tree as long as these are kept.'],
  examples: [{ line: 'holt program remove visitor-book', does: 'ends it and removes its visitors' }],
  run: async (call) => {
    const { id, title } = await programCalled(call)
    await call.ask('programs.remove', { id })
    return { json: { id }, report: [`${printable(title)} is removed.`] }
  },
}

const grant: Command = {
  name: 'program grant',
  summary: 'Gives a program a power that it wishes',
  arguments: [named, { name: 'POWER' }],
  options: {},
  details: ['POWER is written as for `holt program install --grant`. What was given under this name before is replaced.'],
  examples: [{ line: 'holt program grant thumbs photos=/photos/2026:read', does: 'another folder, and only for reading' }],
  run: async (call) => {
    const found = await programCalled(call)
    const program = await call.ask('programs.grant', { id: found.id, grant: grantTyped(found.powers, call.arguments[1] as string) })
    return { json: program, report: [`${printable(program.title)}`, ...grantLines(program)] }
  },
}

const revoke: Command = {
  name: 'program revoke',
  summary: 'Takes a power back from a program',
  arguments: [named, { name: 'POWER' }],
  options: {},
  details: ['From this moment on it is refused. POWER is its name, as `holt program show` has it.'],
  examples: [{ line: 'holt program revoke thumbs photos', does: 'it reaches that folder no more' }],
  run: async (call) => {
    const power = call.arguments[1] as string
    const program = await call.ask('programs.revoke', { id: (await programCalled(call)).id, power })
    return { json: program, report: [`${printable(program.title)} has '${printable(power)}' no more.`] }
  },
}

const units: Readonly<Record<string, number>> = { '': 1, K: 1 << 10, M: 1 << 20, G: 1 << 30 }

/** @throws HoltError INPUT_INVALID */
function amountTyped(field: string, typed: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,16})([KMG]?)$/.exec(typed) ?? []
  const amount = Number(digits) * (units[unit] ?? 0)
  if (digits === '' || !Number.isSafeInteger(amount) || amount < 1)
    throw new HoltError('INPUT_INVALID', `--${field} takes a number such as 33554432 or 32M`, { field })
  return amount
}

const limit: Command = {
  name: 'program limit',
  summary: 'Sets how much of this machine a program may have',
  arguments: [named],
  options: {
    memory: { type: 'text', value: 'BYTES', help: 'of memory, such as 32M' },
    storage: { type: 'text', value: 'BYTES', help: 'of its store' },
    work: { type: 'text', value: 'UNITS', help: 'for one delivery: a unit is about one instruction' },
    streams: { type: 'text', value: 'NUMBER', help: 'of answers and WebSockets that are open at once, at most 200' },
  },
  details: [
    'It begins anew with these. What is left out is as the program wishes it, up to what every program gets; so without options all is as at first.',
  ],
  examples: [{ line: 'holt program limit thumbs --memory 256M', does: 'gives it more memory than programs get by themselves' }],
  run: async (call) => {
    const { id } = await programCalled(call)
    const limits: OwnLimits = {}
    for (const field of ['memory', 'storage', 'work', 'streams'] as const) {
      const typed = call.text(field)
      if (typed !== undefined) limits[field] = amountTyped(field, typed)
    }
    const program = await call.ask('programs.limit', { id, limits })
    const { memory, storage, work, streams } = program.limits
    return {
      json: program,
      report: [
        `${printable(program.title)} may have ${humanBytes(memory)} of memory, ${humanBytes(storage)} of store, ${humanCount(work)} of work for one delivery, ${streams} open streams`,
      ],
    }
  },
}

const logs: Command = {
  name: 'program logs',
  summary: 'Shows what a program wrote, and what the node says of it',
  arguments: [named],
  options: {},
  details: ['The last 128 KiB of it, also from before the node was started anew.'],
  examples: [{ line: 'holt program logs visitor-book', does: 'shows why its page says that it failed' }],
  run: async (call) => {
    const { lines } = await call.ask('programs.logs', { id: (await programCalled(call)).id })
    return { json: { lines }, lines: lines.map(({ time, level, text }) => `${localTime(time)} ${level.padEnd(5)} ${printable(text)}`) }
  },
}

const audit: Command = {
  name: 'program audit',
  summary: 'Shows how programs used their powers',
  arguments: [{ ...named, optional: true }],
  options: {},
  details: ['The last uses of each program, at most 2000 at once, and what you gave and took back.'],
  examples: [{ line: 'holt program audit thumbs', does: 'shows each file it read, and what it was refused' }],
  run: async (call) => {
    const typed = call.arguments[0]
    const { programs } = await call.ask('programs.list', {})
    const id = typed === undefined ? undefined : (await programCalled(call, typed)).id
    const { uses } = await call.ask('programs.audit', id === undefined ? {} : { id })
    const nameOf = (program: string): string => programs.find((one) => one.id === program)?.name ?? program.slice(0, 8)
    const rows = uses.map(({ time, program, power, what, about, code }) => [
      localTime(time),
      nameOf(program),
      power,
      what,
      printable(about),
      code ?? '',
    ])
    return { json: { uses }, lines: table(rows) }
  },
}

export const installedProgramCommands: readonly Command[] = [
  install,
  update,
  list,
  show,
  start,
  stop,
  remove,
  grant,
  revoke,
  limit,
  logs,
  audit,
]
