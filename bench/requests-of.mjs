/**
 * What is asked of the server, each kind in its own dialect. Of the hosts of the request bench signals.lua says the same;
 * what applications say is errors-of.mjs's.
 */
import { envelope, envelopePath, logged } from './errors-of.mjs'

/** @param {number} index */
export function hostName(index) {
  return `h${String(index).padStart(4, '0')}`
}

/**
 * Of the host that has one.
 * @param {number} index
 */
export function tokenOf(index) {
  return String(index).padStart(32, '0')
}

/**
 * @param {string} kind
 * @param {number} index of the host
 * @param {string} authorization of who has no token
 */
export function requestOf(kind, index, authorization) {
  const token = tokenOf(index)
  const none = { headers: /** @type {string[]} */ ([]), body: '' }
  switch (kind) {
    case 'ping':
      return { method: 'GET', path: `/ping/00000000-0000-0000-0000-${token.slice(-12)}`, ...none }
    case 'push':
      return { method: 'GET', path: `/api/push/${token}?status=up&msg=OK`, ...none }
    case 'heartbeat':
      return {
        method: 'POST',
        path: `/api/heartbeat/${token}`,
        headers: ['Content-Type: application/json'],
        body: '{}',
      }
    case 'logged':
      return { method: 'POST', path: '/api/v1/log', headers: ['Content-Type: application/json'], body: logged(index) }
    case 'envelope':
      return {
        method: 'POST',
        path: envelopePath(index),
        headers: ['Content-Type: application/x-sentry-envelope'],
        body: envelope(index),
      }
    default:
      return {
        method: 'POST',
        path: '/signal',
        headers: [`Authorization: ${authorization}`, 'Content-Type: application/x-www-form-urlencoded'],
        body: `host=${hostName(index)}`,
      }
  }
}
