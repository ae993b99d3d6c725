/** «раз в 30 секунд», but «раз в минуту»: nobody says «раз в 1 минуту». @param span in words, in the accusative */
export function onceIn(span: string): string {
  return `раз в ${span.replace(/^1 (?=\S+$)/, '')}`
}
