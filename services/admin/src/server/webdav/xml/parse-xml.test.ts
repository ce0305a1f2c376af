import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseXml } from './parse-xml.ts'
import { writeElement } from './write-xml.ts'

const parse = (text: string) => parseXml(new TextEncoder().encode(text))

test('what was read and written is read alike again, with other prefixes', () => {
  const source = `\ufeff<?xml version="1.0" encoding='utf-8'?><!-- a --><a:b xmlns:a="urn:1" xmlns="urn:2" a:x="&lt;&quot;&#x1F332;" y='"' xml:lang="de">
    text &amp; <![CDATA[<raw> & ]]>more<c/><d xmlns=""><a:e a:z="1"></a:e></d ><!-- b --></a:b> `
  const read = parse(source)
  assert.deepEqual([read.namespace, read.name, read.children.length], ['urn:1', 'b', 3])
  assert.deepEqual(
    read.attributes.map(({ namespace, name, value }) => [namespace, name, value]),
    [
      ['urn:1', 'x', '<"🌲'],
      ['', 'y', '"'],
      ['http://www.w3.org/XML/1998/namespace', 'lang', 'de'],
    ],
  )
  assert.equal(read.children[0], '\n    text & <raw> & more')
  assert.deepEqual(parse(writeElement(read, '')), read)
})

test('whatever is not well-formed, defines something or is too much is refused', () => {
  const malformed = [
    '',
    ' ',
    'text',
    '<a>',
    '<a></b>',
    '<a:b/>',
    '<a xmlns:b=""/>',
    '<a xmlns:xml="urn:x"/>',
    '<a xmlns:b="http://www.w3.org/XML/1998/namespace"/>',
    '<a xmlns:xmlns="urn:x"/>',
    '<a x="1" x="2"/>',
    '<a xmlns:p="urn:1" xmlns:q="urn:1" p:x="" q:x=""/>',
    '<a x=1/>',
    '<a x="<"/>',
    '<a x="1"y="2"/>',
    '<a>&nbsp;</a>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    '<a>&#x110000;</a>',
    '<a>&</a>',
    '<a>]]></a>',
    '<a><![CDATA[</a>',
    '<a><!-- -- --></a>',
    '<a/><b/>',
    '<!DOCTYPE a><a/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<?pi?><a/>',
    '<a><?pi?></a>',
    '<?xml version="1.1"?><a/>',
    '<?xml version="1.0" encoding="utf-16"?><a/>',
    '<a>\u0001</a>',
    '<1/>',
    '< a/>',
    '<a b:c:d=""/>',
  ]
  for (const text of malformed) assert.throws(() => parse(text), { code: 'MALFORMED' }, text)
  assert.throws(() => parseXml(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e)), { code: 'MALFORMED' })
  const tooMuch = [
    `${'<a>'.repeat(25)}${'</a>'.repeat(25)}`,
    `<a>${'<b/>'.repeat(4096)}</a>`,
    `<a ${Array.from({ length: 65 }, (_, i) => `b${i}=""`).join(' ')}/>`,
    `<a>${'x'.repeat(131_072)}</a>`,
  ]
  for (const text of tooMuch) assert.throws(() => parse(text), { code: 'TOO_LARGE' }, text.slice(0, 40))
})

test('long texts take no more time than they are long', () => {
  const texts = [
    `<a>${'&amp;'.repeat(20_000)}</a>`,
    `<a>${'<!---->'.repeat(15_000)}</a>`,
    `<a b="${'&lt;'.repeat(25_000)}"/>`,
    `<a${' '.repeat(130_000)}/>`,
  ]
  for (const text of texts) assert.equal(parse(text).name, 'a')
})
