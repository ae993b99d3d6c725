/**
 * Hides Node's fetch from this process; loaded first. axios looks at these globals when it is loaded, and a look alone
 * makes Node load its whole implementation: 6 MB in a process that posts with node:http and never fetches.
 */
for (const name of ['fetch', 'Request', 'Response', 'Headers', 'FormData']) Reflect.deleteProperty(globalThis, name)
