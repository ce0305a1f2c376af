import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { faultsOf } from './axe.ts'
import { launchChromium, openPage } from './browser.ts'
import { servePage } from './served-page.ts'
import { openPlace, setPassword, setUp, typeCode } from './steps.ts'

/** The page of other nodes: one's own, a code shown, a code taken, a relation ended. */

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

test('own nodes show who is behind and who leads; a new one is invited by a code; what was merged is told', async () => {
  const served = await servePage()
  const { page } = await openPage(browser, served.url, { viewport: { width: 360, height: 800 } })
  const { cluster } = served.node
  try {
    await setUp(page, served.code, ['/mnt/oak'])
    await openPlace(page, 'Other nodes')
    const card = page.getByRole('region', { name: 'Your nodes' })
    await card.getByText('This is your only node.').waitFor()
    await card.getByRole('button', { name: 'Name it' }).click()
    await card.getByLabel('Name of this node').fill('Attic')
    await card.getByRole('button', { name: 'Keep' }).click()
    await card.locator('strong', { hasText: 'Attic' }).waitFor()

    await card.getByRole('button', { name: 'Add a node of mine' }).click()
    await page.getByText('JN12-CD34', { exact: true }).waitFor()
    await page.getByAltText('The code as a QR code').waitFor()
    assert.deepEqual(await faultsOf(page, 'inviting'), [])
    const laptop = cluster.join('Laptop', { standing: 'behind' })
    await page.getByText('The new node is yours now.').waitFor()
    await card.locator('li', { hasText: 'Laptop' }).getByText('is behind').waitFor()
    assert.equal(cluster.shown, null, 'the code ended with its dialog')

    await card.getByLabel('Who leads').selectOption(laptop)
    await card.locator('li', { hasText: 'Laptop' }).getByText('leads').waitFor()
    assert.deepEqual(cluster.status.voters, [laptop])
    const at = Math.floor(Date.now() / 1000)
    cluster.status = { ...cluster.status, merged: [{ path: '/letters/anna.txt', at, by: laptop }] }
    await card.getByRole('link', { name: '/letters/anna.txt' }).waitFor()
    assert.equal(await card.getByRole('link', { name: '/letters/anna.txt' }).getAttribute('href'), '#/files/letters')
    assert.deepEqual(await faultsOf(page, 'own nodes'), [])
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
  } finally {
    await page.context().close()
    await served.close()
  }
})

test('a code is shown until the other node takes it, another is typed, and what was paired is ended, on a phone too', async () => {
  for (const width of [1440, 360]) {
    const served = await servePage()
    const { page } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    try {
      await setUp(page, served.code, ['/mnt/oak'])
      await openPlace(page, 'Other nodes')
      await page.getByText('This node is paired with no other yet.').waitFor()
      await page.getByRole('button', { name: 'Pair with a node' }).click()
      await page.getByLabel('Name of this node').fill('At home')
      assert.deepEqual(await faultsOf(page, 'pairing'), [])
      await page.getByRole('button', { name: 'Show a code' }).click()
      await page.getByText('AB12-CD34').waitFor()
      await page.getByAltText('The code as a QR code').waitFor()
      assert.deepEqual(served.node.calls.find(({ name }) => name === 'peers.showCode')?.params, { relation: 'friend', name: 'At home' })
      assert.deepEqual(await faultsOf(page, 'code'), [])
      served.node.peers.join('Ben', 'friend')
      await page.getByText('Paired with Ben.').waitFor()
      await page.locator('.peer-list strong', { hasText: 'Ben' }).waitFor()
      assert.equal(served.node.peers.shown, null, 'the code ended with its dialog')

      await page.getByRole('button', { name: 'Pair with a node' }).click()
      const code = page.getByLabel('Or type the code of the other node')
      await code.fill('k7m2-0000')
      await page.getByRole('button', { name: 'Pair', exact: true }).click()
      await page.locator('.field-error', { hasText: /code/i }).waitFor()
      await code.fill('k7m2-9xpq')
      await page.getByRole('button', { name: 'Pair', exact: true }).click()
      await page.locator('.peer-list strong', { hasText: "Anna's box" }).waitFor()
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))

      await page.getByRole('button', { name: 'End the relation with Ben' }).click()
      await page.getByRole('button', { name: 'End for good' }).click()
      await page.locator('.peer-list strong', { hasText: 'Ben' }).waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Turn off' }).click()
      await page.getByText('This node neither listens').waitFor()
      assert.equal(served.node.peers.on, false)
    } finally {
      await page.context().close()
      await served.close()
    }
  }
})

