const DATE_TIME_TAG = 0x0132
const ASCII_TYPE = 2
const IFD_OFFSET = 8
const HEADER = Buffer.from('Exif\0\0', 'latin1')

/** A JPEG file with an EXIF segment that says when it was taken. Source: JEITA CP-3451, 4.5 and 4.6. */
export function withExif(jpeg: Buffer, taken: Date): Buffer {
  if (jpeg.readUInt16BE(0) !== 0xffd8) throw new RangeError('this is no JPEG file')
  const [day, time] = taken.toISOString().split(/[T.]/) as [string, string]
  const text = Buffer.from(`${day.replaceAll('-', ':')} ${time}\0`, 'latin1')
  const tiff = Buffer.alloc(IFD_OFFSET + 2 + 12 + 4)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(IFD_OFFSET, 4)
  tiff.writeUInt16BE(1, IFD_OFFSET)
  tiff.writeUInt16BE(DATE_TIME_TAG, IFD_OFFSET + 2)
  tiff.writeUInt16BE(ASCII_TYPE, IFD_OFFSET + 4)
  tiff.writeUInt32BE(text.length, IFD_OFFSET + 6)
  tiff.writeUInt32BE(tiff.length, IFD_OFFSET + 10)
  const body = Buffer.concat([HEADER, tiff, text])
  const marker = Buffer.alloc(4)
  marker.writeUInt16BE(0xffe1, 0)
  marker.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), marker, body, jpeg.subarray(2)])
}
