/**
 * What who holds a share link may ask of a node: sealed bytes only. The secret of the link is not among what is asked
 * with, so whoever carries or logs the questions and answers can open none of them.
 */
export interface SharedTree {
  /** @param id of a share, in hex. */
  isActive(id: string): boolean
  /**
   * The readcap of what is shared as it is now, sealed for who has the link.
   *
   * @throws HoltError NOT_FOUND when there is no such share (any more), or nothing at its path; CAP_EXPIRED.
   */
  document(id: string): Promise<Uint8Array>
  /**
   * A sealed block that what is shared needs.
   *
   * @param cid text form.
   * @throws HoltError NOT_FOUND, CAP_EXPIRED; BLOCK_NOT_FOUND for a block that is no part of it; errors of the store.
   */
  block(id: string, cid: string, options?: { signal?: AbortSignal }): Promise<Uint8Array>
}
