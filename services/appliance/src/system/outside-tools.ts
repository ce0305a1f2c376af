import type { Tools } from './tools.ts'

/** What these programs never need, whatever they do to drives. */
const cage = ['PrivateNetwork=yes', 'ProtectHome=yes', 'PrivateTmp=yes', 'NoNewPrivileges=yes']

/**
 * Programs that need what this process has given up: systemd runs each in a unit of its own, outside of our cage, until it has ended.
 * So the process that reads what others send holds no drive and no clock itself.
 */
export function outsideTools(inside: Tools): Tools {
  return {
    run: (program, args, options) =>
      inside.run(
        'systemd-run',
        ['--quiet', '--wait', '--pipe', '--collect', ...cage.map((one) => `--property=${one}`), '--', program, ...args],
        options,
      ),
  }
}
