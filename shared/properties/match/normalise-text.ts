/** Lower case without accents; only letters, digits and `#` are left of the signs. */
export function normaliseText(text: string): string {
  return text
    .slice(0, 400)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’`´]/g, '')
    .replace(/\$\s?\d[\d,.]*k?/g, ' ')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/(\d{5})[-–]\d{4}(?!\d)/g, '$1')
    .replace(/(?<=\d)\s*(?:1\s?[/⁄]\s?2)(?!\d)/g, ' half ')
    .replace(/#/g, ' # ')
    .replace(/(\d)[-–](?=\d)/g, '$1')
    .replace(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim();
}
