/** «раз в 30 секунд», but «раз в минуту». @param span in words, in the accusative */
export function onceIn(span: string): string {
  return `раз в ${withoutOne(span)}`
}

/** «за 2 часа», but «за час»: nobody says «за 1 час». */
export function withoutOne(span: string): string {
  return span.replace(/^1 (?=\S+$)/, '')
}
