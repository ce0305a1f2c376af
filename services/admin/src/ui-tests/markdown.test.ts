import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outsideAddress, pictureAddress, withoutEntities } from '../ui/files/markdown/addresses.ts'

test('a link goes elsewhere by http, https or mail, and nowhere else', () => {
  for (const href of ['https://a.example/x?y#z', 'http://a.example/', 'mailto:a@b.example']) assert.equal(outsideAddress(href), href)
  const none = [
    'javascript:alert(1)',
    'JaVaScRiPt:x',
    ' javascript:x',
    'data:text/html,x',
    'blob:x',
    'file:///etc',
    '#/owner',
    'a.md',
    '//x.example',
    '',
  ]
  for (const href of none) assert.equal(outsideAddress(href), null, href)
})

test('pictures come from beside the text or below, never from outside the tree', () => {
  const path = (href: string, folder = '/a/b') => new URLSearchParams(pictureAddress(href, folder)?.split('?')[1]).get('path')
  assert.equal(path('x.png'), '/a/b/x.png')
  assert.equal(path('./c/My%20lake.jpg?raw=1#top'), '/a/b/c/My lake.jpg')
  assert.equal(path('../x.png'), '/a/x.png')
  assert.equal(path('../../../../x.png'), '/x.png')
  assert.equal(path('x.png', '/'), '/x.png')
  const none = [
    'https://s.example/x.png',
    '//s.example/x.png',
    '\\\\s\\x.png',
    '/x.png',
    'data:image/png;base64,x',
    'x.svg',
    'x',
    '',
    'a%2fb.png',
    '%.png',
    'a%00.png',
  ]
  for (const href of none) assert.equal(pictureAddress(href, '/a'), null, href)
})

test('characters written as entities are read, what is none stays', () => {
  assert.equal(withoutEntities('a &amp; &lt;b&gt; &#228;&#xe4; &nope; &#xd800; &#0; &amp'), 'a & <b> ää &nope; &#xd800; &#0; &amp')
})
