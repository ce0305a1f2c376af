import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellOfRoomSeldom } from './window-updates.ts'

test('the other side is told how a stream begins, and then when half of its window is used up', () => {
  const told: number[] = []
  const stream = {
    recvWindow: 100,
    recvWindowCapacity: 100,
    sendWindowUpdate() {
      told.push(this.recvWindow - this.recvWindowCapacity)
      this.recvWindowCapacity = this.recvWindow
    },
  }
  tellOfRoomSeldom(stream)
  const takes = (bytes: number): void => {
    stream.recvWindowCapacity -= bytes
    stream.sendWindowUpdate()
  }
  takes(0)
  for (let i = 0; i < 20; i++) takes(15)
  assert.deepEqual(told, [0, 60, 60, 60, 60, 60])
  takes(49)
  assert.equal(told.length, 6)
  takes(51)
  assert.equal(told.at(-1), 100)
})
