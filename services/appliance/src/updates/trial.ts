import { isHoltError } from '@holt/core/errors.ts'
import type { Tools } from '../system/tools.ts'

const BOOT_SLOT = '/usr/lib/holt/boot-slot'

/** Whether the version that runs has still to prove itself. */
export async function isOnTrial(tools: Tools): Promise<boolean> {
  return await tools.run(BOOT_SLOT, ['on-trial']).then(
    () => true,
    (error: unknown) => {
      if (isHoltError(error, 'SYSTEM_REFUSED')) return false
      throw error
    },
  )
}
