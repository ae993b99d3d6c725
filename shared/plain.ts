/** Text from outside as people may see it: it must neither break lines, nor move a cursor, nor turn what follows. */

const NOT_PLAIN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\p{Cs}\s]+/gu

/** @returns one line; what is not plain has become a space */
export function plainLine(text: string): string {
  return text.replace(NOT_PLAIN, ' ').trim()
}
