/** Order matters: each browser claims to be those after it too. */
const browsers: [RegExp, string][] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/** 'Firefox · Linux', from what a browser calls itself; '' when it says nothing known. Never what it said itself. */
export function deviceNameOf(userAgent: string | undefined): string {
  const found = [browsers, systems].map((list) => list.find(([pattern]) => pattern.test(userAgent?.slice(0, 512) ?? ''))?.[1])
  return found.filter((one) => one !== undefined).join(' · ')
}
