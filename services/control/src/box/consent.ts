/** What has to be typed before everything goes. */
export const RESET_CONSENT = 'erase everything'