test('what friends keep for each other is seen and set, on a phone too', async () => {
  for (const width of [1440, 360]) {
    const served = await servePage()
    const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    try {
      await setUp(page, served.code, ['/mnt/oak'])
      const { peers } = served.node
      const ben = peers.join('Ben', 'friend')
      Object.assign(ben.relation?.share ?? {}, { heldBytes: 5e9 })
      peers.join('The cabin', 'mine')
      await openPlace(page, 'Other nodes')
      await page.getByRole('img', { name: 'No friend keeps anything of yours yet.' }).waitFor()
      await page.getByText('5.0 GB').waitFor()
      assert.equal(await page.getByRole('checkbox').count(), 1, 'one’s own nodes are not asked')
      await page.getByLabel('Let Ben keep what I have').check()
      await page.getByText('Has all you saved until').waitFor()
      assert.equal(ben.relation?.share?.give, true)
      await page.getByLabel('What Ben may fill here').selectOption('500 GB')
      await page.getByText('So it is kept').last().waitFor()
      assert.deepEqual(served.node.calls.filter(({ name }) => name === 'peers.share').at(-1)?.params, {
        id: ben.relation?.id,
        give: true,
        mostBytes: 500e9,
      })
      Object.assign(ben.relation?.share ?? {}, { givenBytes: 7e9, newest: Math.floor(Date.now() / 1000) })
      await page.getByRole('img', { name: '1 friend keeps what you have, of 1.' }).waitFor()
      await page.getByText('7.0 GB').waitFor()
      await page.getByText('/ip4/192.168.7.1/tcp/4660').waitFor()
      assert.deepEqual(await faultsOf(page, 'shares'), [])
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
      await page.getByLabel('What Ben may fill here').selectOption({ index: 0 })
      await page.getByLabel('Let Ben keep what I have').uncheck()
      await page.getByText('Has all you saved until').waitFor({ state: 'detached' })
      assert.deepEqual(ben.relation?.share?.fixedBytes, null)
      assert.deepEqual(complaints, [])
    } finally {
      await page.context().close()
      await served.close()
    }
  }
})

test('how far friends are counted on, where they are, and how safe it is are said in numbers and words, on a phone too', async () => {
  for (const width of [1440, 360]) {
    const served = await servePage()
    const { page, complaints } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    try {
      await setUp(page, served.code, ['/mnt/oak'])
      const { peers } = served.node
      const ben = peers.join('Ben', 'friend')
      const score = { trust: 93, availability: 0.987, intactness: 0.95, proofs: 50, faults: 1, latencyMs: 23 }
      ben.score = { ...score, measuredSeconds: 900_000, silentSeconds: 0, gone: false }
      const facts = { redundancyClass: 'standard', dataFragments: 1, totalFragments: 1, nines: 11, packs: 3 }
      const standard = { ...facts, lossPerYear: 4e-6, plannedLossPerYear: 4e-6, moreFriends: 2 }
      peers.outlook = { ...peers.outlook, friends: 1, circles: 1, settled: false, classes: [standard] }
      await openPlace(page, 'Other nodes')
      await page.getByText('there 98 % of the time · answers in 23 ms · score 93 of 100 · lately 1 piece was not as it should be').waitFor()
      await page.getByText('Of 250,000 files, one would be lost in a year.').waitFor()
      await page.getByText('2 more friends like these would be needed').waitFor()
      await page.getByText('Not all friends have been known for a day.').waitFor()
      await page.getByLabel('Where Ben is').fill('Grandma’s house')
      await page.getByRole('button', { name: 'Keep', exact: true }).click()
      await page.getByText('The place is kept').waitFor()
      assert.equal(ben.place, 'Grandma’s house')
      await page.getByLabel('What you wish for Standard').selectOption('6')
      await page.getByText('Friends get as much as that takes').waitFor()
      assert.deepEqual(served.node.calls.filter(({ name }) => name === 'peers.wish').at(-1)?.params, {
        redundancyClass: 'standard',
        nines: 6,
      })
      assert.deepEqual(await faultsOf(page, 'safety with friends'), [])
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
      assert.deepEqual(complaints, [])
    } finally {
      await page.context().close()
      await served.close()
    }
  }
})

test('who has lost all drives names a friend in the set-up, on a phone too', async () => {
  for (const width of [1440, 360]) {
    const served = await servePage()
    const { page } = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    try {
      await typeCode(page, served.code)
      await setPassword(page)
      await page.getByRole('button', { name: 'I have a root key' }).click()
      await page.getByLabel('Your 24 words').fill((await served.node.call('key.words', {})).words)
      await page.getByRole('button', { name: 'Continue' }).click()
      const bring = page.getByRole('button', { name: 'Bring everything back' })
      await bring.waitFor()
      assert.ok(await bring.isDisabled())
      await page.getByText('A friend keeps my files').click()
      const address = page.getByLabel('Address of the friend’s node')
      await address.fill('192.168.7.2')
      await page.locator('.friend-places').getByRole('button', { name: 'Add' }).click()
      await page.getByText('That is no address of a node').waitFor()
      await address.fill('/ip4/192.168.7.2/tcp/4660/p2p/12D3KooWNobody')
      await page.keyboard.press('Enter')
      assert.deepEqual(await faultsOf(page, 'friends in the set-up'), [])
      await bring.click()
      await page.locator('.notice.bad').waitFor()
      await page.getByRole('button', { name: /^Delete .*Nobody$/ }).click()
      await address.fill('/ip4/192.168.7.2/tcp/4660/p2p/12D3KooWMemoryFriend1')
      await page.keyboard.press('Enter')
      await bring.click()
      await page.getByText('2 nodes of friends answered.').waitFor()
      await page.getByText('1 node of a friend did not answer.').waitFor()
      const { params } = served.node.calls.filter(({ name }) => name === 'node.recover').at(-1) ?? {}
      assert.deepEqual((params as { friends?: string[] }).friends, ['/ip4/192.168.7.2/tcp/4660/p2p/12D3KooWMemoryFriend1'])
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
    } finally {
      await page.context().close()
      await served.close()
    }
  }
})
