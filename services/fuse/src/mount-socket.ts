/** In the data folder. */
export const MOUNT_SOCKET = 'mount.sock'
