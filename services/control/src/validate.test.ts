import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import fc from 'fast-check'
import { type MethodName, methods } from './schema.ts'
import { methodNamed, validateParams } from './validate.ts'

function refusal(work: () => unknown): { code: HoltErrorCode; field: unknown; message: string } {
  try {
    work()
  } catch (error) {
    assert.ok(isHoltError(error), String(error))
    return { code: error.code, field: error.data.field, message: error.message }
  }
  assert.fail('it was taken')
}

test('takes what fits and gives back the same object', () => {
  const params = { path: '/a', limit: 10 }
  assert.equal(validateParams('files.list', params), params)
  assert.deepEqual(validateParams('node.status', undefined), {})
  assert.deepEqual(validateParams('files.list', { path: '/a', at: 3 }), { path: '/a', at: 3 })
})

test('names the field that is missing, unknown, of the wrong type or over its bound', () => {
  const of = (name: MethodName, params: unknown) => {
    const { code, field } = refusal(() => validateParams(name, params))
    assert.equal(code, 'INPUT_INVALID')
    return field
  }
  assert.equal(of('files.list', {}), 'path')
  assert.equal(of('files.list', { path: '' }), 'path')
  assert.equal(of('files.list', { path: 5 }), 'path')
  assert.equal(of('files.list', { path: '/', limit: 0 }), 'limit')
  assert.equal(of('files.list', { path: '/', limit: 1.5 }), 'limit')
  assert.equal(of('files.list', { path: '/', at: [] }), 'at')
  assert.equal(of('files.list', { path: '/', colour: 'red' }), 'colour')
  assert.equal(of('files.list', JSON.parse('{"path":"/","__proto__":{}}')), '__proto__')
  assert.equal(of('files.importLocal', { path: '/', locals: ['/a', 7], place: 'into' }), 'locals.1')
  assert.equal(of('files.importLocal', { path: '/', locals: ['/a'], place: 'beside' }), 'place')
  assert.equal(of('node.status', []), '')
  assert.equal(of('node.status', 'x'), '')
})

test('a hostile field name comes back short and without control characters', () => {
  const { field } = refusal(() => validateParams('node.status', { [`\u001b[2J${'x'.repeat(1000)}`]: 1 }))
  assert.match(String(field), /^\?\[2Jx+$/)
  assert.ok(String(field).length <= 64)
})

test('knows exactly the methods of the schema', () => {
  for (const name of Object.keys(methods)) assert.equal(methodNamed(name), name)
  for (const name of ['', 'files.List', 'toString', '__proto__', 'constructor']) {
    assert.equal(refusal(() => methodNamed(name)).code, 'UNKNOWN_METHOD')
  }
})

test('any JSON for any method is either taken or refused with INPUT_INVALID', () => {
  const names = Object.keys(methods) as MethodName[]
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, params) => {
      try {
        validateParams(name, params)
      } catch (error) {
        assert.ok(isHoltError(error, 'INPUT_INVALID'), String(error))
      }
    }),
    { numRuns: 500 },
  )
})
