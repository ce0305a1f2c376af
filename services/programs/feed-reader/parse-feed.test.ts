import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFeed, timeOf } from './parse-feed.ts'

test('RSS: titles, links, dates as in mail, descriptions without their markup', () => {
  const feed = parseFeed(`<?xml version="1.0"?><!-- <item> --><rss version="2.0" xmlns:dc="x"><channel><title>News &amp; more</title>
    <item><title><![CDATA[One <b>bold</b> word]]></title><link> https://example.org/1?a=1&amp;b=2 </link><guid>g1</guid>
      <pubDate>Sun, 22 Nov 2026 10:00:30 +0130</pubDate><description>&lt;p&gt;Dear &amp;amp; near&lt;script&gt;bad()&lt;/script&gt;&lt;/p&gt;</description></item>
    <item><link>javascript:alert(1)</link><description>${'long '.repeat(200)}</description></item>
  </channel></rss>`)
  assert.equal(feed?.title, 'News & more')
  assert.deepEqual(feed?.items[0], {
    key: 'g1',
    title: 'One bold word',
    link: 'https://example.org/1?a=1&b=2',
    time: Date.UTC(2026, 10, 22, 8, 30, 30),
    excerpt: 'Dear & near',
  })
  const second = feed?.items[1]
  assert.deepEqual([second?.link, second?.time, second?.excerpt.endsWith('long…')], ['', 0, true])
})

test('Atom: the link for reading of several, identifiers, dates', () => {
  const feed = parseFeed(`<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Atoms</title><link href="https://example.org/"/>
    <entry><title>First</title><link rel="self" href="https://example.org/self"/><link rel='alternate' href='https://example.org/first'/>
      <id>urn:1</id><updated>2026-11-22T10:00:00Z</updated><content type="html">&lt;p&gt;Hi&lt;/p&gt;</content></entry></feed>`)
  assert.deepEqual(feed, {
    title: 'Atoms',
    items: [{ key: 'urn:1', title: 'First', link: 'https://example.org/first', time: Date.UTC(2026, 10, 22, 10), excerpt: 'Hi' }],
  })
})

test('RSS 1.0 has its items beside the channel; what is no feed is none, and damaged ones end', () => {
  const rdf = parseFeed(
    '<rdf:RDF><channel><title>Old</title></channel><item><title>a</title><link>http://example.org/a</link></item></rdf:RDF>',
  )
  assert.deepEqual([rdf?.title, rdf?.items.length], ['Old', 1])
  for (const text of ['', '<html><body>no</body></html>', '{"a":1}']) assert.equal(parseFeed(text), null)
  assert.deepEqual(parseFeed('<rss><channel><title>x</wrong></nothing><item><title>cut')?.items.length, 1)
  const deep = parseFeed(`<rss><channel>${'<a>'.repeat(20_000)}<item><title>deep</title></item>`)
  assert.ok(deep !== null)
  assert.equal(parseFeed(`<rss><channel><title>${'&amp;'.repeat(50_000)}</title></channel></rss>`)?.title.length, 200)
  assert.deepEqual([timeOf('nonsense'), timeOf('1 Foo 2026 10:00')], [0, 0])
})
