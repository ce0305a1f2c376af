/** Buttons and labels that are the same on every page. */
export const common = {
  cancel: 'Cancel',
  close: 'Close',
  back: 'Back',
  next: 'Continue',
  ok: 'OK',
  more: 'More',
  moreFor: (name: string) => `More for ${name}`,
  dismiss: 'Dismiss',
  showPassword: 'Show what is typed',
  hidePassword: 'Hide what is typed',
  retry: 'Try again',
}
