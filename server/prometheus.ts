/** Prometheus' text format, as much of it as we need: a client library would cost the server ten megabytes. */

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly samples: readonly (Sample & { readonly suffix?: '_bucket' | '_sum' | '_count' })[]
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** What has no sample is left out. */
export function textOf(metrics: readonly Metric[]): string {
  const lines: string[] = []
  for (const { name, help, type, samples } of metrics) {
    if (samples.length === 0) continue
    lines.push(`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`)
    for (const { suffix = '', labels = {}, value } of samples) {
      const pairs = Object.entries(labels).map(([key, label]) => `${key}="${escaped(label).replaceAll('"', '\\"')}"`)
      lines.push(`${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`)
    }
  }
  return `${lines.join('\n')}\n`
}

export interface Histogram {
  observe(seconds: number): void
  samples(labels: Readonly<Record<string, string>>): Metric['samples']
}

/** @param bounds ascending; what is larger than all of them is counted too */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    observe(seconds) {
      let index = 0
      while (index < bounds.length && seconds > bounds[index]!) index++
      counts[index]!++
      sum += seconds
    },
    samples(labels) {
      let count = 0
      const buckets = [...bounds.map(String), '+Inf'].map((le, index) => {
        count += counts[index]!
        return { suffix: '_bucket' as const, labels: { ...labels, le }, value: count }
      })
      return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: count }]
    },
  }
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
