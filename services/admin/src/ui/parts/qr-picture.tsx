import { useEffect, useMemo } from 'preact/hooks'
import { renderSVG } from 'uqr'

/** A text as a picture for the camera of a phone; the page's policy allows no picture that stands in the document itself. */
export function QrPicture({ text, alt, class: className, border = 3 }: { text: string; alt: string; class: string; border?: number }) {
  const url = useMemo(() => URL.createObjectURL(new Blob([renderSVG(text, { border })], { type: 'image/svg+xml' })), [text, border])
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  return <img class={className} src={url} alt={alt} />
}
